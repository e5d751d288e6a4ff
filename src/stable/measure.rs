//! How many digits floats keep: tapes in floats against balls, at random points of declared domains.

use rayon::prelude::*;

use crate::algebra::Assumptions;
use crate::deck;
use crate::expr::{Expr, Fact, Store};
use crate::function::FunctionId;
use crate::number::{Ball, Rational, Scalar};
use crate::stats::coordinates::{BUILT_IN, derive_in};
use crate::stats::{Derivation, Family};
use crate::syntax;
use crate::tape::{Tape, Value};

/// A float.
#[derive(Clone, Copy, Debug)]
pub(super) struct Float(pub f64);

impl Value for Float {
    type Precision = ();
    fn number(q: &Rational, (): ()) -> Float {
        Float(q.to_f64())
    }
    fn unknown((): ()) -> Float {
        Float(f64::NAN)
    }
    fn plus(&self, other: &Float) -> Float {
        Float(self.0 + other.0)
    }
    fn times(&self, other: &Float) -> Float {
        Float(self.0 * other.0)
    }
    fn scaled(&self, c: &Rational, (): ()) -> Float {
        Float(if c.is_one() { self.0 } else { self.0 * c.to_f64() })
    }
    fn power_integer(&self, n: i64) -> Float {
        Float(Value::power_integer(&self.0, n))
    }
    fn power_rational(&self, q: &Rational) -> Float {
        Float(Value::power_rational(&self.0, q))
    }
    fn power_typed(&self, exponent: &Float) -> Float {
        Float(Value::power_typed(&self.0, &exponent.0))
    }
    fn power(&self, exponent: &Float) -> Float {
        Float(Value::power(&self.0, &exponent.0))
    }
    fn call(function: FunctionId, arguments: &[Float], (): ()) -> Float {
        let floats: Vec<f64> = arguments.iter().map(|a| a.0).collect();
        Float((function.row().eval.real)(&floats))
    }
    fn as_integer(&self) -> Option<i64> {
        Value::as_integer(&self.0)
    }
}

/// A ball that narrows with the precision.
fn narrow(ball: impl Fn(u32) -> Ball) -> Option<Ball> {
    let mut precision = 128;
    while precision <= 4096 {
        let value = ball(precision);
        if value.is_undefined() {
            return None;
        }
        if value.is_narrow(25) {
            return Some(value);
        }
        precision *= 2;
    }
    None
}

/// A generator of points: the same ones every time.
pub(super) struct Dice(pub u64);

impl Dice {
    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        // Knuth's MMIX generator, its upper bits.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    fn log_uniform(&mut self, decades: f64) -> f64 {
        libm::pow(10.0, (2.0 * self.unit() - 1.0) * decades)
    }

    /// A float of a declared range, log-uniform away from its ends.
    fn within(&mut self, range: &crate::algebra::range::Range, integer: bool, decades: f64) -> f64 {
        let decades = if integer { decades.min(3.0) } else { decades };
        let end = |end: &Option<crate::algebra::range::End>| end.as_ref().map(|e| e.at.to_f64());
        let value = match (end(&range.lower), end(&range.upper)) {
            (Some(a), Some(b)) => {
                let part = self.log_uniform(decades).min(0.5 * self.unit() + 0.25);
                if self.unit() < 0.5 { a + (b - a) * part } else { b - (b - a) * part }
            }
            (Some(a), None) => a + self.log_uniform(decades),
            (None, Some(b)) => b - self.log_uniform(decades),
            (None, None) => {
                let sign = if self.unit() < 0.5 { -1.0 } else { 1.0 };
                sign * self.log_uniform(decades)
            }
        };
        if integer { libm::round(value) } else { value }
    }
}

