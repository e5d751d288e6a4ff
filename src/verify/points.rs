//! Exact points of a declared domain, the same on every machine.
//!
//! For `p1 > 0, p2 > 0, p1 + p2 < 1` a value of `p1` is chosen first and `p2` from what it leaves. Equations are
//! solved for the last variable they mention. Whether a point belongs to the domain is then decided exactly.

use super::domain::largest_integer;
use crate::expr::{Expr, Fact, Store};
use crate::number::{Definedness, Rational};
use crate::tape::{Enclosure, Tape};

/// Values of the variables, in their order.
pub type Point = Vec<Rational>;

/// The declared domain of a claim's variables.
#[derive(Debug)]
pub struct Domain {
    /// The variables, in structural order.
    pub variables: Vec<Expr>,
    /// Their names.
    pub names: Vec<String>,
    integer: Vec<bool>,
    facts: Vec<Declared>,
    choices: Vec<Option<Vec<Rational>>>,
    /// Integers larger than this are not sampled.
    largest_integer: i64,
}

/// One fact with the tape of what it is about.
#[derive(Debug)]
struct Declared {
    kind: Kind,
    tape: Tape,
    mentions: Vec<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Positive,
    NonNegative,
    NonZero,
    Zero,
    Integer,
    OneOf,
    Sphere,
    PositiveDefinite(usize),
}

const PRECISION: u32 = 192;

impl Domain {
    /// The domain of the variables of some expressions, and of the facts.
    pub fn new(store: &mut Store, facts: &[Fact], roots: &[Expr]) -> Domain {
        let lists: Vec<(Kind, Vec<Expr>)> = facts.iter().filter_map(about).collect();
        let mut all = roots.to_vec();
        all.extend(lists.iter().flat_map(|(_, list)| list.iter().copied()));
        let ids = store.free_symbols(&all);
        let ids: Vec<_> = ids
            .into_iter()
            .filter(|id| {
                let symbol = store.symbol_of(*id);
                symbol.shape.is_scalar() && symbol.name != "inf"
            })
            .collect();
        let names = ids.iter().map(|id| store.symbol_of(*id).name.clone()).collect();
        let variables: Vec<Expr> = ids.iter().map(|id| store.symbol_expr(*id)).collect();
        let mut integer: Vec<bool> = variables.iter().map(|v| store.is_integer(*v)).collect();
        let mut choices = vec![None; variables.len()];
        for (kind, list) in &lists {
            let Some(place) = variables.iter().position(|v| *v == list[0]) else { continue };
            match kind {
                Kind::Integer => integer[place] = true,
                Kind::OneOf => {
                    choices[place] = list[1..].iter().map(|e| store.as_number(*e).cloned()).collect();
                }
                _ => {}
            }
        }
        let declared = lists
            .into_iter()
            .map(|(kind, list)| {
                let mentions = (0..variables.len())
                    .filter(|i| list.iter().any(|e| store.mentions(*e, &[variables[*i]])));
                let mentions = mentions.collect();
                Declared { kind, tape: Tape::new(store, &variables, &list), mentions }
            })
            .collect();
        let largest_integer = largest_integer(store, &all);
        Domain { variables, names, integer, facts: declared, choices, largest_integer }
    }

    /// Does the point certainly belong to the domain?
    pub fn contains(&self, point: &[Rational]) -> bool {
        let types = point.iter().zip(&self.integer).all(|(q, integer)| !integer || q.is_integer());
        types && self.facts.iter().all(|fact| fact.holds(point) == Some(true))
    }

    /// Up to `count` different points of the domain; `special` are tried as further values of each variable.
    pub fn points(&self, count: usize, special: &[Rational]) -> Vec<Point> {
        let mut found: Vec<Point> = Vec::new();
        if self.variables.is_empty() {
            return if self.contains(&[]) { vec![Vec::new()] } else { Vec::new() };
        }
        for attempt in 0..count * 6 {
            if found.len() >= count {
                break;
            }
            let Some(point) = self.attempt(attempt, special) else { continue };
            if !found.contains(&point) && self.contains(&point) {
                found.push(point);
            }
        }
        found
    }

