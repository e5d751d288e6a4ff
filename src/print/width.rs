//! How wide a formula in LaTeX is printed, in letters.

/// The width of a formula in letters; a fraction is as wide as its wider side.
pub fn width(text: &str) -> usize {
    let mut rest = text;
    let mut total = 0;
    while let Some(c) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix("\\frac") {
            let (over, behind) = group(behind);
            let (under, behind) = group(behind);
            total += width(over).max(width(under)) + 1;
            rest = behind;
        } else if let Some(command) = rest.strip_prefix('\\') {
            let length = command.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(command.len());
            total += match &command[..length] {
                "left" | "right" | "mathrm" | "textrm" | "mathbb" | "" => 0,
                word @ ("log" | "exp" | "sin" | "cos" | "tan" | "sinh" | "cosh" | "tanh" | "det") => {
                    word.len()
                }
                _ => 1,
            };
            rest = &command[length.max(command.chars().next().map_or(0, char::len_utf8))..];
        } else {
            total += match c {
                '{' | '}' | '^' | '_' | ' ' | '&' => 0,
                '+' | '-' | '=' => 2,
                _ => 1,
            };
            rest = &rest[c.len_utf8()..];
        }
    }
    total
}

/// What stands between the braces at the beginning, and what follows.
fn group(text: &str) -> (&str, &str) {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        depth = match c {
            '{' => depth + 1,
            '}' => depth.saturating_sub(1),
            _ => depth,
        };
        if depth == 0 {
            return text.split_at(at + c.len_utf8());
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_and_braces_are_as_wide_as_what_is_printed() {
        for (text, expected) in [
            ("x", 1),
            (r"\alpha x^{2}", 3),
            (r"\frac{a + b}{2}", 5),
            (r"\log\left(x\right)", 6),
            (r"\mathrm{rate}_{q}", 5),
            ("größe", 5),
            (r"\", 0),
        ] {
            assert_eq!(width(text), expected, "{text}");
        }
    }
}
