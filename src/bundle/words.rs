//! What the documentation of generated code says of each routine.

use super::wanted::{Asked, Conversion, Other};
use crate::emit::Shape;

/// One sentence without a full stop; the routine is one of the family in these coordinates.
pub(super) fn summary(asked: &Asked, own: &str) -> String {
    let Some(Conversion { other, is_back, is_jacobian }) = asked.conversion else {
        return row(&asked.name).1.to_owned();
    };
    let other = match other {
        Other::Natural => "the natural parameters eta",
        Other::Mean => "the mean parameters E[T]",
    };
    let own = match own {
        "base" => "the parameters".to_owned(),
        "natural" => "the natural parameters eta".to_owned(),
        "mean" => "the mean parameters E[T]".to_owned(),
        name => format!("the `{name}` parameters"),
    };
    let (to, from) = if is_back { (own.as_str(), other) } else { (other, own.as_str()) };
    if is_jacobian { format!("Jacobian of {to} by {from}") } else { capital(&format!("{to} from {from}")) }
}

/// Further sentences that hold for every family.
pub(super) fn details(asked: &Asked, result: Shape) -> Vec<String> {
    let Some(conversion) = asked.conversion else {
        return row(&asked.name).2.iter().map(|detail| (*detail).to_owned()).collect();
    };
    match result {
        Shape::Matrix(rows, columns) if conversion.is_jacobian => vec![format!(
            "{rows} x {columns}: entry (i, j) is the derivative of component i of the result by component j of the argument."
        )],
        _ => Vec::new(),
    }
}

fn row(name: &str) -> &'static (&'static str, &'static str, &'static [&'static str]) {
    SUMMARIES.iter().find(|(known, ..)| *known == name).expect("a sentence for every routine")
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Name, summary, details.
#[rustfmt::skip]
const SUMMARIES: &[(&str, &str, &[&str])] = &[
    ("in_domain", "Whether the parameters are in the domain of the family", &[
        "Every other function is NaN for parameters outside it."]),
    ("log_density", "Log-density of one observation", &[
        "In nats; NaN outside the sample space.",
        "Where the log-density passes through 0, its error is absolute rather than relative."]),
    ("score", "Score of one observation: the gradient of the log-density by the parameters", &[
        "Its expectation is 0; the log-density rises along it.",
        "Where an entry passes through 0, its error is absolute rather than relative."]),
    ("fisher", "Fisher information of one observation", &[
        "F = E[score score'] = -E[Hessian of the log-density]: symmetric, positive semidefinite.",
        "For n independent observations multiply by n."]),
    ("fisher_packed", "Lower triangle of the Fisher information of one observation, row by row", &[
        "Entries (1,1), (2,1), (2,2), (3,1), ... of the symmetric matrix F = E[score score'].",
        "For n independent observations multiply by n."]),
    ("fisher_inverse", "Inverse of the Fisher information of one observation", &[
        "The Cramer-Rao bound: symmetric, positive definite. For n independent observations divide by n."]),
    ("natural_gradient", "Natural gradient F^-1 g for a gradient g by the parameters", &[
        "F is the Fisher information of one observation; a function of gradient g rises along F^-1 g and falls along -F^-1 g.",
        "Where its terms cancel, the error is absolute rather than relative."]),
    ("log_det_fisher", "Logarithm of the determinant of the Fisher information of one observation", &[
        "Half of it is the log-density of Jeffreys' prior, up to a constant.",
        "Where the determinant is near 1, the error is absolute rather than relative."]),
    ("kl", "Kullback-Leibler divergence of the second density from the first", &[
        "KL = E[log p(x) - log q(x)] under the first density p, in nats: nonnegative, and 0 exactly where both have the same parameters.",
        "Near equal parameters it is a difference of second order, and ill-conditioned in its inputs."]),
];
