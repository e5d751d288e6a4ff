//! Markdown → where its formulas stand, displayed and inline.
//!
//! `It costs \$5; let $x = 1$, so $$ x + 1 = 2 $$` has one inline formula and one display. Formulas are found before the
//! structure of the text is: a lone `=` in a display underlines no heading, and no `_` in it begins an emphasis.

use std::borrow::Cow;
use std::ops::Range;

use super::regions::{Region, RegionKind, Regions, regions};
use crate::text::{Code, Diagnostic, Span};

/// Environments that are displays of their own.
#[rustfmt::skip]
const ENVIRONMENTS: &[&str] = &[
    "align", "align*", "alignat", "alignat*", "flalign", "flalign*", "equation", "equation*", "gather", "gather*",
    "multline", "multline*", "eqnarray", "eqnarray*", "displaymath",
];

/// Lines after a blank one in which the end of a display is looked for.
const LOOK_AHEAD: usize = 64;

/// How often formulas and code are looked for in turn; texts on which they do not agree by then are made for it.
const ROUNDS: usize = 4;

/// Where a formula stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// With its delimiters.
    pub span: Span,
    /// Without them; a bare `\begin{align}` keeps them.
    inner: Span,
    /// `$…$` or `\(…\)`.
    pub inline: bool,
    /// How many marks `>` of quotations stand before each of its lines.
    quotes: usize,
    /// Bytes before the content of its first line.
    indent: usize,
    /// Its delimiters are those of code as well.
    code: bool,
}

impl Formula {
    /// What stands between the delimiters, and its place; marks of quotations are blanks.
    pub fn source<'t>(&self, text: &'t str) -> (Cow<'t, str>, usize) {
        let (start, end) = (self.inner.start as usize, self.inner.end as usize);
        let source = &text[start..end];
        if self.quotes == 0 || !source.contains('\n') {
            return (Cow::Borrowed(source), start);
        }
        let mut masked = String::with_capacity(source.len());
        for (number, line) in source.split_inclusive('\n').enumerate() {
            let prefix = if number == 0 { 0 } else { quotation(line, self.quotes) };
            masked.extend(std::iter::repeat_n(' ', prefix));
            masked.push_str(&line[prefix..]);
        }
        (Cow::Owned(masked), start)
    }
}

/// The bytes of up to `quotes` marks at the start of a line, and blanks between them.
fn quotation(line: &str, quotes: usize) -> usize {
    let (mut end, mut left) = (0, quotes);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'>' if left > 0 => (end, left) = (at + 1, left - 1),
            b' ' | b'\t' => {}
            _ => break,
        }
    }
    end
}

