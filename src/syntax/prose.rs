//! Lines of Markdown around formulas: their marks of lists and quotations, blank ones, and those that are prose.
//!
//! A display may have a blank line in it, `$$ a ⏎ ⏎ = b $$`; one that is never closed is told from it by the prose that
//! follows.

/// Lines after a blank one in which the end of a display is looked for.
const LOOK_AHEAD: usize = 64;

/// The bytes of a backslash and what it escapes.
pub(super) fn escaped(rest: &str) -> usize {
    rest.chars().take(2).filter(|&c| c != '\n').map(char::len_utf8).sum()
}

/// The bytes of marks of lists and quotations at the start of a line, and how many of them are quotations.
pub(super) fn container(line: &str) -> (usize, usize) {
    let bytes = line.as_bytes();
    let (mut at, mut quotes) = (0, 0);
    let blank = |at: usize| bytes.get(at).is_none_or(|&byte| byte == b' ' || byte == b'\t');
    while at < bytes.len() {
        let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        match bytes[at] {
            b' ' | b'\t' => at += 1,
            b'>' => (at, quotes) = (at + 1, quotes + 1),
            b'-' | b'*' | b'+' if blank(at + 1) => at += 1,
            _ if (1..=9).contains(&digits)
                && matches!(bytes.get(at + digits), Some(b'.' | b')'))
                && blank(at + digits + 1) =>
            {
                at += digits + 1;
            }
            _ => break,
        }
    }
    (at, quotes)
}

/// Whether nothing but blanks follows on the line.
pub(super) fn ends_line(rest: &str) -> bool {
    rest.trim_start_matches([' ', '\t', '\r']).chars().next().is_none_or(|c| c == '\n')
}

/// Whether the first line says nothing, quotation marks apart.
pub(super) fn is_blank(text: &str) -> bool {
    text.bytes().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'>')).is_none_or(|byte| byte == b'\n')
}

/// Whether prose, or the same display, begins again before a display is closed.
pub(super) fn prose_follows(
    text: &str,
    mut within: usize,
    closes: &impl Fn(&str, &mut usize) -> Option<usize>,
) -> bool {
    for line in text.split_inclusive('\n').take(LOOK_AHEAD) {
        let mut at = 0;
        let mut end = None;
        while let Some(mark) = line[at..].find(['$', '\\']).map(|found| at + found) {
            let rest = &line[mark..];
            let before = within;
            if closes(rest, &mut within).is_some() {
                end = Some(mark);
                break;
            }
            if within > before {
                return true;
            }
            at = mark + escaped(rest);
        }
        if is_prose(&line[..end.unwrap_or(line.len())]) {
            return true;
        }
        if end.is_some() {
            return false;
        }
    }
    true
}

/// Three words in a row, a heading, or an inline formula.
fn is_prose(line: &str) -> bool {
    let line = line[container(line).0..].trim_end();
    let mut words = 0;
    for word in line.split(['{', '\\']).next().unwrap_or("").split(' ') {
        let plain = word.trim_end_matches([',', '.', ':', ';']);
        let is_word = plain.chars().count() > 1 && plain.chars().all(char::is_alphabetic);
        words = if is_word { words + 1 } else { 0 };
        if words == 3 {
            return true;
        }
    }
    line.starts_with("# ") || line.starts_with("## ") || line.starts_with("### ") || line.contains('$')
}
