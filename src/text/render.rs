//! Diagnostics → what a user reads: the line, a caret, the reason, a line that can be pasted.
//!
//! ```text
//! error[unknown-name]: `sgima` is not declared
//!  --> normal.md:4:9
//!   |
//! 4 | p(x) = 2*sgima
//!   |          ^^^^^ did you mean `sigma`?
//! ```
//!
//! Long lines are cut around the span before anything else sees them, so a line of ten megabytes costs
//! no more than a short one; control characters and bidirectional marks become visible pictures, so
//! a text cannot repaint the terminal.

use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

use super::source::character_start;
use super::{Diagnostic, LineIndex, Severity, Source};

/// Characters of the line shown before the span, of the span itself, and after it.
const BEFORE: usize = 60;
const WITHIN: usize = 60;
const AFTER: usize = 40;

/// Every diagnostic with its source line, in the order given, a blank line between two of them.
pub fn render(source: &Source, diagnostics: &[Diagnostic], color: bool) -> String {
    let lines = LineIndex::new(&source.text);
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let rendered = diagnostics.iter().map(|diagnostic| {
        let mut text = render_one(source, &lines, diagnostic, &renderer);
        text.push('\n');
        text
    });
    rendered.collect::<Vec<_>>().join("\n")
}

fn render_one(source: &Source, lines: &LineIndex, diagnostic: &Diagnostic, renderer: &Renderer) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(visible(&diagnostic.code.message())).id(diagnostic.code.name());
    let start = diagnostic.span.start as usize;
    let place = lines.line_column(&source.text, start);
    let origin = Origin::path(visible(&source.name)).line(place.line).char_column(place.column);
    let mut group = title.element(origin);
    let excerpt = excerpt(source, lines, diagnostic);
    if !excerpt.line.trim().is_empty() {
        let label = diagnostic.code.label().map(|label| visible(&label));
        group = group.element(
            Snippet::source(excerpt.line)
                .line_start(place.line)
                .annotation(AnnotationKind::Primary.span(excerpt.start..excerpt.end).label(label)),
        );
    }
    if let Some(help) = diagnostic.help() {
        group = group.element(Level::HELP.message(visible(&help)));
    }
    without_gap(&renderer.render(&[group]))
}

