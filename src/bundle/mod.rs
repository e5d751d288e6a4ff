//! A family in chosen coordinates to what is generated from it: routines as tapes, domains as guards, reference values.
//!
//! For the gamma family `fisher` is the tape of [ψ₁(α), −1/β; −1/β, α/β²] over (α, β), `in_domain` asks α > 0 and β > 0 of
//! two floats, and `natural_gradient` is the tape of F⁻¹g without a solve. Each routine keeps its expressions as they were
//! derived beside the tape of their stable forms, so that enclosures of the first measure the second.
//!
//! What is not generated is listed with its reason: no Fisher information where the support moves, no inverse where F is
//! singular everywhere, no way back from E\[T\] where the equations have no closed solution.

mod conversions;
mod enclosure;
mod guards;
mod inverse;
pub mod latex;
mod material;
mod points;
mod references;
mod routines;
mod texts;
mod wanted;
mod words;

#[cfg(test)]
mod domain_tests;
#[cfg(test)]
mod tests;

pub use enclosure::{condition, enclosure};
pub use points::{Axis, point};
pub use references::refer;
pub use wanted::Wanted;

use crate::emit::{Bundle, Guard};
use crate::expr::{Expr, Store};
use crate::stats::{Derivation, Family};
use crate::tape::Tape;

/// A bundle, and what its numbers are measured against.
#[derive(Clone, Debug)]
pub struct Made {
    /// What is printed.
    pub bundle: Bundle,
    /// One for each routine, in the same order.
    pub exact: Vec<Exact>,
}

/// A routine as it was derived, before any rewriting for floats.
#[derive(Clone, Debug)]
pub struct Exact {
    /// The routine's name.
    pub routine: String,
    /// The flat inputs: the arguments in order, then the constants.
    pub inputs: Vec<Expr>,
    /// The result row by row; of a routine that solves with F, the entries of F.
    pub outputs: Vec<Expr>,
    /// The outputs over the inputs.
    pub tape: Tape,
    /// The points of atoms and the outputs there.
    pub atoms: Vec<(Vec<f64>, Tape)>,
    /// What holds where the result is defined, over the flat inputs: of all arguments but the observation, then of it.
    pub guards: Vec<Guard>,
    /// One for each flat input.
    pub axes: Vec<Axis>,
}

/// Why there is no bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The family has no coordinates of this name.
    Coordinates(String),
    /// No routine has this name, whatever the family; those there are.
    Routine {
        /// What was asked for.
        name: String,
        /// What can be asked for.
        known: Vec<String>,
    },
    /// The coordinates cannot be computed with, and why.
    Unusable(String),
}

/// Everything that is wanted of a family in named coordinates; `place` is where the family stands.
///
/// # Errors
/// When the coordinates or a routine do not exist.
pub fn bundle(
    store: &mut Store,
    family: &Family,
    coordinates: &str,
    wanted: &Wanted,
    place: Option<String>,
) -> Result<Made, Refusal> {
    bundle_from(store, family, coordinates, wanted, place, None)
}

/// [`bundle()`], where the family may have been derived in its own parameters, as far as E\[T\].
///
/// # Errors
/// When the coordinates or a routine do not exist.
pub fn bundle_from(
    store: &mut Store,
    family: &Family,
    coordinates: &str,
    wanted: &Wanted,
    place: Option<String>,
    base: Option<Derivation>,
) -> Result<Made, Refusal> {
    let names: Vec<String> = wanted::routines(coordinates).into_iter().map(|asked| asked.name).collect();
    if let Wanted::Named(list) = wanted
        && let Some(name) = list.iter().find(|name| !names.contains(name))
    {
        return Err(Refusal::Routine { name: name.clone(), known: names });
    }
    let material = material::material(store, family, coordinates, wanted, base)?;
    routines::make(store, family, coordinates, wanted, place, material)
}
