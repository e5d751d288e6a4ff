//! A file of the library → its true steps, and files in which each of them stands again with one slip.
//!
//! A display is repeated below itself once for every slip, a claim of a fence on lines of its own: what is declared
//! for a step is declared for its mutants.

use std::ops::Range;

use referee::article::{FileOutcome, ItemOutcome};
use referee::syntax::ItemKind;
use referee::text::{Diagnostic, Severity};
use referee::verify::Verdict;

use super::mutators::{Groups, Mutant, joined, mutants, sides};
use super::reading::{Notation, Reading};

/// A step that holds, in its file.
pub struct Step {
    /// Its place in the file.
    pub span: Range<usize>,
    /// The display or the line that is repeated with a slip.
    pub block: Range<usize>,
    /// How it is written.
    pub notation: Notation,
    /// The part that may be changed.
    formula: Range<usize>,
    /// The side before a step that begins with its relation.
    left: Option<Range<usize>>,
}

/// A step with one slip.
pub struct Case {
    /// The right step.
    pub step: usize,
    /// Which slip.
    pub slip: &'static str,
    /// The step as it stands now, its blanks joined.
    pub text: String,
    /// What is changed, in the block.
    at: Range<usize>,
    /// The block with the slip.
    block: String,
    /// How many bytes stand in the place of what was changed.
    length: usize,
    /// The changed side is also the left side of the step after this one.
    is_in_last_side: bool,
}

/// What became of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// A counterexample.
    Refuted,
    /// It has no meaning: shapes, names, or a lint.
    Caught,
    /// Nothing speaks against it.
    Supported,
    /// Not decided.
    Open,
    /// It is no claim any more.
    NoClaim,
    /// With conditions or without.
    Proved,
}

/// The steps of a file that are proved, in the order of the text.
pub fn steps(outcome: &FileOutcome) -> Vec<Step> {
    let text = &outcome.source.text;
    let is_true = |item: &&ItemOutcome| matches!(item.verdict, Some(Verdict::Proved(_)));
    let step = |item: &ItemOutcome| {
        let span = item.span.start as usize..item.span.end as usize;
        let fenced = text[..span.start].matches("```").count() % 2 == 1;
        let (block, notation) = match fenced {
            true => (line_around(text, &span), Notation::Plain),
            false => (display_around(text, &span)?, Notation::Latex),
        };
        let formula = match fenced {
            true => equation(text, &span),
            false => span.clone(),
        };
        let left = if fenced { None } else { side_before(outcome, &span, &block) };
        Some(Step { span, block, notation, formula, left })
    };
    outcome.items.iter().filter(is_true).filter_map(step).collect()
}

/// The relations with which a step begins that goes on with the side before it.
const RELATIONS: &[&str] = &["=", "<", ">", "&", r"\approx", r"\le", r"\ge", r"\leq", r"\geq", r"\propto"];

fn goes_on(source: &str) -> bool {
    RELATIONS.contains(&Reading::new(source, Notation::Latex).text(0))
}

/// The last side of the step before one that begins with its relation.
fn side_before(outcome: &FileOutcome, span: &Range<usize>, block: &Range<usize>) -> Option<Range<usize>> {
    let text = &outcome.source.text;
    let places = outcome.items.iter().map(|item| item.span.start as usize..item.span.end as usize);
    let before = places.filter(|place| block.start <= place.start && place.end <= span.start);
    // What is said below a brace lies within the step it belongs to, and ends before it.
    let before = before.max_by_key(|place| place.end).filter(|_| goes_on(&text[span.clone()]))?;
    let reading = Reading::new(&text[before.clone()], Notation::Latex);
    let side = sides(&reading).into_iter().rfind(|side| !side.is_empty())?;
    let place = reading.place(side);
    Some(before.start + place.start..before.start + place.end)
}

fn line_around(text: &str, span: &Range<usize>) -> Range<usize> {
    let start = text[..span.start].rfind('\n').map_or(0, |n| n + 1);
    let end = text[span.end..].find('\n').map_or(text.len(), |n| span.end + n + 1);
    start..end
}

