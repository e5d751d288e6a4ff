//! Densities with atoms, such as a zero-inflated Poisson, without an integral.
//!
//! The branch q of mass M = 1 − Σ P satisfies Jᵀm = M∇A + ∇M for m = Σ qT, and
//! Σ q s sᵀ = ∇²M − Σ mₖ∇²ηₖ + M∇²A; each atom adds P·s sᵀ of its own.

use super::derive::{Derivation, Work};
use super::exponential::{ExponentialFamily, Kind, tidy};
use super::matrix::{self, Matrix};
use crate::algebra::Fraction;
use crate::algebra::normalize::nicest;
use crate::expr::{Expr, Images, Store};
use crate::number::Rational;

impl Work<'_> {
    /// Atoms beside the density: the branch q of mass M = 1 − Σ P satisfies Jᵀm = M∇A + ∇M for m = Σ qT, and
    /// Σ q s sᵀ = ∇²M − Σ mₖ∇²ηₖ + M∇²A; each atom adds P·s sᵀ of its own.
    pub(super) fn with_atoms(
        &mut self,
        store: &mut Store,
        derivation: &mut Derivation,
        natural_jacobian: &[Vec<Expr>],
    ) -> Result<(), String> {
        let exponential = derivation.exponential.clone().expect("identified above");
        let theta = derivation.family.theta();
        let stopped = |_| "the algebra exceeded its limits".to_owned();
        let atoms: Vec<Expr> = derivation.family.atoms.iter().map(|a| a.log_probability).collect();
        let masses: Vec<Expr> = atoms
            .iter()
            .map(|l| {
                let mass = store.call_named("exp", [*l]);
                tidy(store, &mut self.present, mass)
            })
            .collect();
        let total = store.sum(masses.clone());
        let mass = store.sub(Store::ONE, total);
        let mass = tidy(store, &mut self.present, mass);
        let mass_gradient = self.calculus.gradient(store, mass, &theta);
        let mass_hessian = self.calculus.hessian(store, mass, &theta);
        let a_gradient = self.calculus.gradient(store, exponential.log_partition, &theta);
        let a_hessian = self.calculus.hessian(store, exponential.log_partition, &theta);
        let right: Vec<Expr> = (0..theta.len())
            .map(|i| {
                let product = store.mul(mass, a_gradient[i]);
                store.add(product, mass_gradient[i])
            })
            .collect();
        let mut all: Vec<Expr> = natural_jacobian.iter().flatten().copied().collect();
        all.extend(&right);
        let forms = self.form_list(store, &all).map_err(stopped)?;
        let (j, right) = forms.split_at(forms.len() - theta.len());
        let jacobian: Matrix = j.chunks(theta.len()).map(<[Fraction]>::to_vec).collect();
        let (rows, columns) = matrix::rank(&mut self.present, &jacobian).map_err(stopped)?;
        if rows.len() < exponential.statistics.len() {
            return Err("a curved family with atoms".to_owned());
        }
        let transposed = matrix::transpose(&jacobian);
        let square: Matrix = columns.iter().map(|c| transposed[*c].clone()).collect();
        let chosen: Vec<Fraction> = columns.iter().map(|c| right[*c].clone()).collect();
        let m = matrix::solve(&mut self.present, &square, &chosen).map_err(stopped)?;
        self.check_spare_rows(store, &transposed, &m, right)?;
        let m: Vec<Expr> = m.iter().map(|f| self.present.present(store, f)).collect();
        let size = theta.len();
        let hessians: Vec<Vec<Vec<Expr>>> =
            exponential.natural.iter().map(|eta| self.calculus.hessian(store, *eta, &theta)).collect();
        let scores: Vec<Vec<Expr>> =
            atoms.iter().map(|l| self.calculus.gradient(store, *l, &theta)).collect();
        let mut raw = vec![vec![Store::ZERO; size]; size];
        for i in 0..size {
            for j in i..size {
                let mut terms = vec![
                    (Rational::ONE, mass_hessian[i][j]),
                    (Rational::ONE, store.mul(mass, a_hessian[i][j])),
                ];
                for (k, m) in m.iter().enumerate() {
                    terms.push((Rational::MINUS_ONE, store.mul(*m, hessians[k][i][j])));
                }
                for (probability, score) in masses.iter().zip(&scores) {
                    terms.push((Rational::ONE, store.product([*probability, score[i], score[j]])));
                }
                raw[i][j] = store.linear(terms);
                raw[j][i] = raw[i][j];
            }
        }
        derivation.kind = Kind::No;
        self.set_fisher(store, derivation, &raw).map_err(stopped)?;
        derivation.mean = Some(self.whole_mean(store, derivation, &exponential, &m, &masses));
        self.divergence_with_atoms(store, derivation, &exponential, &m, mass, &masses);
        derivation.reason =
            Some("a density with atoms: the exponential form is that of the part beside them".to_owned());
        Ok(())
    }

    /// E[T] over the branch and the atoms.
    pub(super) fn whole_mean(
        &mut self,
        store: &mut Store,
        derivation: &Derivation,
        exponential: &ExponentialFamily,
        m: &[Expr],
        masses: &[Expr],
    ) -> Vec<Expr> {
        let x = derivation.family.x();
        let mut mean = Vec::new();
        for (branch, statistic) in m.iter().zip(&exponential.statistics) {
            let mut terms = vec![*branch];
            for (atom, mass) in derivation.family.atoms.iter().zip(masses) {
                let images: Images = x.iter().copied().zip(atom.point.iter().copied()).collect();
                let value = store.substitute(*statistic, &images);
                terms.push(store.mul(*mass, value));
            }
            let raw = store.sum(terms);
            mean.push(tidy(store, &mut self.present, raw));
        }
        mean
    }

    /// Σ q (log q − log q') + Σ P (log P − log P').
    pub(super) fn divergence_with_atoms(
        &mut self,
        store: &mut Store,
        derivation: &mut Derivation,
        exponential: &ExponentialFamily,
        m: &[Expr],
        mass: Expr,
        masses: &[Expr],
    ) {
        let other_partition = derivation.at_other(store, exponential.log_partition);
        let gap = store.sub(other_partition, exponential.log_partition);
        let mut terms = vec![store.mul(mass, gap)];
        for (eta, m) in exponential.natural.iter().zip(m) {
            let other = derivation.at_other(store, *eta);
            let difference = store.sub(*eta, other);
            terms.push(store.mul(difference, *m));
        }
        for (atom, probability) in derivation.family.atoms.clone().iter().zip(masses) {
            let other = derivation.at_other(store, atom.log_probability);
            let difference = store.sub(atom.log_probability, other);
            terms.push(store.mul(*probability, difference));
        }
        let raw = store.sum(terms);
        let mut both = self.both_domains(store, derivation);
        let simple = both.simplify(store, raw);
        derivation.kl = Some(nicest(store, &[simple, raw]));
    }
}
