//! Points at which generated functions are measured: the whole domain, to its ends, and what lies beyond.
//!
//! Distances from bounds, and absolute values where there is no bound, are log-uniform over 1, 4, 16 or 100 decades on either
//! side of 1. Half of the observations are near numbers that the parameters suggest: θ₁, θ₁·θ₂, θ₁/θ₂; half of the second
//! densities of a divergence are near the first.

use referee::bundle::{Axis, Exact};
use referee::emit::{Argument, Bundle, Routine};

/// Decades on either side of 1.
const STRATA: [f64; 4] = [1.0, 4.0, 16.0, 100.0];

/// Attempts for each point that is wanted.
const ATTEMPTS: usize = 60;

/// Numbers that look random and are the same on every machine: SplitMix64 (Steele, Lea and Flood, 2014).
pub struct Random(u64);

impl Random {
    /// From a seed; its neighbours give unrelated numbers.
    pub fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn below(&mut self, count: usize) -> usize {
        ((self.unit() * count as f64) as usize).min(count - 1)
    }

    fn coin(&mut self) -> bool {
        self.bits() >> 63 == 1
    }

    fn sign(&mut self) -> f64 {
        if self.coin() { 1.0 } else { -1.0 }
    }

    /// 10^u for u uniform between the ends.
    fn power_of_ten(&mut self, from: f64, to: f64) -> f64 {
        libm::exp10(from + (to - from) * self.unit())
    }
}

/// Points of the domain of a routine, at most so many: fewer where conditions are rarely met.
pub fn inside(bundle: &Bundle, exact: &Exact, routine: &Routine, count: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut random = Random::new(seed);
    let layout = Layout::new(bundle, routine);
    let mut found = Vec::with_capacity(count);
    for attempt in 0..count * ATTEMPTS {
        if found.len() == count {
            break;
        }
        let values = layout.candidate(exact, attempt, &mut random);
        if exact.is_inside(&values) {
            found.push(values);
        }
    }
    found
}

/// Points of the domain with one number replaced so that a condition is broken: beyond a bound, no integer, infinite, NaN.
pub fn outside(exact: &Exact, inside: &[Vec<f64>], count: usize, seed: u64) -> Vec<Vec<f64>> {
    let mut random = Random::new(seed ^ 0x00ff);
    let mut found = Vec::new();
    if exact.axes.is_empty() || inside.is_empty() {
        return found;
    }
    for _ in 0..count * 4 {
        let mut values = inside[random.below(inside.len())].clone();
        let at = random.below(values.len());
        let axis = &exact.axes[at];
        let far = random.power_of_ten(-20.0, 20.0);
        values[at] = match random.below(7) {
            0 => -values[at],
            1 => axis.lower.map_or(f64::NEG_INFINITY, |lower| lower - far),
            2 => axis.upper.map_or(f64::INFINITY, |upper| upper + far),
            3 => axis.lower.or(axis.upper).unwrap_or(f64::NAN),
            4 => values[at] + 0.5,
            5 => f64::NAN,
            _ => random.sign() * f64::INFINITY,
        };
        if !exact.is_inside(&values) {
            found.push(values);
        }
        if found.len() == count {
            break;
        }
    }
    found
}

/// Which of the flat inputs are x, θ and θ'.
struct Layout {
    observation: std::ops::Range<usize>,
    parameters: std::ops::Range<usize>,
    others: std::ops::Range<usize>,
}

impl Layout {
    fn new(bundle: &Bundle, routine: &Routine) -> Layout {
        let mut layout = Layout { observation: 0..0, parameters: 0..0, others: 0..0 };
        let mut at = 0;
        for argument in &routine.arguments {
            let length = length(bundle, argument);
            let range = at..at + length;
            match argument {
                Argument::Observation => layout.observation = range,
                Argument::Parameters => layout.parameters = range,
                Argument::OtherParameters => layout.others = range,
                Argument::Gradient | Argument::Coordinates(..) => {}
            }
            at += length;
        }
        layout
    }

