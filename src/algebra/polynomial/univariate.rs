//! Dense polynomials in one variable modulo a prime, lowest power first.
//!
//! Modulo 5, gcd(x² − 1, x² + 3·x + 2) = x + 1.

use super::field::Field;

/// The monic greatest common divisor; empty when both are 0.
pub(super) fn gcd(field: &Field, a: Vec<u64>, b: Vec<u64>) -> Vec<u64> {
    let mut divisor = unscaled_gcd(field, a, b);
    make_monic(field, &mut divisor);
    divisor
}

/// The degree of the greatest common divisor of two polynomials that are not 0.
pub(super) fn gcd_degree(field: &Field, a: Vec<u64>, b: Vec<u64>) -> usize {
    unscaled_gcd(field, a, b).len() - 1
}

/// A greatest common divisor; empty when both are 0.
fn unscaled_gcd(field: &Field, mut a: Vec<u64>, mut b: Vec<u64>) -> Vec<u64> {
    trim(&mut a);
    trim(&mut b);
    if a.len() < b.len() {
        std::mem::swap(&mut a, &mut b);
    }
    while b.len() > 1 {
        pseudo_remainder(field, &mut a, &b);
        std::mem::swap(&mut a, &mut b);
    }
    // The last remainder is 0, or a constant and with it a unit.
    if b.len() == 1 {
        return vec![field.one];
    }
    a
}

fn trim(a: &mut Vec<u64>) {
    while a.last() == Some(&0) {
        a.pop();
    }
}

fn make_monic(field: &Field, a: &mut [u64]) {
    if let Some(&leading) = a.last() {
        let inverse = field.inverse(leading);
        for coefficient in a {
            *coefficient = field.mul(*coefficient, inverse);
        }
    }
}

/// A multiple of the remainder: for short operands a product in each place costs less than one inverse.
fn pseudo_remainder(field: &Field, a: &mut Vec<u64>, b: &[u64]) {
    let (&leading, lower) = b.split_last().expect("the divisor is not zero");
    while a.len() >= b.len() {
        let factor = a.pop().expect("the dividend is not empty");
        let shift = a.len() - lower.len();
        for target in &mut a[..shift] {
            *target = field.mul(*target, leading);
        }
        for (target, &coefficient) in a[shift..].iter_mut().zip(lower) {
            *target = field.sub(field.mul(*target, leading), field.mul(factor, coefficient));
        }
    }
    trim(a);
}

pub(super) fn remainder(field: &Field, a: &mut Vec<u64>, b: &[u64]) {
    let (&leading, lower) = b.split_last().expect("the divisor is not zero");
    let inverse = field.inverse(leading);
    while a.len() >= b.len() {
        let factor = field.mul(a.pop().expect("the dividend is not empty"), inverse);
        let shift = a.len() - lower.len();
        for (target, &coefficient) in a[shift..].iter_mut().zip(lower) {
            *target = field.sub(*target, field.mul(factor, coefficient));
        }
    }
    trim(a);
}

/// The coefficients of the polynomial through these points, at distinct places.
pub(super) fn interpolate(field: &Field, places: &[u64], inverses: &[Vec<u64>], values: &[u64]) -> Vec<u64> {
    // Newton's divided differences, then Horner's rule from the inside out.
    let mut differences = values.to_vec();
    for level in 1..places.len() {
        for i in (level..places.len()).rev() {
            let difference = field.sub(differences[i], differences[i - 1]);
            differences[i] = field.mul(difference, inverses[i][i - level]);
        }
    }
    let mut result: Vec<u64> = Vec::with_capacity(places.len());
    for (&place, &difference) in places.iter().zip(&differences).rev() {
        // result ← result·(x − place) + difference
        result.insert(0, 0);
        for i in 1..result.len() {
            result[i - 1] = field.sub(result[i - 1], field.mul(result[i], place));
        }
        result[0] = field.add(result[0], difference);
    }
    result
}

/// 1/(placeᵢ − placeⱼ) for j < i; `None` when two places agree.
pub(super) fn inverse_differences(field: &Field, places: &[u64]) -> Option<Vec<Vec<u64>>> {
    (0..places.len())
        .map(|i| {
            let difference = |j: usize| field.sub(places[i], places[j]);
            (0..i).map(|j| (difference(j) != 0).then(|| field.inverse(difference(j)))).collect()
        })
        .collect()
}

/// The coefficients cₛ with Σ cₛ·nodeₛᵗ = valueₜ for t = 1, 2, …; nodes distinct and nonzero.
///
/// With P(z) = Π (z − nodeᵣ) and P(z)/(z − nodeₛ) = Σ qₜ·zᵗ, the sum Σ qₜ·valueₜ₊₁ keeps only the term of s.
pub(super) fn solve_powers(field: &Field, nodes: &[u64], values: &[u64]) -> Option<Vec<u64>> {
    let mut master = vec![field.one];
    for &node in nodes {
        master.insert(0, 0);
        for i in 1..master.len() {
            master[i - 1] = field.sub(master[i - 1], field.mul(master[i], node));
        }
    }
    let mut quotient = vec![0; nodes.len()];
    let solve = |&node: &u64| {
        let mut carry = 0;
        for t in (0..nodes.len()).rev() {
            carry = field.add(master[t + 1], field.mul(carry, node));
            quotient[t] = carry;
        }
        let at_node = quotient.iter().rev().fold(0, |sum, &q| field.add(field.mul(sum, node), q));
        let sum = quotient.iter().zip(values).fold(0, |sum, (&q, &v)| field.add(sum, field.mul(q, v)));
        let divisor = field.mul(at_node, node);
        (divisor != 0).then(|| field.mul(sum, field.inverse(divisor)))
    };
    nodes.iter().map(solve).collect()
}
