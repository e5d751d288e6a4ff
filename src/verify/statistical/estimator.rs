//! KL divergences by quadrature or summation, from one fixed θ, that keep their digits however small they are.
//!
//! KL = E\[e^y − 1 − y\] for y = log p(x|θ') − log p(x|θ), because E\[e^y\] = 1: the integrand is never negative, and a
//! divergence of 10⁻¹² is as good as one of 1. Every value has an estimated error and is no proof.

use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Store};
use crate::number::Rational;
use crate::stats::Derivation;

use super::expectation::{Place, kinks, opened};
use super::values::{Assignment, Partial};

/// KL(θ‖·) by quadrature from one fixed θ, without cancellation.
///
/// KL = E\[e^y − 1 − y\] for y = log p(x|θ') − log p(x|θ): the integrand is never negative, so that small divergences
/// keep their digits.
pub struct Estimator {
    place: Place,
    pair: Partial,
    weight: Partial,
    atoms: Partial,
    atom_count: usize,
    kinks: Partial,
    kink_count: usize,
}

impl Estimator {
    /// From θ and the constants.
    ///
    /// # Errors
    /// Says which sample spaces cannot be integrated over.
    pub fn new(store: &mut Store, derivation: &Derivation, at: &Assignment) -> Result<Estimator, String> {
        let family = &opened(store, &derivation.family);
        let kinks = kinks(store, family);
        let place = Place::new(store, family, at, &kinks)?;
        let other: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
        let log_p = family.log_density;
        let log_q = derivation.at_other(store, log_p);
        let x = family.x();
        let inputs = [place.inputs.as_slice(), &other].concat();
        let variables = [x.as_slice(), &other].concat();
        let pair = Partial::new(store, at, &variables, &inputs, &[log_p, log_q]);
        let weight = place.tape(store, at, &[log_p]);
        let mut atoms = Vec::new();
        for atom in &family.atoms {
            atoms.push(atom.log_probability);
            atoms.push(derivation.at_other(store, atom.log_probability));
        }
        let mut roots = Vec::new();
        for u in &kinks {
            let u = derivation.at_other(store, *u);
            roots.extend(linear_root(store, u, &x));
        }
        Ok(Estimator {
            atom_count: family.atoms.len(),
            atoms: Partial::new(store, at, &other, &other, &atoms),
            kink_count: roots.len(),
            kinks: Partial::new(store, at, &other, &other, &roots),
            place,
            pair,
            weight,
        })
    }

    /// Does each value take a cubature in three variables?
    pub fn is_costly(&self) -> bool {
        self.place.is_costly()
    }

    /// KL(θ‖θ') and its estimated error.
    ///
    /// # Errors
    /// Says why there is no value to rely on.
    pub fn divergence(&self, other: &[f64]) -> Result<(f64, f64), String> {
        let mut breaks = vec![0.0; self.kink_count];
        if self.kink_count > 0 {
            self.kinks.eval(other, &mut breaks);
        }
        let mut inputs: Vec<f64> = Vec::new();
        let mut logs = [0.0; 2];
        let found = self.place.integrate_with(&breaks, 1, &|p| self.weight.first(p), &mut |p, out| {
            inputs.clear();
            inputs.extend_from_slice(p);
            inputs.extend_from_slice(other);
            self.pair.eval(&inputs, &mut logs);
            out[0] = excess(logs[0], logs[1]);
        })?;
        let mut value = found.values[0];
        if self.atom_count > 0 {
            let mut atoms = vec![0.0; 2 * self.atom_count];
            self.atoms.eval(other, &mut atoms);
            value += atoms.chunks(2).map(|pair| excess(pair[0], pair[1])).sum::<f64>();
        }
        if value.is_finite() {
            Ok((value, found.errors[0]))
        } else {
            Err("the divergence is not finite".to_owned())
        }
    }
}

/// p·(e^y − 1 − y) for y = log q − log p.
fn excess(log_p: f64, log_q: f64) -> f64 {
    let (p, y) = (libm::exp(log_p), log_q - log_p);
    if p == 0.0 {
        // Where p underflows, only q is left of p·e^y.
        return libm::exp(log_q);
    }
    if y.abs() < 0.3 {
        // Σ yᵏ/k! from k = 2; eleven terms leave less than 10⁻¹⁷.
        let mut term = 0.5 * y * y;
        let mut sum = term;
        for k in 3..14 {
            term *= y / f64::from(k);
            sum += term;
        }
        return p * sum;
    }
    libm::exp(log_q) - p * (1.0 + y)
}

/// −u(0)/u' for u linear in the only x.
fn linear_root(store: &mut Store, u: Expr, x: &[Expr]) -> Option<Expr> {
    let &[x] = x else { return None };
    let slope = Differentiator::new().derivative(store, u, x);
    if store.mentions(slope, &[x]) {
        return None;
    }
    let constant = store.substitute(u, &Images::from_iter([(x, Store::ZERO)]));
    let ratio = store.div(constant, slope);
    Some(store.neg(ratio))
}

/// KL between two exact points by quadrature or summation, with its estimated error.
///
/// # Errors
/// Says why there is no value to rely on.
pub fn numeric_kl(
    store: &mut Store,
    derivation: &Derivation,
    at: &Assignment,
    to: &[Rational],
) -> Result<(f64, f64), String> {
    if to.len() != derivation.kl_parameters.len() {
        return Err("the second point has another number of parameters".to_owned());
    }
    let to: Vec<f64> = to.iter().map(Rational::to_f64).collect();
    Estimator::new(store, derivation, at)?.divergence(&to)
}
