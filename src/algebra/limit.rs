//! Limits at removable points, where they can be decided exactly.
//!
//! `(exp(x) − 1 − x)/x²` at 0: numerator and denominator are analytic there, both vanish to second order,
//! and the quotient of their coefficients, (1/2)/1, is the limit. What is not a quotient of analytic functions
//! (`x/|x|`, `sqrt(x)` at 0, `exp(1/x)`), or whose leading coefficient is of unknown sign, has no answer here.

use super::{Fraction, Normalizer};
use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Node, Scope, Store, lower};
use crate::function::FunctionId;
use crate::number::Ball;
use crate::syntax::{self, Relation};
use crate::tape::Tape;

/// Orders of vanishing that are tried.
const MOST_ORDERS: usize = 10;
/// Bits of the enclosures that tell a number from 0.
const PRECISION: u32 = 128;

/// lim e as the symbol `x` tends to `at` from both sides; `None` when it does not exist or is not decided.
pub fn limit(
    store: &mut Store,
    normalizer: &mut Normalizer,
    calculus: &mut Differentiator,
    e: Expr,
    x: Expr,
    at: Expr,
) -> Option<Expr> {
    let mut place = Place { store, normalizer, x, at };
    if !place.is_meromorphic(e) {
        return None;
    }
    let form = place.normalizer.normal(place.store, e).ok()?;
    let parts = [form.numerator(), form.denominator()].map(|part| Fraction::from(part.clone()));
    let [mut over, mut under] = parts.map(|part| place.normalizer.present(place.store, &part));
    if !place.is_analytic(over) || !place.is_analytic(under) {
        return None;
    }
    for _ in 0..MOST_ORDERS {
        let (numerator, denominator) = (place.value(over), place.value(under));
        if !place.vanishes(denominator)? {
            if !place.is_nonzero(denominator) {
                return None;
            }
            let quotient = place.store.div(numerator, denominator);
            return Some(place.normalizer.simplify(place.store, quotient));
        }
        if !place.vanishes(numerator)? {
            return None;
        }
        over = calculus.derivative(place.store, over, x);
        under = calculus.derivative(place.store, under, x);
    }
    None
}

/// The point `x = at`, and what is known there.
struct Place<'a> {
    store: &'a mut Store,
    normalizer: &'a mut Normalizer,
    x: Expr,
    at: Expr,
}

