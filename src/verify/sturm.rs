//! Signs of univariate polynomials on intervals, exactly, by Sturm's theorem.
//!
//! x² − x + 1 has no root: its chain x² − x + 1, 2x − 1, −3/4 changes sign once at −∞ and once at ∞.
//! (x − 1)²·(x² + 1) is split into square-free factors first: only roots of odd multiplicity change the sign.

use super::sign::Signs;
use crate::algebra::range::{End, Range};
use crate::number::Rational;

/// A polynomial by its coefficients: entry k belongs to the k-th power, the last one is not 0; 0 is empty.
type Coefficients = Vec<Rational>;

/// Polynomials of higher degree, or with longer coefficients, are not looked at.
const LARGEST_DEGREE: usize = 24;
const LARGEST_BITS: u64 = 512;

/// The signs of Σ cₖxᵏ for the x of a range.
pub fn signs_on(coefficients: &[Rational], range: &Range) -> Signs {
    let p = trimmed(coefficients.to_vec());
    if p.is_empty() {
        return Signs::ZERO;
    }
    if p.len() > LARGEST_DEGREE + 1 || p.iter().any(|c| c.bits() > LARGEST_BITS) {
        return Signs::ANY;
    }
    if let Some(point) = range.as_point() {
        return sign_of(&value(&p, point));
    }
    let inside = interior_point(range);
    let mut signs = sign_of(&p[p.len() - 1]);
    let mut touches = false;
    for (factor, power) in square_free(&p) {
        let roots = roots_inside(&factor, range);
        match (roots, power % 2) {
            (0, 0) => {}
            (0, _) => signs = signs.times(sign_of(&value(&factor, &inside))),
            (_, 0) => touches = true,
            _ => return Signs::ANY,
        }
    }
    if touches {
        signs = signs.or(Signs::ZERO);
    }
    for end in [&range.lower, &range.upper].into_iter().flatten().filter(|end| !end.open) {
        signs = signs.or(sign_of(&value(&p, &end.at)));
    }
    signs
}

fn sign_of(q: &Rational) -> Signs {
    match q {
        q if q.is_positive() => Signs::POSITIVE,
        q if q.is_negative() => Signs::NEGATIVE,
        _ => Signs::ZERO,
    }
}

fn interior_point(range: &Range) -> Rational {
    match (&range.lower, &range.upper) {
        (Some(l), Some(u)) => (&l.at + &u.at) / Rational::from(2),
        (Some(l), None) => &l.at + &Rational::ONE,
        (None, Some(u)) => &u.at - &Rational::ONE,
        (None, None) => Rational::ZERO,
    }
}

/// The square-free factors, monic, with their multiplicities; Yun's algorithm.
fn square_free(p: &Coefficients) -> Vec<(Coefficients, usize)> {
    let mut factors = Vec::new();
    let slope = derivative(p);
    let common = gcd(p, &slope);
    let (mut b, mut c) = (quotient(p, &common), quotient(&slope, &common));
    let mut power = 1;
    while b.len() > 1 {
        let d = minus(&c, &derivative(&b));
        let factor = gcd(&b, &d);
        b = quotient(&b, &factor);
        c = quotient(&d, &factor);
        if factor.len() > 1 {
            factors.push((factor, power));
        }
        power += 1;
    }
    factors
}

/// How many different roots a square-free polynomial has strictly between the ends.
fn roots_inside(p: &Coefficients, range: &Range) -> usize {
    let mut chain = vec![p.clone(), derivative(p)];
    while chain[chain.len() - 1].len() > 1 {
        let (_, rest) = division(&chain[chain.len() - 2], &chain[chain.len() - 1]);
        if rest.is_empty() {
            break;
        }
        // A positive scale keeps the signs and the numbers short.
        let scale = rest[rest.len() - 1].abs().recip().expect("a leading coefficient is not zero");
        chain.push(rest.iter().map(|c| -(c * &scale)).collect());
    }
    let upper = changes(&chain, &range.upper, false);
    let lower = changes(&chain, &range.lower, true);
    // V(a) − V(b) counts the roots in (a, b].
    let at_end = range.upper.as_ref().is_some_and(|u| value(p, &u.at).is_zero());
    lower.saturating_sub(upper).saturating_sub(usize::from(at_end))
}

