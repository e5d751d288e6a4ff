//! Densities, integrals over their sample spaces, expectations, divergence and Fisher information.

use super::Meta::{A, B, F, G, K, L, P, Q, R, U, V};
use super::{Instance, Rejected, Schema};
use crate::claim::Assumption;
use crate::expr::{DerivativeKind, Expr, Images, Node, Store};
use crate::proof::condition::Condition;

#[rustfmt::skip]
pub(super) static ROWS: &[Schema] = &[
    Schema { name: "def-kl", letters: &[P, Q, A, B], build: def_kl,
        statement: "KL(p(a) || q(b)) = ∫ p(x|a) log(p(x|a)/q(x|b)) dx", conditions: "p > 0, q > 0, common support",
        source: "definition; Kullback and Leibler (1951)", ..Schema::ROW },
    Schema { name: "def-e", letters: &[P, A, F], build: def_e,
        statement: "E_a[f] = ∫ p(x|a) f(x) dx", conditions: "none", source: "definition", ..Schema::ROW },
    Schema { name: "def-fisher", letters: &[P, A], build: def_fisher,
        statement: "F(a) = E_a[∇log p(x|a) ∇log p(x|a)']", conditions: "p > 0, C¹, second moments of the score",
        source: "definition; Fisher (1925)", ..Schema::ROW },
    Schema { name: "normalized", letters: &[P, A], loses: &[A], build: normalized,
        statement: "∫ p(x|a) dx = 1", conditions: "none", source: "p is a density", ..Schema::ROW },
    Schema { name: "normalized-common", letters: &[P, Q, A, B], loses: &[A, B], build: normalized_common,
        statement: "∫ q(x|b) dx = 1 over the sample space of p", conditions: "p(a) and q(b) have a common support", source: "q is a density", ..Schema::ROW },
    Schema { name: "e-one", letters: &[P, A], loses: &[A], build: e_one,
        statement: "E_a[1] = 1", conditions: "none", source: "p is a density", ..Schema::ROW },
    Schema { name: "int-sum", letters: &[P, F, G], build: int_sum,
        statement: "∫ (f + g) dx = ∫ f dx + ∫ g dx", conditions: "both integrable", source: "linearity of the integral", ..Schema::ROW },
    Schema { name: "e-sum", letters: &[P, A, F, G], build: e_sum,
        statement: "E_a[f + g] = E_a[f] + E_a[g]", conditions: "both integrable", source: "linearity of expectation", ..Schema::ROW },
    Schema { name: "int-constant", letters: &[P, K, F], build: int_constant,
        statement: "∫ k L f R dx = k L (∫ f dx) R for constant k, L, R", conditions: "f integrable", source: "linearity of the integral", ..Schema::ROW },
    Schema { name: "e-constant", letters: &[P, A, K, F], build: e_constant,
        statement: "E_a[k L f R] = k L E_a[f] R for constant k, L, R", conditions: "f integrable", source: "linearity of expectation", ..Schema::ROW },
    Schema { name: "exchange", letters: &[P, A, F], build: |i| exchange(i, DerivativeKind::Gradient),
        statement: "∫ ∇_t f(x, t) dx = ∇_t ∫ f(x, t) dx at a", conditions: "differentiation under the integral",
        source: "Leibniz; dominated convergence", ..Schema::ROW },
    Schema { name: "exchange-2", letters: &[P, A, F], build: |i| exchange(i, DerivativeKind::Hessian),
        statement: "∫ ∇²_t f(x, t) dx = ∇²_t ∫ f(x, t) dx at a", conditions: "differentiation under the integral, twice",
        source: "Leibniz; dominated convergence", ..Schema::ROW },
    Schema { name: "exchange-e", letters: &[P, A, B, F], build: |i| exchange_e(i, DerivativeKind::Gradient),
        statement: "E_b[∇_t f(x, t)] = ∇_t E_b[f(x, t)] at a, the measure b fixed", conditions: "differentiation under the expectation",
        source: "Leibniz; dominated convergence", ..Schema::ROW },
    Schema { name: "exchange-e-2", letters: &[P, A, B, F], build: |i| exchange_e(i, DerivativeKind::Hessian),
        statement: "E_b[∇²_t f(x, t)] = ∇²_t E_b[f(x, t)] at a, the measure b fixed", conditions: "differentiation under the expectation, twice",
        source: "Leibniz; dominated convergence", ..Schema::ROW },
    Schema { name: "score-mean", letters: &[P, A], loses: &[A], build: score_mean, lemma: true,
        statement: "E_a[∇log p(x|a)] = 0", conditions: "one exchange of ∇ and ∫", source: "lemma from grad-log, exchange, normalized", ..Schema::ROW },
    Schema { name: "information", letters: &[P, A], build: information, lemma: true,
        statement: "E_a[∇²log p(x|a)] = −F(a)", conditions: "two exchanges of ∇ and ∫", source: "lemma from hess-log, exchange-2, normalized", ..Schema::ROW },
    Schema { name: "given", letters: &[U, V], build: given,
        statement: "u = v, as it is assumed or defined in the text", conditions: "none", source: "the text", ..Schema::ROW },
];

