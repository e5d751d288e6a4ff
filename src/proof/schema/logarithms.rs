//! Logarithms, exponentials and powers of scalars.

use super::Meta::{E, U, V};
use super::{Instance, Rejected, Schema};
use crate::expr::{Expr, Store};
use crate::proof::condition::Condition;

#[rustfmt::skip]
pub(super) static ROWS: &[Schema] = &[
    Schema { name: "log-product", letters: &[U, V], build: log_product,
        statement: "log(u v) = log u + log v", conditions: "u > 0, v > 0", source: "DLMF 4.8.1, real case", ..Schema::ROW },
    Schema { name: "log-power", letters: &[U, E], build: log_power,
        statement: "log(u^e) = e log u", conditions: "u > 0", source: "DLMF 4.8.5, real case", ..Schema::ROW },
    Schema { name: "log-one", letters: &[], build: log_one,
        statement: "log 1 = 0", conditions: "none", source: "DLMF 4.6.1", ..Schema::ROW },
    Schema { name: "log-exp", letters: &[U], build: log_exp,
        statement: "log(exp(u)) = u", conditions: "none", source: "DLMF 4.2.19", ..Schema::ROW },
    Schema { name: "exp-log", letters: &[U], build: exp_log,
        statement: "exp(log(u)) = u", conditions: "u > 0", source: "DLMF 4.2.19", ..Schema::ROW },
    Schema { name: "power-product", letters: &[U, V, E], build: power_product,
        statement: "(u v)^e = u^e v^e", conditions: "u > 0, v > 0", source: "real powers", ..Schema::ROW },
    Schema { name: "root-product", letters: &[U, V], build: root_product,
        statement: "√(u v) = √u √v", conditions: "u >= 0, v >= 0", source: "real roots", ..Schema::ROW },
    Schema { name: "root-square", letters: &[U], build: root_square,
        statement: "√(u²) = u", conditions: "u >= 0", source: "real roots", ..Schema::ROW },
    Schema { name: "power-power", letters: &[U, V, E], build: power_power,
        statement: "(u^v)^e = u^(v e)", conditions: "u > 0", source: "real powers", ..Schema::ROW },
];

fn positive(i: &mut Instance, letters: &[super::Meta]) -> Result<Vec<Expr>, Rejected> {
    let terms: Vec<Expr> = letters.iter().map(|letter| i.scalar(*letter)).collect::<Result<_, _>>()?;
    terms.iter().for_each(|e| i.require(Condition::Positive(*e)));
    Ok(terms)
}

fn log_product(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let terms = positive(i, &[U, V])?;
    let product = i.store.product(terms.iter().copied());
    let left = i.log(product);
    let (first, second) = (i.log(terms[0]), i.log(terms[1]));
    Ok((left, i.store.add(first, second)))
}

fn log_power(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (u, e) = (positive(i, &[U])?[0], i.scalar(E)?);
    let power = i.store.pow(u, e);
    let (left, log) = (i.log(power), i.log(u));
    Ok((left, i.store.mul(e, log)))
}

fn log_one(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    Ok((i.log(Store::ONE), Store::ZERO))
}

fn log_exp(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let u = i.scalar(U)?;
    let exp = i.store.call_named("exp", vec![u]);
    Ok((i.log(exp), u))
}

fn exp_log(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let u = positive(i, &[U])?[0];
    let log = i.log(u);
    Ok((i.store.call_named("exp", vec![log]), u))
}

fn power_product(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (terms, e) = (positive(i, &[U, V])?, i.scalar(E)?);
    let product = i.store.product(terms.iter().copied());
    let left = i.store.pow(product, e);
    let powers = [i.store.pow(terms[0], e), i.store.pow(terms[1], e)];
    Ok((left, i.store.product(powers)))
}

fn power_power(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (u, v, e) = (positive(i, &[U])?[0], i.scalar(V)?, i.scalar(E)?);
    let inner = i.store.pow(u, v);
    let exponent = i.store.mul(v, e);
    Ok((i.store.pow(inner, e), i.store.pow(u, exponent)))
}

fn root_product(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (u, v) = (i.scalar(U)?, i.scalar(V)?);
    i.require(Condition::NonNegative(u));
    i.require(Condition::NonNegative(v));
    let product = i.store.mul(u, v);
    let roots = [product, u, v].map(|e| i.store.call_named("sqrt", vec![e]));
    Ok((roots[0], i.store.mul(roots[1], roots[2])))
}

fn root_square(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let u = i.scalar(U)?;
    i.require(Condition::NonNegative(u));
    let square = i.store.powi(u, 2);
    Ok((i.store.call_named("sqrt", vec![square]), u))
}
