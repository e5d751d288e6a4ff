//! KL(θ‖θ + d) as the remainder of its own Taylor expansion: no cancellation, however small d is.
//!
//! The value and the gradient of KL(θ‖·) vanish at θ, so that KL(θ‖θ + d) = ∫₀¹ (1 − t) dᵀH(θ + td)d dt and
//! ∇KL = ∫₀¹ H(θ + td)d dt with H the Hessian; Gauss and Legendre's rule takes the integral. Solutions are confirmed
//! in enclosures of the closed form itself.

use std::cell::RefCell;

use crate::calculus::Differentiator;
use crate::expr::{Expr, Fact, Store};
use crate::number::Rational;
use crate::numeric::matrix::{multiply, quadratic_form};
use crate::stats::Derivation;
use crate::tape::{Enclosure, Tape};

use super::values::{Assignment, Partial};

/// Is θ in the declared domain, in floats?
pub(super) struct Domain {
    strict: Partial,
    count: usize,
    weak: Vec<bool>,
}

impl Domain {
    /// Of θ', at these constants.
    pub(super) fn new(store: &mut Store, derivation: &Derivation, at: &Assignment) -> Domain {
        let (mut list, mut weak) = (Vec::new(), Vec::new());
        for fact in &derivation.family.facts {
            if let Fact::Positive(e) | Fact::NonNegative(e) = fact {
                list.push(derivation.at_other(store, *e));
                weak.push(matches!(fact, Fact::NonNegative(_)));
            }
        }
        let other: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
        Domain { count: list.len(), strict: Partial::new(store, at, &other, &other, &list), weak }
    }

    /// Does the point belong to it?
    pub(super) fn contains(&self, theta: &[f64]) -> bool {
        let mut values = vec![0.0; self.count];
        if self.count > 0 {
            self.strict.eval(theta, &mut values);
        }
        values.iter().zip(&self.weak).all(|(v, weak)| *v > 0.0 || (*weak && *v == 0.0))
    }
}

/// KL(θ‖θ + d) from the closed form, without cancellation.
pub(super) struct Closed {
    theta: Vec<f64>,
    hessian: Partial,
    domain: Domain,
    nodes: Vec<(f64, f64)>,
    exact: Tape,
    at: Assignment,
    buffer: RefCell<Vec<f64>>,
}

impl Closed {
    /// From θ and the constants.
    pub(super) fn new(store: &mut Store, derivation: &Derivation, at: &Assignment, domain: Domain) -> Closed {
        let kl = derivation.kl.expect("the divergence has a closed form here");
        let other: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
        let size = other.len();
        let rows = Differentiator::new().hessian(store, kl, &other);
        let flat: Vec<Expr> = rows.into_iter().flatten().collect();
        let symbols = [at.symbols.as_slice(), &other].concat();
        Closed {
            theta: at.values[..size].iter().map(Rational::to_f64).collect(),
            hessian: Partial::new(store, at, &other, &other, &flat),
            domain,
            nodes: gauss_legendre(12),
            exact: Tape::new(store, &symbols, &[kl]),
            at: at.clone(),
            buffer: RefCell::new(vec![0.0; size * size]),
        }
    }

    /// Σ wₜ·v(t)·H(θ + td) over the nodes; NaN outside the domain.
    fn integral(&self, d: &[f64], weight: &dyn Fn(f64) -> f64) -> Vec<f64> {
        let size = d.len();
        let mut total = vec![0.0; size * size];
        let end: Vec<f64> = self.theta.iter().zip(d).map(|(a, b)| a + b).collect();
        if !self.domain.contains(&end) {
            return vec![f64::NAN; size * size];
        }
        let mut buffer = self.buffer.borrow_mut();
        for (t, w) in &self.nodes {
            let place: Vec<f64> = self.theta.iter().zip(d).map(|(a, b)| a + t * b).collect();
            self.hessian.eval(&place, &mut buffer);
            let factor = w * weight(*t);
            total.iter_mut().zip(buffer.iter()).for_each(|(sum, h)| *sum += factor * h);
        }
        total
    }

    /// KL(θ‖θ + d).
    pub(super) fn value(&self, d: &[f64]) -> f64 {
        quadratic_form(&self.integral(d, &|t| 1.0 - t), d)
    }

    /// Its gradient in d.
    pub(super) fn gradient(&self, d: &[f64]) -> Vec<f64> {
        multiply(&self.integral(d, &|_| 1.0), d)
    }

    /// Its Hessian in d.
    pub(super) fn hessian(&self, d: &[f64]) -> Vec<f64> {
        let place: Vec<f64> = self.theta.iter().zip(d).map(|(a, b)| a + b).collect();
        let mut out = vec![0.0; d.len() * d.len()];
        self.hessian.eval(&place, &mut out);
        out
    }

    /// |KL − ε|/ε in enclosures of the closed form.
    pub(super) fn confirmed(&self, d: &[f64], epsilon: f64) -> Option<f64> {
        let mut values = self.at.values.clone();
        for (theta, d) in self.at.values.iter().zip(d) {
            values.push(theta + &Rational::from_f64(*d)?);
        }
        for precision in [192, 512, 1024] {
            let inputs: Vec<Enclosure> =
                values.iter().map(|q| Enclosure::Exact(q.clone(), precision)).collect();
            let ball = self.exact.eval_one(&inputs, precision).to_ball();
            if ball.is_defined() && ball.is_narrow(10) {
                return Some((ball.midpoint_f64() - epsilon).abs() / epsilon);
            }
        }
        None
    }
}

/// Nodes and weights on (0, 1), from the roots of the Legendre polynomial by Newton's method.
fn gauss_legendre(count: usize) -> Vec<(f64, f64)> {
    let n = count as f64;
    let mut nodes = Vec::with_capacity(count);
    for k in 0..count {
        let mut x = libm::cos(std::f64::consts::PI * (k as f64 + 0.75) / (n + 0.5));
        let mut slope = 1.0;
        for _ in 0..50 {
            let (mut previous, mut current) = (1.0, x);
            for j in 2..=count {
                let j = j as f64;
                (previous, current) = (current, ((2.0 * j - 1.0) * x * current - (j - 1.0) * previous) / j);
            }
            slope = n * (x * current - previous) / (x * x - 1.0);
            let step = current / slope;
            x -= step;
            if step.abs() < 1e-16 {
                break;
            }
        }
        nodes.push((0.5 * (1.0 - x), 1.0 / ((1.0 - x * x) * slope * slope)));
    }
    nodes
}
