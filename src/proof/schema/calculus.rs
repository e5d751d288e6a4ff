//! Gradients, Hessians and Taylor's formula.
//!
//! The gradient of a scalar is a column; the derivative of a column f of m entries by n variables is its m × n Jacobian, and
//! of anything by a scalar variable has the shape of f.

use super::Meta::{A, C, D, E, F, G, K, M, U};
use super::{Instance, Rejected, Remainder, Schema};
use crate::expr::DerivativeKind::{self, Gradient, Hessian};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;
use crate::proof::condition::Condition;

#[rustfmt::skip]
pub(super) static ROWS: &[Schema] = &[
    Schema { name: "grad-constant", letters: &[C, A], loses: &[C, A], build: |i| constant(i, Gradient),
        statement: "∇_t c = 0", conditions: "none", source: "calculus", ..Schema::ROW },
    Schema { name: "hess-constant", letters: &[C, A], loses: &[C, A], build: |i| constant(i, Hessian),
        statement: "∇²_t c = 0", conditions: "none", source: "calculus", ..Schema::ROW },
    Schema { name: "grad-sum", letters: &[F, G, A], build: |i| sum(i, Gradient),
        statement: "∇(f + g) = ∇f + ∇g", conditions: "f and g C¹", source: "calculus", ..Schema::ROW },
    Schema { name: "hess-sum", letters: &[F, G, A], build: |i| sum(i, Hessian),
        statement: "∇²(f + g) = ∇²f + ∇²g", conditions: "f and g C²", source: "calculus", ..Schema::ROW },
    Schema { name: "grad-scale", letters: &[K, F, A], build: |i| scale(i, Gradient),
        statement: "∇(k f) = k ∇f for constant k", conditions: "f C¹", source: "calculus", ..Schema::ROW },
    Schema { name: "hess-scale", letters: &[K, F, A], build: |i| scale(i, Hessian),
        statement: "∇²(k f) = k ∇²f for constant k", conditions: "f C²", source: "calculus", ..Schema::ROW },
    Schema { name: "grad-product", letters: &[F, G, A], build: grad_product,
        statement: "∇(f g) = f ∇g + g ∇f of scalars", conditions: "f and g C¹", source: "calculus", ..Schema::ROW },
    Schema { name: "hess-product", letters: &[F, G, A], build: hess_product,
        statement: "∇²(f g) = f ∇²g + g ∇²f + ∇f ∇g' + ∇g ∇f' of scalars", conditions: "f and g C²", source: "calculus", ..Schema::ROW },
    Schema { name: "grad-power", letters: &[F, E, A], build: grad_power,
        statement: "∇ f^e = e f^(e−1) ∇f for constant e", conditions: "f C¹; f > 0 unless e is a whole number, then f != 0 for e < 1", source: "calculus", ..Schema::ROW },
    Schema { name: "grad-linear", letters: &[C, A], loses: &[A], build: grad_linear,
        statement: "∇_t(c't) = c", conditions: "none", source: "calculus", ..Schema::ROW },
    Schema { name: "hess-linear", letters: &[C, A], loses: &[C, A], build: hess_linear,
        statement: "∇²_t(c't) = 0", conditions: "none", source: "calculus", ..Schema::ROW },
    Schema { name: "jacobian-linear", letters: &[M, A], loses: &[A], build: jacobian_linear,
        statement: "∂(M t)/∂t = M", conditions: "none", source: "calculus", ..Schema::ROW },
    Schema { name: "grad-identity", letters: &[A], loses: &[A], build: grad_identity,
        statement: "∂t/∂t = I", conditions: "none", source: "calculus", ..Schema::ROW },
    Schema { name: "grad-quadratic", letters: &[M, A], build: |i| quadratic(i, Gradient),
        statement: "∇(t'Mt) = (M + M')t", conditions: "none", source: "calculus", ..Schema::ROW },
    Schema { name: "hess-quadratic", letters: &[M, A], loses: &[A], build: |i| quadratic(i, Hessian),
        statement: "∇²(t'Mt) = M + M'", conditions: "none", source: "calculus", ..Schema::ROW },
    Schema { name: "grad-shift", letters: &[F, C, A], build: |i| shift(i, Gradient),
        statement: "∇_t f(c + t) at a = ∇f at c + a", conditions: "f C¹", source: "chain rule", ..Schema::ROW },
    Schema { name: "hess-shift", letters: &[F, C, A], build: |i| shift(i, Hessian),
        statement: "∇²_t f(c + t) at a = ∇²f at c + a", conditions: "f C²", source: "chain rule", ..Schema::ROW },
    Schema { name: "grad-chain", letters: &[F, G, A], build: grad_chain,
        statement: "∇ f(g(t)) = J_g' ∇f(g(t)) for scalar f", conditions: "f and g C¹", source: "chain rule", ..Schema::ROW },
    Schema { name: "hess-jacobian", letters: &[F, A], build: hess_jacobian,
        statement: "∇²f = ∂(∇f)/∂t", conditions: "f C²", source: "definition of the Hessian", ..Schema::ROW },
    Schema { name: "grad-log", letters: &[F, A], build: grad_log,
        statement: "∇ log f = ∇f / f", conditions: "f > 0, C¹", source: "log-derivative", ..Schema::ROW },
    Schema { name: "hess-log", letters: &[F, A], build: hess_log,
        statement: "∇² log f = ∇²f / f − ∇f ∇f' / f²", conditions: "f > 0, C²", source: "log-derivative, twice", ..Schema::ROW },
    Schema { name: "grad-exp", letters: &[F, A], build: grad_exp,
        statement: "∇ exp(f) = exp(f) ∇f", conditions: "f C¹", source: "DLMF 4.2.19 and chain rule", ..Schema::ROW },
    Schema { name: "taylor-0", letters: &[F, A, D], build: |i| taylor(i, 0), remainder: Remainder::Powers(0),
        statement: "f(a + d) = f(a) + o(1)", conditions: "f continuous at a; d → 0", source: "continuity", ..Schema::ROW },
    Schema { name: "taylor-1", letters: &[F, A, D], build: |i| taylor(i, 1), remainder: Remainder::Powers(1),
        statement: "f(a + d) = f(a) + ∇f(a)'d + o(‖d‖)", conditions: "f C¹ around a; d → 0", source: "Taylor, remainder of Peano", ..Schema::ROW },
    Schema { name: "taylor-2", letters: &[F, A, D], build: |i| taylor(i, 2), remainder: Remainder::Powers(2),
        statement: "f(a + d) = f(a) + ∇f(a)'d + ½ d'∇²f(a) d + o(‖d‖²)", conditions: "f C² around a; d → 0", source: "Taylor, remainder of Peano", ..Schema::ROW },
    Schema { name: "drop", letters: &[U], loses: &[U], build: drop, remainder: Remainder::Whole,
        statement: "u = o(the order of the claim)", conditions: "u has more small factors than the order; its others are bounded", source: "definition of o", ..Schema::ROW },
];

