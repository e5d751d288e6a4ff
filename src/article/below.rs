//! Names that are declared behind their first use → a help line that says so.
//!
//! A fence pasted at the end of an article says nothing of the formulas above it: `theta` is not known in line 7, and
//! the help line is "`theta` is declared in line 40, below this: move the fence before the first formula".

use std::collections::HashMap;

use super::FileOutcome;
use crate::syntax::Document;
use crate::text::{Code, Diagnostic, LineIndex};
use crate::verify::Verdict;

/// Names what is declared too late; that nothing uses it is no news then.
pub(super) fn declared_below(document: &Document, outcome: &mut FileOutcome) {
    let mut declared: HashMap<&str, u32> = HashMap::new();
    for (name, span) in document.declarations().flat_map(|declaration| declaration.names()) {
        declared.entry(name.as_str()).or_insert(span.start);
    }
    if declared.is_empty() {
        return;
    }
    let lines = LineIndex::new(&outcome.source.text);
    let text = &outcome.source.text;
    let mut late: Vec<String> = Vec::new();
    let mut help = |diagnostic: &mut Diagnostic| {
        let Some(name) = missing(&diagnostic.code) else { return };
        let Some(at) = declared.get(name).filter(|at| **at > diagnostic.span.start) else { return };
        let line = lines.line_column(text, *at as usize).line;
        diagnostic.help = Some(format!(
            "`{name}` is declared in line {line}, below this: move the fence before the first formula"
        ));
        late.push(name.to_owned());
    };
    outcome.diagnostics.iter_mut().for_each(&mut help);
    for item in &mut outcome.items {
        item.lints.iter_mut().for_each(&mut help);
        if let Some(Verdict::Unread(misreading)) = &mut item.verdict {
            misreading.diagnostics.iter_mut().for_each(&mut help);
            let own = misreading.diagnostics.first().and_then(|first| first.help.clone());
            misreading.help = own.or_else(|| misreading.help.take());
        }
    }
    let is_late = |code: &Code| matches!(code, Code::UnusedDeclaration { name } if late.iter().any(|known| known == name));
    outcome.diagnostics.retain(|diagnostic| !is_late(&diagnostic.code));
}

/// The name whose declaration would settle this.
fn missing(code: &Code) -> Option<&str> {
    match code {
        Code::UnknownName { name, .. } => Some(name),
        // `L(theta)` or `L*(theta)`.
        Code::TwoReadings { first, .. } => first.split('(').next(),
        // The density `p`.
        Code::NeedsDeclaration { what } => what.split('`').nth(1),
        _ => None,
    }
}
