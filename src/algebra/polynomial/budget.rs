//! Limits on what one operation may produce or spend, counted in terms, bits and steps, never in seconds.

use std::fmt;

/// What one operation on polynomials may use. The same input meets the same limit on every machine.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Terms of one result.
    pub max_terms: u64,
    /// Bits of one integer coefficient.
    pub max_bits: u64,
    /// Elementary steps, of some nanoseconds each.
    pub max_steps: u64,
}

impl Default for Budget {
    /// 200,000 terms, 2¹⁶ bits, 5·10⁸ steps: below a second on a machine of today.
    fn default() -> Budget {
        Budget { max_terms: 200_000, max_bits: 1 << 16, max_steps: 500_000_000 }
    }
}

/// What an operation ran out of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Resource {
    /// Terms of one polynomial.
    Terms,
    /// Bits of one coefficient.
    CoefficientBits,
    /// Elementary steps of one operation.
    Steps,
    /// The size of one exponent.
    Exponent,
    /// The bits of all exponents of one monomial together.
    MonomialBits,
}

/// An operation was refused or stopped; nothing was computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Exceeded {
    /// What there would have been too much of.
    pub resource: Resource,
    /// How much was allowed.
    pub limit: u64,
}

impl Exceeded {
    pub(crate) const EXPONENT: Exceeded = Exceeded { resource: Resource::Exponent, limit: u32::MAX as u64 };
    pub(crate) const MONOMIAL: Exceeded = Exceeded { resource: Resource::MonomialBits, limit: 128 };
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.resource {
            Resource::Terms => "terms in a polynomial",
            Resource::CoefficientBits => "bits in a coefficient",
            Resource::Steps => "steps of polynomial arithmetic",
            Resource::Exponent => "as an exponent",
            Resource::MonomialBits => "bits of exponents in a monomial",
        };
        write!(f, "more than {} {unit}", self.limit)
    }
}

impl std::error::Error for Exceeded {}

/// The steps that one operation, with all operations inside it, has spent.
pub(in crate::algebra) struct Meter {
    budget: Budget,
    spent: u64,
}

impl Meter {
    pub(in crate::algebra) fn new(budget: &Budget) -> Meter {
        Meter { budget: *budget, spent: 0 }
    }

    pub(super) fn step(&mut self, count: u64) -> Result<(), Exceeded> {
        self.spent = self.spent.saturating_add(count);
        if self.spent > self.budget.max_steps {
            return Err(Exceeded { resource: Resource::Steps, limit: self.budget.max_steps });
        }
        Ok(())
    }

    pub(super) fn terms(&self, count: u64) -> Result<(), Exceeded> {
        if count > self.budget.max_terms {
            return Err(Exceeded { resource: Resource::Terms, limit: self.budget.max_terms });
        }
        Ok(())
    }

    pub(super) fn bits(&self, count: u64) -> Result<(), Exceeded> {
        if count > self.budget.max_bits {
            return Err(Exceeded { resource: Resource::CoefficientBits, limit: self.budget.max_bits });
        }
        Ok(())
    }
}
