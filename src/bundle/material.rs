//! What is known of a family in its coordinates, as far as it is wanted: from its density alone, from standard normal
//! variables, or from a derivation.

use super::Refusal;
use super::inverse::{Closed, Inverted, invert};
use super::wanted::Wanted;
use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::calculus::Differentiator;
use crate::expr::{Expr, Fact, Images, Store};
use crate::stats::coordinates::{derive_from, reparametrized};
use crate::stats::derive::{second_names, substitute_fact};
use crate::stats::exponential::tidy;
use crate::stats::standardized::Standardized;
use crate::stats::{Derivation, ExponentialFamily, Family, Kind, Parameter, Status};

/// What is known, or why it is not.
pub(super) type Known<T> = Result<T, String>;

/// What a derivation, or another way, has found of a family in its coordinates.
pub(super) struct Material {
    pub family: Family,
    pub score: Known<Vec<Expr>>,
    pub fisher: Known<Vec<Vec<Expr>>>,
    /// Why F has no inverse anywhere.
    pub singular: Option<String>,
    /// F is singular where one of these vanishes: known of minimal exponential families without atoms.
    pub singular_where: Vec<Expr>,
    pub inverse: Option<Inverted>,
    pub kl: Known<Expr>,
    pub exponential: Known<ExponentialFamily>,
    pub mean: Known<Vec<Expr>>,
    /// θ' of the divergence.
    pub other: Vec<Parameter>,
    /// g₁, g₂, ….
    pub gradient: Vec<Expr>,
    /// What must be said of score and density.
    pub remark: Option<String>,
    /// The family in its own parameters, as far as E\[T\], where it has been derived.
    pub base: Option<Derivation>,
}

/// Derives what is wanted, and nothing else; the family may have been derived in its own parameters, as far as E\[T\].
pub(super) fn material(
    store: &mut Store,
    family: &Family,
    coordinates: &str,
    wanted: &Wanted,
    mut base: Option<Derivation>,
) -> Result<Material, Refusal> {
    let unknown = || Refusal::Coordinates(coordinates.to_owned());
    let built_in = matches!(coordinates, "natural" | "mean");
    if !built_in {
        let own = in_coordinates(store, family, coordinates).ok_or_else(unknown)?;
        if own.parameters.len() > MANY_PARAMETERS
            && wanted.beyond_density()
            && let Some(standardized) = Standardized::new(store, &own)
        {
            return Ok(of_standardized(store, own, standardized, wanted));
        }
        if wanted.only_density() {
            return Ok(of_density(store, own, wanted));
        }
    }
    let demand = wanted.demand(family.parameters.len());
    let derivation = derive_from(store, family, coordinates, demand, &mut base).ok_or_else(unknown)?;
    if coordinates == "base" {
        base = Some(derivation.clone());
    }
    let symbols = |list: &[Parameter]| list.iter().map(|p| p.symbol).collect::<Vec<_>>();
    let refused = built_in && derivation.status == Status::Refused;
    if refused || symbols(&derivation.written_in) != symbols(&derivation.family.parameters) {
        let reason = derivation.reason.unwrap_or_else(|| "not derived".to_owned());
        return Err(Refusal::Unusable(reason));
    }
    Ok(Material { base, ..of_derivation(store, derivation, wanted) })
}

/// Families of more parameters are looked at for a shape that needs no expansion.
const MANY_PARAMETERS: usize = 5;

/// The family in its own parameters or in coordinates of its file.
fn in_coordinates(store: &mut Store, family: &Family, coordinates: &str) -> Option<Family> {
    if coordinates == "base" {
        return Some(family.clone());
    }
    let chosen = family.coordinates.iter().find(|c| c.name == coordinates)?;
    Some(reparametrized(store, family, chosen))
}

