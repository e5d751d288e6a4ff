//! Facts → conditions as a person writes them.
//!
//! `p > 0` with `1 - p > 0` is `0 < p < 1`; `x` integer, `x >= 0`, `n - x >= 0` is `x in 0..n`.

use super::display;
use crate::expr::{Expr, Fact, Node, Store};
use crate::number::Rational;

/// One side of an axis: the bound and whether it is excluded.
type Bound = Option<(String, bool)>;

/// What is said of one expression.
struct Said {
    subject: Expr,
    integer: bool,
    lower: Bound,
    upper: Bound,
}

/// The conditions of a domain. `subjects` are the names it is about, in order: `n - x >= 0` bounds `x`, not
/// `n`, when `x` is a subject and `n` is not. Conditions on several names come last.
pub fn conditions(store: &mut Store, facts: &[Fact], subjects: &[Expr]) -> Vec<String> {
    let mut said: Vec<Said> = Vec::new();
    let mut other = Vec::new();
    for fact in facts {
        match fact {
            Fact::Real(e) => {
                about(&mut said, *e);
            }
            Fact::Integer(e) => about(&mut said, *e).integer = true,
            Fact::Positive(e) | Fact::NonNegative(e) => {
                let open = matches!(fact, Fact::Positive(_));
                let (subject, bound, is_lower) = split(store, *e, subjects);
                if store.as_number(subject).is_some() {
                    continue;
                }
                let entry = about(&mut said, subject);
                let place = if is_lower { &mut entry.lower } else { &mut entry.upper };
                if place.is_none() {
                    *place = Some((bound, open));
                } else if place.as_ref() != Some(&(bound, open)) {
                    other.push((subject, one(store, fact, subjects)));
                }
            }
            Fact::OneOf(e, _) | Fact::NonZero(e) | Fact::Zero(e) => {
                other.push((*e, one(store, fact, subjects)))
            }
            Fact::Sphere(_) | Fact::PositiveDefinite(_) => {
                other.push((Store::ZERO, one(store, fact, subjects)))
            }
        }
    }
    let mut all: Vec<(Expr, String)> = said.iter().map(|s| (s.subject, s.text(store))).chain(other).collect();
    all.sort_by_key(|(subject, _)| subjects.iter().position(|s| s == subject).unwrap_or(subjects.len()));
    all.into_iter().map(|(_, text)| text).collect()
}

/// One fact as a condition.
pub fn one(store: &mut Store, fact: &Fact, subjects: &[Expr]) -> String {
    let list =
        |store: &Store, list: &[Expr]| list.iter().map(|e| display(store, *e)).collect::<Vec<_>>().join(", ");
    match fact {
        Fact::Positive(e) | Fact::NonNegative(e) => {
            let (subject, bound, is_lower) = split(store, *e, subjects);
            let sign = if is_lower { '>' } else { '<' };
            let equal = if matches!(fact, Fact::Positive(_)) { "" } else { "=" };
            format!("{} {sign}{equal} {bound}", display(store, subject))
        }
        Fact::NonZero(e) => format!("{} != 0", display(store, *e)),
        Fact::Zero(e) => format!("{} = 0", display(store, *e)),
        Fact::Real(e) => format!("{} real", display(store, *e)),
        Fact::Integer(e) => format!("{} integer", display(store, *e)),
        Fact::OneOf(e, values) => format!("{} in {{{}}}", display(store, *e), list(store, values)),
        Fact::Sphere(symbols) => format!("({}) in sphere", list(store, symbols)),
        Fact::PositiveDefinite(rows) => {
            let rows: Vec<String> = rows.iter().map(|row| list(store, row)).collect();
            format!("[{}] positive definite", rows.join("; "))
        }
    }
}

fn about(said: &mut Vec<Said>, subject: Expr) -> &mut Said {
    let at = said.iter().position(|s| s.subject == subject).unwrap_or_else(|| {
        said.push(Said { subject, integer: false, lower: None, upper: None });
        said.len() - 1
    });
    &mut said[at]
}

