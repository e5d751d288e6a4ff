//! R_ν(x) = I_{ν+1}(x)/I_ν(x) and log I_ν(x) for large x, with proven errors.
//!
//! R = 1 − (ν + ½)/x + (ν² − ¼)/(2x²) + …, from the Riccati equation R′ = 1 − (2ν + 1)R/x − R²; and
//! (log I_ν)′ = R_ν + ν/x (DLMF 10.29.2) is integrated term by term.
//!
//! A partial sum w obeys w′ = 1 − (2ν + 1)w/x − w² + e with the defect e = Σ eₘ x⁻ᵐ over the orders that the
//! coefficients do not cancel. The difference d = R − w obeys d′ = −((2ν + 1)/x + R + w)·d − e. If
//! |w − 1| ≤ ½ on [3x/4, x], the bracket is at least ½ there and |d(3x/4)| ≤ 3/2, so
//! |d(x)| ≤ 2e^(−x/8) + 2 max |e| over [3x/4, x].

use crate::number::{Ball, Rational};

/// Terms of an expansion.
pub(super) const MOST_TERMS: usize = 128;

/// A partial sum of the expansion of R_ν(x), valid from `start` on.
pub(super) struct Expansion {
    start: Ball,
    coefficients: Vec<Ball>,
    /// The orders of the defect, from the number of coefficients on.
    defects: Vec<Ball>,
}

impl Expansion {
    /// The expansion for x ≥ `start` of at most so many terms; `None` where |w − 1| ≤ ½ is not certain.
    pub(super) fn beyond(nu: &Ball, start: &Ball, most: usize) -> Option<Expansion> {
        let precision = nu.precision().max(start.precision());
        let coefficients = coefficients(nu, start, most);
        let defects = defects(nu, &coefficients, precision);
        let expansion = Expansion { start: start.clone().with_precision(precision), coefficients, defects };
        let terms = expansion.coefficients[1..].iter().zip(1..);
        let distance = terms.fold(expansion.constant(0), |sum, (term, m)| {
            sum.add(&term.abs().mul(&expansion.outer().powi(m)))
        });
        let half = expansion.rational(1, 2);
        half.sub(&distance).is_nonnegative().then_some(expansion)
    }

    fn constant(&self, n: i64) -> Ball {
        self.rational(n, 1)
    }

    fn rational(&self, numerator: i64, denominator: i64) -> Ball {
        Ball::from_rational(&Rational::new(numerator, denominator), self.start.precision())
    }

    /// The largest 1/t for t ≥ 3/4 of the start.
    fn outer(&self) -> Ball {
        self.rational(4, 3).div(&self.start)
    }

    /// |eₘ| (4/3)ᵐ x⁻ᵐ with m, at the start.
    fn defect_terms(&self) -> impl Iterator<Item = (Ball, i64)> {
        let outer = self.outer();
        let first = self.coefficients.len() as i64;
        self.defects.iter().zip(first..).map(move |(defect, m)| (defect.abs().mul(&outer.powi(m)), m))
    }

    /// e^(−x/8) at the start.
    fn decay(&self) -> Ball {
        self.start.mul(&self.rational(-1, 8)).exp()
    }

    /// R_ν at the start.
    pub(super) fn ratio(&self) -> Ball {
        let inverse = self.start.recip();
        let sum = self.coefficients.iter().rev();
        let sum = sum.fold(self.constant(0), |sum, term| sum.mul(&inverse).add(term));
        let defect = self.defect_terms().fold(self.decay(), |total, (term, _)| total.add(&term));
        sum.widened(&defect.mul(&self.constant(2)))
    }

    /// log I_ν(x) − log I_ν(start) for x ≥ start: x − start − ½ log(x/start) − Σ cₘ x¹⁻ᵐ/(m − 1), from one to
    /// the other, with an error of at most ∫ |d|.
    pub(super) fn log_growth(&self, x: &Ball) -> Ball {
        let quotient = x.div(&self.start);
        let leading = x.sub(&self.start).sub(&quotient.log().mul(&self.rational(1, 2)));
        let sum = self.integrals().fold(leading, |sum, (term, m)| {
            let difference = self.start.powi(1 - m).sub(&x.powi(1 - m));
            sum.add(&term.mul(&difference))
        });
        sum.widened(&self.log_error())
    }

