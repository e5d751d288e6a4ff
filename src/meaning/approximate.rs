//! `≈`, `o(·)` and `O(·)`: which power of what tends to 0 a step leaves open.
//!
//! L(θ + d) ≈ L(θ) + ∇L'd keeps one power of d, so it claims a remainder o(‖d‖); in o(θ) nothing tends to 0.

use crate::claim::{Assumption, Claim, Context, Limit};
use crate::expr::{Expr, Store};
use crate::number::Rational;
use crate::syntax::Directive;
use crate::text::{Code, Diagnostic};

use super::order;
use super::side::{Meaning, Reading, StatedOrder};
use super::step::{Stepping, Value, needs};

impl Stepping<'_> {
    /// A remainder of something that stays fixed says nothing.
    pub(super) fn remainders(&mut self, sides: [&Reading; 2]) {
        for side in sides {
            let (Some(Meaning::Value { remainder: Some((_, g)), .. }), Some((of, span))) =
                (&side.meaning, &side.remainder)
            else {
                continue;
            };
            let limit = &self.context.limit;
            if limit.symbols.is_empty() || order::remainder(self.store, limit, *g) != order::Size::Fixed {
                continue;
            }
            let code = Code::RemainderNotSmall { of: of.clone() };
            let small = limit.symbols.iter().filter(|(_, weight)| weight.is_positive());
            let small: Vec<String> =
                small.map(|(e, _)| format!("`{}`", crate::print::display(self.store, *e))).collect();
            let help = format!("what tends to 0 is {}", small.join(", "));
            let lint = Diagnostic::error(code, *span).with_help(help);
            if !self.lints.contains(&lint) {
                self.lints.push(lint);
            }
        }
    }

    /// The total weight of the remainder that a bare `≈` allows.
    pub(super) fn bare_order(
        &mut self,
        left: Expr,
        right: Expr,
        orders: &[StatedOrder],
        directives: &[Directive],
    ) -> Result<Rational, Diagnostic> {
        let small = &self.context.limit.symbols;
        let symbols: Vec<Expr> = small.iter().map(|(symbol, _)| *symbol).collect();
        if symbols.is_empty() {
            let help = "declare it before: `small d`";
            return Err(needs("`≈` without a quantity that tends to 0", help, self.span));
        }
        if !self.store.mentions(left, &symbols) && !self.store.mentions(right, &symbols) {
            let help = "declare what tends to 0 here: `small d`";
            return Err(needs("`≈` between sides in which nothing tends to 0", help, self.span));
        }
        let said = directives.iter().find_map(|directive| match directive {
            Directive::Order(order) => Some(Rational::from(i64::from(*order))),
            _ => None,
        });
        if let Some(order) = said {
            return Ok(order);
        }
        let stated = orders.iter().map(|stated| self.stated_order(stated)).collect::<Option<Vec<_>>>();
        if let Some(least) = stated.and_then(|orders| orders.into_iter().min()) {
            return Ok(least);
        }
        match order::degrees(self.store, right, small) {
            Some(degrees) => Ok(degrees.greatest),
            None => Err(needs(
                "the order of this `≈`",
                "say it behind the step: `% order 2`, or write the remainder: `+ o(norm(d)^2)`",
                self.span,
            )),
        }
    }

    /// The total weight of a term with a stated order: its own, moved by what the order differs from its degree.
    pub(super) fn stated_order(&self, stated: &StatedOrder) -> Option<Rational> {
        let small = &self.context.limit.symbols;
        let weight = order::degrees(self.store, stated.term, small)?.greatest;
        let main: Vec<(Expr, Rational)> = small
            .iter()
            .filter(|(symbol, w)| w.is_positive() && self.is_displacement(*symbol))
            .cloned()
            .collect();
        let degree = order::degrees(self.store, stated.term, &main)?.greatest;
        let unit = main.first().map_or(Rational::ONE, |(_, weight)| weight.clone());
        let stated = &Rational::from(i64::from(stated.order)) * &unit;
        Some(&weight + &(&stated - &degree))
    }

    /// Is this what a Taylor expansion is in: a vector, or the only thing that tends to 0?
    fn is_displacement(&self, symbol: Expr) -> bool {
        let small = &self.context.limit.symbols;
        let vectors = small.iter().any(|(s, w)| w.is_positive() && !self.store.shape(*s).is_scalar());
        !vectors || !self.store.shape(symbol).is_scalar()
    }

    /// `=` with remainders printed, `≈` with the order it is read to; of several, the weakest.
    pub(super) fn with_remainder(
        &mut self,
        left: &Value,
        right: &Value,
        bare: Option<Rational>,
    ) -> Result<Claim, Diagnostic> {
        if self.context.limit.symbols.is_empty() {
            let help = "declare what tends to 0: `small d`";
            return Err(needs("a remainder without a quantity that tends to 0", help, self.span));
        }
        // O of a weight is weaker than o of it.
        let weaker = |a: &(Rational, bool), b: &(Rational, bool)| a.0 < b.0 || (a.0 == b.0 && a.1 && !b.1);
        let mut weakest: Option<(Rational, bool)> = bare.map(|order| (order, false));
        for (side, printed) in [(1, &right.remainder), (0, &left.remainder)] {
            let Some((big, g)) = printed else { continue };
            let found = (self.remainder_order(*g, left.expr, right.expr)?, *big);
            if weakest.as_ref().is_none_or(|before| weaker(&found, before)) {
                // `a + o(g)` is any of many functions, and the right side has no room for all of them.
                if side == 0 {
                    self.lints.push(Diagnostic::error(Code::LostRemainder {}, self.span));
                }
                weakest = Some(found);
            }
        }
        let (order, big) = weakest.expect("one side has a remainder, or the relation has an order");
        let limit = concerning(self.store, &self.context, &[left.expr, right.expr]);
        Ok(Claim::Order { left: left.expr, right: right.expr, limit, order, big })
    }

    fn remainder_order(&mut self, g: Expr, left: Expr, right: Expr) -> Result<Rational, Diagnostic> {
        if self.is_of_other_quantities(g, &[left, right]) {
            return Err(needs(
                "a remainder in other quantities than those of the sides that tend to 0",
                "say how they scale beside each other: `scale d ~ tau, eta ~ tau^2`",
                self.span,
            ));
        }
        match order::remainder(self.store, &self.context.limit, g) {
            order::Size::Power(order) => Ok(order),
            // The lint stands with the side; what was meant is the power that is kept.
            order::Size::Fixed => {
                let small = &self.context.limit.symbols;
                let kept = order::degrees(self.store, right, small)
                    .or_else(|| order::degrees(self.store, left, small));
                Ok(kept.map_or(Rational::ONE, |degrees| degrees.greatest))
            }
            order::Size::Unclear => Err(needs(
                "a remainder of this form",
                "write it as a power of a length: `o(norm(d)^2)`",
                self.span,
            )),
        }
    }
}

