//! What can be said of a density that is not an exponential family: finite sums over its points, and the
//! entries of F that E[score] = 0 alone determines.

use super::derive::{Derivation, Status, Work};
use super::exponential::tidy;
use super::salvage;
use crate::algebra::normalize::{Normal, nicest};
use crate::expr::{Expr, Images, Store};

impl Work<'_> {
    /// What needs no integral: entries that E[score] = 0 alone determines. Where the score jumps, only those of
    /// parameters that do not move the jump.
    pub(super) fn entries(&mut self, store: &mut Store, derivation: &mut Derivation, kink: Option<Expr>) {
        let theta = derivation.family.theta();
        let x = derivation.family.x();
        let still = |store: &Store, e: Expr| kink.is_none_or(|kink| !store.mentions(kink, &[e]));
        let scores: Vec<Expr> = derivation.score.clone();
        let mut entries = vec![vec![None; theta.len()]; theta.len()];
        for i in 0..theta.len() {
            for j in i..theta.len() {
                if still(store, theta[i]) && still(store, theta[j]) {
                    let second = self.calculus.derivative(store, scores[i], theta[j]);
                    entries[i][j] = salvage::entry(store, &mut self.present, &x, second, &scores);
                    entries[j][i] = entries[i][j];
                }
            }
        }
        let known = entries.iter().flatten().flatten().count();
        if known == 0 {
            return;
        }
        if known == theta.len() * theta.len() {
            let raw: Vec<Vec<Expr>> =
                entries.iter().map(|row| row.iter().flatten().copied().collect()).collect();
            if self.set_fisher(store, derivation, &raw).is_ok() {
                derivation.status = Status::ClosedForm;
                return;
            }
        }
        derivation.status = Status::Partial;
        derivation.fisher_entries = entries;
    }

    /// F and KL of a density on finitely many points: Σ p·s·sᵀ and Σ p·(log p − log p').
    pub(super) fn over_points(&mut self, store: &mut Store, derivation: &mut Derivation) -> Normal<()> {
        let points = derivation.points.clone().unwrap_or_default();
        let x = derivation.family.x();
        let size = derivation.score.len();
        let mut sums = vec![vec![Vec::new(); size]; size];
        let (mut divergence, mut masses) = (Vec::new(), Vec::new());
        let other = derivation.at_other(store, derivation.family.log_density);
        for point in points {
            let images: Images = x.iter().copied().zip(point).collect();
            let log = store.substitute(derivation.family.log_density, &images);
            let mass = store.call_named("exp", [log]);
            let mass = tidy(store, &mut self.present, mass);
            let score = store.substitute_all(&derivation.score, &images);
            for i in 0..size {
                for j in i..size {
                    sums[i][j].push(store.product([mass, score[i], score[j]]));
                }
            }
            let other = store.substitute(other, &images);
            let difference = store.sub(log, other);
            divergence.push(store.mul(mass, difference));
            masses.push(mass);
        }
        let mut raw = vec![vec![Store::ZERO; size]; size];
        for i in 0..size {
            for j in i..size {
                raw[i][j] = store.sum(sums[i][j].clone());
                raw[j][i] = raw[i][j];
            }
        }
        self.set_fisher(store, derivation, &raw)?;
        let raw = store.sum(divergence);
        let raw = store.without_zero_terms(raw);
        let simple = self.both_domains(store, derivation).simplify(store, raw);
        derivation.kl = Some(nicest(store, &[simple, raw]));
        let total = store.sum(masses);
        let rest = store.sub(total, Store::ONE);
        if self.decide.is_zero(store, rest)? {
            derivation.normalized_by = Some("finite-sum");
        }
        Ok(())
    }
}
