//! Points of a routine's domain as exact floats, the same on every machine: pseudo-random, log-uniform around each bound.

use super::Exact;
use crate::algebra::Assumptions;
use crate::expr::{Expr, Fact, Store};
use crate::number::Rational;

/// What one flat input ranges over, as far as the conditions on it alone say.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// No value is below.
    pub lower: Option<f64>,
    /// No value is above.
    pub upper: Option<f64>,
    /// Are they integers?
    pub integer: bool,
    /// All values, when they are few.
    pub values: Vec<f64>,
    /// Is it a component of a vector of length 1?
    pub on_sphere: bool,
}

/// The axes of flat inputs under facts.
pub(super) fn axes(store: &mut Store, inputs: &[Expr], facts: &[Fact]) -> Vec<Axis> {
    let assumptions = Assumptions::new(store, facts);
    inputs
        .iter()
        .map(|symbol| {
            let range = assumptions.symbol_range(*symbol);
            let values = facts.iter().find_map(|fact| match fact {
                Fact::OneOf(e, values) if e == symbol => {
                    values.iter().map(|v| store.as_number(*v).map(Rational::to_f64)).collect::<Option<_>>()
                }
                _ => None,
            });
            let integer = store.is_integer(*symbol) || facts.contains(&Fact::Integer(*symbol));
            Axis {
                lower: range.lower.map(|end| end.at.to_f64()),
                upper: range.upper.map(|end| end.at.to_f64()),
                integer,
                values: values.unwrap_or_default(),
                on_sphere: facts.iter().any(|f| matches!(f, Fact::Sphere(list) if list.contains(symbol))),
            }
        })
        .collect()
}

/// A point of the routine's domain, the same for the same seed: distances from bounds, or absolute values where there is
/// no bound, are log-uniform over so many decades on either side of 1. `None` where none was found.
pub fn point(exact: &Exact, seed: u64, decades: f64) -> Option<Vec<f64>> {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let reals = exact.axes.iter().filter(|axis| !axis.integer).count().max(1) as f64;
    (0..4000).find_map(|attempt| {
        // Joint conditions such as x₁ + x₂ < 1 are met by small values.
        let scale = [1.0, 0.5 / reals, 0.2 / reals][attempt % 3];
        let mut values: Vec<f64> =
            exact.axes.iter().map(|axis| axis.value(&mut random, decades, scale)).collect();
        normalize(&exact.axes, &mut values);
        exact.is_inside(&values).then_some(values)
    })
}

/// Components of a unit vector are divided by its length.
fn normalize(axes: &[Axis], values: &mut [f64]) {
    let on_sphere = || axes.iter().enumerate().filter(|(_, axis)| axis.on_sphere).map(|(i, _)| i);
    let length = libm::sqrt(on_sphere().map(|i| values[i] * values[i]).sum());
    for i in on_sphere() {
        values[i] /= length;
    }
}

impl Axis {
    fn value(&self, random: &mut Random, decades: f64, scale: f64) -> f64 {
        if !self.values.is_empty() {
            return self.values[(random.unit() * self.values.len() as f64) as usize];
        }
        if self.integer {
            return self.whole(random, decades);
        }
        let magnitude = short(scale * power_of_ten(decades * (2.0 * random.unit() - 1.0)));
        match (self.lower, self.upper) {
            (Some(lower), Some(upper)) => {
                // The share of the interval is within (0, 1/2) of one end or of the other.
                let near = short(
                    (upper - lower)
                        * (0.5 - 0.45 * random.unit())
                        * power_of_ten(-(decades - 1.0) * random.unit()),
                );
                if random.unit() < 0.5 { lower + near } else { upper - near }
            }
            (Some(lower), None) => lower + magnitude,
            (None, Some(upper)) => upper - magnitude,
            (None, None) if random.unit() < 0.5 => -magnitude,
            (None, None) => magnitude,
        }
    }

    fn whole(&self, random: &mut Random, decades: f64) -> f64 {
        let step = libm::floor(power_of_ten(1.2 * decades.min(12.0) * random.unit())) - 1.0;
        match (self.lower, self.upper) {
            (Some(lower), Some(upper)) => lower + libm::floor(random.unit() * (upper - lower + 1.0)),
            (Some(lower), None) => lower + step,
            (None, Some(upper)) => upper - step,
            (None, None) if random.unit() < 0.5 => -step,
            (None, None) => step,
        }
    }
}

fn power_of_ten(exponent: f64) -> f64 {
    libm::exp(exponent * std::f64::consts::LN_10)
}

/// The float of the value's first four digits, so that it is short in print.
fn short(value: f64) -> f64 {
    format!("{value:.3e}").parse().expect("a printed float reads")
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    /// Uniform in [0, 1).
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}