/// A float for each symbol, where every fact holds for certain.
pub(super) fn point(
    store: &mut Store,
    assumptions: &Assumptions,
    symbols: &[Expr],
    decades: f64,
    dice: &mut Dice,
) -> Option<Vec<f64>> {
    'attempt: for _ in 0..60 {
        let mut values: Vec<f64> = symbols
            .iter()
            .map(|s| {
                let decades = if store.is_integer(*s) { decades.min(3.0) } else { decades };
                dice.within(&assumptions.symbol_range(*s), store.is_integer(*s), decades)
            })
            .collect();
        for fact in assumptions.facts() {
            if let Fact::OneOf(e, list) = fact
                && let Some(at) = symbols.iter().position(|s| s == e)
            {
                let pick = list[(dice.unit() * list.len() as f64) as usize];
                values[at] = store.as_number(pick).map_or(0.0, Rational::to_f64);
            }
        }
        for fact in assumptions.facts() {
            let (Fact::Positive(e) | Fact::NonNegative(e) | Fact::NonZero(e)) = fact else { continue };
            let spoken = store.free_symbols(&[*e]);
            if spoken.iter().any(|id| !symbols.iter().any(|s| store.as_symbol(*s) == Some(*id))) {
                continue;
            }
            let tape = Tape::new(store, symbols, &[*e]);
            let balls: Vec<Ball> = values.iter().map(|v| Ball::from_f64(*v, 2048)).collect();
            let value = tape.eval_one(&balls, 2048);
            let holds = match fact {
                Fact::Positive(_) => value.is_positive(),
                Fact::NonNegative(_) => value.is_nonnegative(),
                _ => !value.contains_zero(),
            };
            if !holds {
                continue 'attempt;
            }
        }
        return Some(values);
    }
    None
}

/// The errors of two tapes of equal value at one point in units of (1 + κ) ulps, κ the relative condition number; `None` where
/// there is no float to compare. κ takes most of the time, and is left out where the second is within the bound without it.
pub(super) fn errors([before, after]: &[Tape; 2], values: &[f64]) -> Option<[f64; 2]> {
    let reference = narrow(|p| at(before, values, p, None))?;
    let exact = reference.midpoint_f64();
    if exact == 0.0 || !exact.is_finite() || exact.abs() < 1e-290 || exact.abs() > 1e300 {
        return None;
    }
    let floats: Vec<Float> = values.iter().map(|v| Float(*v)).collect();
    let ulp = libm::pow(2.0, libm::floor(libm::log2(exact.abs())) - 52.0);
    let error = |tape: &Tape| {
        let got = tape.eval_one(&floats, ()).0;
        if !got.is_finite() {
            return f64::INFINITY;
        }
        let got = Ball::from_f64(got, reference.precision());
        Scalar::sub(&got, &reference).midpoint_f64().abs() / ulp
    };
    let raw = [error(before), error(after)];
    let condition = if raw[1] > BOUND { condition(before, values) } else { 0.0 };
    Some(raw.map(|error| error / (1.0 + condition)))
}

/// What is asked of the stable forms, in units of (1 + κ) ulps.
pub(super) const BOUND: f64 = 16.0;

/// The tape in balls, one input multiplied by 1 + 2⁻⁶⁰.
fn at(tape: &Tape, values: &[f64], precision: u32, shifted: Option<usize>) -> Ball {
    let ball = |(i, v): (usize, &f64)| {
        let ball = Ball::from_f64(*v, precision);
        if shifted == Some(i) {
            let factor = &Rational::ONE + &Rational::from(2).pow(-60).expect("a power of two");
            Scalar::mul(&ball, &Ball::from_rational(&factor, precision))
        } else {
            ball
        }
    };
    let balls: Vec<Ball> = values.iter().enumerate().map(ball).collect();
    tape.eval_one(&balls, precision)
}

/// κ = Σᵢ|xᵢ ∂f/∂xᵢ / f|.
fn condition(tape: &Tape, values: &[f64]) -> f64 {
    let part = |i: usize| {
        let moved = narrow(|p| {
            let p = p.max(512);
            Scalar::div(&at(tape, values, p, Some(i)), &at(tape, values, p, None))
        })?;
        let one = Ball::from_i64(1, moved.precision());
        Some(Scalar::sub(&moved, &one).midpoint_f64().abs() * libm::pow(2.0, 60.0))
    };
    (0..values.len()).filter(|i| values[*i] != 0.0).filter_map(part).sum()
}