    fn candidate(&self, exact: &Exact, attempt: usize, random: &mut Random) -> Vec<f64> {
        let decades = STRATA[attempt % STRATA.len()];
        let scale = [1.0, 1.0, 0.3, 0.05][random.below(4)];
        let mut values: Vec<f64> =
            exact.axes.iter().map(|axis| value(axis, decades, scale, random)).collect();
        if random.coin() {
            for (own, other) in self.parameters.clone().zip(self.others.clone()) {
                let nearby = values[own] * (1.0 + random.sign() * random.power_of_ten(-12.0, 0.0));
                values[other] = rounded(&exact.axes[other], nearby);
            }
        }
        if random.coin() {
            let known: Vec<f64> = self.parameters.clone().map(|at| values[at]).collect();
            let constants: Vec<f64> = values[self.end(&values)..].to_vec();
            for at in self.observation.clone() {
                values[at] = rounded(&exact.axes[at], suggested(&known, &constants, random));
            }
        }
        unit_vectors(&exact.axes, &mut values);
        values
    }

    /// Where the constants may begin: behind x and θ.
    fn end(&self, values: &[f64]) -> usize {
        self.observation.end.max(self.parameters.end).min(values.len())
    }
}

/// How many floats an argument has.
pub fn length(bundle: &Bundle, argument: &Argument) -> usize {
    match argument {
        Argument::Observation => bundle.observation.len(),
        Argument::Parameters | Argument::OtherParameters | Argument::Gradient => bundle.parameters.len(),
        Argument::Coordinates(_, count) => *count,
    }
}

fn value(axis: &Axis, decades: f64, scale: f64, random: &mut Random) -> f64 {
    if !axis.values.is_empty() {
        return axis.values[random.below(axis.values.len())];
    }
    let magnitude = scale * random.power_of_ten(-decades, decades);
    let found = match (axis.lower, axis.upper) {
        (Some(lower), Some(upper)) => {
            let share = random.power_of_ten(-decades, 0.0) * 0.5;
            match random.below(4) {
                0 => lower + (upper - lower) * random.unit(),
                1 if lower < 0.0 && upper > 0.0 => random.sign() * share,
                2 => upper - (upper - lower) * share,
                _ => lower + (upper - lower) * share,
            }
        }
        (Some(lower), None) => lower + magnitude,
        (None, Some(upper)) => upper - magnitude,
        (None, None) => random.sign() * magnitude,
    };
    rounded(axis, found)
}

fn rounded(axis: &Axis, value: f64) -> f64 {
    if axis.integer { value.round() } else { value }
}

/// A number that the parameters suggest, or one close to it.
fn suggested(parameters: &[f64], constants: &[f64], random: &mut Random) -> f64 {
    let all: Vec<f64> = parameters.iter().chain(constants).copied().collect();
    let one = |random: &mut Random| if all.is_empty() { 1.0 } else { all[random.below(all.len())] };
    let (a, b) = (one(random), one(random));
    let center = match random.below(5) {
        0 => a * b,
        1 => a / b,
        2 => 1.0 / a,
        _ => a,
    };
    match random.below(3) {
        0 => center * (1.0 + random.sign() * random.power_of_ten(-16.0, -1.0)),
        1 => center * random.power_of_ten(-1.0, 1.0),
        _ => center + random.sign() * b * random.power_of_ten(-3.0, 1.0),
    }
}

/// Components of a vector of length 1 are divided by its length.
fn unit_vectors(axes: &[Axis], values: &mut [f64]) {
    let components: Vec<usize> = (0..axes.len()).filter(|i| axes[*i].on_sphere).collect();
    let length = components.iter().map(|i| values[*i] * values[*i]).sum::<f64>().sqrt();
    for i in components {
        values[i] /= length;
    }
}
