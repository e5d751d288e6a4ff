//! What is said many times → said once, with the lines of the others.
//!
//! `theta` is not known in line 7, 8 and 21: one declaration settles all three, so the first is shown with its caret and
//! its help line ends in `the same in lines 8 and 21`. Programs are told each of them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::text::{Code, Diagnostic, LineIndex, Severity, Source};

/// So many lines are listed.
const LISTED: usize = 6;

/// The diagnostics with each of those that one change settles shown once, at its first place.
pub fn said_once(source: &Source, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let lines = LineIndex::new(&source.text);
    let mut kept: Vec<(Diagnostic, Vec<usize>)> = Vec::new();
    let mut first: HashMap<(Severity, String), usize> = HashMap::new();
    for diagnostic in diagnostics {
        let line = lines.line_column(&source.text, diagnostic.span.start as usize).line;
        if is_settled_at_once(&diagnostic) {
            match first.entry((diagnostic.severity, diagnostic.code.message())) {
                Entry::Occupied(known) => {
                    kept[*known.get()].1.push(line);
                    continue;
                }
                Entry::Vacant(free) => drop(free.insert(kept.len())),
            }
        }
        kept.push((diagnostic, vec![line]));
    }
    kept.into_iter().map(|(diagnostic, lines)| with_places(diagnostic, &lines)).collect()
}

/// Does one declaration, or one explanation, settle all that are equal to this one?
fn is_settled_at_once(diagnostic: &Diagnostic) -> bool {
    let is_about_a_name = matches!(
        diagnostic.code,
        Code::UnknownName { .. }
            | Code::UnknownCommand { .. }
            | Code::NeedsDeclaration { .. }
            | Code::TwoReadings { .. }
    );
    is_about_a_name || diagnostic.severity != Severity::Error
}

/// The help line names the lines of those that are not shown; the first of `lines` is that of the one that is.
fn with_places(diagnostic: Diagnostic, lines: &[usize]) -> Diagnostic {
    let Some((first, others)) = lines.split_first() else { return diagnostic };
    let mut elsewhere: Vec<usize> = others.iter().copied().filter(|line| line != first).collect();
    elsewhere.sort_unstable();
    elsewhere.dedup();
    let places = match elsewhere.as_slice() {
        [] => return diagnostic,
        [one] => format!("the same in line {one}"),
        [all @ .., last] if all.len() <= LISTED => format!("the same in lines {} and {last}", list(all)),
        many => format!("the same in lines {} and {} more", list(&many[..LISTED]), many.len() - LISTED),
    };
    let help = diagnostic.help().map_or(places.clone(), |help| format!("{help}; {places}"));
    diagnostic.with_help(help)
}

fn list(lines: &[usize]) -> String {
    lines.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    #[test]
    fn what_one_declaration_settles_is_said_once() {
        let source = Source::new("a.md", "t t\nt\nu\nt");
        let unknown = |name: &str, at| {
            Diagnostic::error(
                Code::UnknownName { name: name.into(), suggestion: None },
                Span::new(at, at + 1),
            )
        };
        let all = [("t", 0), ("t", 2), ("t", 4), ("u", 6), ("t", 8)].map(|(name, at)| unknown(name, at));
        let said = said_once(&source, all.to_vec());
        assert_eq!(said.len(), 2);
        assert!(said[0].help().is_some_and(|help| help.ends_with("the same in lines 2 and 4")), "{said:?}");
        assert_eq!(said[1], unknown("u", 6));
    }

    #[test]
    fn errors_that_are_mended_one_by_one_are_said_one_by_one() {
        let source = Source::new("a.md", "= =");
        let code = || Code::Latex { expected: "a value".into(), found: "`=`".into() };
        let all = [0, 2].map(|at| Diagnostic::error(code(), Span::new(at, at + 1)));
        assert_eq!(said_once(&source, all.to_vec()).len(), 2);
    }
}
