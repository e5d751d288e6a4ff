//! The source of a step → one line for a reader: alignment, row ends, comments, sizes and colors left out.
//!
//! `L(\theta) &= \Big( a \textcolor{blue}{+ b} \Big) \\ % by linearity` reads `L(\theta) = ( a + b )`. A step of a chain
//! may begin or end within a brace that belongs to the whole; such braces are closed or left out. Only what is shown
//! changes: what is checked is the source.

/// Commands that size what follows and mean nothing.
const SIZES: &[&str] = &[
    "left",
    "right",
    "middle",
    "big",
    "Big",
    "bigg",
    "Bigg",
    "bigl",
    "bigr",
    "Bigl",
    "Bigr",
    "biggl",
    "biggr",
    "Biggl",
    "Biggr",
    "displaystyle",
    "textstyle",
    "quad",
    "qquad",
    "enspace",
    ",",
    ";",
    ":",
    "!",
];

/// Commands with a first argument that means nothing.
const COLORS: &[&str] = &["textcolor", "color"];

/// The source as it is shown. Text in the plain notation stays as it is.
pub fn readable(source: &str) -> String {
    if !source.contains('\\') {
        return words(source);
    }
    let without_comments: Vec<&str> = source.lines().map(before_comment).collect();
    let text = without_comments.join(" ");
    let mut shown = String::with_capacity(text.len());
    let mut braces = Braces::default();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        rest = &rest[first.len_utf8()..];
        match first {
            '\\' => rest = command(rest, &mut shown),
            '&' => shown.push(' '),
            '{' => braces.open(&mut shown, false),
            '}' => braces.close(&mut shown),
            other => shown.push(other),
        }
        if let Some(after) = colored(&shown, rest) {
            shown.truncate(shown.len() - after.name);
            rest = after.rest;
            braces.open(&mut shown, true);
        }
    }
    braces.finish(&mut shown);
    words(&shown)
}

/// Copies a command whose backslash was read, unless it means nothing, and returns what follows it.
fn command<'t>(rest: &'t str, shown: &mut String) -> &'t str {
    let letters = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
    let length = if letters > 0 { letters } else { rest.chars().next().map_or(0, char::len_utf8) };
    let (name, after) = rest.split_at(length);
    match name {
        // The end of a row, with the space it may ask for: `\\[2pt]`.
        "\\" => match after.strip_prefix('[').and_then(|option| option.split_once(']')) {
            Some((_, after)) => return after,
            None => shown.push(' '),
        },
        _ if SIZES.contains(&name) => shown.push(' '),
        _ => {
            shown.push('\\');
            shown.push_str(name);
        }
    }
    after
}

/// A color was just named.
struct Colored<'t> {
    /// Bytes of the command, which is not shown.
    name: usize,
    /// Behind the brace that opens what is colored.
    rest: &'t str,
}

fn colored<'t>(shown: &str, rest: &'t str) -> Option<Colored<'t>> {
    let name =
        COLORS.iter().find(|name| shown.strip_suffix(**name).is_some_and(|before| before.ends_with('\\')))?;
    let (_, after) = rest.trim_start().strip_prefix('{')?.split_once('}')?;
    let rest = after.trim_start().strip_prefix('{')?;
    Some(Colored { name: name.len() + 1, rest })
}

/// The braces that are open, innermost last.
#[derive(Default)]
struct Braces {
    /// Is it one that is not shown?
    open: Vec<bool>,
}

impl Braces {
    fn open(&mut self, shown: &mut String, hidden: bool) {
        shown.extend((!hidden).then_some('{'));
        self.open.push(hidden);
    }

    /// One that was opened before the step is left out.
    fn close(&mut self, shown: &mut String) {
        shown.extend((self.open.pop() == Some(false)).then_some('}'));
    }

    /// Those that are closed behind the step are closed here.
    fn finish(self, shown: &mut String) {
        let end = shown.trim_end().len();
        shown.truncate(end);
        shown.extend(self.open.iter().filter(|hidden| !**hidden).map(|_| '}'));
    }
}

/// The part of a line before `%`, unless that is escaped.
fn before_comment(line: &str) -> &str {
    let starts = |at: &usize| !line[..*at].ends_with('\\') || line[..*at].ends_with("\\\\");
    line.match_indices('%').map(|(at, _)| at).find(starts).map_or(line, |at| &line[..at])
}

/// The text with single blanks.
pub fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[track_caller]
    fn check(source: &str, expected: &str) {
        assert_eq!(readable(source), expected);
    }

    #[test]
    fn what_means_nothing_is_not_shown() {
        check("claim  a & b % c", "claim a & b % c");
        check("L(\\theta) &= \\Big( a \\Big) \\\\ % by linearity\n  &\\le b", "L(\\theta) = ( a ) \\le b");
        check("a \\\\[2pt] = b", "a = b");
        check("\\textcolor{blue}{+ o(\\theta)} = \\textcolor {red} {x_{1}}", "+ o(\\theta) = x_{1}");
        check("50\\% \\{ a \\} \\, b", "50\\% \\{ a \\} b");
        check("\\left [ \\frac{a}{b} \\right ]", "[ \\frac{a}{b} ]");
    }

    #[test]
    fn braces_that_belong_to_the_whole_are_closed_or_left_out() {
        check("a \\textcolor{blue}{+ o(\\theta", "a + o(\\theta");
        check("\\log p ]}_{= - F", "\\log p ]_{= - F}");
        check("\\underbrace{\\log x", "\\underbrace{\\log x}");
        check("\\", "\\");
        check("\\textcolor{blue", "\\textcolor{blue}");
    }
}
