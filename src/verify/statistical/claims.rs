//! The claims of a family's file: derived minus claimed, entry by entry, in the claim's coordinates.
//!
//! `claim fisher in variance = [1/v, 0; 0, 1/(2*v^2)]` is compared with what is derived from the density with
//! sigma = √v; a wrong entry is refuted at an exact point with both values.

use crate::algebra::{Effort, Normalizer};
use crate::expr::{Expr, Fact, Images, Node, Store};
use crate::number::Rational;
use crate::stats::coordinates::derive_in;
use crate::stats::derive::substitute_fact;
use crate::stats::{Claim, Derivation, Family};
use crate::verify::Verdict;

use super::equal::all_equal;

/// Why a claim cannot be compared at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimError {
    /// There are no such coordinates.
    UnknownCoordinates(String),
    /// There is no such quantity.
    UnknownQuantity(String),
    /// Rows and columns of what is claimed and of what is derived.
    ShapeMismatch {
        /// As claimed.
        claimed: (usize, usize),
        /// As derived.
        derived: (usize, usize),
    },
}

/// A family with what was derived of it so far, to judge its claims.
pub struct ClaimChecker<'a> {
    family: &'a Family,
    derived: Vec<(String, Derivation)>,
}

impl<'a> ClaimChecker<'a> {
    /// Nothing is derived yet.
    pub fn new(family: &'a Family) -> ClaimChecker<'a> {
        ClaimChecker { family, derived: Vec::new() }
    }

    /// The derivation in these coordinates, made when it is first asked for.
    pub fn derivation(&mut self, store: &mut Store, coordinates: &str) -> Option<&Derivation> {
        if !self.derived.iter().any(|(name, _)| name == coordinates) {
            let derivation = derive_in(store, self.family, coordinates)?;
            self.derived.push((coordinates.to_owned(), derivation));
        }
        self.derived.iter().find(|(name, _)| name == coordinates).map(|(_, d)| d)
    }

    /// The verdict on one claim.
    ///
    /// # Errors
    /// When the claim speaks of something that does not exist, or has another shape.
    pub fn check(&mut self, store: &mut Store, claim: &Claim) -> Result<Verdict, ClaimError> {
        let coordinates = claim.coordinates.as_deref().unwrap_or("base");
        let derivation = self
            .derivation(store, coordinates)
            .ok_or_else(|| ClaimError::UnknownCoordinates(coordinates.to_owned()))?
            .clone();
        compare(store, &derivation, claim)
    }
}

/// The verdict on one claim of a family.
///
/// # Errors
/// When the claim speaks of something that does not exist, or has another shape.
pub fn check_claim(store: &mut Store, family: &Family, claim: &Claim) -> Result<Verdict, ClaimError> {
    ClaimChecker::new(family).check(store, claim)
}

fn compare(store: &mut Store, derivation: &Derivation, claim: &Claim) -> Result<Verdict, ClaimError> {
    let family = &derivation.family;
    let column = |list: &[Expr]| -> Vec<Vec<Expr>> { list.iter().map(|e| vec![*e]).collect() };
    let single = |e: Expr| vec![vec![e]];
    let derived = match claim.quantity.as_str() {
        "fisher" => derivation.fisher.clone(),
        "fisher_inverse" => derivation.fisher_inverse.clone(),
        "score" => Some(column(&derivation.score)).filter(|s| !s.is_empty()),
        "kl" => derivation.kl.map(single),
        "mean" => derivation.mean.as_deref().map(column),
        "log_partition" => derivation.exponential.as_ref().map(|e| single(e.log_partition)),
        "log_density" => Some(single(family.log_density)),
        other => return Err(ClaimError::UnknownQuantity(other.to_owned())),
    };
    let Some(derived) = derived else {
        let why = derivation.reason.clone().unwrap_or_else(|| "it has no closed form here".to_owned());
        return Ok(Verdict::open(format!("`{}` was not derived: {why}", claim.quantity)));
    };
    let size = |rows: &[Vec<Expr>]| (rows.len(), rows.first().map_or(0, Vec::len));
    let (claimed_shape, derived_shape) = (size(&claim.value), size(&derived));
    if claimed_shape != derived_shape {
        return Err(ClaimError::ShapeMismatch { claimed: claimed_shape, derived: derived_shape });
    }
    // Everything is written in the family's own parameters where the coordinates have no closed inverse.
    let written: Vec<Expr> = derivation.written_in.iter().map(|p| p.symbol).collect();
    let named = family.theta();
    if written != named && claim.value.iter().flatten().any(|e| store.mentions(*e, &named)) {
        return Ok(Verdict::open(
            "these coordinates have no closed inverse: the claim cannot be compared in them",
        ));
    }
    let mut facts = facts_of(store, derivation, &claim.quantity);
    let pairs: Vec<(Expr, Expr)> =
        derived.iter().flatten().copied().zip(claim.value.iter().flatten().copied()).collect();
    let verdict = all_equal(store, &pairs, &facts);
    if claim.quantity == "fisher_inverse" && verdict.is_conditional() {
        facts.extend(where_regular(store, derivation));
        return Ok(all_equal(store, &pairs, &facts));
    }
    Ok(verdict)
}

/// A claim about F⁻¹ speaks of points where F is not singular: there the positive semidefinite F is positive
/// definite, and so is its diagonal.
fn where_regular(store: &mut Store, derivation: &Derivation) -> Vec<Fact> {
    let mut facts: Vec<Fact> = derivation.determinant.map(Fact::NonZero).into_iter().collect();
    facts.extend(derivation.singular_where.iter().copied().map(Fact::NonZero));
    let rows = derivation.fisher.iter().flatten().enumerate();
    facts.extend(rows.filter_map(|(i, row)| row.get(i).copied()).map(Fact::Positive));
    let more = nonzero_denominators(store, derivation, &facts);
    facts.extend(more);
    facts
}

/// Denominators b of F⁻¹ that are q·k with k among the known nonzero facts and q certainly not 0.
///
/// F⁻¹ of von Mises is printed with κ − κR² − R, which is κ times the positive F₂₂ = 1 − R² − R/κ.
fn nonzero_denominators(store: &mut Store, derivation: &Derivation, facts: &[Fact]) -> Vec<Fact> {
    let entries: Vec<Expr> = derivation.fisher_inverse.iter().flatten().flatten().copied().collect();
    let mut bases = Vec::new();
    for e in store.post_order(&entries) {
        if let Node::Power(base, exponent) = store[e]
            && store.as_number(exponent).is_some_and(Rational::is_negative)
            && store.as_symbol(base).is_none()
        {
            bases.push(base);
        }
    }
    let known: Vec<Expr> = facts
        .iter()
        .filter_map(|f| match f {
            Fact::Positive(e) | Fact::NonZero(e) => Some(*e),
            _ => None,
        })
        .collect();
    let assumptions = derivation.family.parameter_assumptions(store);
    let mut normalizer = Normalizer::new(assumptions.clone(), Effort::Present);
    let mut assumptions = assumptions;
    let mut follows = |store: &mut Store, base: Expr| {
        known.iter().any(|k| {
            let ratio = store.div(base, *k);
            let ratio = normalizer.simplify(store, ratio);
            assumptions.is_nonzero(store, ratio)
        })
    };
    bases.into_iter().filter(|b| follows(store, *b)).map(Fact::NonZero).collect()
}

/// What may be assumed: the domain; of x and of θ' where the quantity speaks of them.
pub fn facts_of(store: &mut Store, derivation: &Derivation, quantity: &str) -> Vec<Fact> {
    let family = &derivation.family;
    let mut facts = family.facts.clone();
    match quantity {
        "score" | "log_density" => facts.extend(family.sample_facts.iter().cloned()),
        "kl" => {
            let other: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
            let images: Images = family.theta().into_iter().zip(other).collect();
            facts.extend(family.facts.iter().map(|f| substitute_fact(store, f, &images)));
            facts.dedup();
        }
        _ => {}
    }
    facts
}
