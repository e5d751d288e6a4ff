//! What the documentation of generated code says of each routine.

use crate::emit::Shape;

/// One sentence without a full stop.
pub(super) fn summary(name: &str) -> String {
    let known = SUMMARIES.iter().find(|(known, ..)| *known == name);
    if let Some((_, summary, _)) = known {
        return (*summary).to_owned();
    }
    let (to, from) = name.split_once("_from_").unwrap_or((name, ""));
    let is_jacobian = from.ends_with("_jacobian");
    let from = from.trim_end_matches("_jacobian");
    let (to, from) = (coordinates(to), coordinates(from));
    if is_jacobian { format!("Jacobian of {to} by {from}") } else { capital(&format!("{to} from {from}")) }
}

/// Further sentences that hold for every family.
pub(super) fn details(name: &str, result: Shape) -> Vec<String> {
    let known = SUMMARIES.iter().find(|(known, ..)| *known == name);
    let mut all: Vec<String> =
        known.map(|(_, _, details)| details.iter().map(|d| (*d).to_owned()).collect()).unwrap_or_default();
    if name.ends_with("_jacobian")
        && let Shape::Matrix(rows, columns) = result
    {
        all.push(format!(
            "{rows} x {columns}: entry (i, j) is the derivative of component i of the result by component j of the argument."
        ));
    }
    all
}

fn coordinates(word: &str) -> String {
    match word {
        "natural" => "the natural parameters eta".to_owned(),
        "mean" => "the mean parameters E[T]".to_owned(),
        "parameters" => "the parameters".to_owned(),
        name => format!("the `{name}` parameters"),
    }
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