impl Stepping<'_> {
    /// Do several quantities of no declared scale meet? In o(η) beside L(θ + d) nothing says how small η is against d.
    fn is_of_other_quantities(&self, g: Expr, sides: &[Expr]) -> bool {
        let limit = &self.context.limit;
        let of_sides = concerning(self.store, &self.context, sides);
        let of_g = concerning(self.store, &self.context, &[g]);
        let plain = limit.symbols.iter().all(|(_, weight)| weight.is_one());
        let several = of_g.symbols.len() > 1 || (of_g != of_sides && !of_sides.symbols.is_empty());
        plain && !of_g.symbols.is_empty() && several
    }
}

/// The part of the declared limit that concerns some expressions, also through what the text equates: after `assume u = eta*v`
/// u tends to 0 with η.
pub(super) fn concerning(store: &Store, context: &Context, sides: &[Expr]) -> Limit {
    let mut concerned = sides.to_vec();
    let mut left: Vec<(Expr, Expr)> = Vec::new();
    for assumption in &context.assumptions {
        let Assumption::Equal(a, b) = assumption else { continue };
        left.extend([(*a, *b), (*b, *a)].into_iter().filter(|(name, _)| store.as_symbol(*name).is_some()));
    }
    while let Some(at) =
        left.iter().position(|(name, _)| concerned.iter().any(|e| store.mentions(*e, &[*name])))
    {
        concerned.push(left.swap_remove(at).1);
    }
    let occurs = |symbol: Expr| concerned.iter().any(|e| store.mentions(*e, &[symbol]));
    let symbols = context.limit.symbols.iter().filter(|(symbol, _)| occurs(*symbol)).cloned().collect();
    Limit { symbols }
}
