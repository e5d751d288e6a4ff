//! Formulas and matrices in lines: aligned, broken where the plain notation allows it.
//!
//! ```text
//! [trigamma(alpha), -1/beta;
//!  -1/beta,         alpha/beta^2]
//! ```
//! A bracket left open and a line that starts with a sign both go on when the text is read again.

/// Lines are broken, and matrices listed by entries, beyond this many characters.
pub const WIDTH: usize = 100;

/// The lines of a matrix in the plain notation, columns aligned; `None` when it does not fit.
pub fn matrix(rows: &[Vec<String>], width: usize) -> Option<Vec<String>> {
    let length = |text: &String| text.chars().count();
    let columns = rows.first().map_or(0, Vec::len);
    let widths: Vec<usize> =
        (0..columns).map(|j| rows.iter().map(|row| length(&row[j])).max().unwrap_or(0)).collect();
    if widths.iter().map(|w| w + 2).sum::<usize>() > width {
        return None;
    }
    let last_row = rows.len().saturating_sub(1);
    let lines = rows.iter().enumerate().map(|(i, row)| {
        let mut line = String::from(if i == 0 { "[" } else { " " });
        for (j, entry) in row.iter().enumerate() {
            line.push_str(entry);
            if j + 1 < columns {
                line.push(',');
                line.push_str(&" ".repeat(widths[j] - length(entry) + 1));
            }
        }
        line.push(if i == last_row { ']' } else { ';' });
        line
    });
    Some(lines.collect())
}

/// A column `[a, b, c]` on one line.
pub fn column(entries: &[String]) -> String {
    format!("[{}]", entries.join(", "))
}

/// A formula broken before `+` and `-` outside of brackets, each line at most `width` characters where
/// the terms allow it.
pub fn formula(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for term in terms(text) {
        let together = line.chars().count() + term.chars().count();
        if !line.is_empty() && together > width {
            lines.push(line.trim_end().to_owned());
            line.clear();
        }
        line.push_str(term);
    }
    lines.push(line);
    lines
}

/// The terms of a sum with their signs; of a column in brackets, its entries with their commas.
fn terms(text: &str) -> Vec<&str> {
    let bytes = text.as_bytes();
    let column = text.starts_with('[') && text.ends_with(']');
    let (mut depth, mut start, mut found) = (0usize, 0, Vec::new());
    for at in 0..bytes.len() {
        let breaks = match bytes[at] {
            b'(' | b'[' => {
                depth += 1;
                false
            }
            b')' | b']' => {
                depth = depth.saturating_sub(1);
                false
            }
            b'+' | b'-' => depth == 0 && at > 0 && bytes[at - 1] == b' ' && bytes.get(at + 1) == Some(&b' '),
            _ => column && depth == 1 && at >= 2 && &bytes[at - 2..at] == b", ",
        };
        if breaks {
            found.push(&text[start..at]);
            start = at;
        }
    }
    found.push(&text[start..]);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [vec!["trigamma(a)".to_owned(), "-1/b".to_owned()], vec!["-1/b".to_owned(), "a".to_owned()]];
        let lines = matrix(&rows, 40).expect("it fits");
        assert_eq!(lines, ["[trigamma(a), -1/b;", " -1/b,        a]"]);
        assert_eq!(matrix(&rows, 10), None);
    }

    #[test]
    fn formulas_break_at_their_outermost_signs() {
        assert_eq!(formula("a + (b - c) - d", 8), ["a", "+ (b - c)", "- d"]);
        assert_eq!(formula("-a + b", 20), ["-a + b"]);
        assert_eq!(formula("[a + b, c - d]", 8), ["[a + b,", "c - d]"]);
        assert_eq!(formula("exp(a - b)", 3), ["exp(a - b)"]);
        assert_eq!(formula("μ", 3), ["μ"]);
    }
}