    /// One point that heeds the facts as its values are chosen.
    fn attempt(&self, attempt: usize, special: &[Rational]) -> Option<Point> {
        let n = self.variables.len();
        if let Some(point) = self.structured(attempt) {
            return Some(point);
        }
        let mut point = vec![Rational::ZERO; n];
        let mut assigned = vec![false; n];
        for step in 0..n {
            let place = if attempt.is_multiple_of(2) { step } else { n - 1 - step };
            let window = self.window(&point, &assigned, place)?;
            point[place] = self.choose(place, attempt, step, &window, special)?;
            assigned[place] = true;
        }
        Some(point)
    }

    /// Points on spheres and positive definite matrices are made, not met by chance.
    fn structured(&self, attempt: usize) -> Option<Point> {
        let fact = self.facts.iter().find(|f| matches!(f.kind, Kind::Sphere | Kind::PositiveDefinite(_)))?;
        let mut point: Point =
            (0..self.variables.len()).map(|i| pool_value(attempt + 3 * i, attempt % 5 + 1)).collect();
        match fact.kind {
            Kind::Sphere => {
                // The inverse stereographic projection of (t₁, …): (2t, |t|² − 1)/(|t|² + 1).
                let (last, rest) = fact.mentions.split_last()?;
                let t: Vec<Rational> = (0..rest.len()).map(|i| pool_value(attempt * 3 + i, i + 1)).collect();
                let square = t.iter().fold(Rational::ZERO, |s, q| s + q * q);
                let scale = (&square + &Rational::ONE).recip()?;
                for (place, q) in rest.iter().zip(&t) {
                    point[*place] = &(q * &Rational::from(2)) * &scale;
                }
                point[*last] = &(&square - &Rational::ONE) * &scale;
            }
            Kind::PositiveDefinite(n) => {
                // Small off the diagonal, large on it.
                let entries = fact.tape.eval(&marks(self.variables.len()), 64);
                for (k, entry) in entries.iter().enumerate() {
                    let place = entry.exact()?.as_i64().and_then(|m| usize::try_from(m).ok())?;
                    let value = pool_value(attempt + place, 1 + place % 3);
                    let large = value.abs() + Rational::from(n as i64 * 100);
                    point[place] = if k / n == k % n { large } else { value };
                }
            }
            _ => return None,
        }
        Some(point)
    }

    /// What the facts leave to one variable when the assigned ones have their values.
    fn window(&self, point: &Point, assigned: &[bool], place: usize) -> Option<Window> {
        let mut window = Window::default();
        for fact in &self.facts {
            let ready =
                fact.mentions.contains(&place) && fact.mentions.iter().all(|m| *m == place || assigned[*m]);
            if !ready || !matches!(fact.kind, Kind::Positive | Kind::NonNegative | Kind::Zero) {
                continue;
            }
            let at = |t: i64| {
                let mut inputs = point.clone();
                inputs[place] = Rational::from(t);
                fact.value(&inputs).exact().cloned()
            };
            let (Some(a), Some(b), Some(c)) = (at(0), at(1), at(2)) else { continue };
            let slope = &b - &a;
            if slope.is_zero() || &c - &b != slope {
                continue;
            }
            let root = -(&a / &slope);
            let strict = fact.kind == Kind::Positive;
            match fact.kind {
                Kind::Zero => window.exact = Some(root),
                _ if slope.is_positive() => window.raise(root, strict),
                _ => window.lower_to(root, strict),
            }
        }
        Some(window)
    }

