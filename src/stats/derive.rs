//! Everything that follows from one family in one parametrization, per observation.
//!
//! With J = ∂η/∂θ: Jᵀ E[T] = ∇A gives E[T]; F = ∇²A − Σ E[Tₖ] ∇²ηₖ, and again F = Jᵀ ∂E[T]/∂θ, and both must
//! agree; KL(θ‖θ') = Σ (ηₖ − ηₖ')·E_θ[Tₖ] − A + A'; the natural gradient is F⁻¹g.

use super::exponential::{ExponentialFamily, Kind, identify, tidy};
use super::family::{Family, Parameter, SampleSpace};
use super::known::{LogIntegral, natural_log_partition};
use super::matrix::{self, Matrix};
use super::salvage;
use super::separate::Inseparable;
use crate::algebra::normalize::{Normal, nicest};
use crate::algebra::{Effort, Fraction, Normalizer};
use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;
use crate::print::display;

/// How far a quantity is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// A formula.
    ClosedForm,
    /// Some entries have formulas.
    Partial,
    /// By quadrature or summation only.
    Numeric,
    /// Not derived, with the reason.
    Refused,
}

impl Status {
    /// The name in JSON and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Status::ClosedForm => "closed-form",
            Status::Partial => "partial",
            Status::Numeric => "numeric",
            Status::Refused => "refused",
        }
    }
}

/// How smooth the family is in its parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regularity {
    /// log p is smooth in θ on a fixed support.
    Smooth,
    /// The score jumps inside the support: the outer-product form of F holds, the Hessian form does not.
    QuadraticMean,
    /// The support moves with a parameter.
    No,
}

impl Regularity {
    /// The name in JSON and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Regularity::Smooth => "smooth",
            Regularity::QuadraticMean => "quadratic-mean",
            Regularity::No => "no",
        }
    }
}

/// What follows from a family in one parametrization. Matrices are by rows; everything is per observation.
#[derive(Clone, Debug)]
pub struct Derivation {
    /// The family in these coordinates.
    pub family: Family,
    /// The coordinates' name.
    pub coordinates: String,
    /// What the expressions are written in; the coordinates themselves unless they have no closed form.
    pub written_in: Vec<Parameter>,
    /// How far the Fisher information is known.
    pub status: Status,
    /// How far the divergence is known.
    pub kl_status: Status,
    /// Why not everything is a closed form, or why nothing is derived.
    pub reason: Option<String>,
    /// Smoothness in θ.
    pub regularity: Regularity,
    /// What kind of exponential family it is.
    pub kind: Kind,
    /// η, T, A, h.
    pub exponential: Option<ExponentialFamily>,
    /// E[T], one for each statistic.
    pub mean: Option<Vec<Expr>>,
    /// ∂ log p/∂θ.
    pub score: Vec<Expr>,
    /// The Fisher information.
    pub fisher: Option<Vec<Vec<Expr>>>,
    /// The entries that have a formula where not all of them do.
    pub fisher_entries: Vec<Vec<Option<Expr>>>,
    /// Its generic rank.
    pub rank: Option<usize>,
    /// Directions v with F·v = 0 at every point.
    pub null_space: Vec<Vec<Expr>>,
    /// Its inverse, where it is not singular.
    pub fisher_inverse: Option<Vec<Vec<Expr>>>,
    /// det F, where F is not singular everywhere.
    pub determinant: Option<Expr>,
    /// F is singular, and its inverse does not exist, exactly where one of these vanishes inside the domain.
    pub singular_where: Vec<Expr>,
    /// The symbols g₁, g₂, … of a gradient.
    pub gradient: Vec<Expr>,
    /// F⁻¹g.
    pub natural_gradient: Option<Vec<Expr>>,
    /// KL(θ‖θ').
    pub kl: Option<Expr>,
    /// θ', with the names of θ and the suffix `_q`.
    pub kl_parameters: Vec<Parameter>,
    /// The known integral that proves ∫p = 1, when one does.
    pub normalized_by: Option<&'static str>,
    /// Did the Hessian form and the outer form of F cancel to 0?
    pub information_equality: bool,
    /// log p of the density with its finite sample space, if it has one.
    pub points: Option<Vec<Vec<Expr>>>,
}