/// By standard normal variables.
fn of_standardized(
    store: &mut Store,
    family: Family,
    mut standardized: Standardized,
    wanted: &Wanted,
) -> Material {
    let theta = family.theta();
    let (other, gradient) = second_names(store, &family);
    let score = if wanted.wants("score") { standardized.score(store, &family) } else { Vec::new() };
    let fisher = if wanted.fisher() { standardized.fisher(store, &theta) } else { Vec::new() };
    let kl = if wanted.wants("kl") {
        let images: Images = theta.iter().copied().zip(other.iter().map(|p| p.symbol)).collect();
        let both: Vec<Fact> = family
            .facts
            .iter()
            .map(|f| substitute_fact(store, f, &images))
            .chain(family.facts.clone())
            .collect();
        let known = Assumptions::new(store, &both);
        standardized.divergence(store, &images, &known)
    } else {
        Store::ZERO
    };
    let mut inverse = None;
    if wanted.inverse() {
        let closed = standardized.inverse(store, &theta, &gradient);
        inverse = Some(closed.map_or(Inverted::Numeric, |closed| {
            Inverted::Closed(Closed {
                inverse: closed.inverse,
                gradient: closed.gradient,
                determinant: store.call_named("exp", [closed.log_determinant]),
                log_determinant: closed.log_determinant,
            })
        }));
    }
    let large = || "the statistics of so many parameters are not written out".to_owned();
    Material {
        score: Ok(score),
        fisher: Ok(fisher),
        singular: None,
        singular_where: Vec::new(),
        inverse,
        kl: Ok(kl),
        exponential: Err(large()),
        mean: Err(large()),
        other,
        gradient,
        remark: None,
        base: None,
        family,
    }
}

/// The density and its derivative alone.
fn of_density(store: &mut Store, family: Family, wanted: &Wanted) -> Material {
    let theta = family.theta();
    let score = if wanted.wants("score") { score(store, &family) } else { Vec::new() };
    let nothing = || "not asked for".to_owned();
    Material {
        score: Ok(score),
        fisher: Err(nothing()),
        singular: None,
        singular_where: Vec::new(),
        inverse: None,
        kl: Err(nothing()),
        exponential: Err(nothing()),
        mean: Err(nothing()),
        other: Vec::new(),
        gradient: Vec::with_capacity(theta.len()),
        remark: moving(store, &family),
        base: None,
        family,
    }
}

/// ∂ log p/∂θ, each entry in its shorter form.
fn score(store: &mut Store, family: &Family) -> Vec<Expr> {
    let raw = Differentiator::new().gradient(store, family.log_density, &family.theta());
    let assumptions = family.assumptions(store);
    let mut present = Normalizer::new(assumptions, Effort::Present);
    raw.into_iter().map(|e| tidy(store, &mut present, e)).collect()
}

fn moving(store: &Store, family: &Family) -> Option<String> {
    let names = family.moving_support(store);
    (!names.is_empty()).then(|| {
        format!(
            "The sample space depends on `{}`: the score is the derivative inside it, and its expectation is not 0.",
            names.join("`, `")
        )
    })
}

fn of_derivation(store: &mut Store, derivation: Derivation, wanted: &Wanted) -> Material {
    let size = derivation.family.parameters.len();
    let reason = || derivation.reason.clone().unwrap_or_else(|| "no closed form".to_owned());
    let score = if derivation.score.len() == size {
        derivation.score.clone()
    } else {
        score(store, &derivation.family)
    };
    let fisher = derivation.fisher.clone().ok_or_else(|| match derivation.status {
        Status::Partial => format!("only some entries have closed forms: {}", reason()),
        _ => reason(),
    });
    let mut singular = None;
    if derivation.kind == Kind::Overparametrized || derivation.rank.is_some_and(|rank| rank < size) {
        let rank = derivation
            .rank
            .or_else(|| derivation.exponential.as_ref().map(|e| e.statistics.len()))
            .map_or_else(|| "less than full".to_owned(), |rank| rank.to_string());
        singular =
            Some(format!("F is singular everywhere: its rank is {rank}, and there are {size} parameters"));
    }
    let mut inverse = None;
    if let (Ok(fisher), None, true) = (&fisher, &singular, wanted.inverse()) {
        inverse = Some(invert(store, &derivation, fisher));
    }
    Material {
        score: Ok(score),
        fisher,
        singular,
        singular_where: derivation.singular_where.clone(),
        inverse,
        kl: derivation.kl.ok_or_else(reason),
        exponential: derivation.exponential.clone().ok_or_else(reason),
        mean: derivation.mean.clone().ok_or_else(reason),
        other: derivation.kl_parameters.clone(),
        gradient: derivation.gradient.clone(),
        remark: moving(store, &derivation.family),
        base: None,
        family: derivation.family.clone(),
    }
}
