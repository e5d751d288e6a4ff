//! Which routines are made, and what has to be derived for them.

use crate::stats::Demand;

/// The routines that are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// All that exist.
    All,
    /// Those of these names.
    Named(Vec<String>),
}

impl Wanted {
    /// Is the routine asked for?
    pub fn wants(&self, name: &str) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Named(list) => list.iter().any(|known| known == name),
        }
    }

    fn any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.wants(name))
    }

    /// Is F needed?
    pub fn fisher(&self) -> bool {
        self.any(&["fisher", "fisher_packed"]) || self.inverse()
    }

    /// Is linear algebra on F needed?
    pub fn inverse(&self) -> bool {
        self.any(&["fisher_inverse", "natural_gradient", "log_det_fisher"])
    }

    /// Are natural or mean parameters needed?
    pub fn conversions(&self) -> bool {
        match self {
            Wanted::All => true,
            Wanted::Named(list) => list.iter().any(|name| name.contains("_from_")),
        }
    }

    /// What follows from the density beyond its derivative.
    pub(super) fn demand(&self, parameters: usize) -> Demand {
        Demand {
            fisher: self.fisher(),
            linear_algebra: self.inverse() && parameters <= BY_COFACTORS,
            divergence: self.wants("kl"),
            evidence: false,
        }
    }

    /// Is more needed than the density itself?
    pub(super) fn beyond_density(&self) -> bool {
        self.wants("score") || !self.only_density()
    }

    /// Are the density and its derivative enough?
    pub(super) fn only_density(&self) -> bool {
        !self.fisher() && !self.conversions() && !self.wants("kl")
    }
}

/// Matrices up to this size are inverted by cofactors as a whole.
pub(super) const BY_COFACTORS: usize = 3;

/// What the coordinates are called in names of routines: `natural_from_parameters`, `scale_from_mean`.
pub(super) fn word(coordinates: &str) -> &str {
    if coordinates == "base" { "parameters" } else { coordinates }
}

/// All routines there can be in these coordinates, in the order in which they are printed.
pub(super) fn names(coordinates: &str) -> Vec<String> {
    let own = word(coordinates);
    let fixed = [
        "in_domain",
        "log_density",
        "score",
        "fisher",
        "fisher_packed",
        "fisher_inverse",
        "natural_gradient",
        "log_det_fisher",
        "kl",
    ];
    let mut names: Vec<String> = fixed.iter().map(|name| (*name).to_owned()).collect();
    for other in ["natural", "mean"].into_iter().filter(|other| *other != own) {
        for name in [format!("{other}_from_{own}"), format!("{own}_from_{other}")] {
            names.push(format!("{name}_jacobian"));
            names.insert(names.len() - 1, name);
        }
    }
    names
}
