//! Which inline formulas are to be read: those behind a line `inline`, and those that a line `at "…"` quotes.
//!
//! Most inline formulas name things (`$\theta$`) and claim nothing; `at "\alpha = - \pi" expect: refuted` asks for the one
//! that does.

use super::{Declaration, DeclarationKind, Document, Formula, Item};

impl Document {
    /// What is declared, in the order of the text.
    pub fn declarations(&self) -> impl Iterator<Item = &Declaration> {
        self.fences.iter().flat_map(|fence| &fence.items).filter_map(|item| match item {
            Item::Declaration(declaration) => Some(declaration),
            _ => None,
        })
    }

    /// The inline formulas of this file, `text`, that its declarations and those in the file `beside` it ask for.
    pub fn asked_inline(&self, text: &str, beside: Option<&Document>) -> Vec<&Formula> {
        let beside = || beside.into_iter().flat_map(Document::declarations);
        let all = || beside().chain(self.declarations());
        let pieces: Vec<String> = all().filter_map(quoted).collect();
        let mut switches = self.declarations().filter_map(switch).peekable();
        let mut is_on = beside().filter_map(switch).last().is_some_and(|(_, on)| on);
        let is_asked = |formula: &&Formula| {
            while let Some((_, on)) = switches.next_if(|(place, _)| *place < formula.span.start) {
                is_on = on;
            }
            is_on
                || (!pieces.is_empty() && {
                    let source = without_blanks(&formula.source(text).0);
                    pieces.iter().any(|piece| source.contains(piece))
                })
        };
        self.inline.iter().filter(is_asked).collect()
    }
}

/// Whether a source has this piece in it, blanks apart.
///
/// ```
/// use referee::syntax::holds;
/// assert!(holds(r"d &= - \frac{1}{\lambda} F", r"d &= -\frac"));
/// ```
pub fn holds(source: &str, piece: &str) -> bool {
    without_blanks(source).contains(&without_blanks(piece))
}

fn without_blanks(text: &str) -> String {
    text.split_whitespace().collect()
}

fn quoted(declaration: &Declaration) -> Option<String> {
    match &declaration.kind {
        DeclarationKind::At { quote, .. } => Some(without_blanks(&quote.0)),
        _ => None,
    }
}

/// The place of a line `inline`, and whether it turns on or off.
fn switch(declaration: &Declaration) -> Option<(u32, bool)> {
    match declaration.kind {
        DeclarationKind::Inline(on) => Some((declaration.span.start, on)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{read_declarations, read_markdown};

    #[track_caller]
    fn check(text: &str, beside: &str, expected: &[&str]) {
        let document = read_markdown(text);
        let beside = (!beside.is_empty()).then(|| read_declarations(beside));
        let asked = document.asked_inline(text, beside.as_ref());
        let sources: Vec<_> = asked.iter().map(|formula| formula.source(text).0).collect();
        assert_eq!(sources, expected);
    }

    #[test]
    fn inline_formulas_are_read_where_they_are_asked_for() {
        let text = "$a$\n\n```referee\ninline\n```\n\n$b$ $$c$$\n\n```referee\ninline off\n```\n$d$";
        check(text, "", &["b"]);
        check(text, "inline", &["a", "b"]);
        check("$a = b$ and $c$", "", &[]);
    }

    #[test]
    fn a_quoted_formula_is_asked_for_wherever_it_stands() {
        check(
            "$a$, $d \\to 0$,\n> $x =\n> y$, $x$",
            "at \"d\\to\" claim\nat \"x = y\" expect: open",
            &["d \\to 0", "x =\n  y"],
        );
        check("$a = b$\n\n```referee\nat \"a =\" claim\n```", "", &["a = b"]);
    }
}
