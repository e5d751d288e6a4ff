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
            singular_points: self.inverse(),
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

/// A routine there can be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub name: String,
    /// What is converted, if anything is.
    pub conversion: Option<Conversion>,
}

/// The way between a family's coordinates and natural or mean parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Conversion {
    pub other: Other,
    /// From the natural or mean parameters to the coordinates?
    pub is_back: bool,
    pub is_jacobian: bool,
}

/// Coordinates that a family has by its statistics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Other {
    Natural,
    Mean,
}

impl Other {
    /// What they are called.
    pub fn word(self) -> &'static str {
        match self {
            Other::Natural => "natural",
            Other::Mean => "mean",
        }
    }
}

/// What the coordinates are called in names of routines: `natural_from_parameters`, `scale_from_mean`.
pub(super) fn word(coordinates: &str) -> &str {
    if coordinates == "base" { "parameters" } else { coordinates }
}

/// All routines there can be in these coordinates, in the order in which they are printed.
pub(super) fn routines(coordinates: &str) -> Vec<Asked> {
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
    let mut all: Vec<Asked> =
        fixed.iter().map(|name| Asked { name: (*name).to_owned(), conversion: None }).collect();
    for other in [Other::Natural, Other::Mean].into_iter().filter(|other| other.word() != own) {
        for (is_back, to, from) in [(false, other.word(), own), (true, own, other.word())] {
            for (is_jacobian, end) in [(false, ""), (true, "_jacobian")] {
                let conversion = Some(Conversion { other, is_back, is_jacobian });
                all.push(Asked { name: format!("{to}_from_{from}{end}"), conversion });
            }
        }
    }
    all
}
