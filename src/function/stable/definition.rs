//! The functions by what they are defined as, in complex numbers and in balls.
//!
//! A definition cancels: log x − ψ(x) at x = 10¹⁰⁰ is 10⁻¹⁰⁰/2 from two numbers near 230. Balls of exact arguments are therefore
//! computed with more and more bits until as many as are asked for are left.

use num_complex::Complex64;

use crate::function::enclosure::{and_above, decreasing, ends, increasing};
use crate::function::{bessel, lookup};
use crate::number::{Ball, Rational, Scalar};

/// More bits than this, beside four times those asked for, are not spent.
const MOST_BITS: u32 = 4096;

/// Kinds of number in which the rows of the other groups can be called.
pub(super) trait Special: Scalar {
    fn call(name: &str, arguments: &[&Self]) -> Self;

    /// Is it certainly the same number?
    fn same(&self, other: &Self) -> bool;

    /// Is it certainly 0?
    fn is_nought(&self) -> bool {
        self.same(&whole(self, 0))
    }
}

impl Special for Ball {
    fn call(name: &str, arguments: &[&Ball]) -> Ball {
        let arguments: Vec<Ball> = arguments.iter().map(|a| (*a).clone()).collect();
        (lookup(name).expect("a row").eval.ball)(&arguments, Scalar::precision(&arguments[0]))
    }

    fn same(&self, other: &Ball) -> bool {
        self.is_exact() && other.is_exact() && self.overlaps(other)
    }
}

impl Special for Complex64 {
    fn call(name: &str, arguments: &[&Complex64]) -> Complex64 {
        let arguments: Vec<Complex64> = arguments.iter().map(|a| **a).collect();
        (lookup(name).expect("a row").eval.complex)(&arguments)
    }

    fn same(&self, other: &Complex64) -> bool {
        self == other
    }
}

/// Which numbers a parameter may be.
#[derive(Clone, Copy)]
pub(super) enum Range {
    Real,
    Positive,
    NonNegative,
    Negative,
}

impl Range {
    /// 0, as certain to exist as the argument is to lie in the range.
    fn holds(self, x: &Ball) -> Ball {
        let zero = Ball::from_i64(0, x.precision());
        let (inside, outside) = match self {
            Range::Real => (true, false),
            Range::Positive => (x.is_positive(), x.neg().is_nonnegative()),
            Range::NonNegative => (x.is_nonnegative(), x.is_negative()),
            Range::Negative => (x.is_negative(), x.is_nonnegative()),
        };
        match (inside, outside) {
            (true, _) => zero.given(x),
            (_, true) => Ball::undefined(x.precision()),
            _ => zero.doubtful().given(x),
        }
    }
}

/// A ball of so many bits by a definition, undefined outside the ranges.
pub(super) fn enclose(
    arguments: &[Ball],
    ranges: &[Range],
    precision: u32,
    definition: fn(&[Ball]) -> Ball,
) -> Ball {
    let zero = Ball::from_i64(0, precision);
    let exists = arguments.iter().zip(ranges).fold(zero, |all, (x, range)| all.given(&range.holds(x)));
    if exists.is_undefined() {
        return Ball::undefined(precision);
    }
    let is_exact = arguments.iter().all(Ball::is_exact);
    let (mut working, mut last_width) = (2 * precision + 64, f64::INFINITY);
    loop {
        let raised: Vec<Ball> = arguments.iter().map(|a| a.clone().with_precision(working)).collect();
        let value = definition(&raised);
        let is_done = value.relative_accuracy_bits().is_some_and(|bits| bits >= precision);
        // More bits do not help where something else than roundings limits the width.
        let width = value.upper_f64() - value.lower_f64();
        let is_stuck = value.contains_zero() && width.is_finite() && width >= last_width / 2.0;
        if is_done || is_stuck || !is_exact || working > MOST_BITS + 4 * precision {
            return value.given(&exists).with_precision(precision);
        }
        (working, last_width) = (2 * working, width);
    }
}

/// Evaluators by a definition, and for balls by one that knows more of wide arguments where it is named.
macro_rules! by_definition {
    ($body:ident; $($x:ident $range:ident),*) => { by_definition!($body, $body; $($x $range),*) };
    ($body:ident, $hull:ident; $($x:ident $range:ident),*) => {
        Evaluators {
            real: |arguments| value(stringify!($body), arguments),
            complex: |arguments| {
                let [$($x),*] = arguments else { unreachable!("as many arguments as parameters") };
                $body($($x),*)
            },
            ball: by_definition!(@ball $hull; $($x $range),*),
        }
    };
    (@ball $hull:ident; $($x:ident $range:ident),*) => {
        |arguments, precision| enclose(arguments, &[$(Range::$range),*], precision, |arguments| {
            let [$($x),*] = arguments else { unreachable!("as many arguments as parameters") };
            $hull($($x),*)
        })
    };
}

