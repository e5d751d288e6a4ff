//! The place of a step with the brackets around its ends: `(a^T b)^2 \le c` begins at the bracket, and not behind it.

use crate::text::Span;

/// The span, wider by the brackets beside it whose partners it holds.
pub(super) fn closed(text: &str, span: Span) -> Span {
    let (mut start, mut end) = (span.start as usize, span.end as usize);
    if end > text.len() || start > end || !text.is_char_boundary(start) || !text.is_char_boundary(end) {
        return span;
    }
    let (mut opened, mut unopened) = (0_usize, 0_usize);
    for byte in text[start..end].bytes() {
        match byte {
            b'(' | b'[' => opened += 1,
            b')' | b']' if opened > 0 => opened -= 1,
            b')' | b']' => unopened += 1,
            _ => {}
        }
    }
    for _ in 0..unopened {
        let before = text[..start].trim_end();
        if !before.ends_with(['(', '[']) {
            break;
        }
        start = before.len() - 1;
    }
    for _ in 0..opened {
        let behind = text[end..].trim_start();
        let behind = behind.strip_prefix("\\right").unwrap_or(behind).trim_start();
        if !behind.starts_with([')', ']']) {
            break;
        }
        end = text.len() - behind.len() + 1;
    }
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::closed;
    use crate::text::Span;

    #[track_caller]
    fn check(text: &str, inner: &str, expected: &str) {
        let start = text.find(inner).expect("a part of the text");
        let span = closed(text, Span::new(start, start + inner.len()));
        assert_eq!(&text[span.start as usize..span.end as usize], expected);
    }

    #[test]
    fn brackets_beside_a_step_belong_to_it() {
        check(r"$$ (a^T b)^2 \le c $$", r"a^T b)^2 \le c", r"(a^T b)^2 \le c");
        check(r"0 = f \left[ x + y\right] = 1", r"f \left[ x + y", r"f \left[ x + y\right]");
        check("(a = b)", "a = b", "a = b");
        check("[0, 1) + x = y", "0, 1) + x = y", "[0, 1) + x = y");
        check("ä) = b", "ä) = b", "ä) = b");
    }
}
