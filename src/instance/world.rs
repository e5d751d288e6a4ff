//! One instance: what stands for every density, function, symbol and dimension of a claim.
//!
//! p is the Bernoulli family, θ is 3/10, d is t: the abstract `KL(p(θ) ‖ p(θ + d))` is then a series in t.

use rustc_hash::FxHashMap;

use super::failure::Failure;
use super::family::Family;
use super::function::Function;
use super::matrix::Matrix;
use crate::expr::{Dimension, SymbolId};

/// Values for everything abstract.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    /// The symbolic dimensions.
    pub dimensions: FxHashMap<SymbolId, usize>,
    /// The symbols.
    pub symbols: FxHashMap<SymbolId, Matrix>,
    /// The symbols that are samples, as numbers of sample points.
    pub samples: FxHashMap<SymbolId, usize>,
    /// The densities, all on one sample space.
    pub densities: FxHashMap<SymbolId, &'static Family>,
    /// The functions.
    pub functions: FxHashMap<SymbolId, std::rc::Rc<Function>>,
    /// The instance in words.
    pub name: String,
    /// What to write down beside it: symbols and formulas with their values.
    pub point: Vec<(String, String)>,
}

impl World {
    /// A dimension as a number.
    pub(super) fn dimension(&self, dimension: Dimension) -> Option<usize> {
        match dimension {
            Dimension::Fixed(n) => (n <= 8).then_some(n as usize),
            Dimension::Named(id) => self.dimensions.get(&id).copied(),
        }
    }

    /// The family that stands for a density.
    pub(super) fn family(&self, density: SymbolId) -> Result<&'static Family, Failure> {
        let found = self.densities.get(&density).copied();
        found.ok_or_else(|| Failure::unknown("a density that is not declared"))
    }

    /// The value of a symbol in words: `3/10`, `(1, -2)*t`.
    pub(super) fn value_text(&self, id: SymbolId) -> Option<String> {
        if let Some(outcome) = self.samples.get(&id) {
            return Some(outcome.to_string());
        }
        let value = self.symbols.get(&id)?;
        if let Some(text) = value.text() {
            return Some(text);
        }
        let order = value.entries.iter().filter(|e| !e.is_exact_zero()).map(|e| e.valuation()).min()?;
        let scaled = value.map(|entry| super::jet::Jet::constant(entry.coefficient(order)));
        let whole = value.entries.iter().all(|e| e.is_exact_zero() || (e.is_series() && e.terms.len() == 1));
        let power = if order == 1 { "t".to_owned() } else { format!("t^{order}") };
        scaled
            .text()
            .filter(|_| whole)
            .map(|text| if text == "1" { power.clone() } else { format!("{text}*{power}") })
    }
}
