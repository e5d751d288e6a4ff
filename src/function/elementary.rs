//! Exponential, logarithm, roots, absolute value, circular and hyperbolic functions.
//!
//! `log1p(x) = log(1 + x)` and `expm1(x) = exp(x) - 1` are functions of their own because their
//! `f64` values keep all digits near 0.

use super::{Evaluators, Function, Spelling};
use crate::number::Scalar;

/// Evaluators from the method of that name that every scalar has.
macro_rules! scalar {
    ($name:ident) => {
        Evaluators {
            real: |arguments| Scalar::$name(&arguments[0]),
            complex: |arguments| Scalar::$name(&arguments[0]),
            ball: |arguments, precision| Scalar::$name(&arguments[0].clone().with_precision(precision)),
        }
    };
}

#[rustfmt::skip]
pub(super) static ROWS: &[Function] = &[
    Function {
        name: "exp",
        partials: &[Some("exp(x)")],
        values: &["exp(0) = 1"],
        identities: &["exp(-x) = 1/exp(x)", "exp(2*x) = exp(x)^2", "exp(log(x)) = x if x > 0", "log(exp(x)) = x"],
        facts: &["exp(x) > 0", "exp(x) >= 1 + x", "exp(x) > 1 if x > 0", "exp(x) >= 1 if x >= 0", "exp(x) < 1 if x < 0", "exp(x) <= 1 if x <= 0"],
        eval: scalar!(exp),
        latex: r"\exp(#1)",
        emit: Spelling { rust: Some("{0}.exp()"), c: Some("exp({0})"), python: Some("math.exp({0})"), javascript: Some("Math.exp({0})") },
        source: "DLMF 4.2.19",
        ..Function::ROW
    },
    Function {
        name: "log",
        aliases: &["ln"],
        domain: &["x > 0"],
        partials: &[Some("1/x")],
        values: &["log(1) = 0", "log(exp(1)) = 1"],
        identities: &["log(1/x) = -log(x) if x > 0", "log(x^2) = 2*log(x) if x > 0", "log(sqrt(x)) = log(x)/2 if x > 0"],
        facts: &["log(x) <= x - 1 if x > 0", "log(x) > 0 if x > 1", "log(x) >= 0 if x >= 1", "log(x) < 0 if x > 0, x < 1", "log(x) <= 0 if x > 0, x <= 1"],
        eval: scalar!(log),
        latex: r"\log(#1)",
        emit: Spelling { rust: Some("{0}.ln()"), c: Some("log({0})"), python: Some("math.log({0})"), javascript: Some("Math.log({0})") },
        source: "DLMF 4.2.2",
        ..Function::ROW
    },
    Function {
        name: "sqrt",
        domain: &["x >= 0"],
        differentiable: &["x > 0"],
        partials: &[Some("1/(2*sqrt(x))")],
        values: &["sqrt(0) = 0", "sqrt(1) = 1", "sqrt(4) = 2", "sqrt(1/4) = 1/2"],
        identities: &["sqrt(x)^2 = x if x >= 0", "sqrt(x^2) = abs(x)", "sqrt(4*x) = 2*sqrt(x) if x >= 0"],
        facts: &["sqrt(x) >= 0", "sqrt(x) > 0 if x > 0"],
        eval: scalar!(sqrt),
        latex: r"\sqrt{#1}",
        emit: Spelling { rust: Some("{0}.sqrt()"), c: Some("sqrt({0})"), python: Some("math.sqrt({0})"), javascript: Some("Math.sqrt({0})") },
        source: "DLMF 4.2.26",
        ..Function::ROW
    },
    Function {
        name: "abs",
        differentiable: &["x != 0"],
        partials: &[Some("sign(x)")],
        values: &["abs(0) = 0", "abs(-2/3) = 2/3"],
        identities: &["abs(-x) = abs(x)", "abs(x)^2 = x^2", "abs(x) = x if x >= 0", "abs(x) = -x if x <= 0", "abs(x) = x*sign(x)"],
        facts: &["abs(x) >= 0", "abs(x) >= x", "abs(x) >= -x", "abs(x) > 0 if x != 0"],
        eval: scalar!(abs),
        latex: r"\lvert #1 \rvert",
        emit: Spelling { rust: Some("{0}.abs()"), c: Some("fabs({0})"), python: Some("abs({0})"), javascript: Some("Math.abs({0})") },
        source: "DLMF 1.9.7",
        ..Function::ROW
    },
    Function {
        name: "sign",
        aliases: &["sgn", "signum"],
        differentiable: &["x != 0"],
        partials: &[Some("0")],
        values: &["sign(0) = 0", "sign(2/3) = 1", "sign(-5) = -1"],
        identities: &["sign(-x) = -sign(x)", "sign(x) = 1 if x > 0", "sign(x) = -1 if x < 0", "sign(x)^2 = 1 if x != 0"],
        facts: &["sign(x) <= 1", "sign(x) >= -1", "sign(x) > 0 if x > 0", "sign(x) < 0 if x < 0", "sign(x) >= 0 if x >= 0", "sign(x) <= 0 if x <= 0"],
        eval: scalar!(sign),
        latex: r"\operatorname{sgn}(#1)",
        emit: Spelling { python: Some("(({0} > 0) - ({0} < 0))"), javascript: Some("Math.sign({0})"), ..Spelling::HELPER },
        source: "DLMF, Common Notations and Definitions, sign x",
        ..Function::ROW
    },
    Function {
        name: "sin",
        partials: &[Some("cos(x)")],
        values: &["sin(0) = 0", "sin(pi/6) = 1/2", "sin(pi/4) = sqrt(2)/2", "sin(pi/3) = sqrt(3)/2", "sin(pi/2) = 1", "sin(pi) = 0", "sin(2*pi) = 0"],
        identities: &["sin(-x) = -sin(x)", "sin(x)^2 + cos(x)^2 = 1", "sin(2*x) = 2*sin(x)*cos(x)", "sin(x + pi) = -sin(x)", "sin(pi/2 - x) = cos(x)"],
        facts: &["sin(x) <= 1", "sin(x) >= -1", "sin(x) > 0 if x > 0, x < pi", "sin(x) < x if x > 0"],
        eval: scalar!(sin),
        latex: r"\sin(#1)",
        emit: Spelling { rust: Some("{0}.sin()"), c: Some("sin({0})"), python: Some("math.sin({0})"), javascript: Some("Math.sin({0})") },
        source: "DLMF 4.14.1",
        ..Function::ROW
    },
    Function {
        name: "cos",
        partials: &[Some("-sin(x)")],
        values: &["cos(0) = 1", "cos(pi/6) = sqrt(3)/2", "cos(pi/4) = sqrt(2)/2", "cos(pi/3) = 1/2", "cos(pi/2) = 0", "cos(pi) = -1", "cos(2*pi) = 1"],
        identities: &["cos(-x) = cos(x)", "cos(2*x) = 2*cos(x)^2 - 1", "cos(x + pi) = -cos(x)"],
        facts: &["cos(x) <= 1", "cos(x) >= -1", "cos(x) > 0 if x > -pi/2, x < pi/2"],
        eval: scalar!(cos),
        latex: r"\cos(#1)",
        emit: Spelling { rust: Some("{0}.cos()"), c: Some("cos({0})"), python: Some("math.cos({0})"), javascript: Some("Math.cos({0})") },
        source: "DLMF 4.14.2",
        ..Function::ROW
    },
    Function {
        name: "tan",
        domain: &["cos(x) != 0"],
        partials: &[Some("1 + tan(x)^2")],
        values: &["tan(0) = 0", "tan(pi/6) = sqrt(3)/3", "tan(pi/4) = 1", "tan(pi/3) = sqrt(3)", "tan(pi) = 0"],
        identities: &["tan(-x) = -tan(x)", "tan(x) = sin(x)/cos(x)", "tan(atan(x)) = x"],
        facts: &["tan(x) > x if x > 0, x < pi/2"],
        eval: scalar!(tan),
        latex: r"\tan(#1)",
        emit: Spelling { rust: Some("{0}.tan()"), c: Some("tan({0})"), python: Some("math.tan({0})"), javascript: Some("Math.tan({0})") },
        source: "DLMF 4.14.4",
        ..Function::ROW
    },
    Function {
        name: "atan",
        aliases: &["arctan"],
        partials: &[Some("1/(1 + x^2)")],
        values: &["atan(0) = 0", "atan(1) = pi/4", "atan(sqrt(3)) = pi/3", "atan(sqrt(3)/3) = pi/6", "atan(-1) = -pi/4"],
        identities: &["atan(-x) = -atan(x)", "atan(x) + atan(1/x) = pi/2 if x > 0", "cos(atan(x))^2 = 1/(1 + x^2)"],
        facts: &["atan(x) < pi/2", "atan(x) > -pi/2", "atan(x) > 0 if x > 0", "atan(x) < 0 if x < 0", "atan(x) < x if x > 0"],
        eval: scalar!(atan),
        latex: r"\arctan(#1)",
        emit: Spelling { rust: Some("{0}.atan()"), c: Some("atan({0})"), python: Some("math.atan({0})"), javascript: Some("Math.atan({0})") },
        source: "DLMF 4.23.3",
        ..Function::ROW
    },
    Function {
        name: "sinh",
        partials: &[Some("cosh(x)")],
        values: &["sinh(0) = 0"],
        identities: &["sinh(-x) = -sinh(x)", "sinh(x) = (exp(x) - exp(-x))/2", "cosh(x)^2 - sinh(x)^2 = 1", "sinh(2*x) = 2*sinh(x)*cosh(x)"],
        facts: &["sinh(x) > x if x > 0", "sinh(x) > 0 if x > 0", "sinh(x) < 0 if x < 0"],
        eval: scalar!(sinh),
        latex: r"\sinh(#1)",
        emit: Spelling { rust: Some("{0}.sinh()"), c: Some("sinh({0})"), python: Some("math.sinh({0})"), javascript: Some("Math.sinh({0})") },
        source: "DLMF 4.28.1",
        ..Function::ROW
    },
    Function {
        name: "cosh",
        partials: &[Some("sinh(x)")],
        values: &["cosh(0) = 1"],
        identities: &["cosh(-x) = cosh(x)", "cosh(x) = (exp(x) + exp(-x))/2", "cosh(2*x) = 2*cosh(x)^2 - 1"],
        facts: &["cosh(x) >= 1", "cosh(x) > 1 if x != 0", "cosh(x) > sinh(x)"],
        eval: scalar!(cosh),
        latex: r"\cosh(#1)",
        emit: Spelling { rust: Some("{0}.cosh()"), c: Some("cosh({0})"), python: Some("math.cosh({0})"), javascript: Some("Math.cosh({0})") },
        source: "DLMF 4.28.2",
        ..Function::ROW
    },
    Function {
        name: "tanh",
        partials: &[Some("1 - tanh(x)^2")],
        values: &["tanh(0) = 0"],
        identities: &["tanh(-x) = -tanh(x)", "tanh(x) = sinh(x)/cosh(x)", "tanh(x) = (exp(2*x) - 1)/(exp(2*x) + 1)"],
        facts: &["tanh(x) < 1", "tanh(x) > -1", "tanh(x) > 0 if x > 0", "tanh(x) < 0 if x < 0", "tanh(x) < x if x > 0"],
        eval: scalar!(tanh),
        latex: r"\tanh(#1)",
        emit: Spelling { rust: Some("{0}.tanh()"), c: Some("tanh({0})"), python: Some("math.tanh({0})"), javascript: Some("Math.tanh({0})") },
        source: "DLMF 4.28.4",
        ..Function::ROW
    },
    Function {
        name: "log1p",
        domain: &["x > -1"],
        partials: &[Some("1/(1 + x)")],
        values: &["log1p(0) = 0"],
        identities: &["log1p(x) = log(1 + x) if x > -1", "log1p(expm1(x)) = x"],
        facts: &["log1p(x) <= x", "log1p(x) > 0 if x > 0", "log1p(x) < 0 if x > -1, x < 0"],
        eval: scalar!(log1p),
        latex: r"\operatorname{log1p}(#1)",
        emit: Spelling { rust: Some("{0}.ln_1p()"), c: Some("log1p({0})"), python: Some("math.log1p({0})"), javascript: Some("Math.log1p({0})") },
        source: "DLMF 4.2.2",
        ..Function::ROW
    },
    Function {
        name: "expm1",
        partials: &[Some("exp(x)")],
        values: &["expm1(0) = 0"],
        identities: &["expm1(x) = exp(x) - 1", "expm1(log1p(x)) = x if x > -1"],
        facts: &["expm1(x) > -1", "expm1(x) >= x", "expm1(x) > 0 if x > 0", "expm1(x) < 0 if x < 0"],
        eval: scalar!(expm1),
        latex: r"\operatorname{expm1}(#1)",
        emit: Spelling { rust: Some("{0}.exp_m1()"), c: Some("expm1({0})"), python: Some("math.expm1({0})"), javascript: Some("Math.expm1({0})") },
        source: "DLMF 4.2.19",
        ..Function::ROW
    },
];