/// What a text of Markdown consists of.
pub(super) struct Structure {
    /// In the order of the text.
    pub(super) formulas: Vec<Formula>,
    pub(super) regions: Regions,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Finds formulas, code and fences. What is a formula depends on what is code, and the other way round: both are
/// looked for in turn until they agree.
pub(super) fn structure(text: &str) -> Structure {
    let mut known = regions(text);
    for _ in 0..ROUNDS {
        let (formulas, diagnostics) = scan(text, &known.regions);
        let found = if formulas.is_empty() { known.clone() } else { regions(&masked(text, &formulas)) };
        if found == known {
            return Structure { formulas, regions: known, diagnostics };
        }
        known = found;
    }
    let (formulas, diagnostics) = scan(text, &known.regions);
    Structure { formulas, regions: known, diagnostics }
}

/// The text with a letter for every byte of a formula; the indentation of the formula is kept.
fn masked(text: &str, formulas: &[Formula]) -> String {
    let mut masked = text.as_bytes().to_vec();
    for formula in formulas.iter().filter(|formula| !formula.code) {
        let (mut column, mut margin) = (usize::MAX, true);
        for byte in &mut masked[formula.span.start as usize..formula.span.end as usize] {
            margin &= column < formula.indent && matches!(byte, b' ' | b'\t' | b'>');
            match byte {
                b'\n' => (column, margin) = (0, true),
                b'\r' => {}
                _ if margin => column += 1,
                _ => *byte = b'x',
            }
        }
    }
    String::from_utf8(masked).expect("letters stand for all bytes of whole formulas")
}

/// The formulas of a text whose code is known.
fn scan(text: &str, regions: &[Region]) -> (Vec<Formula>, Vec<Diagnostic>) {
    let fenced = regions.iter().filter(|region| region.kind != RegionKind::Other);
    let fenced = fenced.map(|region| region.range.start).collect();
    let (formulas, diagnostics, line) = (Vec::new(), Vec::new(), LineStart::default());
    let mut scanner =
        Scanner { text, regions, region: 0, fenced, line, no_bracket: 0, formulas, diagnostics };
    scanner.run();
    (scanner.formulas, scanner.diagnostics)
}

/// The start of a line: marks of lists and quotations.
#[derive(Clone, Copy, Default)]
struct LineStart {
    start: usize,
    indent: usize,
    quotes: usize,
    known: usize,
}

struct Scanner<'t> {
    text: &'t str,
    regions: &'t [Region],
    /// The first region that is not passed.
    region: usize,
    /// Where fenced blocks begin.
    fenced: Vec<usize>,
    /// Where the line of the last formula begins, its marks, and up to where it is known.
    line: LineStart,
    /// No `\]` stands before this place.
    no_bracket: usize,
    formulas: Vec<Formula>,
    diagnostics: Vec<Diagnostic>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        let mut at = 0;
        while let Some(mark) = self.next_mark(&mut at) {
            let rest = &self.text[mark..];
            at = if rest.starts_with("$$") {
                self.display(mark, 2, "$$", |rest, _| rest.starts_with("$$").then_some(2))
            } else if rest.starts_with('$') {
                self.dollar(mark)
            } else if rest.starts_with(r"\[") {
                self.bracket(mark)
            } else if rest.starts_with(r"\(") {
                self.parenthesis(mark)
            } else {
                match environment(rest) {
                    Some(name) => self.environment(mark, name),
                    None => mark + escaped(rest),
                }
            };
        }
        self.pass_regions(self.text.len());
    }

    /// The next `$` or `\` in text that is no code.
    fn next_mark(&mut self, at: &mut usize) -> Option<usize> {
        loop {
            let mark = *at + self.text.get(*at..)?.find(['$', '\\'])?;
            match self.pass_regions(mark) {
                Some(end) => *at = end,
                None => return Some(mark),
            }
        }
    }

    /// Passes regions before a place; the end of the one it lies in.
    fn pass_regions(&mut self, place: usize) -> Option<usize> {
        while let Some(region) = self.regions.get(self.region) {
            if region.range.start > place {
                return None;
            }
            self.region += 1;
            if region.kind == RegionKind::Mathematics {
                self.block(region.range.clone());
            }
            if region.range.end > place {
                return Some(region.range.end);
            }
        }
        None
    }

    /// Where the next fenced block begins, or the end.
    fn limit(&self, from: usize) -> usize {
        let next = self.fenced.partition_point(|&start| start < from);
        self.fenced.get(next).copied().unwrap_or(self.text.len())
    }

    /// A block ```` ```math ````.
    fn block(&mut self, whole: Range<usize>) {
        let lines = &self.text[whole.clone()];
        let Some(first) = lines.find('\n') else { return };
        let last = lines.trim_end().rfind('\n').unwrap_or(first);
        let closed = lines[last..].trim_start_matches(['\n', ' ', '\t', '>']).starts_with(['`', '~']);
        let end = if closed && last > first { last } else { lines.len() };
        self.push(whole.clone(), whole.start + first..whole.start + end.max(first), false);
        self.is_code();
    }

    /// The last formula stands between delimiters that the parser of Markdown must see.
    fn is_code(&mut self) {
        if let Some(last) = self.formulas.last_mut() {
            last.code = true;
        }
    }

    fn push(&mut self, whole: Range<usize>, inner: Range<usize>, inline: bool) {
        let LineStart { indent, quotes, .. } = self.line_start(whole.start);
        let (span, inner) = (Span::new(whole.start, whole.end), Span::new(inner.start, inner.end));
        self.formulas.push(Formula { span, inner, inline, quotes, indent, code: false });
    }

    /// The line of a place; places are asked for in order.
    fn line_start(&mut self, place: usize) -> LineStart {
        let before = &self.text[self.line.known..place];
        let start = before.rfind('\n').map(|at| self.line.known + at + 1);
        if start.is_some() || self.line.known == 0 {
            let start = start.unwrap_or(0);
            let (indent, quotes) = container(&self.text[start..place]);
            self.line = LineStart { start, indent, quotes, known: place };
        }
        self.line.known = self.line.known.max(place);
        self.line
    }

    /// A display whose opening delimiter has `length` bytes; returns where to go on.
    fn display(
        &mut self,
        start: usize,
        length: usize,
        closing: &str,
        closes: impl Fn(&str, &mut usize) -> Option<usize>,
    ) -> usize {
        match self.close(start + length, &closes) {
            Ok(close) => {
                self.push(start..close.end, start + length..close.start, false);
                close.end
            }
            Err(stopped) => {
                self.unclosed(start, length, closing, stopped);
                stopped
            }
        }
    }

    fn unclosed(&mut self, start: usize, length: usize, closing: &str, stopped: usize) {
        let found =
            if stopped == self.text.len() { "the end of the text" } else { "the end of the paragraph" };
        let code = Code::Latex { expected: format!("`{closing}` after this"), found: found.into() };
        let help = format!("a display ends before the next blank line: close it with `{closing}`");
        self.diagnostics.push(Diagnostic::error(code, Span::new(start, start + length)).with_help(help));
    }

    /// `\[ … \]`. In prose the same signs are brackets that begin no link: `\[sic\]`.
    fn bracket(&mut self, start: usize) -> usize {
        let after = start + 2;
        if start < self.no_bracket {
            return after;
        }
        let line = self.line_start(start);
        let begins_line = line.start + line.indent == start;
        let is_alone = ends_line(&self.text[after..]);
        let found = self.close(after, &|rest: &str, _: &mut usize| rest.starts_with(r"\]").then_some(2));
        let Ok(close) = found else {
            if let Err(stopped) = found {
                self.no_bracket = stopped;
                if begins_line && is_alone {
                    self.unclosed(start, 2, r"\]", stopped);
                    return stopped;
                }
            }
            return after;
        };
        let inner = &self.text[after..close.start];
        let is_line = begins_line && ends_line(&self.text[close.end..]);
        if is_alone || is_line || inner.contains(['\\', '=', '^', '_', '<', '>', '+']) {
            self.push(start..close.end, after..close.start, false);
            return close.end;
        }
        after
    }

    /// `\begin{align}` outside of any other delimiter.
    fn environment(&mut self, start: usize, name: &str) -> usize {
        let (opening, closing) = (format!(r"\begin{{{name}}}"), format!(r"\end{{{name}}}"));
        let closes = |rest: &str, within: &mut usize| {
            let closed = rest.starts_with(&closing);
            let ends = closed && *within == 0;
            if rest.starts_with(&opening) {
                *within += 1;
            } else if closed && !ends {
                *within -= 1;
            }
            ends.then_some(closing.len())
        };
        match self.close(start + opening.len(), &closes) {
            Ok(close) => {
                self.push(start..close.end, start..close.end, false);
                close.end
            }
            Err(stopped) => {
                self.unclosed(start, opening.len(), &closing, stopped);
                stopped
            }
        }
    }

    /// The closing delimiter, or where the search for it ends: before a fenced block, or at a blank line after which prose
    /// goes on.
    fn close(
        &self,
        from: usize,
        closes: &impl Fn(&str, &mut usize) -> Option<usize>,
    ) -> Result<Range<usize>, usize> {
        let limit = self.limit(from);
        let (mut at, mut looked_ahead, mut within) = (from, false, 0);
        while let Some(mark) = self.text[at..limit].find(['$', '\\', '\n']).map(|found| at + found) {
            let rest = &self.text[mark..limit];
            if let Some(length) = closes(rest, &mut within) {
                return Ok(mark..mark + length);
            }
            if rest.starts_with('\n') && !looked_ahead && is_blank(&rest[1..]) {
                if prose_follows(&rest[1..], within, closes) {
                    return Err(mark);
                }
                looked_ahead = true;
            }
            at = mark + if rest.starts_with('\\') { escaped(rest) } else { 1 };
        }
        Err(limit)
    }

    /// `$…$`: no blank after the first, none before the second, no digit after it. `` $`…`$ `` is the same.
    fn dollar(&mut self, start: usize) -> usize {
        let after = start + 1;
        if let Some(code) = self.regions.get(self.region).filter(|region| region.range.start == after) {
            let end = code.range.end;
            if self.text[end..].starts_with('$') {
                let ticks = self.text[after..end].bytes().take_while(|&byte| byte == b'`').count();
                self.push(start..end + 1, after + ticks..end - ticks, true);
                self.is_code();
                return end + 1;
            }
            return after;
        }
        if self.text[after..].starts_with(char::is_whitespace) {
            return after;
        }
        let limit = self.limit(after);
        let mut at = after;
        while let Some(mark) = self.text[at..limit].find(['$', '\\', '\n']).map(|found| at + found) {
            let rest = &self.text[mark..limit];
            match rest.as_bytes()[0] {
                b'\\' => at = mark + escaped(rest),
                b'\n' if is_blank(&rest[1..]) => return after,
                b'\n' => at = mark + 1,
                _ => {
                    let touching = !self.text[..mark].ends_with(char::is_whitespace);
                    let digit = rest[1..].starts_with(|c: char| c.is_ascii_digit());
                    if !touching || digit || rest.starts_with("$$") {
                        return mark;
                    }
                    self.push(start..mark + 1, after..mark, true);
                    return mark + 1;
                }
            }
        }
        after
    }

    /// `\(…\)`, within one paragraph.
    fn parenthesis(&mut self, start: usize) -> usize {
        let after = start + 2;
        let limit = self.limit(after);
        let mut at = after;
        while let Some(mark) = self.text[at..limit].find(['\\', '\n']).map(|found| at + found) {
            let rest = &self.text[mark..limit];
            if rest.starts_with(r"\)") {
                self.push(start..mark + 2, after..mark, true);
                return mark + 2;
            }
            if rest.starts_with(r"\(") || (rest.starts_with('\n') && is_blank(&rest[1..])) {
                return mark;
            }
            at = mark + if rest.starts_with('\\') { escaped(rest) } else { 1 };
        }
        after
    }
}