/// Derives everything in the family's own parameters.
pub fn derive(store: &mut Store, family: &Family) -> Derivation {
    let mut derivation = blank(store, family);
    let moving = family.moving_support(store);
    if !moving.is_empty() {
        let names = moving.join("`, `");
        derivation.refuse(format!(
            "the sample space depends on the parameter `{names}`: E[score] = 0 and the information equality need a fixed support"
        ));
        return derivation;
    }
    let space = family.sample_space(store);
    let assumptions = family.assumptions(store);
    let mut work = Work {
        present: Normalizer::new(assumptions.clone(), Effort::Present),
        decide: Normalizer::new(assumptions, Effort::Decide),
        calculus: Differentiator::new(),
        space,
    };
    derivation.points = work.space.points(store, &family.x(), 256);
    work.score(store, &mut derivation);
    if let Some(kink) = kink(store, family, &derivation.score) {
        derivation.regularity = Regularity::QuadraticMean;
        derivation.numeric(format!("the score jumps where `{}` vanishes", display(store, kink)));
        work.entries(store, &mut derivation, Some(kink));
        return derivation;
    }
    let inseparable = match identify(store, family, &work.space, &mut work.present) {
        Ok(exponential) => {
            derivation.exponential = Some(exponential);
            None
        }
        Err(Inseparable::Mixed(e)) => {
            Some(format!("not an exponential family: `{}` mixes the observation and the parameters", display(store, e)))
        }
        Err(Inseparable::TooMany) => Some("the log-density has too many terms to be separated".to_owned()),
    };
    if let Some(reason) = inseparable {
        if derivation.points.is_some() && family.atoms.is_empty() && work.over_points(store, &mut derivation).is_ok() {
            derivation.reason = Some(format!("{reason}; expectations are finite sums"));
        } else {
            derivation.numeric(reason);
            work.entries(store, &mut derivation, None);
        }
        return derivation;
    }
    if let Err(stop) = work.information(store, &mut derivation) {
        derivation.numeric(stop);
    }
    derivation
}

fn blank(store: &mut Store, family: &Family) -> Derivation {
    let gradient = (1..=family.parameters.len()).map(|i| store.scalar(&format!("g_{i}"))).collect();
    let kl_parameters = family
        .parameters
        .iter()
        .map(|p| {
            let name = format!("{}_q", p.name);
            let mut symbol = store.as_symbol(p.symbol).map(|id| store.symbol_of(id).clone()).expect("a parameter is a symbol");
            symbol.name.clone_from(&name);
            Parameter { symbol: store.symbol(symbol), name }
        })
        .collect();
    Derivation {
        family: family.clone(),
        coordinates: "base".to_owned(),
        written_in: family.parameters.clone(),
        status: Status::ClosedForm,
        kl_status: Status::ClosedForm,
        reason: None,
        regularity: Regularity::Smooth,
        kind: Kind::No,
        exponential: None,
        mean: None,
        score: Vec::new(),
        fisher: None,
        fisher_entries: Vec::new(),
        rank: None,
        null_space: Vec::new(),
        fisher_inverse: None,
        determinant: None,
        singular_where: Vec::new(),
        gradient,
        natural_gradient: None,
        kl: None,
        kl_parameters,
        normalized_by: None,
        information_equality: false,
        points: None,
    }
}

impl Derivation {
    fn refuse(&mut self, reason: String) {
        self.status = Status::Refused;
        self.kl_status = Status::Refused;
        self.regularity = Regularity::No;
        self.reason = Some(reason);
    }

    fn numeric(&mut self, reason: String) {
        self.status = Status::Numeric;
        self.kl_status = Status::Numeric;
        self.reason = Some(reason);
    }

    /// θ → θ' in an expression.
    pub fn at_other(&self, store: &mut Store, e: Expr) -> Expr {
        let images: Images =
            self.family.parameters.iter().map(|p| p.symbol).zip(self.kl_parameters.iter().map(|p| p.symbol)).collect();
        store.substitute(e, &images)
    }
}

/// |u| or sign(u) with u of both x and θ, in log p or in the score: √u² is |u| as well.
fn kink(store: &Store, family: &Family, score: &[Expr]) -> Option<Expr> {
    let (x, theta) = (family.x(), family.theta());
    store.post_order(&[&[family.log_density], score].concat()).into_iter().find_map(|e| match &store[e] {
        Node::Call(f, arguments) if matches!(f.row().name, "abs" | "sign") => {
            let u = arguments[0];
            (store.mentions(u, &x) && store.mentions(u, &theta)).then_some(u)
        }
        _ => None,
    })
}

struct Work {
    present: Normalizer,
    decide: Normalizer,
    calculus: Differentiator,
    space: SampleSpace,
}

impl Work {
    fn score(&mut self, store: &mut Store, derivation: &mut Derivation) {
        let family = &derivation.family;
        let theta = family.theta();
        let raw = self.calculus.gradient(store, family.log_density, &theta);
        derivation.score = raw.into_iter().map(|e| tidy(store, &mut self.present, e)).collect();
    }