    fn choose(
        &self,
        place: usize,
        attempt: usize,
        step: usize,
        window: &Window,
        special: &[Rational],
    ) -> Option<Rational> {
        if let Some(exact) = &window.exact {
            return Some(exact.clone());
        }
        if let Some(choices) = &self.choices[place] {
            return choices.get((attempt / (step + 1) + step) % choices.len().max(1)).cloned();
        }
        // Early attempts take equal values where they can, 0 among them; later ones mix.
        let start = if attempt < 6 { attempt } else { attempt * (2 * step + 1) + 5 * step };
        let total = POOL.len() + special.len() + SHARES.len();
        for offset in 0..total {
            let k = (start + offset) % total;
            let candidate = if k < POOL.len() {
                pool_value(k, 1)
            } else if k < POOL.len() + special.len() {
                special[k - POOL.len()].clone()
            } else {
                match window.share(SHARES[k - POOL.len() - special.len()]) {
                    Some(q) if self.integer[place] => q.floor(),
                    Some(q) => q,
                    None => continue,
                }
            };
            let fits = window.contains(&candidate)
                && (!self.integer[place]
                    || (candidate.is_integer() && candidate.abs() <= Rational::from(self.largest_integer)));
            if fits {
                return Some(candidate);
            }
        }
        window.beyond(self.integer[place])
    }
}

impl Declared {
    fn value(&self, point: &[Rational]) -> Enclosure {
        let inputs: Vec<Enclosure> = point.iter().map(|q| Enclosure::Exact(q.clone(), PRECISION)).collect();
        self.tape.eval(&inputs, PRECISION).swap_remove(0)
    }

    /// `None` when the enclosures do not tell.
    fn holds(&self, point: &[Rational]) -> Option<bool> {
        let inputs: Vec<Enclosure> = point.iter().map(|q| Enclosure::Exact(q.clone(), PRECISION)).collect();
        let values = self.tape.eval(&inputs, PRECISION);
        let first = &values[0];
        if values.iter().any(|v| v.definedness() == Definedness::Undefined) {
            return Some(false);
        }
        if values.iter().any(|v| v.definedness() != Definedness::Defined) {
            return None;
        }
        let ball = first.to_ball();
        let exact = |v: &Enclosure| v.exact().cloned();
        match self.kind {
            Kind::Positive if ball.is_positive() => Some(true),
            Kind::Positive => (exact(first).is_some() || ball.is_negative()).then_some(false),
            Kind::NonNegative if ball.is_nonnegative() => Some(true),
            Kind::NonNegative => ball.is_negative().then_some(false),
            Kind::NonZero if !ball.contains_zero() => Some(true),
            Kind::NonZero => exact(first).map(|q| !q.is_zero()),
            Kind::Zero if !ball.contains_zero() => Some(false),
            Kind::Zero => exact(first).map(|q| q.is_zero()),
            Kind::Integer => exact(first).map(|q| q.is_integer()),
            Kind::OneOf => {
                let subject = exact(first)?;
                let choices: Option<Vec<Rational>> = values[1..].iter().map(exact).collect();
                Some(choices?.contains(&subject))
            }
            Kind::Sphere => {
                let values: Option<Vec<Rational>> = values.iter().map(exact).collect();
                Some(values?.iter().fold(Rational::ZERO, |s, q| s + q * q).is_one())
            }
            Kind::PositiveDefinite(n) => {
                let values: Option<Vec<Rational>> = values.iter().map(exact).collect();
                Some(is_positive_definite(values?, n))
            }
        }
    }
}

/// Are all pivots of a symmetric matrix by rows positive?
fn is_positive_definite(mut a: Vec<Rational>, n: usize) -> bool {
    for i in 0..n {
        if (0..i).any(|j| a[i * n + j] != a[j * n + i]) {
            return false;
        }
    }
    for k in 0..n {
        let pivot = a[k * n + k].clone();
        if !pivot.is_positive() {
            return false;
        }
        for i in k + 1..n {
            let factor = &a[i * n + k] / &pivot;
            for j in k..n {
                a[i * n + j] = &a[i * n + j] - &(&factor * &a[k * n + j]);
            }
        }
    }
    true
}

/// Each variable as its own number, to see which variable an entry is.
fn marks(count: usize) -> Vec<Enclosure> {
    (0..count).map(|i| Enclosure::Exact(Rational::from(i as i64), 64)).collect()
}