/// The derivative of a body at the letter A, and what it needs.
fn derivative(i: &mut Instance, kind: DerivativeKind, body: Expr) -> Result<Expr, Rejected> {
    let a = i.get(A)?;
    i.smooth(body, a, order_of(kind));
    Ok(i.store.derivative(kind, body, a))
}

fn order_of(kind: DerivativeKind) -> u32 {
    if kind == Hessian { 2 } else { 1 }
}

/// A body that must be a scalar.
fn scalar_body(i: &Instance, meta: super::Meta) -> Result<Expr, Rejected> {
    i.scalar(meta)
}

fn constant(i: &mut Instance, kind: DerivativeKind) -> Result<(Expr, Expr), Rejected> {
    let (c, a) = (i.get(C)?, i.get(A)?);
    let body = i.store.shift(c, 1);
    let left = i.store.derivative(kind, body, a);
    let shape = i.store.shape(left);
    Ok((left, i.store.zero(shape)))
}

fn sum(i: &mut Instance, kind: DerivativeKind) -> Result<(Expr, Expr), Rejected> {
    let (f, g, a) = (i.get(F)?, i.get(G)?, i.get(A)?);
    let body = i.store.add(f, g);
    let left = i.store.derivative(kind, body, a);
    let (first, second) = (derivative(i, kind, f)?, derivative(i, kind, g)?);
    Ok((left, i.store.add(first, second)))
}

fn scale(i: &mut Instance, kind: DerivativeKind) -> Result<(Expr, Expr), Rejected> {
    let (k, f, a) = (i.scalar(K)?, i.get(F)?, i.get(A)?);
    let below = i.store.shift(k, 1);
    let body = i.times([below, f]);
    let left = i.store.derivative(kind, body, a);
    let inner = derivative(i, kind, f)?;
    Ok((left, i.times([k, inner])))
}

