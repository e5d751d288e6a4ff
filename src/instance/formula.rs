//! The formulas of the deck: text in the plain notation, read once, evaluated in series.
//!
//! `theta_1^2*theta_2 + theta_1` is a loss, `1 - theta_1 - theta_2` a probability; both at `1/5 + t` as well as at 1/5.

use super::failure::Failure;
use super::jet::{Jet, Ring};
use crate::expr::{self, Expr, Node, Store};
use crate::number::Rational;

/// A scalar formula in `theta_1, …` (`theta` when there is one).
#[derive(Debug)]
pub(super) struct Formula {
    store: Store,
    root: Expr,
    parameters: Vec<Expr>,
    /// As it is written in the table.
    pub text: String,
}

/// The names of the parameters.
pub(super) fn names(prefix: &str, count: usize) -> Vec<String> {
    match count {
        1 => vec![prefix.to_owned()],
        _ => (1..=count).map(|i| format!("{prefix}_{i}")).collect(),
    }
}

impl Formula {
    /// Reads a formula of the deck.
    pub(super) fn new(text: &str, names: &[String]) -> Formula {
        let mut store = Store::new();
        let root = expr::formula(&mut store, text);
        let parameters = names.iter().map(|name| store.scalar(name)).collect();
        Formula { store, root, parameters, text: text.to_owned() }
    }

    /// The value at parameters that are series.
    pub(super) fn eval(&self, arguments: &[Jet], ring: &Ring) -> Result<Jet, Failure> {
        self.node(self.root, arguments, ring)
    }

    /// Formulas are short: they are written in this crate.
    fn node(&self, e: Expr, arguments: &[Jet], ring: &Ring) -> Result<Jet, Failure> {
        match &self.store[e] {
            Node::Number(q) => Ok(Jet::rational(q.clone())),
            Node::Symbol(_) => {
                let position = self.parameters.iter().position(|p| *p == e);
                Ok(arguments[position.expect("a formula of the deck speaks of its parameters")].clone())
            }
            Node::Sum(terms) => terms.iter().try_fold(Jet::zero(), |sum, (c, term)| {
                Ok(ring.add(&sum, &ring.scale(&self.node(*term, arguments, ring)?, c)))
            }),
            Node::Product(factors) => factors.iter().try_fold(Jet::one(), |product, factor| {
                ring.mul(&product, &self.node(*factor, arguments, ring)?)
            }),
            Node::Power(base, exponent) => {
                let exponent = self.store.as_number(*exponent).cloned().unwrap_or(Rational::ONE);
                ring.pow(&self.node(*base, arguments, ring)?, &exponent)
            }
            Node::Call(function, list) if function.name == "log" => {
                ring.log(&self.node(list[0], arguments, ring)?, &|_| Err(Failure::unknown("a density")))
            }
            _ => Err(Failure::unknown("a formula of the deck")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_formula_is_evaluated_at_a_point() {
        let formula = Formula::new("theta_1^2*theta_2 - theta_2/2", &names("theta", 2));
        let at = [Jet::rational(Rational::from(3)), Jet::rational(Rational::from(4))];
        let value = formula.eval(&at, &Ring::new(4, 64)).unwrap();
        assert_eq!(value.as_rational(), Some(Rational::from(34)));
    }
}
