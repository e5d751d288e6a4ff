//! A density that does not integrate to one → what is said of it, at its place.
//!
//! `p(x) = exp(-l*x)` on x > 0 integrates to 1/2 at l = 2: the factor l is missing.

use crate::text::{Code, Diagnostic, Span};
use crate::verify::statistical::normalization::{KnownBy, NotNormalized};

/// The error at the right side of `log p(x) = …`.
pub fn without_mass(density: Span, wrong: &NotNormalized) -> Diagnostic {
    let at: Vec<String> = wrong.at.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    match &wrong.value {
        _ if wrong.known_by == KnownBy::Undefined => {
            let at = if at.is_empty() { "every point".to_owned() } else { at.join(", ") };
            let help =
                format!("{}: correct its sign, or the domain of what it takes logarithms of", wrong.reason);
            Diagnostic::error(Code::UndefinedDensity { at }, density).with_help(help)
        }
        Some(value) => {
            let at = if at.is_empty() { "every point".to_owned() } else { at.join(", ") };
            let help = match wrong.known_by {
                KnownBy::EmptySpace => format!("{}: correct its ends", wrong.reason),
                _ => format!(
                    "divide the density by the missing factor (there it is {value}), or correct the sample space"
                ),
            };
            Diagnostic::error(Code::NotNormalized { value: value.clone(), at }, density).with_help(help)
        }
        None => {
            let code =
                Code::NotNormalized { value: "different values".into(), at: "different parameters".into() };
            Diagnostic::error(code, density)
                .with_help(format!("{}; a factor of the parameters is missing", wrong.reason))
        }
    }
}
