//! A family of densities: parameters with their domain, sample space, log-density, coordinates, claims.
//!
//! The space of `x in 0..n` is an axis of integers from 0 to n; that of `x1 > 0, x2 > 0, x1 + x2 < 1` is two
//! half-lines and one joint condition.

use crate::algebra::Assumptions;
use crate::expr::{Expr, Fact, Node, Store};
use crate::number::Rational;

/// One unknown of a family.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its canonical name.
    pub name: String,
    /// Its symbol.
    pub symbol: Expr,
}

/// A point of its own probability beside the density.
#[derive(Clone, Debug)]
pub struct Atom {
    /// One expression for each variable.
    pub point: Vec<Expr>,
    /// The logarithm of its probability.
    pub log_probability: Expr,
}

/// Other coordinates φ of the same family, with θ(φ).
#[derive(Clone, Debug)]
pub struct Coordinates {
    /// Their name.
    pub name: String,
    /// φ, in order.
    pub parameters: Vec<Parameter>,
    /// The domain of φ.
    pub facts: Vec<Fact>,
    /// θ(φ), one for each parameter of the family, in order.
    pub map: Vec<Expr>,
}

/// A published result to be checked.
#[derive(Clone, Debug)]
pub struct Claim {
    /// `fisher`, `fisher_inverse`, `score`, `kl`, `mean`, `log_partition`, `log_density`.
    pub quantity: String,
    /// The coordinates it is in; `None` for the family's own.
    pub coordinates: Option<String>,
    /// The claimed value by rows; a scalar has one entry.
    pub value: Vec<Vec<Expr>>,
    /// Where it is printed.
    pub source: Option<String>,
    /// `expect: …`, as typed.
    pub expect: Option<String>,
    /// The claim as typed.
    pub text: String,
    /// Where it stands in its file, in bytes.
    pub span: crate::text::Span,
}

/// A family of densities p(x | θ), per observation.
#[derive(Clone, Debug)]
pub struct Family {
    /// Its name.
    pub name: String,
    /// θ, in order.
    pub parameters: Vec<Parameter>,
    /// Known constants.
    pub constants: Vec<Parameter>,
    /// x, in order.
    pub variables: Vec<Parameter>,
    /// The domain of θ and of the constants.
    pub facts: Vec<Fact>,
    /// The sample space as facts about x.
    pub sample_facts: Vec<Fact>,
    /// log p(x | θ); a density that was typed without the logarithm is its logarithm here.
    pub log_density: Expr,
    /// Atoms beside the density.
    pub atoms: Vec<Atom>,
    /// Other coordinates.
    pub coordinates: Vec<Coordinates>,
    /// Claims.
    pub claims: Vec<Claim>,
}

/// One end of an interval or range; `None` is infinite.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// The lower end, and whether it is excluded.
    pub lower: Option<(Expr, bool)>,
    /// The upper end, and whether it is excluded.
    pub upper: Option<(Expr, bool)>,
}

/// What one observed variable ranges over.
#[derive(Clone, Debug, PartialEq)]
pub enum Space {
    /// An interval of reals.
    Reals(Interval),
    /// A range of integers.
    Integers(Interval),
    /// Finitely many values.
    Finite(Vec<Expr>),
}

/// What the observation ranges over: axes and joint conditions.
#[derive(Clone, Debug)]
pub struct SampleSpace {
    /// One for each variable, in order.
    pub axes: Vec<Space>,
    /// Conditions on several variables at once.
    pub joint: Vec<Fact>,
}

impl Family {
    /// The symbols of θ.
    pub fn theta(&self) -> Vec<Expr> {
        self.parameters.iter().map(|p| p.symbol).collect()
    }

    /// The symbols of x.
    pub fn x(&self) -> Vec<Expr> {
        self.variables.iter().map(|p| p.symbol).collect()
    }

    /// Everything declared: parameters, constants and the sample space.
    pub fn assumptions(&self, store: &mut Store) -> Assumptions {
        let mut assumptions = Assumptions::new(store, &self.facts);
        assumptions.assume_all(store, &self.sample_facts);
        assumptions
    }

    /// The declared domain of θ and the constants alone.
    pub fn parameter_assumptions(&self, store: &mut Store) -> Assumptions {
        Assumptions::new(store, &self.facts)
    }

    /// The parameters on which the sample space depends, by name: an irregular family when there are any.
    pub fn moving_support(&self, store: &Store) -> Vec<String> {
        let moves = |symbol: Expr| self.sample_facts.iter().any(|f| fact_mentions(store, f, symbol));
        self.parameters.iter().filter(|p| moves(p.symbol)).map(|p| p.name.clone()).collect()
    }

    /// The sample space, by axes.
    pub fn sample_space(&self, store: &mut Store) -> SampleSpace {
        let variables = self.x();
        let mut axes: Vec<Space> = variables
            .iter()
            .map(|x| {
                let empty = Interval { lower: None, upper: None };
                if store.is_integer(*x) { Space::Integers(empty) } else { Space::Reals(empty) }
            })
            .collect();
        let mut joint = Vec::new();
        for fact in &self.sample_facts {
            let mentioned: Vec<usize> =
                (0..variables.len()).filter(|i| fact_mentions(store, fact, variables[*i])).collect();
            match (mentioned.as_slice(), fact) {
                ([i], Fact::OneOf(_, values)) => axes[*i] = Space::Finite(values.clone()),
                ([i], Fact::Positive(e)) if bound(store, &mut axes[*i], *e, variables[*i], true) => {}
                ([i], Fact::NonNegative(e)) if bound(store, &mut axes[*i], *e, variables[*i], false) => {}
                ([_], Fact::Real(_) | Fact::Integer(_)) => {}
                _ => joint.push(fact.clone()),
            }
        }
        SampleSpace { axes, joint }
    }
}