fn whole<S: Scalar>(like: &S, value: i64) -> S {
    S::from_rational(&Rational::from(value), like.precision())
}

pub(super) fn kl_term<S: Special>(x: &S, m: &S) -> S {
    if x.is_nought() {
        return m.clone();
    }
    if x.same(m) {
        return whole(x, 0);
    }
    x.mul(&x.div(m).log()).sub(x).add(m)
}

pub(super) fn kl_term_exp<S: Special>(x: &S, k: &S, t: &S) -> S {
    let m = k.mul(&t.exp());
    if x.is_nought() {
        return m;
    }
    x.mul(&x.div(k).log().sub(t)).sub(x).add(&m)
}

/// Convex in both arguments together, so largest in a corner; 0 on x = m, and least where the box comes closest to it.
pub(super) fn kl_term_hull(x: &Ball, m: &Ball) -> Ball {
    let ((Some(a), Some(b)), (Some(c), Some(d)), true) =
        (ends(&x.max(&whole(x, 0))), ends(m), m.is_positive())
    else {
        return and_above(whole(x, 0)).given(x).given(m);
    };
    let corners = [(&a, &c), (&a, &d), (&b, &c), (&b, &d)].map(|(x, m)| kl_term(x, m));
    let hull = corners.iter().skip(1).fold(corners[0].clone(), |hull, corner| hull.union(corner));
    let touches = x.overlaps(m);
    if touches { hull.union(&whole(x, 0)) } else { hull }.given(x).given(m)
}

pub(super) fn factorial_excess<S: Special>(x: &S) -> S {
    if x.is_nought() {
        return whole(x, 0);
    }
    let one = whole(x, 1);
    S::call("lgamma", &[&x.add(&one)]).sub(&x.mul(&x.log())).add(x)
}

pub(super) fn gamma_divergence<S: Special>(a: &S, b: &S) -> S {
    if a.same(b) {
        return whole(a, 0);
    }
    let by_gamma =
        S::call("lgamma", &[b]).sub(&S::call("lgamma", &[a])).sub(&b.sub(a).mul(&S::call("digamma", &[a])));
    by_gamma.sub(&b.mul(&b.div(a).log())).add(&b.sub(a))
}

pub(super) fn beta_divergence<S: Special>(a: &S, b: &S, c: &S, d: &S) -> S {
    if a.same(c) && b.same(d) {
        return whole(a, 0);
    }
    // The Bregman divergence of log Γ.
    let part = |x: &S, y: &S| {
        S::call("lgamma", &[y]).sub(&S::call("lgamma", &[x])).sub(&y.sub(x).mul(&S::call("digamma", &[x])))
    };
    part(a, c).add(&part(b, d)).sub(&part(&a.add(b), &c.add(d)))
}

pub(super) fn digamma_excess<S: Special>(x: &S) -> S {
    x.log().sub(&S::call("digamma", &[x]))
}

pub(super) fn digamma_difference<S: Special>(a: &S, b: &S) -> S {
    if b.is_nought() {
        return whole(a, 0);
    }
    S::call("digamma", &[&a.add(b)]).sub(&S::call("digamma", &[a]))
}

pub(super) fn trigamma_difference<S: Special>(a: &S, b: &S) -> S {
    if b.is_nought() {
        return whole(a, 0);
    }
    S::call("trigamma", &[a]).sub(&S::call("trigamma", &[&a.add(b)]))
}

pub(super) fn trigamma_excess<S: Special>(x: &S) -> S {
    x.mul(&S::call("trigamma", &[x])).sub(&whole(x, 1))
}

pub(super) fn trigamma_gap<S: Special>(a: &S, b: &S) -> S {
    let part = |x: &S| S::call("trigamma", &[x]).recip();
    part(&a.add(b)).sub(&part(a)).sub(&part(b))
}

pub(super) fn log_besseli_scaled<S: Special>(nu: &S, x: &S) -> S {
    if nu.is_nought() && x.is_nought() {
        return whole(x, 0);
    }
    S::call("besseli", &[nu, x]).log().sub(x)
}

/// Without I itself, which may be far beyond the floats.
pub(super) fn log_besseli_scaled_hull(nu: &Ball, x: &Ball) -> Ball {
    if nu.is_nought() && x.is_nought() {
        return whole(x, 0);
    }
    let value = bessel::log_besseli_scaled(nu, x);
    if nu.is_nought() { value } else { value.given(&Range::Positive.holds(x)) }
}

