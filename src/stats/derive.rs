//! Everything that follows from one family in one parametrization, per observation.
//!
//! With J = ∂η/∂θ: Jᵀ E\[T\] = ∇A gives E\[T\]; F = ∇²A − Σ E\[Tₖ\] ∇²ηₖ, and again F = Jᵀ ∂E\[T\]/∂θ, and both must
//! agree; KL(θ‖θ') = Σ (ηₖ − ηₖ')·E_θ\[Tₖ\] − A + A'; the natural gradient is F⁻¹g.

use super::exponential::{ExponentialFamily, Kind, identify, tidy};
use super::family::{Family, Parameter, SampleSpace};
use super::matrix::Matrix;
use super::separate::Inseparable;
use crate::algebra::normalize::Normal;
use crate::algebra::{Effort, Fraction, Normalizer};
use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Node, Store};
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
    /// E\[T\], one for each statistic.
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

/// How much is derived: what is not asked for costs nothing, and what is asked for does not depend on the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Demand {
    /// F.
    pub fisher: bool,
    /// Rank, inverse, determinant and natural gradient, by cofactors.
    pub linear_algebra: bool,
    /// KL.
    pub divergence: bool,
    /// Where F is singular.
    pub singular_points: bool,
    /// What no formula and no domain of one depends on: normalization, the agreement of the two forms of F.
    pub evidence: bool,
}

impl Demand {
    /// Everything there is.
    pub const ALL: Demand = Demand {
        fisher: true,
        linear_algebra: true,
        divergence: true,
        singular_points: true,
        evidence: true,
    };

    /// Score, exponential form and E\[T\] alone.
    pub const NONE: Demand = Demand {
        fisher: false,
        linear_algebra: false,
        divergence: false,
        singular_points: false,
        evidence: false,
    };
}

/// Derives everything in the family's own parameters.
pub fn derive(store: &mut Store, family: &Family) -> Derivation {
    derive_some(store, family, Demand::ALL)
}

/// Derives the exponential form, the score, E\[T\] and what else is asked for, in the family's own parameters.
pub fn derive_some(store: &mut Store, family: &Family, demand: Demand) -> Derivation {
    derive_knowing(store, family, demand, None)
}

/// E\[T\], where it is known beforehand.
#[derive(Clone, Copy)]
pub(super) struct KnownMean<'a> {
    pub statistics: &'a [Expr],
    pub mean: &'a [Expr],
}

/// [`derive_some`], with E\[T\] where it is known of these statistics.
pub(super) fn derive_knowing(
    store: &mut Store,
    family: &Family,
    demand: Demand,
    known: Option<KnownMean>,
) -> Derivation {
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
        demand,
        known,
    };
    derivation.points = work.space.points(store, &family.x(), 256);
    // Of a density that is smooth for all to see the score is not needed for what comes before F.
    if demand.fisher || demand.divergence || may_have_kinks(store, family) {
        work.score(store, &mut derivation);
    }
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
        Err(Inseparable::Mixed(e)) => Some(format!(
            "not an exponential family: `{}` mixes the observation and the parameters",
            display(store, e)
        )),
        Err(Inseparable::TooMany) => Some("the log-density has too many terms to be separated".to_owned()),
    };
    if let Some(reason) = inseparable {
        if derivation.score.is_empty() {
            work.score(store, &mut derivation);
        }
        if derivation.points.is_some()
            && family.atoms.is_empty()
            && work.over_points(store, &mut derivation).is_ok()
        {
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

/// θ', with the names of θ and the suffix `_q`, and the symbols g₁, g₂, … of a gradient.
pub fn second_names(store: &mut Store, family: &Family) -> (Vec<Parameter>, Vec<Expr>) {
    let gradient = (1..=family.parameters.len()).map(|i| store.scalar(&format!("g_{i}"))).collect();
    let kl_parameters = family
        .parameters
        .iter()
        .map(|p| {
            let name = format!("{}_q", p.name);
            let mut symbol = store
                .as_symbol(p.symbol)
                .map(|id| store.symbol_of(id).clone())
                .expect("a parameter is a symbol");
            symbol.name.clone_from(&name);
            Parameter { symbol: store.symbol(symbol), name }
        })
        .collect();
    (kl_parameters, gradient)
}

fn blank(store: &mut Store, family: &Family) -> Derivation {
    let (kl_parameters, gradient) = second_names(store, family);
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
        let images: Images = self
            .family
            .parameters
            .iter()
            .map(|p| p.symbol)
            .zip(self.kl_parameters.iter().map(|p| p.symbol))
            .collect();
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

/// Does log p hold absolute values, signs or roots of what the observation is in?
fn may_have_kinks(store: &Store, family: &Family) -> bool {
    let x = family.x();
    let of_x = |e: &Expr| store.mentions(*e, &x);
    store.post_order(&[family.log_density]).into_iter().filter(of_x).any(|e| match &store[e] {
        Node::Call(f, _) => !matches!(f.row().name, "log" | "log1p" | "exp" | "expm1" | "lgamma" | "lbeta"),
        Node::Power(_, exponent) => store.as_number(*exponent).is_none_or(|q| !q.is_integer()),
        Node::Sum(_) | Node::Product(_) | Node::Number(_) | Node::Symbol(_) => false,
        _ => true,
    })
}

/// What one derivation works with.
pub(super) struct Work<'a> {
    pub present: Normalizer,
    pub decide: Normalizer,
    pub calculus: Differentiator,
    pub space: SampleSpace,
    pub demand: Demand,
    pub known: Option<KnownMean<'a>>,
}

impl Work<'_> {
    pub(super) fn score(&mut self, store: &mut Store, derivation: &mut Derivation) {
        let family = &derivation.family;
        let theta = family.theta();
        let raw = self.calculus.gradient(store, family.log_density, &theta);
        derivation.score = raw.into_iter().map(|e| tidy(store, &mut self.present, e)).collect();
    }

    pub(super) fn form_list(&mut self, store: &mut Store, list: &[Expr]) -> Normal<Vec<Fraction>> {
        self.present.normal_all(store, list)
    }

    pub(super) fn forms(&mut self, store: &mut Store, rows: &[Vec<Expr>]) -> Normal<Matrix> {
        let flat: Vec<Expr> = rows.iter().flatten().copied().collect();
        let flat = self.form_list(store, &flat)?;
        let width = rows.first().map_or(1, Vec::len).max(1);
        Ok(flat.chunks(width).map(<[Fraction]>::to_vec).collect())
    }

    /// A normalizer that knows the domain of θ and of θ'.
    pub(super) fn both_domains(&mut self, store: &mut Store, derivation: &Derivation) -> Normalizer {
        let mut assumptions = self.present.assumptions.clone();
        let images: Images = derivation
            .family
            .theta()
            .into_iter()
            .zip(derivation.kl_parameters.iter().map(|p| p.symbol))
            .collect();
        for fact in &derivation.family.facts {
            let other = substitute_fact(store, fact, &images);
            assumptions.assume(store, &other);
        }
        Normalizer::new(assumptions, Effort::Present)
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
