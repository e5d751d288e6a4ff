//! The constants π and γ; `e` is `exp(1)`.

use super::{Function, Spelling};

#[rustfmt::skip]
pub(super) static ROWS: &[Function] = &[
    Function {
        name: "pi",
        params: &[],
        partials: &[],
        facts: &["pi > 3", "pi < 22/7"],
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
        latex: r"\gamma_{\mathrm{E}}",
        emit: Spelling { rust: Some("0.577_215_664_901_532_9_f64"), c: Some("0.57721566490153286061"), python: Some("0.5772156649015329"), javascript: Some("0.5772156649015329") },
        source: "DLMF 5.2.3",
        ..Function::ROW
    },
];
