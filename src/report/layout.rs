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

/// A formula broken before its signs and behind its commas, the outermost first, so that each line has at most
/// `width` characters where the terms allow it.
pub fn formula(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    lay(text, 0, 0, width, &mut lines);
    lines
}

/// Deeper brackets are not broken.
const DEEPEST: usize = 12;

/// The lines of a text before which `open` brackets are open, broken inside `depth` brackets or deeper.
fn lay(text: &str, open: usize, depth: usize, width: usize, lines: &mut Vec<String>) {
    let length = |text: &str| text.trim_end().chars().count();
    if length(text) <= width || depth > DEEPEST {
        lines.push(text.trim_end().to_owned());
        return;
    }
    let places = breaks(text, open, depth);
    let ends: Vec<usize> = std::iter::once(0).chain(places).chain([text.len()]).collect();
    let mut line = String::new();
    for (at, pair) in ends.windows(2).enumerate() {
        let piece = &text[pair[0]..pair[1]];
        let is_wide = length(piece) > width;
        if !line.is_empty() && (is_wide || line.chars().count() + length(piece) > width) {
            lines.push(std::mem::take(&mut line).trim_end().to_owned());
        }
        if is_wide {
            lay(piece, if at == 0 { open } else { depth }, depth + 1, width, lines);
        } else {
            line.push_str(piece);
        }
    }
    if !line.is_empty() {
        lines.push(line.trim_end().to_owned());
    }
}

/// Where a line may begin inside so many brackets.
fn breaks(text: &str, open: usize, wanted: usize) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut depth = open;
    let mut found = Vec::new();
    for at in 0..bytes.len() {
        let starts = match bytes[at] {
            b'+' | b'-' => at > 0 && bytes[at - 1] == b' ' && bytes.get(at + 1) == Some(&b' '),
            _ => at >= 2 && &bytes[at - 2..at] == b", ",
        };
        if starts && depth == wanted {
            found.push(at);
        }
        match bytes[at] {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// Words filled into lines.
pub fn paragraph(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows =
            [vec!["trigamma(a)".to_owned(), "-1/b".to_owned()], vec!["-1/b".to_owned(), "a".to_owned()]];
        let lines = matrix(&rows, 40).expect("it fits");
        assert_eq!(lines, ["[trigamma(a), -1/b;", " -1/b,        a]"]);
        assert_eq!(matrix(&rows, 10), None);
    }

    #[test]
    fn formulas_break_at_their_outermost_signs() {
        assert_eq!(formula("a + (b - c) - d", 9), ["a", "+ (b - c)", "- d"]);
        assert_eq!(formula("a + (b - c) - d", 8), ["a", "+ (b", "- c)", "- d"]);
        assert_eq!(formula("-a + b", 20), ["-a + b"]);
        assert_eq!(formula("[a + b, c - d]", 8), ["[a + b,", "c - d]"]);
        assert_eq!(formula("c + exp(a - b)", 7), ["c", "+ exp(a", "- b)"]);
        assert_eq!(formula("exp(a)", 3), ["exp(a)"]);
        assert_eq!(formula("μ", 3), ["μ"]);
    }
}
