//! What a proof is: steps, certificates of each kind of claim, and the theorem that a checked one becomes.
//!
//! A step `log-product` with U := p, V := q⁻¹ in the context `∫ p·□` rewrites ∫ p log(p q⁻¹) to ∫ p (log p + log q⁻¹). Nothing here is
//! trusted: a certificate is a proposal.

use super::condition::Met;
use super::discharge::How;
use super::schema::{Meta, RuleId};
use super::sign::Sign;
use crate::expr::{Expr, Shape, Store, Symbol};

/// One use of a rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Which rule.
    pub rule: RuleId,
    /// What its letters stand for, as seen from the hole.
    pub with: Vec<(Meta, Expr)>,
    /// Where: an expression with one hole.
    pub context: Expr,
    /// From the right side of the rule to its left side.
    pub backwards: bool,
}

/// Why a claim holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Certificate {
    /// Of [`Claim::Equal`](crate::claim::Claim::Equal) and [`Claim::Order`](crate::claim::Claim::Order): from the left side to the right side. Of [`Claim::LimitValue`](crate::claim::Claim::LimitValue): from the
    /// body at the limit to the value.
    Chain(Vec<Step>),
    /// Of [`Claim::Compare`](crate::claim::Claim::Compare): from the greater side minus the smaller one to the expression of the sign. Of
    /// [`Claim::ZeroOnlyAtZero`](crate::claim::Claim::ZeroOnlyAtZero): from the form to it.
    Comparison {
        /// The steps.
        chain: Vec<Step>,
        /// Why that is not negative.
        sign: Sign,
    },
    /// Of [`Claim::Proportional`](crate::claim::Claim::Proportional): from the left side to factor·right side.
    Proportion {
        /// The factor.
        factor: Expr,
        /// Why the factor is positive: a strict sign whose expression is the factor.
        sign: Sign,
        /// The steps.
        chain: Vec<Step>,
    },
    /// Of [`Claim::Conclusion`](crate::claim::Claim::Conclusion) and [`Claim::Stationary`](crate::claim::Claim::Stationary): from left side − right side to Σ Lᵢ(lᵢ − rᵢ)Rᵢ. The one
    /// equation of a stationary point is ∇ objective = 0 at the variable.
    Combination {
        /// The multiples of the given equations.
        multipliers: Vec<Multiplier>,
        /// The steps.
        chain: Vec<Step>,
    },
    /// Of [`Claim::Minimizer`](crate::claim::Claim::Minimizer): from objective − objective at the point to the expression of the sign, which vanishes at
    /// the point alone.
    Minimum {
        /// The steps.
        chain: Vec<Step>,
        /// Why the difference is not negative where the constraints hold; [`Sign::Slack`] is the negative of a constraint.
        sign: Sign,
        /// For each constraint: from its negative at the point to a sign.
        feasible: Vec<(Vec<Step>, Sign)>,
    },
    /// Of [`Claim::Property`](crate::claim::Claim::Property).
    Property(Witness),
    /// Of [`Claim::MinimizerLimit`](crate::claim::Claim::MinimizerLimit) over a ball ‖d‖ ≤ ε, or dᵀGd ≤ ε² with a positive definite G.
    Ball {
        /// The objective at 0.
        constant: Expr,
        /// Its gradient at 0.
        gradient: Expr,
        /// G; the identity when there is none.
        metric: Option<Expr>,
        /// From the objective to constant + gradientᵀd, up to o(‖d‖).
        chain: Vec<Step>,
        /// From the claimed point to −G⁻¹gradient/√(gradientᵀG⁻¹gradient).
        end: Vec<Step>,
    },
    /// Of [`Claim::SameMinimizer`](crate::claim::Claim::SameMinimizer): the first objective is a(d) + λb(d) + rest, the second gradientᵀd + ½λdᵀGd + another rest.
    Penalty(Box<Penalty>),
}

/// A function and a penalty with a large factor, and their models at 0.
#[derive(Clone, PartialEq, Debug)]
pub struct Penalty {
    /// λ, a symbol whose weight is minus that of d.
    pub factor: Expr,
    /// a(d).
    pub function: Expr,
    /// b(d).
    pub penalty: Expr,
    /// What of the first objective is free of d.
    pub first_rest: Expr,
    /// What of the second objective is free of d.
    pub second_rest: Expr,
    /// a(0).
    pub function_at_0: Expr,
    /// ∇a(0).
    pub gradient: Expr,
    /// b(0).
    pub penalty_at_0: Expr,
    /// G, the Hessian of b at 0, which is positive definite.
    pub metric: Expr,
    /// From a to a(0) + gradientᵀd, up to o(‖d‖).
    pub linear: Vec<Step>,
    /// From b to b(0) + ½dᵀGd, up to o(‖d‖²).
    pub quadratic: Vec<Step>,
}

/// A multiple of a given equation.
#[derive(Clone, PartialEq, Debug)]
pub struct Multiplier {
    /// Which of the given equations.
    pub equation: usize,
    /// The factor in front.
    pub left: Expr,
    /// The factor behind.
    pub right: Expr,
}

/// Why a matrix M has a property; u is [`direction`].
#[derive(Clone, PartialEq, Debug)]
pub enum Witness {
    /// From M to Mᵀ.
    Symmetric(Vec<Step>),
    /// From uᵀMu to the expression of the sign; for a definite matrix also from M to Mᵀ.
    Form {
        /// From M to Mᵀ.
        symmetric: Vec<Step>,
        /// From uᵀMu to the expression of the sign.
        chain: Vec<Step>,
        /// Why it is not negative; for a definite matrix it vanishes at u = 0 alone.
        sign: Sign,
    },
    /// From M·inverse to the identity.
    Inverse {
        /// The inverse.
        inverse: Expr,
        /// The steps.
        chain: Vec<Step>,
    },
    /// The property is declared of this very matrix.
    Declared,
}

/// A claim that holds whenever its open conditions do.
#[derive(Clone, PartialEq, Debug)]
pub struct Theorem {
    /// Each condition once, with how it is met.
    pub conditions: Vec<(Met, How)>,
    /// The names of the rules, in order of first use.
    pub rules: Vec<&'static str>,
}

impl Theorem {
    /// The conditions that the declarations do not imply.
    pub fn open_conditions(&self) -> impl Iterator<Item = &Met> {
        self.conditions.iter().filter(|(_, how)| *how == How::Open).map(|(met, _)| met)
    }
}

/// The vector u with which a form uᵀMu of an n × n matrix is written; no article can write it.
pub fn direction(store: &mut Store, matrix: Expr) -> Expr {
    let shape = Shape::vector(store.shape(matrix).columns);
    store.symbol(Symbol { name: "→u".to_owned(), shape, integer: false })
}