/// The place stands in an element of its own (a cut line cannot tell its column), which the renderer
/// sets off from the line by `:::`; the two belong together.
fn without_gap(rendered: &str) -> String {
    let kept = rendered.lines().enumerate().filter(|(at, line)| *at != 3 || !line.contains(":::"));
    kept.map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

/// The part of a line that is shown, and the span's bytes within it.
struct Excerpt {
    line: String,
    start: usize,
    end: usize,
}

fn excerpt(source: &Source, lines: &LineIndex, diagnostic: &Diagnostic) -> Excerpt {
    let text = source.text.as_str();
    let start = character_start(text, diagnostic.span.start as usize);
    let line = lines.line_range(text, start);
    let start = start.min(line.end);
    let end = character_start(text, diagnostic.span.end as usize).clamp(start, line.end);
    let from = text[line.start..start]
        .char_indices()
        .rev()
        .nth(BEFORE - 1)
        .map_or(line.start, |(at, _)| line.start + at);
    let end = text[start..end].char_indices().nth(WITHIN).map_or(end, |(at, _)| start + at);
    let to = text[end..line.end].char_indices().nth(AFTER).map_or(line.end, |(at, _)| end + at);
    let mut shown = String::from(if from > line.start { "…" } else { "" });
    shown += &visible(&text[from..start]);
    let shown_start = shown.len();
    shown += &visible(&text[start..end]);
    let shown_end = shown.len();
    shown += &visible(&text[end..to]);
    if to < line.end {
        shown.push('…');
    }
    Excerpt { line: shown, start: shown_start, end: shown_end }
}

/// Does nothing in the text repaint a terminal or hide on it? Tabs and line ends do not.
pub fn is_visible(text: &str) -> bool {
    text.chars().all(|c| {
        matches!(c, '\n' | '\t')
            || !(c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}'))
    })
}

/// The text with tabs as blanks, control characters as pictures and invisible marks as `�`.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\t' => shown.push_str("    "),
            '\0'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + character as u32)),
            '\u{7f}' => shown.push('\u{2421}'),
            '\u{80}'..='\u{9f}' => shown.push('\u{fffd}'),
            '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => {
                shown.push('\u{fffd}');
            }
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Code, Span};

    fn unknown(start: usize, end: usize) -> Diagnostic {
        let code = Code::UnknownName { name: "sgima".into(), suggestion: Some("sigma".into()) };
        Diagnostic::error(code, Span::new(start, end))
    }

    #[test]
    fn a_diagnostic_shows_file_line_caret_label_and_help() {
        let source = Source::new("normal.md", "family normal(mu real)\r\nlog p(x) = 2*sgima\r\n");
        let missing = Diagnostic::warning(Code::MissingValue { name: "mu".into() }, Span::new(14, 16));
        insta::assert_snapshot!(render(&source, &[unknown(37, 42), missing], false), @r"
        error[unknown-name]: nothing is called `sgima`
         --> normal.md:2:14
          |
        2 | log p(x) = 2*sgima
          |              ^^^^^ did you mean `sigma`?

        warning[missing-value]: no value is given for `mu`
         --> normal.md:1:15
          |
        1 | family normal(mu real)
          |               ^^
          |
          = help: add `mu=…`
        ");
    }

    #[test]
    fn a_long_line_is_cut_around_the_span() {
        let text = format!("{}sgima{}", "x + ".repeat(1 << 20), " + x".repeat(1 << 20));
        let at = 4 << 20;
        let rendered = render(&Source::new("long", text), &[unknown(at, at + 5)], false);
        insta::assert_snapshot!(rendered, @r"
        error[unknown-name]: nothing is called `sgima`
         --> long:1:4194305
          |
        1 | …x + x + x + x + x + x + x + x + x + x + x + x + x + x + x + sgima + x + x + x + x + x + x + x + x + x + x…
          |                                                              ^^^^^ did you mean `sigma`?
        ");
    }

    #[test]
    fn tabs_wide_characters_and_the_end_of_the_text_keep_the_caret_in_place() {
        insta::assert_snapshot!(render(&Source::new("t", "\tμ·sgima"), &[unknown(5, 10)], false), @r"
        error[unknown-name]: nothing is called `sgima`
         --> t:1:4
          |
        1 |     μ·sgima
          |       ^^^^^ did you mean `sigma`?
        ");
        let end = Diagnostic::error(
            Code::Syntax { expected: "a value".into(), found: "the end".into() },
            Span::new(3, 3),
        );
        insta::assert_snapshot!(render(&Source::new("t", "1 +"), &[end], false), @r"
        error[syntax]: expected a value, found the end
         --> t:1:4
          |
        1 | 1 +
          |    ^ expected a value
        ");
    }

    #[test]
    fn nothing_from_the_text_reaches_the_terminal_as_a_control_character() {
        let source = Source::new("a\u{1b}[2Jb", "\u{1b}[31msgima\u{202e}\u{7} x\u{9b}");
        let code = Code::UnknownName { name: "\u{1b}[1m\u{202e}".into(), suggestion: None };
        let rendered =
            render(&source, &[Diagnostic::error(code, Span::new(5, 10)).with_help("\u{1b}c")], false);
        assert!(rendered.chars().all(|c| c == '\n' || !c.is_control()), "{rendered:?}");
        assert!(!rendered.contains('\u{202e}'));
    }

    #[test]
    fn spans_outside_the_text_are_moved_inside() {
        for (start, end) in [(0, 99), (98, 99), (1, 2), (0, 0)] {
            for text in ["", "μμ", "a\nb", "\n\n"] {
                assert!(render(&Source::new("t", text), &[unknown(start, end)], true).contains("sgima"));
            }
        }
    }
}