fn grad_product(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (f, g, a) = (scalar_body(i, F)?, scalar_body(i, G)?, i.get(A)?);
    let body = i.store.mul(f, g);
    let left = i.store.derivative(Gradient, body, a);
    let (df, dg) = (derivative(i, Gradient, f)?, derivative(i, Gradient, g)?);
    let (f, g) = (i.open(f, a), i.open(g, a));
    let terms = [i.times([f, dg]), i.times([g, df])];
    Ok((left, i.store.sum(terms)))
}

fn hess_product(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (f, g, a) = (scalar_body(i, F)?, scalar_body(i, G)?, i.get(A)?);
    let body = i.store.mul(f, g);
    let left = i.store.derivative(Hessian, body, a);
    let (hf, hg) = (derivative(i, Hessian, f)?, derivative(i, Hessian, g)?);
    let (df, dg) = (i.store.derivative(Gradient, f, a), i.store.derivative(Gradient, g, a));
    let (f, g) = (i.open(f, a), i.open(g, a));
    let (row_f, row_g) = (i.store.transpose(df), i.store.transpose(dg));
    let terms = [i.times([f, hg]), i.times([g, hf]), i.times([df, row_g]), i.times([dg, row_f])];
    Ok((left, i.store.sum(terms)))
}

fn grad_power(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (f, e, a) = (scalar_body(i, F)?, i.scalar(E)?, i.get(A)?);
    let below = i.store.shift(e, 1);
    let body = i.store.pow(f, below);
    let left = i.store.derivative(Gradient, body, a);
    let inner = derivative(i, Gradient, f)?;
    let value = i.open(f, a);
    match i.store.as_number(e) {
        Some(q) if q.is_integer() && *q >= Rational::ONE => {}
        Some(q) if q.is_integer() => i.require(Condition::NonZero(value)),
        _ => i.require(Condition::Positive(value)),
    }
    let less = i.store.sub(e, Store::ONE);
    let power = i.store.pow(value, less);
    Ok((left, i.times([e, power, inner])))
}

/// c't under the binder of t.
fn linear_form(i: &mut Instance) -> Result<(Expr, Expr, Expr), Rejected> {
    let (c, a) = (i.get(C)?, i.get(A)?);
    if i.store.shape(c) != i.store.shape(a) {
        return Err(Rejected::because("shapes do not agree"));
    }
    let t = i.t(a);
    let row = i.store.transpose(c);
    let form = i.times([row, t]);
    Ok((i.close(form, t), c, a))
}

fn grad_linear(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (body, c, a) = linear_form(i)?;
    Ok((i.store.derivative(Gradient, body, a), c))
}

fn hess_linear(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (body, _, a) = linear_form(i)?;
    let left = i.store.derivative(Hessian, body, a);
    let shape = i.store.shape(left);
    Ok((left, i.store.zero(shape)))
}

fn jacobian_linear(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (m, a) = (i.get(M)?, i.get(A)?);
    let (shape, point) = (i.store.shape(m), i.store.shape(a));
    // A row times t is a scalar, whose gradient is the column: that is grad-linear.
    if shape.columns != point.rows || (shape.rows == point.columns && !shape.is_scalar()) {
        return Err(Rejected::because("shapes do not agree"));
    }
    let t = i.t(a);
    let product = i.times([m, t]);
    let body = i.close(product, t);
    Ok((i.store.derivative(Gradient, body, a), m))
}

fn grad_identity(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let a = i.get(A)?;
    let t = i.t(a);
    let body = i.close(t, t);
    let rows = i.store.shape(a).rows;
    Ok((i.store.derivative(Gradient, body, a), i.store.identity(rows)))
}

fn quadratic(i: &mut Instance, kind: DerivativeKind) -> Result<(Expr, Expr), Rejected> {
    let (m, a) = (i.get(M)?, i.get(A)?);
    let (shape, point) = (i.store.shape(m), i.store.shape(a));
    if shape.rows != point.rows || shape.columns != point.rows {
        return Err(Rejected::because("shapes do not agree"));
    }
    let t = i.t(a);
    let row = i.store.transpose(t);
    let form = i.times([row, m, t]);
    let body = i.close(form, t);
    let left = i.store.derivative(kind, body, a);
    let transposed = i.store.transpose(m);
    let both = i.store.add(m, transposed);
    Ok((left, if kind == Hessian { both } else { i.times([both, a]) }))
}

