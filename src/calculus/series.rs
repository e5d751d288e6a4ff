//! Taylor coefficients of expressions.
//!
//! `log(1 + t)` at 0 to order 2: `[0, 1, -1/2]`. The coefficients are the derivatives at the point over
//! the factorials; nothing is simplified here.

use super::Differentiator;
use crate::expr::{Expr, Images, Store};
use crate::number::Rational;

/// The coefficients of (x − at)^k in `e`, k = 0..=order, for a scalar symbol `x`.
pub fn taylor(
    store: &mut Store,
    calculus: &mut Differentiator,
    e: Expr,
    x: Expr,
    at: Expr,
    order: usize,
) -> Vec<Expr> {
    let mut coefficients = Vec::with_capacity(order + 1);
    let (mut current, mut factorial) = (e, Rational::ONE);
    for k in 0..=order {
        if k > 0 {
            current = calculus.derivative(store, current, x);
            factorial = &factorial * &Rational::from(k as i64);
        }
        let value = store.substitute(current, &Images::from_iter([(x, at)]));
        let scale = factorial.recip().expect("a factorial is not zero");
        coefficients.push(store.scale(&scale, value));
    }
    coefficients
}

/// The value, gradient and Hessian of `e` at a point: its Taylor polynomial of order 2 in several symbols.
pub fn taylor_in(
    store: &mut Store,
    calculus: &mut Differentiator,
    e: Expr,
    variables: &[Expr],
    at: &[Expr],
) -> (Expr, Vec<Expr>, Vec<Vec<Expr>>) {
    let point: Images = variables.iter().copied().zip(at.iter().copied()).collect();
    let gradient = calculus.gradient(store, e, variables);
    let hessian = calculus.hessian(store, e, variables);
    let value = store.substitute(e, &point);
    let gradient = store.substitute_all(&gradient, &point);
    let hessian = hessian.iter().map(|row| store.substitute_all(row, &point)).collect();
    (value, gradient, hessian)
}