/// The bytes of a backslash and what it escapes.
fn escaped(rest: &str) -> usize {
    rest.chars().take(2).filter(|&c| c != '\n').map(char::len_utf8).sum()
}

/// The name of the display that `\begin{…}` opens.
fn environment(rest: &str) -> Option<&str> {
    let (name, _) = rest.strip_prefix(r"\begin{")?.get(..20.min(rest.len() - 7))?.split_once('}')?;
    ENVIRONMENTS.contains(&name).then_some(name)
}

/// The bytes of marks of lists and quotations at the start of a line, and how many of them are quotations.
fn container(line: &str) -> (usize, usize) {
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
fn ends_line(rest: &str) -> bool {
    rest.trim_start_matches([' ', '\t', '\r']).chars().next().is_none_or(|c| c == '\n')
}

/// Whether the first line says nothing, quotation marks apart.
fn is_blank(text: &str) -> bool {
    text.bytes().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'>')).is_none_or(|byte| byte == b'\n')
}

/// Whether prose, or the same display, begins again before a display is closed.
fn prose_follows(text: &str, mut within: usize, closes: &impl Fn(&str, &mut usize) -> Option<usize>) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Sources of displays and of inline formulas; each lies at its place in the file but for masked marks.
    fn found(text: &str) -> (Vec<String>, Vec<String>) {
        let structure = structure(text);
        let mut previous = 0;
        for formula in &structure.formulas {
            let (source, base) = formula.source(text);
            let original = &text[base..base + source.len()];
            assert!(
                original
                    .bytes()
                    .zip(source.bytes())
                    .all(|(a, b)| a == b || (b == b' ' && b" \t>".contains(&a)))
            );
            assert!(previous <= formula.span.start, "in the order of the text");
            previous = formula.span.end;
        }
        let (inline, displays): (Vec<_>, Vec<_>) =
            structure.formulas.iter().partition(|formula| formula.inline);
        let sources =
            |formulas: Vec<&Formula>| formulas.iter().map(|f| f.source(text).0.trim().to_string()).collect();
        (sources(displays), sources(inline))
    }

    #[track_caller]
    fn check(text: &str, displays: &[&str]) {
        assert_eq!(found(text).0, displays, "{text}");
        assert_eq!(structure(text).diagnostics, []);
    }

    #[track_caller]
    fn check_inline(text: &str, inline: &[&str]) {
        assert_eq!(found(text), (vec![], inline.iter().map(ToString::to_string).collect()), "{text}");
        assert_eq!(structure(text).diagnostics, []);
    }

    #[test]
    fn displays_are_found_between_all_delimiters() {
        check("a\n\n$$\na = b\n$$\n\nc", &["a = b"]);
        check("glued $$a = b$$, $$c$$ and\n$$ d\n$$ e", &["a = b", "c", "d"]);
        check("\\[ a = b \\]\n\ntext \\[\na\n\\] more", &["a = b", "a"]);
        check(
            "\\begin{align}\na &= b \\\\\n  &= c\n\\end{align}",
            &["\\begin{align}\na &= b \\\\\n  &= c\n\\end{align}"],
        );
        check(
            "$$\\begin{align*}\\begin{aligned}a\\end{aligned}\\end{align*}$$",
            &["\\begin{align*}\\begin{aligned}a\\end{aligned}\\end{align*}"],
        );
        check(
            "\\begin{gather}\\begin{gather}a\\end{gather}\\end{gather}b",
            &["\\begin{gather}\\begin{gather}a\\end{gather}\\end{gather}"],
        );
        check("\\begin{aligned}a\\end{aligned} \\begin{alignment}", &[]);
        check("a\n```math\na = b\n```\n> ~~~ math\n> c\n> > d\n> ~~~\n", &["a = b", "c\n  > d"]);
        check("```math\na", &["a"]);
        check("$$\r\na\r\n$$\r\n", &["a"]);
    }

    #[test]
    fn displays_stand_in_lists_quotations_and_containers() {
        check("- item\n\n  $$\n  a\n  $$\n\n- $$b$$\n", &["a", "b"]);
        check("> $$\n> a\n> > b\n> $$\n", &["a\n  > b"]);
        check("1. > > $$ a\n   > > b $$\n", &["a\n       b"]);
        check("<details>\n<summary>$$a$$</summary>\n$$b$$\n\n$$c$$\n</details>", &["a", "b", "c"]);
        check(":::details[Proof]\n$$\na\n$$\n:::\n", &["a"]);
        check("# A $$a$$\n\n| $$b$$ |\n|---|\n", &["a", "b"]);
    }

    #[test]
    fn formulas_are_found_before_the_structure_of_the_text() {
        check("$$\na\n=\nb\n$$\n\n- c", &["a\n=\nb"]);
        check("$$a_b *c* `d` <e> _f_$$ `$$g$$`", &["a_b *c* `d` <e> _f_"]);
        check("$$\na\n- b\n$$\n\n    $$code$$\n", &["a\n- b"]);
        check("$$\n\n    a\n\n$$\n\n    $$code$$\n", &["a"]);
        check("$$\na <!-- b\n$$\n\n$$c$$ -->", &["a <!-- b", "c"]);
        check("$$ 5 \\$ + `$$ and `$$`", &["5 \\$ + `"]);
    }

    #[test]
    fn code_comments_and_front_matter_are_no_mathematics() {
        check("---\nprice: $$5$$\n---\n$$a$$", &["a"]);
        check("`$$a$$` <!-- $$b$$ --> <a title=\"$$c$$\">\n\n    $$d$$\n\n```\n$$e$$\n```\n$$f$$", &["f"]);
        check("- a\n\n      $$b$$\n\n  $$c$$\n", &["c"]);
        check("<script>\nlet a = $$b$$;\n</script>\n", &[]);
        check("\\$\\$a\\$\\$ b", &[]);
        check("\\\\[2pt] \\\\(a\\\\)", &[]);
    }

    #[test]
    fn brackets_of_prose_are_no_displays() {
        check("he said \\[sic\\] that", &[]);
        check("see \\[1\\], \\[a", &[]);
        check("we have \\[ a < b \\] here", &["a < b"]);
        check("- \\[ x \\]\n", &["x"]);
    }

    #[test]
    fn inline_formulas_open_and_close_as_renderers_have_it() {
        check_inline("a $x$ b \\(y\\), $z$.", &["x", "y", "z"]);
        check_inline("it costs $5 and $6", &[]);
        check_inline("$5, then $x$ and 20$ for $y$", &["x", "y"]);
        check_inline("$ a$ $b $ \\$c$ d$", &[]);
        check_inline("$a$5 and $HOME", &[]);
        check_inline("$a\nb$ and $c\n\nd$", &["a\nb"]);
        check_inline("`$a$` $`b$c`$ $d$", &["b$c", "d"]);
        check_inline("> $a\n> b$", &["a\n  b"]);
        check_inline("\\(a\n\nb\\) \\(c \\(d\\)", &["d"]);
    }

    #[track_caller]
    fn check_unclosed(text: &str, place: u32, displays: &[&str]) {
        let diagnostics = structure(text).diagnostics;
        assert_eq!(
            diagnostics.iter().map(|d| (d.code.name(), d.span.start)).collect::<Vec<_>>(),
            [("latex", place)]
        );
        assert_eq!(found(text).0, displays, "{text}");
    }

    #[test]
    fn a_display_that_is_never_closed_is_reported_and_the_rest_is_read() {
        check_unclosed("$$\na\n\nThis is the end:\n\n$$\nb\n$$", 0, &["b"]);
        check_unclosed("x $$ a\n\n# Heading\n\n$$\nb\n$$", 2, &["b"]);
        check_unclosed("$$\na\n\nwhere $b$.\n\n$$c$$", 0, &["c"]);
        check_unclosed("$$\na\n```\nb\n```\n$$c$$", 0, &["c"]);
        check_unclosed("$$b$$\n\n$$a", 7, &["b"]);
        check_unclosed("\\[\na\n\nAnd so it is, \\[ b = c \\]", 0, &["b = c"]);
        check_unclosed("\\begin{align}a\\begin{align}\\end{align}\n\nand so on $$b$$", 0, &["b"]);
    }

    #[test]
    fn blank_lines_in_a_display_end_nothing_while_it_goes_on() {
        check("$$\na\n\n= b\n$$\n\nfor all of it $$c$$", &["a\n\n= b", "c"]);
        check("> $$\n> a\n>\n> b\n> $$", &["a\n \n  b"]);
        check(
            "\\begin{align}\n\na \\\\\n\n\\text{for all of them}\n\\end{align}",
            &["\\begin{align}\n\na \\\\\n\n\\text{for all of them}\n\\end{align}"],
        );
    }

    #[test]
    fn long_texts_are_read_in_linear_time() {
        for piece in [
            "$a ",
            "\\[",
            "\\begin{align}\n\n",
            "$$\n\na\n\n",
            "`a` $b$ ",
            "\\( ",
            "> $$a\n",
            "<!-- $",
            "${",
            "- $a$\n",
        ] {
            let start = std::time::Instant::now();
            structure(&piece.repeat((1 << 20) / piece.len()));
            // A mebibyte takes a tenth of a second; read in quadratic time it would take an hour.
            assert!(start.elapsed().as_secs() < 20, "{piece:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(words in proptest::collection::vec(proptest::sample::select(SOUP), 0..30)) {
            found(&words.concat());
        }
    }

    #[rustfmt::skip]
    const SOUP: &[&str] = &[
        "$", "$$", "\\[", "\\]", "\\(", "\\)", "\\begin{align}", "\\end{align}", "\n", "\n\n", "> ", "- ", "    ", "`", "```",
        "\n```math\n", "<!--", "-->", "<pre>", "a", "é", "1", " ", "\\", "---\n", "~~~", "\r\n", "three words here",
    ];
}
