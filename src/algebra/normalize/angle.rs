//! Sines and cosines of sums and multiples, over the sine and cosine of each term.
//!
//! With C = cos α and S = sin α, `cos(2α) = C² − S²` and S² is 1 − C²; multiples of π turn by quadrants.

use super::{Divided, Fraction, Kernel, Normal, Normalizer, Stop, constant};
use crate::algebra::polynomial::Polynomial;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Angles of more terms, or of larger multiples, are kernels as they stand.
const MOST_TERMS: usize = 5;
const LARGEST_MULTIPLE: i64 = 24;

/// (cos, sin) of an angle.
type Turn = (Fraction, Fraction);

impl Normalizer {
    pub(super) fn angle(&mut self, store: &mut Store, name: &str, u: Expr) -> Normal {
        let form = self.walk(store, u)?;
        let (cos, sin) = self.turn(store, &form)?;
        let result = match name {
            "cos" => cos,
            "sin" => sin,
            _ => {
                self.cite("tan-quotient");
                sin.div(&cos, &self.budget)?.ok_or(Stop::DivisionByZero)?
            }
        };
        self.reduced(result)
    }

    /// cos and sin of a normal form, by the addition theorem over its terms.
    fn turn(&mut self, store: &mut Store, form: &Fraction) -> Normal<Turn> {
        let terms: Vec<_> = form.numerator().terms().collect();
        if terms.len() > MOST_TERMS {
            let exponent = self.canonical(store, form);
            return self.turn_kernels(store, exponent);
        }
        if terms.len() > 1 {
            self.cite("angle-sum");
        }
        let denominator = Fraction::from(form.denominator().clone());
        let mut total = (Fraction::one(), Fraction::zero());
        for (monomial, c) in terms {
            let unit = Polynomial::from_terms([(monomial, Rational::ONE)])?;
            let term = Fraction::from(unit).div(&denominator, &self.budget)?.ok_or(Stop::DivisionByZero)?;
            let angle = self.canonical(store, &term);
            let is_pi = matches!(&store[angle], Node::Call(f, _) if f.row().name == "pi");
            let part = if is_pi { self.turn_pi(store, &c)? } else { self.turn_term(store, angle, &c)? };
            total = self.turned(&total, &part)?;
        }
        Ok(total)
    }

    /// The product of two turns: angles add.
    fn turned(&mut self, a: &Turn, b: &Turn) -> Normal<Turn> {
        let (cc, ss) = (a.0.mul(&b.0, &self.budget)?, a.1.mul(&b.1, &self.budget)?);
        let (cs, sc) = (a.0.mul(&b.1, &self.budget)?, a.1.mul(&b.0, &self.budget)?);
        let cos = self.reduced(cc.sub(&ss, &self.budget)?)?;
        let sin = self.reduced(cs.add(&sc, &self.budget)?)?;
        Ok((cos, sin))
    }

    /// cos and sin of c·angle as the power of the turn by angle/degree.
    fn turn_term(&mut self, store: &mut Store, angle: Expr, c: &Rational) -> Normal<Turn> {
        let denominator =
            u32::try_from(c.denominator()).map_err(|_| Stop::Unsupported("an angle divided too finely"))?;
        let degree = self.degree(Divided::Angle, angle, denominator)?;
        let power = c * &Rational::from(i64::from(degree));
        let n = power.as_i64().filter(|n| n.abs() <= LARGEST_MULTIPLE);
        let Some(n) = n else {
            let angle = store.scale(c, angle);
            return self.turn_kernels(store, angle);
        };
        let unit = store.scale(&Rational::new(1, i64::from(degree)), angle);
        let step = self.turn_kernels(store, unit)?;
        if n.abs() > 1 {
            self.cite("angle-multiple");
        }
        let mut total = (Fraction::one(), Fraction::zero());
        for _ in 0..n.abs() {
            total = self.turned(&total, &step)?;
        }
        if n < 0 {
            total.1 = total.1.scale(&Rational::MINUS_ONE);
        }
        Ok(total)
    }

    fn turn_kernels(&mut self, store: &mut Store, angle: Expr) -> Normal<Turn> {
        let (cos, sin) = (store.call_named("cos", [angle]), store.call_named("sin", [angle]));
        let cos = self.kernel(Kernel::Atom(cos));
        self.cite("pythagoras");
        let square = Fraction::one().sub(&cos.mul(&cos, &self.budget)?, &self.budget)?;
        let sin = self.related_kernel(Kernel::Atom(sin), 2, square);
        Ok((cos, sin))
    }

    /// cos and sin of c·π: quadrants, and the exact values of the table between them.
    fn turn_pi(&mut self, store: &mut Store, c: &Rational) -> Normal<Turn> {
        self.cite("angle-pi");
        let quadrants = (c * &Rational::from(2)).floor();
        let rest = c - &(&quadrants / &Rational::from(2));
        let quadrant = &quadrants - &(&(&quadrants / &Rational::from(4)).floor() * &Rational::from(4));
        let start = if rest.is_zero() {
            (Fraction::one(), Fraction::zero())
        } else {
            let pi = store.call_named("pi", []);
            let angle = store.scale(&rest, pi);
            let (cos, sin) = (store.call_named("cos", [angle]), store.call_named("sin", [angle]));
            let (c_value, s_value) = (self.exact(store, cos)?, self.exact(store, sin)?);
            match (c_value, s_value) {
                (Some(cos), Some(sin)) => (cos, sin),
                _ => self.turn_kernels(store, angle)?,
            }
        };
        let quarter = match quadrant.as_i64() {
            Some(0) => (Fraction::one(), Fraction::zero()),
            Some(1) => (Fraction::zero(), Fraction::one()),
            Some(2) => (constant(Rational::MINUS_ONE), Fraction::zero()),
            _ => (Fraction::zero(), constant(Rational::MINUS_ONE)),
        };
        self.turned(&start, &quarter)
    }

    /// The exact value of a closed call, when its row has one.
    fn exact(&mut self, store: &mut Store, call: Expr) -> Normal<Option<Fraction>> {
        let Node::Call(function, _) = store[call].clone() else { return Ok(None) };
        for (left, right) in self.exact_values_typed(store, function) {
            if left == call {
                return self.walk(store, right).map(Some);
            }
        }
        Ok(None)
    }
}