impl Said {
    fn text(&self, store: &Store) -> String {
        let name = display(store, self.subject);
        let sign = |open: bool| if open { "<" } else { "<=" };
        match (&self.lower, &self.upper) {
            (Some((low, false)), Some((high, false))) if self.integer => format!("{name} in {low}..{high}"),
            (None, None) if self.integer => format!("{name} integer"),
            (None, None) => format!("{name} real"),
            (Some((low, open)), None) => {
                let word = if self.integer { " integer" } else { "" };
                format!("{name}{word} {} {low}", if *open { ">" } else { ">=" })
            }
            (None, Some((high, open))) => {
                format!("{name}{} {} {high}", if self.integer { " integer" } else { "" }, sign(*open))
            }
            (Some((low, low_open)), Some((high, high_open))) => {
                let word = if self.integer { format!(", {name} integer") } else { String::new() };
                format!("{low} {} {name} {} {high}{word}", sign(*low_open), sign(*high_open))
            }
        }
    }
}

/// e > 0 as `subject > bound`, or `subject < bound`: numbers and negative terms go to the other side.
fn split(store: &mut Store, e: Expr, subjects: &[Expr]) -> (Expr, String, bool) {
    let terms: Vec<(Rational, Expr)> = match &store[e] {
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![(Rational::ONE, e)],
    };
    let (numbers, terms): (Vec<_>, Vec<_>) =
        terms.into_iter().partition(|(_, t)| store.free_symbols(&[*t]).is_empty());
    let opposite = |list: Vec<(Rational, Expr)>| list.into_iter().map(|(c, t)| (-&c, t));
    let (negative, positive): (Vec<_>, Vec<_>) = terms.into_iter().partition(|(c, _)| c.is_negative());
    let is_subject = |t: &Expr| subjects.contains(t);
    let flip = positive.is_empty()
        || matches!((positive.as_slice(), negative.as_slice()),
            ([(_, over)], [(_, under)]) if is_subject(under) && !is_subject(over));
    if flip && !negative.is_empty() {
        let bound = store.linear(positive.into_iter().chain(numbers).collect::<Vec<_>>());
        let subject = store.linear(opposite(negative).collect::<Vec<_>>());
        return (subject, display(store, bound), false);
    }
    let bound = store.linear(opposite(negative).chain(opposite(numbers)).collect::<Vec<_>>());
    let subject = store.linear(positive);
    (subject, display(store, bound), true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Scope, lower_conditions};
    use crate::syntax::parse_conditions;

    #[track_caller]
    fn check(text: &str, subjects: &[&str], expected: &[&str]) {
        let mut store = Store::new();
        let (conditions_read, mut diagnostics) = parse_conditions(text, 0);
        let mut scope = Scope::strict();
        let facts = lower_conditions(
            &mut store,
            &mut scope,
            &conditions_read.expect("conditions"),
            true,
            &mut diagnostics,
        );
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let subjects: Vec<Expr> = subjects.iter().map(|s| scope.meaning(s).expect("declared")).collect();
        assert_eq!(conditions(&mut store, &facts, &subjects), expected);
    }

    #[test]
    fn conditions_read_as_they_were_written() {
        check("0 < p < 1, n integer >= 1", &["p"], &["0 < p < 1", "n integer >= 1"]);
        check("x in 0..n", &["x"], &["x in 0..n"]);
        check("x >= xm", &["x"], &["x >= xm"]);
        check("p1 > 0, p2 > 0, p1 + p2 < 1", &["p1", "p2"], &["p1 > 0", "p2 > 0", "p1 + p2 < 1"]);
        check("-pi <= x < pi", &["x"], &["-pi <= x < pi"]);
        check("-pi <= x < pi, t real", &["x"], &["-pi <= x < pi", "t real"]);
        check("x in {0, 1}, y != 0", &["x", "y"], &["x in {0, 1}", "y != 0"]);
        check("(x1, x2) in sphere", &["x1"], &["(x1, x2) in sphere"]);
        check("[a, b; b, c] positive definite", &["a"], &["[a, b; b, c] positive definite"]);
        check("-1 < rho < 1", &["rho"], &["-1 < rho < 1"]);
        check(
            "x1 + x2 <= 1, x1 in {0, 1}, x2 in {0, 1}",
            &["x1", "x2"],
            &["x1 in {0, 1}", "x2 in {0, 1}", "x1 + x2 <= 1"],
        );
        check("0 < x < theta", &["x"], &["0 < x < theta"]);
    }
}
