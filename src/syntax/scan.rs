//! Markdown whose code is known → its formulas, from left to right.
//!
//! `$$ a $$`, `\[ a \]`, `\begin{align} a \end{align}` and blocks ```` ```math ```` are displays, `$a$`, `\(a\)` and
//! `` $`a`$ `` are inline. Every byte is looked at a bounded number of times, whatever is open and never closed.

use std::ops::Range;

use super::formulas::Formula;
use super::prose::{container, ends_line, escaped, is_blank, prose_follows};
use super::regions::{Region, RegionKind};
use crate::text::{Code, Diagnostic, Span};

/// Environments that are displays of their own.
#[rustfmt::skip]
const ENVIRONMENTS: &[&str] = &[
    "align", "align*", "alignat", "alignat*", "flalign", "flalign*", "equation", "equation*", "gather", "gather*",
    "multline", "multline*", "eqnarray", "eqnarray*", "displaymath",
];

/// The formulas of a text whose code is known.
pub(super) fn scan(text: &str, regions: &[Region]) -> (Vec<Formula>, Vec<Diagnostic>) {
    let fenced = regions.iter().filter(|region| region.kind != RegionKind::Other);
    let fenced = fenced.map(|region| region.range.start).collect();
    let (formulas, diagnostics, line) = (Vec::new(), Vec::new(), LineStart::default());
    let mut scanner =
        Scanner { text, regions, region: 0, fenced, line, no_bracket: [0; 2], formulas, diagnostics };
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
    /// No `\]`, no `\\]` stands before this place.
    no_bracket: [usize; 2],
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
            } else if let Some(length) = opened(rest, '[') {
                self.bracket(mark, length)
            } else if let Some(length) = opened(rest, '(') {
                self.parenthesis(mark, length)
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

    /// `\[ … \]`, for some renderers `\\[ … \\]`. In prose the same signs are brackets that begin no link: `\[sic\]`.
    fn bracket(&mut self, start: usize, length: usize) -> usize {
        let after = start + length;
        if start < self.no_bracket[length - 2] {
            return after;
        }
        let closing = if length == 2 { r"\]" } else { r"\\]" };
        let line = self.line_start(start);
        let begins_line = line.start + line.indent == start;
        let is_alone = ends_line(&self.text[after..]);
        let found =
            self.close(after, &|rest: &str, _: &mut usize| rest.starts_with(closing).then_some(length));
        let Ok(close) = found else {
            if let Err(stopped) = found {
                self.no_bracket[length - 2] = stopped;
                if begins_line && is_alone {
                    self.unclosed(start, length, closing, stopped);
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

    /// `\(…\)` or `\\(…\\)`, within one paragraph.
    fn parenthesis(&mut self, start: usize, length: usize) -> usize {
        let after = start + length;
        let (opening, closing) = if length == 2 { (r"\(", r"\)") } else { (r"\\(", r"\\)") };
        let limit = self.limit(after);
        let mut at = after;
        while let Some(mark) = self.text[at..limit].find(['\\', '\n']).map(|found| at + found) {
            let rest = &self.text[mark..limit];
            if rest.starts_with(closing) {
                self.push(start..mark + length, after..mark, true);
                return mark + length;
            }
            if rest.starts_with(opening) || (rest.starts_with('\n') && is_blank(&rest[1..])) {
                return mark;
            }
            at = mark + if rest.starts_with('\\') { escaped(rest) } else { 1 };
        }
        after
    }
}

/// The bytes of `\[` or `\\[`.
fn opened(rest: &str, bracket: char) -> Option<usize> {
    let after = rest.strip_prefix('\\')?;
    let (after, length) = after.strip_prefix('\\').map_or((after, 2), |after| (after, 3));
    after.starts_with(bracket).then_some(length)
}

/// The name of the display that `\begin{…}` opens.
fn environment(rest: &str) -> Option<&str> {
    let name = rest.strip_prefix(r"\begin{")?;
    let name = &name[..name.bytes().take(20).position(|byte| byte == b'}')?];
    ENVIRONMENTS.contains(&name).then_some(name)
}
