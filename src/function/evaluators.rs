//! What a row computes with: one body each for `f64`, `Complex64` and `Ball`.
//!
//! `evaluators!(float::digamma, complex::digamma, ball::digamma; x)` takes one argument from the
//! slice each evaluator is given; `; n, x` takes two.

use num_complex::Complex64;

use crate::number::Ball;

/// The value of a function, given as many arguments as it has parameters.
#[derive(Clone, Copy, Debug)]
pub struct Evaluators {
    /// To a few units in the last place; not a number outside the domain.
    pub real: fn(&[f64]) -> f64,
    /// Analytic near the real axis: f(x + iy) for a tiny y has the imaginary part y·f′(x), to all digits.
    pub complex: fn(&[Complex64]) -> Complex64,
    /// A ball of so many bits that contains the value for all arguments in the given balls; the whole
    /// line where nothing better is known.
    pub ball: fn(&[Ball], u32) -> Ball,
}

impl Evaluators {
    /// Knows nothing: what a row has before it names its bodies.
    pub(super) const NONE: Evaluators = Evaluators {
        real: |_| f64::NAN,
        complex: |_| Complex64::new(f64::NAN, f64::NAN),
        ball: |_, precision| Ball::whole(precision).doubtful(),
    };
}

/// Evaluators from three bodies, and the names of the arguments they take.
macro_rules! evaluators {
    ($real:path, $complex:path, $ball:path; x) => {
        $crate::function::Evaluators {
            real: |arguments| $real(arguments[0]),
            complex: |arguments| $complex(arguments[0]),
            ball: |arguments, precision| $ball(&arguments[0], precision),
        }
    };
    ($real:path, $complex:path, $ball:path; $first:ident, $second:ident) => {
        $crate::function::Evaluators {
            real: |arguments| $real(arguments[0], arguments[1]),
            complex: |arguments| $complex(arguments[0], arguments[1]),
            ball: |arguments, precision| $ball(&arguments[0], &arguments[1], precision),
        }
    };
}