pub(super) fn bessel_ratio_slope<S: Special>(nu: &S, x: &S) -> S {
    let ratio = S::call("bessel_ratio", &[nu, x]);
    let one = whole(x, 1);
    one.sub(&nu.add(nu).add(&one).div(x).mul(&ratio)).sub(&ratio.mul(&ratio))
}

pub(super) fn bessel_ratio_complement<S: Special>(nu: &S, x: &S) -> S {
    whole(x, 1).sub(&S::call("bessel_ratio", &[nu, x]))
}

/// By the larger one, beside which the other does not overflow.
pub(super) fn logaddexp<S: Special>(a: &S, b: &S) -> S {
    let (high, low) = if a.lower_real() >= b.lower_real() { (a, b) } else { (b, a) };
    high.add(&low.sub(high).exp().log1p())
}

/// Increasing in both.
pub(super) fn logaddexp_hull(a: &Ball, b: &Ball) -> Ball {
    increasing(a, |a| increasing(b, |b| logaddexp(a, b)))
}

/// Factor by factor, so that complex arguments stay on the principal branch.
pub(super) fn log_product<S: Special>(a: &S, b: &S, c: &S, d: &S) -> S {
    a.log().add(&b.log()).add(&c.log()).add(&d.log())
}

pub(super) fn power_over<S: Special>(x: &S, k: &S) -> S {
    k.sub(&whole(k, 1)).mul(&x.log()).exp()
}

pub(super) fn expm1_excess<S: Special>(x: &S) -> S {
    x.expm1().sub(x)
}

pub(super) fn expm1_excess_scaled<S: Special>(x: &S) -> S {
    if x.is_nought() {
        return whole(x, 0);
    }
    let one = whole(x, 1);
    one.sub(&one.add(x).mul(&x.neg().exp()))
}

pub(super) fn exp_divergence<S: Special>(a: &S, b: &S) -> S {
    let one = whole(a, 1);
    b.exp().sub(&one.add(&b.sub(a)).mul(&a.exp()))
}

/// By what is added to 1.
pub(super) fn log_mixture<S: Special>(w: &S, u: &S) -> S {
    whole(w, 1).sub(w).mul(&u.neg().expm1()).log1p()
}

/// Convex, and 0 at 0.
pub(super) fn expm1_excess_hull(x: &Ball) -> Ball {
    let (left, right) = (x.min(&whole(x, 0)), x.max(&whole(x, 0)));
    decreasing(&left, expm1_excess).max(&increasing(&right, expm1_excess))
}

/// By log1p where eˣ is small.
pub(super) fn log1mexp<S: Special>(x: &S) -> S {
    if x.lower_real() > -0.69 { x.expm1().neg().log() } else { x.exp().neg().log1p() }
}

/// By the exponential that does not overflow.
pub(super) fn logistic<S: Special>(x: &S) -> S {
    let one = whole(x, 1);
    if x.lower_real() >= 0.0 {
        return one.add(&x.neg().exp()).recip();
    }
    let power = x.exp();
    power.div(&one.add(&power))
}

pub(super) fn logistic_hull(x: &Ball) -> Ball {
    increasing(x, logistic)
}

pub(super) fn logistic_divergence<S: Special>(t: &S, s: &S) -> S {
    if t.same(s) {
        return whole(t, 0);
    }
    let zero = whole(t, 0);
    logaddexp(&zero, s).sub(&logaddexp(&zero, t)).sub(&s.sub(t).mul(&logistic(t)))
}

pub(super) fn logistic_gain<S: Special>(_: &S, t: &S, s: &S) -> S {
    logistic_divergence(t, s)
}

pub(super) fn binary_kl<S: Special>(a: &S, b: &S, c: &S, d: &S) -> S {
    if a.same(c) && b.same(d) {
        return whole(a, 0);
    }
    let (first, second) = (a.add(b), c.add(d));
    let part = |x: &S, y: &S| if x.is_nought() { whole(x, 0) } else { x.mul(&x.div(y).log()) };
    part(a, c).add(&part(b, d)).div(&first).sub(&first.div(&second).log())
}

/// By m + log(1 - exp(-m)) = log(exp(m) - 1), which may be far beyond the floats.
pub(super) fn truncated_divergence<S: Special>(x: &S, m: &S) -> S {
    if x.same(m) {
        return whole(x, 0);
    }
    let mean = x.div(&x.neg().expm1()).neg();
    let log = |x: &S| x.add(&log1mexp(&x.neg()));
    log(m).sub(&log(x)).sub(&mean.mul(&m.div(x).log()))
}

