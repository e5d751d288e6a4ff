//! A rational as long as the arithmetic is rational, a ball from there on.
//!
//! `(x^2 - 1)/(x - 1)` at `x = 1` divides by an exact 0 and is certainly undefined; a ball around 0 could
//! not tell. Rationals longer than [`EXACT_BITS`] become balls.

use super::Value;
use crate::function::FunctionId;
use crate::number::{Ball, Definedness, Rational};

/// Exact values stay exact up to this many bits.
pub const EXACT_BITS: u64 = 2048;

/// An exact rational, or a ball.
#[derive(Clone, Debug)]
pub enum Enclosure {
    /// Exactly this, with the precision it would have as a ball.
    Exact(Rational, u32),
    /// Somewhere in this ball.
    Ball(Ball),
}

impl Enclosure {
    /// The value as a ball.
    pub fn to_ball(&self) -> Ball {
        match self {
            Enclosure::Exact(q, precision) => Ball::from_rational(q, *precision),
            Enclosure::Ball(ball) => ball.clone(),
        }
    }

    /// The value as an exact rational, when it is known to be one.
    pub fn exact(&self) -> Option<&Rational> {
        match self {
            Enclosure::Exact(q, _) => Some(q),
            Enclosure::Ball(_) => None,
        }
    }

    /// Is the expression defined at this point: certainly, certainly not, or not known?
    pub fn definedness(&self) -> Definedness {
        match self {
            Enclosure::Exact(..) => Definedness::Defined,
            Enclosure::Ball(ball) => ball.definedness(),
        }
    }

    fn precision(&self) -> u32 {
        match self {
            Enclosure::Exact(_, precision) => *precision,
            Enclosure::Ball(ball) => ball.precision(),
        }
    }

    fn from_exact(q: Rational, precision: u32) -> Enclosure {
        if q.bits() <= EXACT_BITS {
            Enclosure::Exact(q, precision)
        } else {
            Enclosure::Ball(Ball::from_rational(&q, precision))
        }
    }
}

impl Value for Enclosure {
    type Precision = u32;

    fn number(q: &Rational, precision: u32) -> Enclosure {
        Enclosure::from_exact(q.clone(), precision)
    }

    fn unknown(precision: u32) -> Enclosure {
        Enclosure::Ball(Ball::whole(precision).doubtful())
    }

    fn plus(&self, other: &Enclosure) -> Enclosure {
        match (self, other) {
            (Enclosure::Exact(a, p), Enclosure::Exact(b, _)) => Enclosure::from_exact(a + b, *p),
            _ => Enclosure::Ball(self.to_ball().add(&other.to_ball())),
        }
    }

    fn times(&self, other: &Enclosure) -> Enclosure {
        match (self, other) {
            (Enclosure::Exact(a, p), Enclosure::Exact(b, _)) => Enclosure::from_exact(a * b, *p),
            _ => Enclosure::Ball(self.to_ball().mul(&other.to_ball())),
        }
    }

    fn scaled(&self, c: &Rational, precision: u32) -> Enclosure {
        self.times(&Enclosure::Exact(c.clone(), precision))
    }

    fn power_integer(&self, n: i64) -> Enclosure {
        match self {
            Enclosure::Exact(q, precision) => {
                if q.is_zero() && n < 0 {
                    return Enclosure::Ball(Ball::undefined(*precision));
                }
                let small = q.bits().saturating_mul(n.unsigned_abs()) <= 2 * EXACT_BITS;
                match small.then(|| q.pow(n)).flatten() {
                    Some(power) => Enclosure::from_exact(power, *precision),
                    None => Enclosure::Ball(self.to_ball().powi(n)),
                }
            }
            Enclosure::Ball(ball) => Enclosure::Ball(ball.powi(n)),
        }
    }

    fn power_rational(&self, q: &Rational) -> Enclosure {
        if let (Enclosure::Exact(base, precision), Some((n, d))) = (self, q.as_small()) {
            if !base.is_positive() {
                return Enclosure::Ball(Ball::undefined(*precision));
            }
            if d <= 16
                && n.unsigned_abs() <= 64
                && let Some(root) = base.root(d as u32)
            {
                return Enclosure::Exact(root, *precision).power_integer(n);
            }
        }
        Enclosure::Ball(self.to_ball().pow_rational(q))
    }

    fn power_typed(&self, exponent: &Enclosure) -> Enclosure {
        match exponent.as_integer() {
            Some(n) => self.power_integer(n),
            None => Enclosure::unknown(self.precision()),
        }
    }

    fn power(&self, exponent: &Enclosure) -> Enclosure {
        if let Some(q) = exponent.exact() {
            // The exponent is not of integer type here, so that the base must be positive even at 2.
            if let Enclosure::Exact(base, precision) = self
                && !base.is_positive()
            {
                return Enclosure::Ball(Ball::undefined(*precision));
            }
            if self.to_ball().is_positive() {
                return match q.as_i64() {
                    Some(n) => self.power_integer(n),
                    None => self.power_rational(q),
                };
            }
        }
        Enclosure::Ball(Value::power(&self.to_ball(), &exponent.to_ball()))
    }

    fn call(function: FunctionId, arguments: &[Enclosure], precision: u32) -> Enclosure {
        if let [Enclosure::Exact(q, p)] = arguments {
            match function.row().name {
                "abs" => return Enclosure::Exact(q.abs(), *p),
                "sqrt" => {
                    if let Some(root) = q.root(2) {
                        return Enclosure::Exact(root, *p);
                    }
                }
                _ => {}
            }
        }
        let balls: Vec<Ball> = arguments.iter().map(Enclosure::to_ball).collect();
        Enclosure::Ball((function.row().eval.ball)(&balls, precision))
    }

    fn as_integer(&self) -> Option<i64> {
        match self {
            Enclosure::Exact(q, _) => q.as_i64(),
            Enclosure::Ball(ball) => Value::as_integer(ball),
        }
    }
}