fn shift(i: &mut Instance, kind: DerivativeKind) -> Result<(Expr, Expr), Rejected> {
    let (f, c, a) = (i.get(F)?, i.get(C)?, i.get(A)?);
    let t = i.t(a);
    let moved = i.store.add(c, t);
    let value = i.open(f, moved);
    let body = i.close(value, t);
    let left = i.store.derivative(kind, body, a);
    let point = i.store.add(c, a);
    i.smooth(f, point, order_of(kind));
    Ok((left, i.store.derivative(kind, f, point)))
}

fn grad_chain(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (f, g, a) = (scalar_body(i, F)?, i.get(G)?, i.get(A)?);
    let t = i.t(a);
    let inner = i.open(g, t);
    let value = i.open(f, inner);
    let body = i.close(value, t);
    let left = i.store.derivative(Gradient, body, a);
    let point = i.open(g, a);
    let jacobian = derivative(i, Gradient, g)?;
    i.smooth(f, point, 1);
    let outer = i.store.derivative(Gradient, f, point);
    // The gradient of a scalar g is a column already.
    let scalar = i.store.shape(g).is_scalar();
    let jacobian = if scalar { jacobian } else { i.store.transpose(jacobian) };
    Ok((left, i.times([jacobian, outer])))
}

fn hess_jacobian(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (f, a) = (scalar_body(i, F)?, i.get(A)?);
    let left = derivative(i, Hessian, f)?;
    let t = i.t(a);
    let gradient = i.store.derivative(Gradient, f, t);
    let body = i.close(gradient, t);
    Ok((left, i.store.derivative(Gradient, body, a)))
}

/// f(a) > 0, f⁻¹(a) and ∇f(a).
fn positive_value(i: &mut Instance, order: u32) -> Result<(Expr, Expr, Expr), Rejected> {
    let (f, a) = (scalar_body(i, F)?, i.get(A)?);
    i.smooth(f, a, order);
    let value = i.open(f, a);
    i.require(Condition::Positive(value));
    let inverse = i.store.powi(value, -1);
    Ok((f, inverse, i.store.derivative(Gradient, f, a)))
}

fn grad_log(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (f, inverse, gradient) = positive_value(i, 1)?;
    let (log, a) = (i.log(f), i.get(A)?);
    Ok((i.store.derivative(Gradient, log, a), i.times([inverse, gradient])))
}

fn hess_log(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (f, inverse, gradient) = positive_value(i, 2)?;
    let (log, a) = (i.log(f), i.get(A)?);
    let left = i.store.derivative(Hessian, log, a);
    let hessian = i.store.derivative(Hessian, f, a);
    let row = i.store.transpose(gradient);
    let first = i.times([inverse, hessian]);
    let second = i.times([inverse, inverse, gradient, row]);
    Ok((left, i.store.sub(first, second)))
}

fn grad_exp(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (f, a) = (scalar_body(i, F)?, i.get(A)?);
    let exp = i.store.call_named("exp", vec![f]);
    let left = i.store.derivative(Gradient, exp, a);
    let inner = derivative(i, Gradient, f)?;
    let value = i.open(exp, a);
    Ok((left, i.times([value, inner])))
}

/// Taylor's polynomial of degree 0, 1 or 2; of degree 0 for values of any shape, of degree 1 also for columns.
fn taylor(i: &mut Instance, degree: u32) -> Result<(Expr, Expr), Rejected> {
    let (f, a, d) = (i.get(F)?, i.get(A)?, i.get(D)?);
    if i.store.shape(a) != i.store.shape(d) {
        return Err(Rejected::because("shapes do not agree"));
    }
    let point = i.store.add(a, d);
    let mut terms = vec![i.open(f, a)];
    i.smooth(f, a, degree);
    let left = i.open(f, point);
    if degree >= 1 {
        let gradient = i.store.derivative(Gradient, f, a);
        let matrix = if i.store.shape(f).is_scalar() { i.store.transpose(gradient) } else { gradient };
        terms.push(i.times([matrix, d]));
    }
    if degree == 2 {
        scalar_body(i, F)?;
        let hessian = i.store.derivative(Hessian, f, a);
        let row = i.store.transpose(d);
        let form = i.times([row, hessian, d]);
        terms.push(i.store.scale(&Rational::new(1, 2), form));
    }
    Ok((left, i.store.sum(terms)))
}

fn drop(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let u = i.get(U)?;
    if matches!(i.store[u], Node::Zero(_)) {
        return Err(Rejected::because("nothing to drop"));
    }
    let shape = i.store.shape(u);
    Ok((u, i.store.zero(shape)))
}