    /// E[T], F, its inverse, KL and the natural gradient of an identified exponential family.
    fn information(&mut self, store: &mut Store, derivation: &mut Derivation) -> Result<(), String> {
        let exponential = derivation.exponential.clone().expect("identified above");
        let theta = derivation.family.theta();
        let stopped = |_| "the algebra exceeded its limits".to_owned();
        let natural_jacobian = self.calculus.jacobian(store, &exponential.natural, &theta);
        let partition_gradient = self.calculus.gradient(store, exponential.log_partition, &theta);
        let jacobian = self.forms(store, &natural_jacobian).map_err(stopped)?;
        let gradient = self.form_list(store, &partition_gradient).map_err(stopped)?;
        let statistics = exponential.statistics.len();
        let (rows, columns) = matrix::rank(&mut self.present, &jacobian).map_err(stopped)?;
        let rank = rows.len();
        derivation.kind = if rank < statistics {
            Kind::Curved
        } else if statistics < theta.len() {
            Kind::Overparametrized
        } else {
            Kind::Minimal
        };
        if derivation.kind == Kind::Minimal {
            derivation.singular_where = self.singular_points(store, &jacobian).map_err(stopped)?;
        }
        let has_atoms = !derivation.family.atoms.is_empty();
        let mean = if has_atoms {
            return self.with_atoms(store, derivation, &natural_jacobian);
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
        self.fisher(store, derivation, &exponential, &natural_jacobian, &mean).map_err(stopped)?;
        self.normalization(store, derivation, &exponential);
        self.divergence(store, derivation, &exponential, &mean);
        Ok(())
    }

    /// What needs no integral: entries that E[score] = 0 alone determines. Where the score jumps, only those of
    /// parameters that do not move the jump.
    fn entries(&mut self, store: &mut Store, derivation: &mut Derivation, kink: Option<Expr>) {
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
            let raw: Vec<Vec<Expr>> = entries.iter().map(|row| row.iter().flatten().copied().collect()).collect();
            if self.set_fisher(store, derivation, &raw).is_ok() {
                derivation.status = Status::ClosedForm;
                return;
            }
        }
        derivation.status = Status::Partial;
        derivation.fisher_entries = entries;
    }

