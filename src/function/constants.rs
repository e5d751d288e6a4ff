//! The constants π and γ; `e` is `exp(1)`.

use num_complex::Complex64;

use super::{Evaluators, Function, Spelling};
use crate::number::Ball;

/// DLMF 5.2.3.
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;

#[rustfmt::skip]
pub(super) static ROWS: &[Function] = &[
    Function {
        name: "pi",
        params: &[],
        partials: &[],
        facts: &["pi > 3", "pi < 22/7"],
        eval: Evaluators {
            real: |_| std::f64::consts::PI,
            complex: |_| Complex64::new(std::f64::consts::PI, 0.0),
            ball: |_, precision| Ball::pi(precision),
        },
        latex: r"\pi",
        emit: Spelling { rust: Some("std::f64::consts::PI"), c: Some("3.14159265358979323846"), python: Some("math.pi"), javascript: Some("Math.PI") },
        source: "DLMF 3.12.1",
        ..Function::ROW
    },
    Function {
        name: "EulerGamma",
        aliases: &["eulergamma", "euler_gamma"],
        params: &[],
        partials: &[],
        facts: &["EulerGamma > 1/2", "EulerGamma < 3/5"],
        eval: Evaluators {
            real: |_| EULER_GAMMA,
            complex: |_| Complex64::new(EULER_GAMMA, 0.0),
            ball: |_, precision| Ball::euler_gamma(precision),
        },
        latex: r"\gamma_{\mathrm{E}}",
        emit: Spelling { rust: Some("0.577_215_664_901_532_9_f64"), c: Some("0.57721566490153286061"), python: Some("0.5772156649015329"), javascript: Some("0.5772156649015329") },
        source: "DLMF 5.2.3",
        ..Function::ROW
    },
];