pub(super) fn bessel_divergence<S: Special>(x: &S, y: &S) -> S {
    if x.same(y) {
        return whole(x, 0);
    }
    let zero = whole(x, 0);
    let ratio = S::call("bessel_ratio", &[&zero, x]);
    let log = |x: &S| S::call("log_besseli_scaled", &[&zero, x]);
    log(y).sub(&log(x)).add(&y.sub(x).mul(&whole(x, 1).sub(&ratio)))
}

/// exp(−2|x|), 1 less that, and whether x is negative: nothing overflows.
fn folded<S: Special>(x: &S) -> (S, S, bool) {
    let is_negative = x.lower_real() < 0.0;
    let size = if is_negative { x.neg() } else { x.clone() };
    let exponent = size.add(&size).neg();
    (exponent.exp(), exponent.expm1().neg(), is_negative)
}

pub(super) fn langevin<S: Special>(x: &S) -> S {
    if x.is_nought() {
        return x.clone();
    }
    let (e, rest, is_negative) = folded(x);
    let coth = whole(x, 1).add(&e).div(&rest);
    let coth = if is_negative { coth.neg() } else { coth };
    coth.sub(&x.recip())
}

pub(super) fn langevin_hull(x: &Ball) -> Ball {
    increasing(x, langevin)
}

pub(super) fn langevin_slope<S: Special>(x: &S) -> S {
    if x.is_nought() {
        return whole(x, 1).div(&whole(x, 3));
    }
    let (e, rest, _) = folded(x);
    let inverse = x.recip();
    inverse.mul(&inverse).sub(&whole(x, 4).mul(&e).div(&rest.mul(&rest)))
}

/// By (sinh x − x)/x³ and sinh(x)/x near 0.
pub(super) fn complex_langevin_slope(x: Complex64) -> Complex64 {
    if x.norm() > 1.0 {
        return langevin_slope(&x);
    }
    // 1/3!, 1/5!, …: each less than 10⁻¹⁷ of the first from the tenth on.
    let mut terms = vec![1.0 / 6.0];
    for k in 1..10 {
        terms.push(terms[k - 1] / ((2 * k + 2) as f64 * (2 * k + 3) as f64));
    }
    let w = x * x;
    let p = terms.iter().rev().fold(Complex64::new(0.0, 0.0), |sum, term| sum * w + term);
    let q = w * p + 1.0;
    p * (q + 1.0) / (q * q)
}

pub(super) fn tilted_mean<S: Special>(x: &S) -> S {
    if x.is_nought() {
        return whole(x, 1).div(&whole(x, 2));
    }
    let first = match x.lower_real() < 0.0 {
        true => x.exp().div(&x.expm1()),
        false => x.neg().expm1().recip().neg(),
    };
    first.sub(&x.recip())
}

/// By Bernoulli numbers near 0.
pub(super) fn complex_tilted_mean(x: Complex64) -> Complex64 {
    const TERMS: [f64; 10] = [
        1.0 / 12.0,
        -1.0 / 720.0,
        1.0 / 30240.0,
        -1.0 / 1_209_600.0,
        1.0 / 47_900_160.0,
        -691.0 / 1_307_674_368_000.0,
        1.0 / 74_724_249_600.0,
        -3617.0 / 10_670_622_842_880_000.0,
        43867.0 / 5_109_094_217_170_944_000.0,
        -174_611.0 / 802_857_662_698_291_200_000.0,
    ];
    if x.norm() > 1.0 {
        return tilted_mean(&x);
    }
    let w = x * x;
    x * TERMS.iter().rev().fold(Complex64::new(0.0, 0.0), |sum, term| sum * w + term) + 0.5
}

pub(super) fn tilted_mean_hull(x: &Ball) -> Ball {
    increasing(x, tilted_mean)
}

/// By the exponential that does not overflow.
pub(super) fn log_expm1_ratio<S: Special>(x: &S) -> S {
    if x.is_nought() {
        return x.clone();
    }
    if x.lower_real() > 0.0 {
        return x.add(&x.neg().expm1().neg().div(x).log());
    }
    x.expm1().div(x).log()
}

pub(super) fn log_expm1_ratio_hull(x: &Ball) -> Ball {
    increasing(x, log_expm1_ratio)
}

pub(super) fn tilted_divergence<S: Special>(s: &S, t: &S) -> S {
    if s.same(t) {
        return whole(s, 0);
    }
    // Mirrored for s > 0: the larger parts of both are equal there.
    let (s, t) = if s.lower_real() > 0.0 { (s.neg(), t.neg()) } else { (s.clone(), t.clone()) };
    log_expm1_ratio(&t).sub(&log_expm1_ratio(&s)).sub(&t.sub(&s).mul(&S::call("tilted_mean", &[&s])))
}