impl SampleSpace {
    /// Every point, when there are finitely many and at most `limit`, each allowed by the joint conditions.
    /// `None` when the space is infinite or its ends are not numbers.
    pub fn points(&self, store: &mut Store, variables: &[Expr], limit: usize) -> Option<Vec<Vec<Expr>>> {
        let mut points: Vec<Vec<Expr>> = vec![Vec::new()];
        for axis in &self.axes {
            let values: Vec<Expr> = match axis {
                Space::Finite(values) => values.clone(),
                Space::Integers(interval) => {
                    let (first, last) = integer_ends(store, interval)?;
                    if last - first >= limit as i64 {
                        return None;
                    }
                    (first..=last).map(|k| store.integer(k)).collect()
                }
                Space::Reals(_) => return None,
            };
            if points.len() * values.len() > limit {
                return None;
            }
            points =
                points.iter().flat_map(|p| values.iter().map(|v| [p.as_slice(), &[*v]].concat())).collect();
        }
        let mut allowed = Vec::new();
        for point in points {
            if self.allows(store, variables, &point)? {
                allowed.push(point);
            }
        }
        Some(allowed)
    }

    /// Do the joint conditions hold at a point of numbers? `None` when they cannot be decided.
    fn allows(&self, store: &mut Store, variables: &[Expr], point: &[Expr]) -> Option<bool> {
        let images = variables.iter().copied().zip(point.iter().copied()).collect();
        for fact in &self.joint {
            let (Fact::Positive(e) | Fact::NonNegative(e) | Fact::NonZero(e) | Fact::Zero(e)) = fact else {
                return None;
            };
            let value = store.substitute(*e, &images);
            let value = store.as_number(value)?;
            let holds = match fact {
                Fact::Positive(_) => value.is_positive(),
                Fact::NonNegative(_) => !value.is_negative(),
                Fact::NonZero(_) => !value.is_zero(),
                _ => value.is_zero(),
            };
            if !holds {
                return Some(false);
            }
        }
        Some(true)
    }
}

/// The first and last integer of a range with numeric ends.
pub fn integer_ends(store: &Store, interval: &Interval) -> Option<(i64, i64)> {
    let (lower, open) = interval.lower.as_ref()?;
    let (upper, excluded) = interval.upper.as_ref()?;
    let lower = store.as_number(*lower)?;
    let upper = store.as_number(*upper)?;
    let first = if *open { &lower.floor() + &Rational::ONE } else { -&(-lower).floor() };
    let last = if *excluded { -&(-&(upper - &Rational::ONE)).floor() } else { upper.floor() };
    Some((first.as_i64()?, last.as_i64()?))
}

/// Reads c·x + r > 0 (or ≥ 0) as an end of the axis of x; false where the condition is no end, or not the only one that is not
/// a number.
fn bound(store: &mut Store, axis: &mut Space, e: Expr, x: Expr, open: bool) -> bool {
    let terms: Vec<(Rational, Expr)> = match &store[e] {
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![(Rational::ONE, e)],
    };
    let Some((c, _)) = terms.iter().find(|(_, t)| *t == x).cloned() else { return false };
    let factor = -&c.recip().expect("a stored coefficient of a variable is not zero");
    let rest = store
        .linear(terms.iter().filter(|(_, t)| *t != x).map(|(d, t)| (d * &factor, *t)).collect::<Vec<_>>());
    let (Space::Reals(interval) | Space::Integers(interval)) = axis else { return false };
    let end = if c.is_negative() { &mut interval.upper } else { &mut interval.lower };
    if store.mentions(rest, &[x]) {
        return false;
    }
    let Some((known, known_open)) = *end else {
        *end = Some((rest, open));
        return true;
    };
    let (Some(old), Some(new)) = (store.as_number(known), store.as_number(rest)) else { return false };
    let is_narrower = if c.is_negative() { new < old } else { new > old };
    if is_narrower || new == old && open && !known_open {
        *end = Some((rest, open));
    }
    true
}

/// Does a fact speak of the expression?
pub fn fact_mentions(store: &Store, fact: &Fact, symbol: Expr) -> bool {
    let any = |list: &[Expr]| list.iter().any(|e| store.mentions(*e, &[symbol]));
    match fact {
        Fact::Positive(e)
        | Fact::NonNegative(e)
        | Fact::NonZero(e)
        | Fact::Zero(e)
        | Fact::Real(e)
        | Fact::Integer(e) => any(&[*e]),
        Fact::OneOf(e, values) => any(&[*e]) || any(values),
        Fact::Sphere(list) => any(list),
        Fact::PositiveDefinite(rows) => rows.iter().any(|row| any(row)),
    }
}
