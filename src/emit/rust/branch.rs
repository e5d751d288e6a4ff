//! Conditions as clippy wants them, and branches that have values.

use super::Rust;
use crate::emit::flow::{Block, Step};
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::program::{Condition, Relation, Term};

/// Columns that rustfmt gives to `if … else …` on one line.
const BRANCH: usize = 50;

/// `not (a < b)`, true for NaN.
pub(super) fn negated(printer: &Printer<'_>, relation: Relation, a: &Term, b: &Term) -> Option<String> {
    let opposite = match relation {
        Relation::Less => Relation::GreaterOrEqual,
        Relation::LessOrEqual => Relation::Greater,
        Relation::Greater => Relation::LessOrEqual,
        Relation::GreaterOrEqual => Relation::Less,
        Relation::Equal => {
            return Some(
                Rust.comparison(printer, Relation::NotEqual, a, b)
                    .unwrap_or_else(|| printer.comparison(Relation::NotEqual, a, b)),
            );
        }
        Relation::NotEqual => {
            return Some(
                Rust.comparison(printer, Relation::Equal, a, b)
                    .unwrap_or_else(|| printer.comparison(Relation::Equal, a, b)),
            );
        }
    };
    if let Some(finite) = Rust.comparison(printer, relation, a, b) {
        return Some(format!("!{finite}"));
    }
    let mut text = printer.comparison(opposite, a, b);
    for side in [a, b] {
        if !matches!(side, Term::Number(_) | Term::Negative(_)) {
            text += &format!(" || {}.is_nan()", printer.atom(side));
        }
    }
    Some(text)
}

/// `a <= x and x < b` as a range.
pub(super) fn range(printer: &Printer<'_>, first: &Condition, second: &Condition) -> Option<String> {
    let (Condition::Compare(one, a, b), Condition::Compare(other, c, d)) = (first, second) else {
        return None;
    };
    let upper = |r: &Relation| match r {
        Relation::Less => Some(".."),
        Relation::LessOrEqual => Some("..="),
        _ => None,
    };
    let (x, from) = match one {
        Relation::GreaterOrEqual => (a, b),
        Relation::LessOrEqual => (b, a),
        _ => return None,
    };
    let (sign, to) = (upper(other)?, (c == x).then_some(d)?);
    Some(format!("({}{sign}{}).contains(&{})", printer.atom(from), printer.atom(to), printer.atom(x)))
}

/// `before if … { value } else { value } after`.
pub(super) fn valued_branch(
    p: &mut Printer<'_>,
    before: &str,
    after: &str,
    condition: &Condition,
    [then, otherwise]: [&Block; 2],
) {
    let test = p.condition(condition);
    if then.steps.is_empty() && otherwise.steps.is_empty() {
        let line = format!(
            "if {test} {{ {} }} else {{ {} }}",
            values(p, &then.values),
            values(p, &otherwise.values)
        );
        if line.len() <= BRANCH && p.fits(&format!("{before}{line}{after}")) {
            return p.line(&format!("{before}{line}{after}"));
        }
    }
    p.line(&format!("{before}if {test} {{"));
    p.deeper(|p| block(p, then));
    let mut block_otherwise = otherwise;
    while let Block { steps, values } = block_otherwise
        && values.is_empty()
        && let [Step::If { condition, branches: [then, otherwise], .. }] = steps.as_slice()
    {
        let test = p.condition(condition);
        p.line(&format!("}} else if {test} {{"));
        p.deeper(|p| block(p, then));
        block_otherwise = otherwise;
    }
    p.line("} else {");
    p.deeper(|p| block(p, block_otherwise));
    p.line(&format!("}}{after}"));
}

/// The steps and the value of a block.
fn block(p: &mut Printer<'_>, block: &Block) {
    tail(p, &block.steps, &block.values);
}

/// Steps, then a value: of the last branch, when there are no values.
pub(super) fn tail(p: &mut Printer<'_>, steps: &[Step], results: &[Term]) {
    match steps.split_last() {
        Some((Step::If { condition, branches: [then, otherwise], .. }, before)) if results.is_empty() => {
            p.steps(before);
            valued_branch(p, "", "", condition, [then, otherwise]);
        }
        _ => {
            p.steps(steps);
            let own = |text: &str, _: &Printer<'_>| text.to_owned();
            let parts: Vec<Term> = results.iter().map(|r| p.split(r, &own).into_owned()).collect();
            let text = values(p, &parts);
            if p.fits(&text) || parts.len() < 2 {
                return p.line(&text);
            }
            p.line("(");
            let lines: Vec<String> = parts.iter().map(|r| format!("{},", p.term(r))).collect();
            p.deeper(|p| p.lines(lines));
            p.line(")");
        }
    }
}

fn values(p: &Printer<'_>, results: &[Term]) -> String {
    match results {
        [one] => p.term(one),
        several => format!("({})", several.iter().map(|r| p.term(r)).collect::<Vec<_>>().join(", ")),
    }
}