/// Are two expressions equal at a point as far as balls can tell, and is the second defined where the first is?
pub(super) fn is_equal(store: &Store, symbols: &[Expr], e: Expr, image: Expr, values: &[f64]) -> bool {
    let tape = Tape::new(store, symbols, &[e, image]);
    let mut precision = 256;
    loop {
        let balls: Vec<Ball> = values.iter().map(|v| Ball::from_f64(*v, precision)).collect();
        let both = tape.eval(&balls, precision);
        let decided = both.iter().all(|b| b.is_narrow(10) || b.is_undefined());
        if both[0].is_undefined() {
            return true;
        }
        if decided || precision > 2048 {
            return !both[1].is_undefined() && both[0].overlaps(&both[1]);
        }
        precision *= 2;
    }
}

/// What is measured of a derivation: a name, and expressions.
pub(super) fn routines(derivation: &Derivation) -> Vec<(&'static str, Vec<Expr>)> {
    let flat = |m: &Option<Vec<Vec<Expr>>>| m.iter().flatten().flatten().copied().collect::<Vec<Expr>>();
    let mut list = vec![
        ("score", derivation.score.clone()),
        ("fisher", flat(&derivation.fisher)),
        ("fisher_inverse", flat(&derivation.fisher_inverse)),
        ("natural_gradient", derivation.natural_gradient.clone().unwrap_or_default()),
        ("determinant", derivation.determinant.into_iter().collect()),
        ("mean", derivation.mean.clone().unwrap_or_default()),
        ("log_density", vec![derivation.family.log_density]),
        ("kl", derivation.kl.into_iter().collect()),
    ];
    if let Some(exponential) = &derivation.exponential {
        list.push(("natural", exponential.natural.clone()));
    }
    list
}

/// The symbols an expression may speak of.
pub(super) fn symbols(derivation: &Derivation) -> Vec<Expr> {
    let family = &derivation.family;
    let mut all = family.x();
    all.extend(derivation.written_in.iter().map(|p| p.symbol));
    all.extend(derivation.kl_parameters.iter().map(|p| p.symbol));
    all.extend(derivation.gradient.iter().copied());
    all.extend(family.constants.iter().map(|p| p.symbol));
    all
}

/// Everything declared: of x, of θ and of θ'.
pub(super) fn declared(store: &mut Store, derivation: &Derivation) -> Assumptions {
    let mut assumptions = derivation.family.assumptions(store);
    let images = derivation
        .family
        .theta()
        .into_iter()
        .zip(derivation.kl_parameters.iter().map(|p| p.symbol))
        .collect();
    for fact in &derivation.family.facts {
        let other = crate::stats::derive::substitute_fact(store, fact, &images);
        assumptions.assume(store, &other);
    }
    assumptions
}

/// Every embedded family, derived in all its coordinates, each family on a thread of its own; what was
/// found, in the order of the catalogue.
pub(super) fn each_derivation<T: Send>(visit: impl Fn(&mut Store, &str, &Derivation) -> T + Sync) -> Vec<T> {
    let found = deck::EMBEDDED.par_iter().map(|embedded| {
        let mut found = Vec::new();
        let document = syntax::read_document(embedded.text);
        let mut diagnostics = Vec::new();
        let mut store = Store::new();
        let texts: Vec<_> = document.families().collect();
        let families: Vec<Family> = deck::families(&mut store, &texts, embedded.text, &mut diagnostics);
        for family in &families {
            let own: Vec<String> = family.coordinates.iter().map(|c| c.name.clone()).collect();
            for name in BUILT_IN.iter().map(ToString::to_string).chain(own) {
                if let Some(derivation) = derive_in(&mut store, family, &name) {
                    found.push(visit(&mut store, &format!("{}/{name}", embedded.name), &derivation));
                }
            }
        }
        found
    });
    found.collect::<Vec<Vec<T>>>().into_iter().flatten().collect()
}
