//! Python with NumPy and SciPy: functions of whole arrays of observations and parameters.
//!
//! ```text
//! fisher(theta):  theta (…, P) ↦ (…, P, P)          log_density(x, theta):  x (…), theta (…, P) ↦ (…)
//! ```
//!
//! The arrays of a call are broadcast against each other; what depends on the parameters alone is computed in their own
//! shape. Helpers work on flat arrays, see [`arrays`].

mod arrays;
mod documentation;
mod function;
mod layout;
mod module;
mod polynomial;
mod reading;
mod support;
mod tests_file;

use super::names::{PYTHON, Words};
use super::print::Printer;
use super::target::Target;
use super::unit::Unit;
use super::{Options, SourceFile};
use crate::program::{Relation, Term};

/// Python 3.9 and later.
pub(super) struct Python;

impl Target for Python {
    fn name(&self) -> &'static str {
        "python"
    }

    fn title(&self) -> &'static str {
        "Python"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["py"]
    }

    fn words(&self) -> &'static Words {
        WORDS
    }

    fn own_names(&self) -> &'static [&'static str] {
        &["valid", "values", "factor", "diagonal", "functools", "annotations", "ArrayLike", "NDArray"]
    }

    fn width(&self) -> usize {
        88
    }

    fn number(&self, digits: &str) -> String {
        let digits = digits.to_ascii_lowercase();
        if digits.contains(['.', 'e']) { digits } else { format!("{digits}.0") }
    }

    fn constant(&self, name: &str) -> Option<&'static str> {
        Some(match name {
            "nan" => "np.nan",
            "infinity" => "np.inf",
            "pi" => "np.pi",
            "EulerGamma" => "np.euler_gamma",
            _ => return None,
        })
    }

    /// SciPy's `betaln`, `ive` and `kl_div` lose digits that the helpers keep; its `zeta` and `polygamma` do not end for
    /// -1e10.
    #[rustfmt::skip]
    fn call(&self, name: &str, _: &Options) -> Option<&'static str> {
        Some(match name {
            "exp"       => "np.exp({0})",
            "log"       => "np.log({0})",
            "log1p"     => "np.log1p({0})",
            "expm1"     => "np.expm1({0})",
            "sqrt"      => "np.sqrt({0})",
            "sin"       => "np.sin({0})",
            "cos"       => "np.cos({0})",
            "tan"       => "np.tan({0})",
            "atan"      => "np.arctan({0})",
            "sinh"      => "np.sinh({0})",
            "cosh"      => "np.cosh({0})",
            "tanh"      => "np.tanh({0})",
            "abs"       => "np.abs({0})",
            "sign"      => "np.sign({0})",
            "floor"     => "np.floor({0})",
            "min"       => "np.fmin({0}, {1})",
            "max"       => "np.fmax({0}, {1})",
            "pow"       => "np.power({0}, {1})",
            "logaddexp" => "np.logaddexp({0}, {1})",
            "logistic"  => "special.expit({0})",
            "lgamma"    => "special.gammaln({0})",
            "digamma"   => "special.digamma({0})",
            _ => return None,
        })
    }

    fn helper(&self, name: &str, _: &str) -> String {
        format!("_{name}")
    }

    fn declare(&self, name: &str, _: bool, value: &str) -> String {
        format!("{name} = {value}")
    }

    fn assign(&self, name: &str, value: &str) -> String {
        format!("{name} = {value}")
    }

    fn declare_several(&self, printer: &Printer<'_>, names: &[String], call: &Term) -> Vec<String> {
        vec![format!("{} = {}", names.join(", "), printer.term(call))]
    }

    fn comment(&self, text: &str) -> Vec<String> {
        vec![format!("# {text}")]
    }

    fn comparison(
        &self,
        printer: &Printer<'_>,
        relation: Relation,
        left: &Term,
        right: &Term,
    ) -> Option<String> {
        match (relation, left, right) {
            (Relation::Less, Term::Call(abs, arguments), Term::Name(infinity))
                if abs == "abs" && infinity == "infinity" =>
            {
                Some(format!("np.isfinite({})", printer.term(&arguments[0])))
            }
            _ => None,
        }
    }

    fn connectives(&self) -> [&'static str; 3] {
        ["and", "or", "not "]
    }

    fn files(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let name = format!("{}.py", stem(unit));
        vec![SourceFile { name, text: module::module(unit, options) }]
    }

    fn tests(&self, unit: &Unit<'_>, _: &Options) -> Vec<SourceFile> {
        let name = format!("test_{}.py", stem(unit));
        vec![SourceFile { name, text: tests_file::tests(unit) }]
    }
}

/// Name of the module.
fn stem(unit: &Unit<'_>) -> String {
    unit.prefix.clone()
}

static WORDS: &Words = &PYTHON;
