//! E[T], the Fisher information, its inverse and the KL divergence of an identified exponential family.
//!
//! Jᵀ E[T] = ∇A with J = ∂η/∂θ; F = ∇²A − Σ E[Tₖ] ∇²ηₖ, compared with Jᵀ ∂E[T]/∂θ; KL is the Bregman divergence of A.

use super::derive::{Derivation, Work};
use super::exponential::{ExponentialFamily, Kind, tidy};
use super::family::Parameter;
use super::known::{LogIntegral, natural_log_partition};
use super::matrix::{self, Matrix};
use crate::algebra::Fraction;
use crate::algebra::normalize::{Normal, nicest};
use crate::expr::{Expr, Images, Store};
use crate::number::Rational;
use crate::print::display;

impl Work<'_> {
    /// E[T], F, its inverse, KL and the natural gradient of an identified exponential family.
    pub(super) fn information(
        &mut self,
        store: &mut Store,
        derivation: &mut Derivation,
    ) -> Result<(), String> {
        let exponential = derivation.exponential.clone().expect("identified above");
        let theta = derivation.family.theta();
        let stopped = |_| "the algebra exceeded its limits".to_owned();
        let natural_jacobian = self.calculus.jacobian(store, &exponential.natural, &theta);
        let partition_gradient = self.calculus.gradient(store, exponential.log_partition, &theta);
        let jacobian = self.forms(store, &natural_jacobian).map_err(stopped)?;
        let gradient = self.form_list(store, &partition_gradient).map_err(stopped)?;
        let statistics = exponential.statistics.len();
        let known = self.known.filter(|known| known.statistics == exponential.statistics);
        let (rows, columns) = match known {
            // What has θ(m) has ∂η/∂m, and E[T] by η is as smooth.
            Some(_) => ((0..statistics).collect(), (0..statistics).collect()),
            None => matrix::rank(&mut self.present, &jacobian).map_err(stopped)?,
        };
        let rank = rows.len();
        derivation.kind = if rank < statistics {
            Kind::Curved
        } else if statistics < theta.len() {
            Kind::Overparametrized
        } else {
            Kind::Minimal
        };
        let has_atoms = !derivation.family.atoms.is_empty();
        // Beside atoms F is more than Jᵀ Cov(T) J, and need not be singular where J is; by mean parameters J is the inverse
        // of Cov(T) and singular nowhere.
        let may_be_singular = derivation.kind == Kind::Minimal && !has_atoms && known.is_none();
        if may_be_singular && self.demand.singular_points {
            derivation.singular_where = self.singular_points(store, &jacobian).map_err(stopped)?;
        }
        let mean = if has_atoms {
            return self.with_atoms(store, derivation, &natural_jacobian);
        } else if let Some(known) = known {
            self.form_list(store, known.mean).map_err(stopped)?
        } else if rank == statistics {
            let transposed = matrix::transpose(&jacobian);
            let square: Matrix = columns.iter().map(|c| transposed[*c].clone()).collect();
            let right: Vec<Fraction> = columns.iter().map(|c| gradient[*c].clone()).collect();
            let mean = matrix::solve(&mut self.present, &square, &right).map_err(stopped)?;
            self.check_spare_rows(store, &transposed, &mean, &gradient)?;
            mean
        } else {
            self.embedded_mean(store, derivation, &exponential)?
        };
        let mean: Vec<Expr> = mean.iter().map(|m| self.present.present(store, m)).collect();
        derivation.mean = Some(mean.clone());
        if self.demand.fisher {
            // By mean parameters F = Jᵀ ∂E[T]/∂m is J itself, which is symmetric.
            let done = match known.filter(|_| !self.demand.evidence) {
                Some(_) => self.set_fisher(store, derivation, &natural_jacobian),
                None => self.fisher(store, derivation, &exponential, &natural_jacobian, &mean),
            };
            done.map_err(stopped)?;
        }
        if self.demand.evidence {
            self.normalization(store, derivation, &exponential);
        }
        if self.demand.divergence {
            self.divergence(store, derivation, &exponential, &mean);
        }
        Ok(())
    }

    /// The factors of det J that may vanish: F = Jᵀ Cov(T) J, and Cov(T) is positive definite when the family is
    /// minimal, so that F is singular where J is and nowhere else.
    pub(super) fn singular_points(
        &mut self,
        store: &mut Store,
        jacobian: &[Vec<Fraction>],
    ) -> Normal<Vec<Expr>> {
        let determinant = matrix::determinant(&mut self.present, jacobian)?;
        let (_, factors) = self.present.factors_of(store, &determinant)?;
        let mut vanishing = Vec::new();
        for (factor, power) in factors {
            if power > 0 && !self.present.assumptions.is_nonzero(store, factor) {
                vanishing.push(factor);
            }
        }
        Ok(vanishing)
    }

    /// With more parameters than statistics the other equations of Jᵀm = ∇A must hold as well.
    pub(super) fn check_spare_rows(
        &mut self,
        store: &mut Store,
        transposed: &[Vec<Fraction>],
        mean: &[Fraction],
        gradient: &[Fraction],
    ) -> Result<(), String> {
        for (i, right) in gradient.iter().enumerate() {
            // Without any statistic there are no rows, and ∇A itself must vanish.
            let row = transposed.get(i).map_or(&[] as &[Fraction], Vec::as_slice);
            let mut total = right.scale(&Rational::MINUS_ONE);
            for (entry, m) in row.iter().zip(mean) {
                let term =
                    self.present.times(entry, m).map_err(|_| "the algebra exceeded its limits".to_owned())?;
                total = self
                    .present
                    .plus(&total, &term)
                    .map_err(|_| "the algebra exceeded its limits".to_owned())?;
            }
            if !total.is_zero() {
                let residual = self.present.present(store, &total);
                if self.decide.is_zero(store, residual) != Ok(true) {
                    return Err(format!(
                        "E[score] = 0 has no solution: `{}` would have to vanish, so the density is not normalized",
                        display(store, residual)
                    ));
                }
            }
        }
        Ok(())
    }

    /// E[T] of a curved family, from the log-partition of the natural family around it.
    pub(super) fn embedded_mean(
        &mut self,
        store: &mut Store,
        derivation: &Derivation,
        exponential: &ExponentialFamily,
    ) -> Result<Vec<Fraction>, String> {
        let (_, eta, known) = self
            .natural_partition(store, derivation, exponential)
            .ok_or_else(|| "a curved family whose natural family has no known integral".to_owned())?;
        let images: Images = eta.iter().copied().zip(exponential.natural.iter().copied()).collect();
        let gradient = self.calculus.gradient(store, known.value, &eta);
        let mean = store.substitute_all(&gradient, &images);
        self.form_list(store, &mean).map_err(|_| "the algebra exceeded its limits".to_owned())
    }

    /// Symbols η and A(η) of the natural family with the same statistics.
    pub(super) fn natural_partition(
        &mut self,
        store: &mut Store,
        derivation: &Derivation,
        exponential: &ExponentialFamily,
    ) -> Option<(Vec<Parameter>, Vec<Expr>, LogIntegral)> {
        let parameters: Vec<Parameter> = (1..=exponential.statistics.len())
            .map(|i| {
                let name = format!("eta_{i}");
                Parameter { symbol: store.scalar(&name), name }
            })
            .collect();
        let eta: Vec<Expr> = parameters.iter().map(|p| p.symbol).collect();
        let x = derivation.family.x();
        let (t, h) = (&exponential.statistics, exponential.log_base_measure);
        let known = natural_log_partition(store, &mut self.decide, &self.space, &x, t, h, &eta)?;
        Some((parameters, eta, known))
    }

    pub(super) fn fisher(
        &mut self,
        store: &mut Store,
        derivation: &mut Derivation,
        exponential: &ExponentialFamily,
        natural_jacobian: &[Vec<Expr>],
        mean: &[Expr],
    ) -> Normal<()> {
        let theta = derivation.family.theta();
        let size = theta.len();
        let hessian_a = self.calculus.hessian(store, exponential.log_partition, &theta);
        let hessians: Vec<Vec<Vec<Expr>>> =
            exponential.natural.iter().map(|eta| self.calculus.hessian(store, *eta, &theta)).collect();
        let evidence = self.demand.evidence;
        let mean_jacobian = if evidence { self.calculus.jacobian(store, mean, &theta) } else { Vec::new() };
        let mut raw = vec![vec![Store::ZERO; size]; size];
        let mut outer = raw.clone();
        for i in 0..size {
            for j in i..size {
                let mut terms = vec![(Rational::ONE, hessian_a[i][j])];
                let mut outer_terms = Vec::new();
                for k in 0..mean.len() {
                    let inner = store.mul(mean[k], hessians[k][i][j]);
                    terms.push((Rational::MINUS_ONE, inner));
                    if evidence {
                        outer_terms.push(store.mul(natural_jacobian[k][i], mean_jacobian[k][j]));
                    }
                }
                raw[i][j] = store.linear(terms);
                outer[i][j] = store.sum(outer_terms);
                (raw[j][i], outer[j][i]) = (raw[i][j], outer[i][j]);
            }
        }
        derivation.information_equality = evidence
            && (0..size).all(|i| {
                (i..size).all(|j| {
                    let difference = store.sub(raw[i][j], outer[i][j]);
                    self.decide.is_zero(store, difference) == Ok(true)
                })
            });
        self.set_fisher(store, derivation, &raw)
    }

    /// Simplifies F and all that is linear algebra on it.
    pub(super) fn set_fisher(
        &mut self,
        store: &mut Store,
        derivation: &mut Derivation,
        raw: &[Vec<Expr>],
    ) -> Normal<()> {
        let size = raw.len();
        let forms = self.forms(store, raw)?;
        let mut fisher = vec![vec![Store::ZERO; size]; size];
        for i in 0..size {
            for j in i..size {
                fisher[i][j] = self.present.present(store, &forms[i][j]);
                fisher[j][i] = fisher[i][j];
            }
        }
        derivation.fisher = Some(fisher);
        if !self.demand.linear_algebra {
            return Ok(());
        }
        let (rows, _) = matrix::rank(&mut self.present, &forms)?;
        derivation.rank = Some(rows.len());
        if rows.len() < size {
            let null = matrix::null_space(&mut self.present, &forms)?;
            derivation.null_space =
                null.iter().map(|v| v.iter().map(|e| self.present.present(store, e)).collect()).collect();
            return Ok(());
        }
        let determinant = matrix::determinant(&mut self.present, &forms)?;
        derivation.determinant = Some(self.present.present(store, &determinant));
        let Some(inverse) = matrix::inverse(&mut self.present, &forms)? else { return Ok(()) };
        let inverse: Vec<Vec<Expr>> =
            inverse.iter().map(|row| row.iter().map(|e| self.present.present(store, e)).collect()).collect();
        let mut natural = Vec::with_capacity(size);
        for row in &inverse {
            let terms: Vec<Expr> =
                row.iter().zip(&derivation.gradient).map(|(f, g)| store.mul(*f, *g)).collect();
            let raw = store.sum(terms);
            natural.push(tidy(store, &mut self.present, raw));
        }
        derivation.fisher_inverse = Some(inverse);
        derivation.natural_gradient = Some(natural);
        Ok(())
    }

    /// ∫p = 1 by a known integral: A of the text against A(η(θ)) of the row.
    pub(super) fn normalization(
        &mut self,
        store: &mut Store,
        derivation: &mut Derivation,
        exponential: &ExponentialFamily,
    ) {
        let Some((_, eta, known)) = self.natural_partition(store, derivation, exponential) else { return };
        let images: Images = eta.iter().copied().zip(exponential.natural.iter().copied()).collect();
        let value = store.substitute(known.value, &images);
        let positive = store.substitute_all(&known.positive, &images);
        let difference = store.sub(value, exponential.log_partition);
        let conditions = positive.iter().all(|e| {
            let simple = self.present.simplify(store, *e);
            self.decide.assumptions.is_positive(store, simple)
                || self.decide.assumptions.is_positive(store, *e)
        });
        if conditions && self.decide.is_zero(store, difference) == Ok(true) {
            derivation.normalized_by = Some(known.name);
        }
    }

    pub(super) fn divergence(
        &mut self,
        store: &mut Store,
        derivation: &mut Derivation,
        exponential: &ExponentialFamily,
        mean: &[Expr],
    ) {
        let other_partition = derivation.at_other(store, exponential.log_partition);
        let mut terms =
            vec![(Rational::MINUS_ONE, exponential.log_partition), (Rational::ONE, other_partition)];
        for (eta, m) in exponential.natural.iter().zip(mean) {
            let other = derivation.at_other(store, *eta);
            let difference = store.sub(*eta, other);
            terms.push((Rational::ONE, store.mul(difference, *m)));
        }
        let raw = store.linear(terms);
        let raw = store.without_zero_terms(raw);
        let mut both = self.both_domains(store, derivation);
        let simple = both.simplify(store, raw);
        let split = both.expand(store, raw).unwrap_or(raw);
        derivation.kl = Some(nicest(store, &[simple, split, raw]));
    }
}