fn def_kl(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, q, a, b) = (i.density(P)?, i.density(Q)?, i.get(A)?, i.get(B)?);
    let x = i.x();
    let (u, v) = (i.density_at(p, x, a)?, i.density_at(q, x, b)?);
    i.require_for_all_x(p, x, u, Condition::Positive);
    i.require_for_all_x(p, x, v, Condition::Positive);
    i.require(Condition::CommonSupport { first: (p, a), second: (q, b) });
    let ratio = i.store.div(u, v);
    let log = i.log(ratio);
    let integrand = i.store.mul(u, log);
    let body = i.close(integrand, x);
    Ok((i.store.divergence((p, a), (q, b)), i.store.sample_integral(p, body)))
}

fn def_e(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, a, f) = (i.density(P)?, i.get(A)?, i.get(F)?);
    let x = i.x();
    let weight = i.density_at(p, x, a)?;
    let value = i.open(f, x);
    let product = i.times([weight, value]);
    let body = i.close(product, x);
    Ok((i.store.expectation(p, a, f), i.store.sample_integral(p, body)))
}

/// The k-th derivative of t ↦ log p(x | t) at a.
fn log_derivative(i: &mut Instance, kind: DerivativeKind, x: Expr) -> Result<Expr, Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    let t = i.t(a);
    let density = i.density_at(p, x, t)?;
    let log = i.log(density);
    let body = i.close(log, t);
    Ok(i.store.derivative(kind, body, a))
}

fn def_fisher(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    let x = i.x();
    let density = i.density_at(p, x, a)?;
    i.require_for_all_x(p, x, density, Condition::Positive);
    let score = log_derivative(i, DerivativeKind::Gradient, x)?;
    i.require_for_all_x(p, x, score, Condition::Defined);
    let transposed = i.store.transpose(score);
    let square = i.times([score, transposed]);
    let body = i.close(square, x);
    let right = i.store.expectation(p, a, body);
    i.require(Condition::Integrable(right));
    Ok((i.store.fisher(p, a), right))
}

fn normalized(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    let x = i.x();
    let density = i.density_at(p, x, a)?;
    let body = i.close(density, x);
    Ok((i.store.sample_integral(p, body), Store::ONE))
}

fn normalized_common(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, q, a, b) = (i.density(P)?, i.density(Q)?, i.get(A)?, i.get(B)?);
    let x = i.x();
    let density = i.density_at(q, x, b)?;
    i.density_at(p, x, a)?;
    i.require(Condition::CommonSupport { first: (p, a), second: (q, b) });
    let body = i.close(density, x);
    Ok((i.store.sample_integral(p, body), Store::ONE))
}

fn e_one(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    let x = i.x();
    i.density_at(p, x, a)?;
    Ok((i.store.expectation(p, a, Store::ONE), Store::ONE))
}

/// I(f + g) = I(f) + I(g) of an integral or expectation.
fn additive(
    i: &mut Instance,
    integral: &mut dyn FnMut(&mut Instance, Expr) -> Expr,
) -> Result<(Expr, Expr), Rejected> {
    let (f, g) = (i.get(F)?, i.get(G)?);
    let sum = i.store.add(f, g);
    let (first, second) = (integral(i, f), integral(i, g));
    i.require(Condition::Integrable(first));
    i.require(Condition::Integrable(second));
    let left = integral(i, sum);
    Ok((left, i.store.add(first, second)))
}

fn int_sum(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let p = i.density(P)?;
    additive(i, &mut |i, f| i.store.sample_integral(p, f))
}

fn e_sum(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    additive(i, &mut |i, f| i.store.expectation(p, a, f))
}

/// I(k L f R) = k L I(f) R of an integral or expectation.
fn homogeneous(
    i: &mut Instance,
    integral: &mut dyn FnMut(&mut Instance, Expr) -> Expr,
) -> Result<(Expr, Expr), Rejected> {
    let (k, f) = (i.scalar(K)?, i.get(F)?);
    let (left, right) = (i.optional(L), i.optional(R));
    let inner = integral(i, f);
    i.require(Condition::Integrable(inner));
    let outside = i.between(inner, left, right);
    let outside = i.times([k, outside]);
    // The constants stand one binder further in: an instance in which they mention x does not exist.
    let [left, right] = [left, right].map(|m| m.map(|m| i.store.shift(m, 1)));
    let k = i.store.shift(k, 1);
    let body = i.between(f, left, right);
    let body = i.times([k, body]);
    Ok((integral(i, body), outside))
}