/// Sign changes of the chain at an end, or at ±∞.
fn changes(chain: &[Coefficients], end: &Option<End>, is_lower: bool) -> usize {
    let signs = chain.iter().map(|p| match end {
        Some(end) => value(p, &end.at),
        None => {
            let leading = p.last().cloned().unwrap_or(Rational::ZERO);
            if is_lower && p.len() % 2 == 0 { -leading } else { leading }
        }
    });
    let signs: Vec<bool> = signs.filter(|q| !q.is_zero()).map(|q| q.is_positive()).collect();
    signs.windows(2).filter(|pair| pair[0] != pair[1]).count()
}

fn trimmed(mut p: Coefficients) -> Coefficients {
    while p.last().is_some_and(Rational::is_zero) {
        p.pop();
    }
    p
}

fn value(p: &[Rational], x: &Rational) -> Rational {
    p.iter().rev().fold(Rational::ZERO, |sum, c| &(&sum * x) + c)
}

fn derivative(p: &Coefficients) -> Coefficients {
    p.iter().enumerate().skip(1).map(|(k, c)| c * &Rational::from(k as i64)).collect()
}

fn minus(a: &Coefficients, b: &Coefficients) -> Coefficients {
    let at = |p: &Coefficients, k: usize| p.get(k).cloned().unwrap_or(Rational::ZERO);
    trimmed((0..a.len().max(b.len())).map(|k| at(a, k) - at(b, k)).collect())
}

/// (quotient, remainder) by a polynomial that is not 0.
fn division(a: &Coefficients, b: &Coefficients) -> (Coefficients, Coefficients) {
    let mut rest = a.clone();
    let mut quotient = vec![Rational::ZERO; a.len().saturating_sub(b.len()) + 1];
    let leading = b[b.len() - 1].recip().expect("a leading coefficient is not zero");
    while rest.len() >= b.len() && !rest.is_empty() {
        let shift = rest.len() - b.len();
        let c = &rest[rest.len() - 1] * &leading;
        for (k, d) in b.iter().enumerate() {
            rest[shift + k] = &rest[shift + k] - &(&c * d);
        }
        quotient[shift] = c;
        rest = trimmed(rest);
    }
    (trimmed(quotient), rest)
}

fn quotient(a: &Coefficients, b: &Coefficients) -> Coefficients {
    division(a, b).0
}

/// The monic greatest common divisor.
fn gcd(a: &Coefficients, b: &Coefficients) -> Coefficients {
    let (mut a, mut b) = (a.clone(), b.clone());
    while !b.is_empty() {
        let rest = division(&a, &b).1;
        a = b;
        b = rest;
    }
    match a.last().and_then(Rational::recip) {
        Some(scale) => a.iter().map(|c| c * &scale).collect(),
        None => a,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(coefficients: &[i64], range: Range, expected: Signs) {
        let p: Vec<Rational> = coefficients.iter().map(|c| Rational::from(*c)).collect();
        assert_eq!(signs_on(&p, &range), expected, "{coefficients:?} on {range:?}");
    }

    fn between(a: i64, b: i64, open: bool) -> Range {
        let end = |n: i64| Some(End { at: Rational::from(n), open });
        Range { lower: end(a), upper: end(b) }
    }

    #[test]
    fn polynomials_have_their_signs() {
        check(&[1, -1, 1], Range::WHOLE, Signs::POSITIVE);
        check(&[1, 1, 0, 0, 1], Range::WHOLE, Signs::POSITIVE);
        check(&[-1, 0, 1], Range::WHOLE, Signs::ANY);
        check(&[-1, 0, 1], between(-1, 1, true), Signs::NEGATIVE);
        check(&[-1, 0, 1], between(-1, 1, false), Signs::NONPOSITIVE);
        check(&[1, -2, 1], Range::WHOLE, Signs::NONNEGATIVE);
        check(&[-1, 2, -1], Range::WHOLE, Signs::NONPOSITIVE);
        check(&[0, 1], Range::positive(), Signs::POSITIVE);
        check(&[0, 1], Range::nonnegative(), Signs::NONNEGATIVE);
        check(&[0, -1], Range::positive(), Signs::NEGATIVE);
        check(&[-2, 0, 1], between(1, 2, true), Signs::ANY);
        check(&[-2, 0, 1], between(2, 5, false), Signs::POSITIVE);
        check(&[0, 0, 1], Range::WHOLE, Signs::NONNEGATIVE);
        check(&[0, 0, 1], Range::positive(), Signs::POSITIVE);
        check(&[3], Range::WHOLE, Signs::POSITIVE);
        check(&[-1, 0, 0, 1], Range::below(Rational::ONE, true), Signs::NEGATIVE);
        check(&[0, 4, -4, 1], Range::positive(), Signs::NONNEGATIVE);
        check(&[], Range::WHOLE, Signs::ZERO);
    }
}