fn display_around(text: &str, span: &Range<usize>) -> Option<Range<usize>> {
    let start = text[..span.start].rfind("$$")?;
    let end = text[span.end..].find("$$").map(|n| span.end + n + 2)?;
    Some(start..end)
}

/// Of a claim in a fence: from behind the quantity it is about to its clauses.
fn equation(text: &str, span: &Range<usize>) -> Range<usize> {
    let line = &text[span.clone()];
    let end =
        ["source \"", "expect:"].iter().filter_map(|clause| line.find(clause)).min().unwrap_or(line.len());
    let words = line.strip_prefix("claim ").map_or(0, |_| "claim ".len());
    let about = referee::syntax::QUANTITIES.iter().any(|quantity| {
        line[words..].strip_prefix(quantity).is_some_and(|rest| rest.starts_with([' ', '=']))
    });
    let start = if about { line.find('=').map_or(words, |n| n + 1) } else { words };
    span.start + start..span.start + end
}

/// Every slip in every step.
pub fn cases(outcome: &FileOutcome, steps: &[Step]) -> Vec<Case> {
    let text = &outcome.source.text;
    let mut found = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let source = &text[step.formula.clone()];
        let groups = groups(text, step);
        let annotations = annotations(source);
        let reading = Reading::new(source, step.notation);
        let is_inner = steps.iter().any(|s| s.span.start <= step.span.start && step.span.end < s.span.end);
        let last = sides(&reading).pop().filter(|side| !side.is_empty() && !is_inner);
        let last = last.map(|side| reading.place(side).start);
        for Mutant { slip, at, with } in mutants(source, step.notation, &groups) {
            // What is said below a brace is a step of its own, and no part of this one.
            if annotations.iter().any(|said| said.start <= at.start && at.end <= said.end) {
                continue;
            }
            let place = step.formula.start + at.start..step.formula.start + at.end;
            found.push(Case {
                step: index,
                slip,
                text: joined(&format!(
                    "{} {}{with}{}",
                    step.left.clone().map_or("", |left| &text[left]),
                    &text[step.span.start..place.start],
                    &text[place.end..step.span.end]
                )),
                at: place.start - step.block.start..place.end - step.block.start,
                block: format!(
                    "{}{with}{}",
                    &text[step.block.start..place.start],
                    &text[place.end..step.block.end]
                ),
                length: with.len(),
                is_in_last_side: last.is_some_and(|last| at.start >= last),
            });
        }
    }
    found
}

/// What stands below or above the braces of a source.
fn annotations(source: &str) -> Vec<Range<usize>> {
    let reading = Reading::new(source, Notation::Latex);
    let braces =
        (0..reading.tokens.len()).filter(|i| [r"\underbrace", r"\overbrace"].contains(&reading.text(*i)));
    let said = braces.filter_map(|i| {
        let body = reading.tokens.get(i + 1)?.partner?;
        let close = reading.tokens.get(body + 2)?.partner?;
        Some(reading.place(body + 2..close + 1))
    });
    said.collect()
}

/// The names declared together before a step: vectors of one line, parameters of a family and of its coordinates. What tends to
/// 0 is not easily taken for anything else.
fn groups(text: &str, step: &Step) -> Groups {
    let before = &text[..step.block.start];
    let fenced = before.split("```").skip(1).step_by(2);
    let mut groups = Groups::new();
    for line in fenced.flat_map(str::lines).map(str::trim) {
        let code = line.split('#').next().unwrap_or(line);
        let names = match code.split_once(' ') {
            Some(("vector" | "matrix", rest)) => rest.split(" in ").next(),
            Some(("scalar", rest)) => Some(rest),
            Some(("small", rest)) => {
                let small = names_in(rest);
                groups.iter_mut().for_each(|group| group.retain(|name| !small.contains(name)));
                None
            }
            Some(("family", rest)) => {
                groups.clear();
                rest.split_once('(').map(|(_, names)| names)
            }
            Some(("coordinates", rest)) => {
                rest.split_once('(').and_then(|(_, names)| names.split("):").next())
            }
            _ => None,
        };
        groups.extend(names.map(names_in).filter(|names| !names.is_empty()));
    }
    groups
}