    /// F and KL of a density on finitely many points: Σ p·s·sᵀ and Σ p·(log p − log p').
    fn over_points(&mut self, store: &mut Store, derivation: &mut Derivation) -> Normal<()> {
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

    /// The factors of det J that may vanish: F = Jᵀ Cov(T) J, and Cov(T) is positive definite when the family is
    /// minimal, so that F is singular where J is and nowhere else.
    fn singular_points(&mut self, store: &mut Store, jacobian: &[Vec<Fraction>]) -> Normal<Vec<Expr>> {
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

    fn form_list(&mut self, store: &mut Store, list: &[Expr]) -> Normal<Vec<Fraction>> {
        self.present.normal_all(store, list)
    }

    fn forms(&mut self, store: &mut Store, rows: &[Vec<Expr>]) -> Normal<Matrix> {
        let flat: Vec<Expr> = rows.iter().flatten().copied().collect();
        let flat = self.form_list(store, &flat)?;
        let width = rows.first().map_or(1, Vec::len).max(1);
        Ok(flat.chunks(width).map(<[Fraction]>::to_vec).collect())
    }

    /// With more parameters than statistics the other equations of Jᵀm = ∇A must hold as well.
    fn check_spare_rows(
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
                let term = self.present.times(entry, m).map_err(|_| "the algebra exceeded its limits".to_owned())?;
                total = self.present.plus(&total, &term).map_err(|_| "the algebra exceeded its limits".to_owned())?;
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
    fn embedded_mean(
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
    fn natural_partition(
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

    fn fisher(
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
        let mean_jacobian = self.calculus.jacobian(store, mean, &theta);
        let mut raw = vec![vec![Store::ZERO; size]; size];
        let mut outer = raw.clone();
        for i in 0..size {
            for j in i..size {
                let mut terms = vec![(Rational::ONE, hessian_a[i][j])];
                let mut outer_terms = Vec::new();
                for k in 0..mean.len() {
                    let inner = store.mul(mean[k], hessians[k][i][j]);
                    terms.push((Rational::MINUS_ONE, inner));
                    outer_terms.push(store.mul(natural_jacobian[k][i], mean_jacobian[k][j]));
                }
                raw[i][j] = store.linear(terms);
                outer[i][j] = store.sum(outer_terms);
                (raw[j][i], outer[j][i]) = (raw[i][j], outer[i][j]);
            }
        }
        derivation.information_equality = (0..size).all(|i| {
            (i..size).all(|j| {
                let difference = store.sub(raw[i][j], outer[i][j]);
                self.decide.is_zero(store, difference) == Ok(true)
            })
        });
        self.set_fisher(store, derivation, &raw)
    }

    /// Simplifies F and all that is linear algebra on it.
    fn set_fisher(&mut self, store: &mut Store, derivation: &mut Derivation, raw: &[Vec<Expr>]) -> Normal<()> {
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
            let terms: Vec<Expr> = row.iter().zip(&derivation.gradient).map(|(f, g)| store.mul(*f, *g)).collect();
            let raw = store.sum(terms);
            natural.push(tidy(store, &mut self.present, raw));
        }
        derivation.fisher_inverse = Some(inverse);
        derivation.natural_gradient = Some(natural);
        Ok(())
    }

    /// ∫p = 1 by a known integral: A of the text against A(η(θ)) of the row.
    fn normalization(&mut self, store: &mut Store, derivation: &mut Derivation, exponential: &ExponentialFamily) {
        let Some((_, eta, known)) = self.natural_partition(store, derivation, exponential) else { return };
        let images: Images = eta.iter().copied().zip(exponential.natural.iter().copied()).collect();
        let value = store.substitute(known.value, &images);
        let positive = store.substitute_all(&known.positive, &images);
        let difference = store.sub(value, exponential.log_partition);
        let conditions = positive.iter().all(|e| {
            let simple = self.present.simplify(store, *e);
            self.decide.assumptions.is_positive(store, simple) || self.decide.assumptions.is_positive(store, *e)
        });
        if conditions && self.decide.is_zero(store, difference) == Ok(true) {
            derivation.normalized_by = Some(known.name);
        }
    }

    fn divergence(
        &mut self,
        store: &mut Store,
        derivation: &mut Derivation,
        exponential: &ExponentialFamily,
        mean: &[Expr],
    ) {
        let other_partition = derivation.at_other(store, exponential.log_partition);
        let mut terms = vec![(Rational::MINUS_ONE, exponential.log_partition), (Rational::ONE, other_partition)];
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

    /// A normalizer that knows the domain of θ and of θ'.
    fn both_domains(&mut self, store: &mut Store, derivation: &Derivation) -> Normalizer {
        let mut assumptions = self.present.assumptions.clone();
        let images: Images =
            derivation.family.theta().into_iter().zip(derivation.kl_parameters.iter().map(|p| p.symbol)).collect();
        for fact in &derivation.family.facts {
            let other = substitute_fact(store, fact, &images);
            assumptions.assume(store, &other);
        }
        Normalizer::new(assumptions, Effort::Present)
    }

    /// Atoms beside the density: the branch q of mass M = 1 − Σ P satisfies Jᵀm = M∇A + ∇M for m = Σ qT, and
    /// Σ q s sᵀ = ∇²M − Σ mₖ∇²ηₖ + M∇²A; each atom adds P·s sᵀ of its own.
    fn with_atoms(
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
        let scores: Vec<Vec<Expr>> = atoms.iter().map(|l| self.calculus.gradient(store, *l, &theta)).collect();
        let mut raw = vec![vec![Store::ZERO; size]; size];
        for i in 0..size {
            for j in i..size {
                let mut terms = vec![(Rational::ONE, mass_hessian[i][j]), (Rational::ONE, store.mul(mass, a_hessian[i][j]))];
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
        derivation.reason = Some("a density with atoms: the exponential form is that of the part beside them".to_owned());
        Ok(())
    }

    /// E[T] over the branch and the atoms.
    fn whole_mean(
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
    fn divergence_with_atoms(
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

/// A fact with expressions replaced.
pub fn substitute_fact(store: &mut Store, fact: &crate::expr::Fact, images: &Images) -> crate::expr::Fact {
    use crate::expr::Fact;
    let mut image = |e: &Expr| store.substitute(*e, images);
    match fact {
        Fact::Positive(e) => Fact::Positive(image(e)),
        Fact::NonNegative(e) => Fact::NonNegative(image(e)),
        Fact::NonZero(e) => Fact::NonZero(image(e)),
        Fact::Zero(e) => Fact::Zero(image(e)),
        Fact::Real(e) => Fact::Real(image(e)),
        Fact::Integer(e) => Fact::Integer(image(e)),
        Fact::OneOf(e, list) => Fact::OneOf(image(e), list.iter().map(&mut image).collect()),
        Fact::Sphere(list) => Fact::Sphere(list.iter().map(image).collect()),
        Fact::PositiveDefinite(rows) => {
            Fact::PositiveDefinite(rows.iter().map(|row| row.iter().map(&mut image).collect()).collect())
        }
    }
}
