//! Integrals and sums of closures in `f64`: the witness that shares nothing with the symbolic derivation.
//!
//! `∫ exp(−x²) dx` over the line is 1.772453850905516 with an estimated error near 10⁻¹⁵, from some fifty
//! evaluations. Every value is an *estimate* beside an estimated error: nothing here is rigorous, so
//! nothing here may prove or refute. The error of the integrand itself (cancellation inside a log-density)
//! is the caller's.
//!
//! [`axis`] describes intervals and the maps onto them, `locate` finds where the mass lies, `panel` sums one
//! piece; [`quadrature`] integrates one variable, [`region`] several, [`summation`] sums over integers.

pub mod axis;
mod locate;
mod panel;
pub mod quadrature;
pub mod region;
pub mod summation;

#[cfg(test)]
mod battery;

/// Several integrals or sums taken together, with estimated errors.
#[derive(Clone, Debug, PartialEq)]
pub struct Integral {
    /// The estimates, one per output.
    pub values: Vec<f64>,
    /// The estimated absolute errors, one per output; infinite or NaN when nothing can be said.
    pub errors: Vec<f64>,
    /// How often the integrand and its log-density were evaluated.
    pub evaluations: usize,
    /// Does every estimated error meet the tolerance, relative to the integral of the absolute value?
    pub converged: bool,
    /// What stood in the way, when `converged` is false.
    pub failure: Option<Failure>,
}

/// Why an integral or a sum is not to be relied on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Failure {
    /// The integrand is not a finite number where it matters.
    NotFinite {
        /// The first such point met (of the outermost variable in several dimensions).
        at: f64,
    },
    /// No sampled point carries mass: the log-density is −∞ at all of them.
    NoMass,
    /// What lies beyond the last representable point is not negligible: the integral may diverge.
    Truncated,
    /// The tolerance is finer than the rounding of the points allows.
    Rounding,
    /// The budget of evaluations ended before the tolerance was met.
    Budget,
}

impl Integral {
    fn failed(outputs: usize, evaluations: usize, failure: Failure) -> Integral {
        let value = if failure == Failure::NoMass { 0.0 } else { f64::NAN };
        Integral {
            values: vec![value; outputs],
            errors: vec![f64::INFINITY; outputs],
            evaluations,
            converged: false,
            failure: Some(failure),
        }
    }
}

/// A sum whose rounding error does not grow with the number of terms (Neumaier 1974).
#[derive(Clone, Copy, Debug, Default)]
struct Compensated {
    sum: f64,
    lost: f64,
}

impl Compensated {
    fn add(&mut self, term: f64) {
        let total = self.sum + term;
        self.lost +=
            if self.sum.abs() >= term.abs() { (self.sum - total) + term } else { (term - total) + self.sum };
        self.sum = total;
    }

    fn value(self) -> f64 {
        self.sum + self.lost
    }
}