/// The names in a list with conditions, each once.
fn names_in(list: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for word in list.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        let is_name =
            word.starts_with(char::is_alphabetic) && !["real", "integer", "in", "pi"].contains(&word);
        if is_name && !names.iter().any(|name| name == word) {
            names.push(word.to_owned());
        }
    }
    names
}

/// The file with the cases in it, each behind its block, and where they begin.
pub fn with_cases(text: &str, steps: &[Step], cases: &[&Case]) -> (String, Vec<usize>) {
    let mut order: Vec<usize> = (0..cases.len()).collect();
    order.sort_by_key(|i| (steps[cases[*i].step].block.end, *i));
    let (mut written, mut starts, mut at) = (String::new(), vec![0; cases.len()], 0);
    for i in order {
        let (case, step) = (cases[i], &steps[cases[i].step]);
        written.push_str(&text[at..step.block.end]);
        at = step.block.end;
        if step.notation == Notation::Latex {
            written.push_str("\n\n");
        }
        starts[i] = written.len();
        written.push_str(&case.block);
    }
    written.push_str(&text[at..]);
    (written, starts)
}

/// What became of a case that begins at `start` in the checked file, and whether the step after it, which goes on from the
/// changed side, is proved.
pub fn fate(outcome: &FileOutcome, step: &Step, case: &Case, start: usize) -> (Fate, bool) {
    let block = start..start + case.block.len();
    let own = start + step.span.start - step.block.start;
    // Where something was dropped, the step may end, or begin, beside the blanks that are left.
    let before = case.block[..case.at.start].trim_end().len();
    let after = &case.block[case.at.start + case.length..];
    let behind = case.block.len() - after.trim_start().len();
    let touches = |item: &&ItemOutcome| {
        let (from, to) = (item.span.start as usize, item.span.end as usize);
        block.contains(&from) && from <= start + behind && start + before <= to
    };
    let claims = outcome.items.iter().filter(touches).filter(|item| item.kind == ItemKind::Claim);
    // A sign dropped at the start of a step moves the start; no two steps of a display begin so close to each other.
    let item = claims.min_by_key(|item| (item.span.start as usize).abs_diff(own));
    // Is an error reported between these places of the block?
    let faults = |first: usize, last: usize| {
        outcome.diagnostics.iter().filter(|d| d.severity == Severity::Error).any(|d: &Diagnostic| {
            let (from, to) = (d.span.start as usize, d.span.end as usize);
            block.contains(&from) && from <= last && first <= to
        })
    };
    let fate = match item.and_then(|item| Some((item, item.verdict.as_ref()?))) {
        Some((_, Verdict::Proved(_))) if faults(start + before, start + behind) => Fate::Caught,
        Some((_, Verdict::Proved(_))) => Fate::Proved,
        Some((_, verdict)) if verdict.is_refuted() => Fate::Refuted,
        Some((_, Verdict::Unread(_))) => Fate::Caught,
        Some((item, _)) if !item.lints.is_empty() => Fate::Caught,
        Some((_, Verdict::Supported(_))) => Fate::Supported,
        Some(_) => Fate::Open,
        None if faults(block.start, block.end) => Fate::Caught,
        None => Fate::NoClaim,
    };
    let end = item.map_or(usize::MAX, |item| item.span.end as usize);
    let next = outcome.items.iter().find(|item| {
        let from = item.span.start as usize;
        from >= end && block.contains(&from) && item.kind == ItemKind::Claim
    });
    let place = |item: &ItemOutcome| item.span.start as usize..item.span.end as usize;
    let is_equation = |item: &&ItemOutcome| {
        let reading = Reading::new(&outcome.source.text[place(item)], Notation::Latex);
        let has_remainder = (0..reading.tokens.len())
            .any(|i| matches!(reading.text(i), "o" | "O") && reading.text(i + 1) == "(");
        (reading.text(0) == "=" || reading.text(0) == "&" && reading.text(1) == "=") && !has_remainder
    };
    let next = next.filter(is_equation).filter(|_| case.is_in_last_side);
    let is_proved = |item: &ItemOutcome| matches!(item.verdict, Some(Verdict::Proved(_)));
    (fate, next.is_some_and(|item| is_proved(item) && !faults(place(item).start, place(item).end)))
}