impl Place<'_> {
    fn value(&mut self, e: Expr) -> Expr {
        self.store.substitute(e, &Images::from_iter([(self.x, self.at)]))
    }

    /// Is the value exactly 0, by its normal form? `None` when there is none.
    fn vanishes(&mut self, value: Expr) -> Option<bool> {
        self.normalizer.is_zero(self.store, value).ok()
    }

    fn enclosure(&self, value: Expr) -> Option<Ball> {
        let closed = self.store.free_symbols(&[value]).is_empty();
        closed.then(|| Tape::new(self.store, &[], &[value]).eval_one::<Ball>(&[], PRECISION))
    }

    fn is_nonzero(&mut self, value: Expr) -> bool {
        let known = self.enclosure(value).is_some_and(|ball| ball.is_defined() && !ball.contains_zero());
        known || self.normalizer.assumptions.is_nonzero(self.store, value)
    }

    fn is_positive(&mut self, value: Expr) -> bool {
        let known = self.enclosure(value).is_some_and(|ball| ball.is_defined() && ball.is_positive());
        known || self.normalizer.assumptions.is_positive(self.store, value)
    }

    /// Is `e` a quotient of functions analytic at the point, and so defined around it?
    fn is_meromorphic(&mut self, e: Expr) -> bool {
        // Sums, products and whole powers of analytic parts; what is divided by is not 0 everywhere.
        let mut stack = vec![e];
        while let Some(e) = stack.pop() {
            match self.store[e].clone() {
                Node::Sum(terms) => stack.extend(terms.iter().map(|(_, t)| *t)),
                Node::Product(factors) => stack.extend(factors.iter().copied()),
                Node::Power(..) if self.store.base_and_power(e).0 != e => {
                    let (base, power) = self.store.base_and_power(e);
                    if power < 0 && self.vanishes(base) != Some(false) {
                        return false;
                    }
                    stack.push(base);
                }
                _ if self.is_analytic(e) => {}
                _ => return false,
            }
        }
        true
    }

    /// Is `e` analytic at the point, as a function of x?
    fn is_analytic(&mut self, e: Expr) -> bool {
        self.store.post_order(&[e]).into_iter().all(|node| match self.store[node].clone() {
            Node::Number(_) | Node::Symbol(_) | Node::Sum(_) | Node::Product(_) => true,
            _ if !self.store.mentions(node, &[self.x]) => true,
            Node::Power(base, exponent) => {
                let whole = self.store.base_and_power(node);
                let value = self.value(base);
                match self.store.as_number(exponent) {
                    _ if whole.0 != node && whole.1 > 0 => true,
                    _ if whole.0 != node => self.is_nonzero(value),
                    _ => self.is_positive(value),
                }
            }
            Node::Call(function, arguments) => self.is_analytic_call(function, &arguments),
            _ => false,
        })
    }

    /// Do the conditions of the row hold strictly at the point, and so around it?
    fn is_analytic_call(&mut self, function: FunctionId, arguments: &[Expr]) -> bool {
        let row = function.row();
        let mut scope = Scope::strict();
        for (name, argument) in row.params.iter().zip(arguments) {
            scope.declare(name, *argument);
        }
        row.domain.iter().chain(row.differentiable).all(|condition| self.holds_around(&mut scope, condition))
    }

    fn holds_around(&mut self, scope: &mut Scope, condition: &str) -> bool {
        // Right of all poles is not at one.
        if let Some(argument) = condition.strip_suffix(" nonpole") {
            let argument = self.read(scope, argument);
            return argument.is_some_and(|e| self.is_positive(e));
        }
        let (Some(chain), _) = syntax::parse_chain(condition, 0) else { return false };
        let [(relation, right)] = chain.rest.as_slice() else { return false };
        let mut diagnostics = Vec::new();
        let (Some(left), Some(right)) = (
            lower(self.store, scope, &chain.first, &mut diagnostics),
            lower(self.store, scope, right, &mut diagnostics),
        ) else {
            return false;
        };
        let (left, right) = (self.value(left), self.value(right));
        let (above, below) = (self.store.sub(left, right), self.store.sub(right, left));
        match relation {
            Relation::Greater | Relation::GreaterOrEqual => self.is_positive(above),
            Relation::Less | Relation::LessOrEqual => self.is_positive(below),
            Relation::NotEqual => self.is_nonzero(above),
            _ => false,
        }
    }

    fn read(&mut self, scope: &mut Scope, text: &str) -> Option<Expr> {
        let (tree, mut diagnostics) = syntax::parse_expression(text, 0);
        let e = lower(self.store, scope, &tree?, &mut diagnostics)?;
        Some(self.value(e))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::{Assumptions, Effort};
    use crate::expr::formula;
    use crate::print::display;

    fn found(text: &str, at: &str) -> Option<String> {
        let mut store = Store::new();
        let (e, x, at) = (formula(&mut store, text), store.scalar("x"), formula(&mut store, at));
        let mut normalizer = Normalizer::new(Assumptions::none(), Effort::Present);
        let result = limit(&mut store, &mut normalizer, &mut Differentiator::new(), e, x, at)?;
        Some(display(&store, result))
    }

    #[track_caller]
    fn check_limit(text: &str, at: &str, expected: &str) {
        assert_eq!(found(text, at).as_deref(), Some(expected), "{text} as x -> {at}");
    }

    #[track_caller]
    fn check_none(text: &str, at: &str) {
        assert_eq!(found(text, at), None, "{text} as x -> {at}");
    }

    #[test]
    fn removable_points() {
        check_limit("sin(x)/x", "0", "1");
        check_limit("(exp(x) - 1 - x)/x^2", "0", "1/2");
        check_limit("(x^2 - 1)/(x - 1)", "1", "2");
        check_limit("log(1 + x)/x", "0", "1");
        check_limit("(x - sin(x))/x^3", "0", "1/6");
        check_limit("sin(a*x)/x", "0", "a");
        check_limit("(x^3 - y^3)/(x - y)", "y", "3*y^2");
        check_limit("1/x - 1/sin(x)", "0", "0");
        check_limit("(sqrt(x) - 2)/(x - 4)", "4", "1/4");
        check_limit("abs(x)/x", "-2", "-1");
        check_limit("cos(x)/(x - pi/2)", "pi/2", "-1");
        check_limit("x + 1", "3", "4");
    }

    #[test]
    fn what_has_no_limit_or_is_not_decided() {
        for text in [
            "x/abs(x)",
            "sin(x)/abs(x)",
            "1/x",
            "sin(x)/x^2",
            "sqrt(x)",
            "sqrt(x)/x",
            "x*log(x)",
            "exp(1/x)",
            "exp(-1/x^2)",
            "sin(1/x)*x",
            "sign(x)",
            "x/(a*x + x^2)",
            "gamma(x)*x",
            "0*log(x)",
            "x/(x - x)",
            "x^y",
        ] {
            check_none(text, "0");
        }
    }
}