    /// log(e^(−x) I_ν(x)) at the start x: −½ log 2πx, to which it tends (DLMF 10.40.1), − Σ cₘ x¹⁻ᵐ/(m − 1), with an error
    /// of at most ∫ |d|.
    pub(super) fn log_scaled(&self) -> Ball {
        let circle = Ball::pi(self.start.precision()).mul(&self.start).mul(&self.constant(2));
        let leading = circle.log().mul(&self.rational(-1, 2));
        let sum =
            self.integrals().fold(leading, |sum, (term, m)| sum.sub(&term.mul(&self.start.powi(1 - m))));
        sum.widened(&self.log_error())
    }

    /// cₘ/(m − 1) with m, from 2 on.
    fn integrals(&self) -> impl Iterator<Item = (Ball, i64)> {
        self.coefficients.iter().zip(0..).skip(2).map(|(term, m)| (term.div(&self.constant(m - 1)), m))
    }

    /// ∫ |d| from the start to infinity: ∫ e^(−t/8) dt = 8 e^(−x/8), and ∫ t⁻ᵐ dt = x¹⁻ᵐ/(m − 1).
    fn log_error(&self) -> Ball {
        let decay = self.decay().mul(&self.constant(8));
        let error = self
            .defect_terms()
            .fold(decay, |total, (term, m)| total.add(&term.mul(&self.start).div(&self.constant(m - 1))));
        error.mul(&self.constant(2))
    }
}

/// c₀ = 1, 2cₘ = (m − 2 − 2ν)cₘ₋₁ − Σ cᵢcₘ₋ᵢ over 0 < i < m, until cₘ/xᵐ no longer matters.
fn coefficients(nu: &Ball, x: &Ball, most: usize) -> Vec<Ball> {
    let precision = nu.precision().max(x.precision());
    let half = Ball::from_rational(&Rational::new(1, 2), precision);
    let mut coefficients = vec![Ball::from_i64(1, precision)];
    let (scale, mut bits) = (libm::log2(x.lower_f64().min(1e300)), 0.0);
    while coefficients.len() < most && bits > -f64::from(precision) - 8.0 {
        let m = coefficients.len();
        let next = residual(nu, &coefficients, m, precision).mul(&half);
        // Only chooses where to stop, at the least term at the latest: a coefficient of 0 counts as 1.
        let size = libm::log2(next.abs().upper_f64().clamp(1.0, 1e300)) - scale * m as f64;
        if size > bits {
            break;
        }
        bits = size;
        coefficients.push(next);
    }
    coefficients
}

/// The coefficient of uᵐ in 1 − (2ν+1)w/x − w² − w′ without cₘ: (m − 2 − 2ν)cₘ₋₁ − Σ cᵢcₘ₋ᵢ.
fn residual(nu: &Ball, coefficients: &[Ball], m: usize, precision: u32) -> Ball {
    let zero = Ball::from_i64(0, precision);
    let linear = match coefficients.get(m - 1) {
        Some(before) => {
            let factor = Ball::from_i64(m as i64 - 2, precision).sub(&nu.add(nu));
            factor.mul(before)
        }
        None => zero.clone(),
    };
    let first = (m + 1).saturating_sub(coefficients.len()).max(1);
    (first..coefficients.len().min(m))
        .fold(linear, |sum, i| sum.sub(&coefficients[i].mul(&coefficients[m - i])))
}

/// The orders of the defect from the number of coefficients on.
fn defects(nu: &Ball, coefficients: &[Ball], precision: u32) -> Vec<Ball> {
    let count = coefficients.len();
    (count..2 * count - 1).map(|m| residual(nu, coefficients, m, precision)).collect()
}