fn int_constant(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let p = i.density(P)?;
    homogeneous(i, &mut |i, f| i.store.sample_integral(p, f))
}

fn e_constant(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    homogeneous(i, &mut |i, f| i.store.expectation(p, a, f))
}

/// f(x, t) with symbols for both of its variables.
fn open_both(i: &mut Instance, at: Expr) -> Result<(Expr, Expr, Expr), Rejected> {
    let f = i.get(F)?;
    let (x, t) = (i.x(), i.t(at));
    let below = i.open(f, t);
    let value = i.open(below, x);
    Ok((value, x, t))
}

fn exchange(i: &mut Instance, kind: DerivativeKind) -> Result<(Expr, Expr), Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    swap(i, kind, a, &mut |i, body| i.store.sample_integral(p, body))
}

fn exchange_e(i: &mut Instance, kind: DerivativeKind) -> Result<(Expr, Expr), Rejected> {
    let (p, a, b) = (i.density(P)?, i.get(A)?, i.get(B)?);
    swap(i, kind, a, &mut |i, body| i.store.expectation(p, b, body))
}

fn swap(
    i: &mut Instance,
    kind: DerivativeKind,
    a: Expr,
    integral: &mut dyn FnMut(&mut Instance, Expr) -> Expr,
) -> Result<(Expr, Expr), Rejected> {
    let (value, x, t) = open_both(i, a)?;
    let function = i.close(value, t);
    let derivative = i.store.derivative(kind, function, a);
    let body = i.close(derivative, x);
    let left = integral(i, body);
    let body = i.close(value, x);
    let inner = integral(i, body);
    let function = i.close(inner, t);
    let right = i.store.derivative(kind, function, a);
    i.require(Condition::Exchange(right));
    Ok((left, right))
}

fn score_mean(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    let x = i.x();
    let score = log_derivative(i, DerivativeKind::Gradient, x)?;
    let body = i.close(score, x);
    let left = i.store.expectation(p, a, body);
    let shape = i.store.shape(a);
    Ok((left, i.store.zero(shape)))
}

fn information(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let (p, a) = (i.density(P)?, i.get(A)?);
    let x = i.x();
    let hessian = log_derivative(i, DerivativeKind::Hessian, x)?;
    let body = i.close(hessian, x);
    let left = i.store.expectation(p, a, body);
    let fisher = i.store.fisher(p, a);
    Ok((left, i.store.neg(fisher)))
}

/// An equation of the context. One that defines a density, `p(x, θ) = …` or `log p(x, θ) = …` with its declared parameter,
/// holds for all x and θ: U and V are then its sides at other arguments, A and B these arguments in order.
fn given(i: &mut Instance) -> Result<(Expr, Expr), Rejected> {
    let wanted = (i.get(U)?, i.get(V)?);
    let arguments: Vec<Expr> = [A, B].into_iter().map_while(|meta| i.optional(meta)).collect();
    for assumption in &i.context.assumptions {
        let Assumption::Equal(left, right) = assumption else { continue };
        if (*left, *right) == wanted {
            return Ok(wanted);
        }
        let Some(symbols) = arguments_of_density(i, *left).filter(|s| s.len() == arguments.len()) else {
            continue;
        };
        let same = symbols.iter().zip(&arguments).all(|(s, a)| i.store.shape(*s) == i.store.shape(*a));
        let images: Images = symbols.into_iter().zip(arguments.iter().copied()).collect();
        if same && (i.store.substitute(*left, &images), i.store.substitute(*right, &images)) == wanted {
            return Ok(wanted);
        }
    }
    Err(Rejected::because("no such assumption"))
}

/// x and θ of `p(x, θ)` or `log p(x, θ)`, when θ is the declared parameter of p and x another symbol.
fn arguments_of_density(i: &Instance, left: Expr) -> Option<Vec<Expr>> {
    let head = match &i.store[left] {
        Node::Call(function, list) if function.row().name == "log" => list[0],
        _ => left,
    };
    let Node::Apply(symbol, list) = &i.store[head] else { return None };
    let density = i.context.densities.iter().find(|d| d.symbol == *symbol)?;
    let parameters = list.get(1..)?;
    let declared: Vec<Expr> = density.parameter.into_iter().collect();
    let fits =
        parameters == declared && i.store.as_symbol(list[0]).is_some() && !parameters.contains(&list[0]);
    fits.then(|| list.to_vec())
}