fn about(fact: &Fact) -> Option<(Kind, Vec<Expr>)> {
    Some(match fact {
        Fact::Positive(e) => (Kind::Positive, vec![*e]),
        Fact::NonNegative(e) => (Kind::NonNegative, vec![*e]),
        Fact::NonZero(e) => (Kind::NonZero, vec![*e]),
        Fact::Zero(e) => (Kind::Zero, vec![*e]),
        Fact::Real(_) => return None,
        Fact::Integer(e) => (Kind::Integer, vec![*e]),
        Fact::OneOf(e, values) => (Kind::OneOf, std::iter::once(*e).chain(values.iter().copied()).collect()),
        Fact::Sphere(variables) => (Kind::Sphere, variables.clone()),
        Fact::PositiveDefinite(rows) => (Kind::PositiveDefinite(rows.len()), rows.concat()),
    })
}

/// An interval that is still free, or the one value.
#[derive(Debug, Default)]
struct Window {
    lower: Option<(Rational, bool)>,
    upper: Option<(Rational, bool)>,
    exact: Option<Rational>,
}

impl Window {
    fn raise(&mut self, at: Rational, open: bool) {
        if self.lower.as_ref().is_none_or(|(known, was)| at > *known || (at == *known && open && !was)) {
            self.lower = Some((at, open));
        }
    }

    fn lower_to(&mut self, at: Rational, open: bool) {
        if self.upper.as_ref().is_none_or(|(known, was)| at < *known || (at == *known && open && !was)) {
            self.upper = Some((at, open));
        }
    }

    fn contains(&self, q: &Rational) -> bool {
        let above = self.lower.as_ref().is_none_or(|(at, open)| q > at || (q == at && !open));
        let below = self.upper.as_ref().is_none_or(|(at, open)| q < at || (q == at && !open));
        above && below
    }

    /// The point that divides the interval, or lies so far beyond its only end.
    fn share(&self, (n, d): (i64, i64)) -> Option<Rational> {
        let t = Rational::new(n, d);
        match (&self.lower, &self.upper) {
            (Some((l, _)), Some((u, _))) => Some(l + &(&(u - l) * &t)),
            // Halfway to 0 from an end a little below it.
            (Some((l, _)), None) if l.is_negative() && t == Rational::new(1, 2) => Some(l * &t),
            (None, Some((u, _))) if u.is_positive() && t == Rational::new(1, 2) => Some(u * &t),
            (Some((l, _)), None) => Some(l + &t),
            (None, Some((u, _))) => Some(u - &t),
            (None, None) => None,
        }
    }

    /// The nearest inside the lower end, or inside the upper one.
    fn beyond(&self, integer: bool) -> Option<Rational> {
        let step = |q: &Rational| if integer { q.floor() } else { q.clone() };
        let one = Rational::ONE;
        let candidates = [
            self.lower.as_ref().map(|(l, _)| step(l)),
            self.lower.as_ref().map(|(l, _)| step(l) + one.clone()),
            self.upper.as_ref().map(|(u, _)| step(u)),
            self.upper.as_ref().map(|(u, _)| step(u) - one.clone()),
        ];
        candidates.into_iter().flatten().find(|q| self.contains(q))
    }
}

/// Where an interval is divided.
const SHARES: [(i64, i64); 10] =
    [(1, 2), (0, 1), (1, 3), (3, 4), (1, 7), (9, 10), (1, 100), (1, 1_000_000_000), (2, 5), (99, 100)];

/// Values worth trying: near and far from 0, whole and not, of both signs.
#[rustfmt::skip]
const POOL: [(i64, i64); 37] = [
    (1, 1), (2, 1), (1, 2), (3, 1), (-1, 1), (0, 1), (-2, 1), (1, 3), (3, 2), (-1, 2), (5, 1), (7, 5), (-3, 2),
    (2, 3), (4, 1), (-3, 1), (1, 10), (9, 10), (10, 1), (-1, 3), (-7, 5), (6, 1), (5, 2), (-5, 1), (22, 7),
    (-10, 1), (1, 1000), (7, 1), (100, 1), (-5, 2), (13, 4), (-1, 1000), (11, 1), (-40, 1), (8, 1), (41, 1), (1000, 1),
];

fn pool_value(index: usize, stride: usize) -> Rational {
    let (n, d) = POOL[(index * stride) % POOL.len()];
    Rational::new(n, d)
}
