//! Steps of arrays to lines.

use super::arrays::{Chosen, Region, Step};
use super::layout::Item;
use super::polynomial::POLYNOMIAL;
use crate::emit::print::Printer;
use crate::program::{Condition, Term};

/// Writes steps at the present indentation.
pub(super) fn write(printer: &mut Printer<'_>, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Comment(text) => printer.line(&format!("# {}", super::WORDS.comment(text))),
            Step::Set { name, value, copied: true } => {
                let value = printer.term(value);
                printer.line(&format!("{name} = {value}.copy()"));
            }
            Step::Set { name, value, copied: false } => assign(printer, name, value),
            Step::SetMany { names, value } => assign(printer, &names.join(", "), value),
            Step::Fill { name, like, value } => {
                let line = fill(printer, like, value.as_ref());
                printer.line(&format!("{name} = {line}"));
            }
            Step::Overwrite { name, condition, value } => {
                let condition = mask(printer, condition);
                assign(printer, &format!("{name}[{condition}]"), value);
            }
            Step::Decide { name, condition } => {
                let condition = mask(printer, condition);
                printer.line(&format!("{name} = {condition}"));
            }
            Step::If { condition, branches: [first, second] } => {
                let condition = printer.condition(condition);
                block(printer, &format!("if {condition}:"), |p| write(p, first), first.is_empty());
                if !second.is_empty() {
                    block(printer, "else:", |p| write(p, second), false);
                }
            }
            Step::While { condition, body } => {
                let condition = printer.condition(condition);
                block(printer, &format!("while {condition}:"), |p| write(p, body), body.is_empty());
            }
            Step::Within { index, chosen, region } => {
                let places = match chosen {
                    Chosen::Where(condition) => mask(printer, condition),
                    Chosen::Decided { name, yes: true } => name.clone(),
                    Chosen::Decided { name, yes: false } => format!("~{name}"),
                };
                places_of(printer, index, &places);
                block(printer, &format!("if {index}.size:"), |p| within(p, index, region), false);
            }
            Step::Repeat { index, first, again, region } => {
                let places = mask(printer, first);
                places_of(printer, index, &places);
                let turn = |p: &mut Printer<'_>| {
                    within(p, index, region);
                    let places = mask(p, again);
                    p.line(&format!("{index} = {index}[{places}]"));
                };
                block(printer, &format!("while {index}.size:"), turn, false);
            }
        }
    }
}

/// The places where a condition holds, in three lines when one is too long.
fn places_of(printer: &mut Printer<'_>, index: &str, places: &str) {
    let line = format!("{index} = np.flatnonzero({places})");
    if printer.fits(&line) {
        return printer.line(&line);
    }
    printer.line(&format!("{index} = np.flatnonzero("));
    printer.deeper(|p| p.line(places));
    printer.line(")");
}

fn block<'a>(printer: &mut Printer<'a>, head: &str, write: impl FnOnce(&mut Printer<'a>), empty: bool) {
    printer.line(head);
    printer.deeper(|p| if empty { p.line("pass") } else { write(p) });
}

fn within(printer: &mut Printer<'_>, index: &str, region: &Region) {
    for (inner, outer) in &region.gathered {
        printer.line(&format!("{inner} = {outer}[{index}]"));
    }
    write(printer, &region.steps);
    for (outer, value) in &region.scattered {
        assign(printer, &format!("{outer}[{index}]"), value);
    }
}

/// `target = value`, in several lines when one is too long.
pub(super) fn assign(printer: &mut Printer<'_>, target: &str, value: &Term) {
    if let Term::Call(name, arguments) = value
        && name == POLYNOMIAL
    {
        return polynomial(printer, target, arguments);
    }
    let value = parted(printer, value, &|text, _| format!("{target} = {text}"));
    let text = printer.term(&value);
    printer.line(&format!("{target} = {text}"));
}

/// `target = _polynomial(x, …)`, each coefficient on a line of its own where not all fit.
fn polynomial(printer: &mut Printer<'_>, target: &str, arguments: &[Term]) {
    let arguments = arguments.iter().map(|argument| Item::Text(printer.term(argument)));
    let head = format!("{target} = {}(", printer.target.helper(POLYNOMIAL, printer.prefix));
    let lines = Item::group(head, arguments, ")").lines(printer.level, "");
    printer.lines(lines);
}

/// The term, with parts written to names of their own before it until the line made of it fits: first its polynomials, each of
/// which is one part.
pub(super) fn parted<'a>(
    printer: &mut Printer<'a>,
    term: &Term,
    line: &dyn Fn(&str, &Printer<'a>) -> String,
) -> Term {
    let mut term = term.clone();
    while !printer.fits(&line(&printer.term(&term), printer))
        && let Some(part) = some_polynomial(&term)
    {
        let Term::Call(_, arguments) = &part else { unreachable!("found as such") };
        let name = printer.fresh();
        polynomial(printer, &name, arguments);
        printer.replace(&mut term, &part, &name);
    }
    printer.split(&term, line).into_owned()
}

/// The first polynomial in a term.
fn some_polynomial(term: &Term) -> Option<Term> {
    let mut found = None;
    term.visit(&mut |part| match part {
        Term::Call(name, _) if name == POLYNOMIAL && found.is_none() => found = Some(part.clone()),
        _ => {}
    });
    found
}

fn fill(printer: &Printer<'_>, like: &str, value: Option<&Term>) -> String {
    match value {
        None => format!("np.empty_like({like})"),
        Some(Term::Number(digits)) if digits == "0" => format!("np.zeros_like({like})"),
        Some(value) => format!("np.full_like({like}, {})", printer.term(value)),
    }
}

/// A condition on arrays.
pub(super) fn mask(printer: &Printer<'_>, condition: &Condition) -> String {
    let part = |c: &Condition| match c {
        Condition::Not(_) => mask(printer, c),
        _ => format!("({})", mask(printer, c)),
    };
    match condition {
        Condition::Compare(..) => printer.condition(condition),
        Condition::And(a, b) => format!("{} & {}", conjunct(printer, a), conjunct(printer, b)),
        Condition::Or(a, b) => format!("{} | {}", part(a), part(b)),
        Condition::Not(a) => format!("~({})", mask(printer, a)),
    }
}

/// A part of a conjunction: a conjunction itself needs no brackets.
fn conjunct(printer: &Printer<'_>, condition: &Condition) -> String {
    let text = mask(printer, condition);
    let whole = matches!(condition, Condition::And(..) | Condition::Not(_)) || is_call(&text);
    if whole { text } else { format!("({text})") }
}

/// Whether the text is one call, `np.isfinite(x)`.
pub(super) fn is_call(text: &str) -> bool {
    let mut depth = 0usize;
    let last = text.len() - 1;
    let closes_early = text.char_indices().any(|(at, c)| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth == 0 && at < last && !(c.is_ascii_alphanumeric() || c == '.' || c == '_')
    });
    text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.ends_with(')') && !closes_early
}
