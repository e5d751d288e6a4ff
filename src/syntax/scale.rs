//! How quantities scale together: `scale d ~ tau, lambda ~ 1/tau, epsilon ~ tau^2` gives d, λ and ε the weights 1, −1, 2.

use super::{Kind, Named, Side, Tree};
use crate::number::Rational;
use crate::text::Span;

/// The weight of each name, or the place that is no power of the one scale, and what was expected there.
pub(super) fn weights(scales: Vec<(Named, Tree)>) -> Result<Vec<(Named, Rational)>, (Span, String)> {
    let mut scale = None;
    let mut weights = Vec::with_capacity(scales.len());
    for (name, tree) in scales {
        let Some(weight) = weight(&tree, &mut scale) else {
            let expected =
                scale.map_or("a power of one name".into(), |scale| format!("a power of `{scale}`"));
            return Err((tree.span, expected));
        };
        weights.push((name, weight));
    }
    Ok(weights)
}

/// The exponent r of `tau^r`; numbers as factors change nothing.
fn weight(tree: &Tree, scale: &mut Option<String>) -> Option<Rational> {
    match &tree.kind {
        Kind::Name(name) => {
            let known = scale.get_or_insert_with(|| name.clone());
            (known == name).then(|| Rational::from(1))
        }
        Kind::Number(number) if *number != Rational::ZERO => Some(Rational::ZERO),
        Kind::Product(factors) => factors.iter().try_fold(Rational::ZERO, |sum, (side, factor)| {
            let weight = weight(factor, scale)?;
            Some(if *side == Side::Under { sum - weight } else { sum + weight })
        }),
        Kind::Power(base, exponent) => Some(weight(base, scale)? * number(exponent)?),
        Kind::Call { name, arguments, .. } if name == "sqrt" && arguments.len() == 1 => {
            Some(weight(&arguments[0], scale)? * Rational::new(1, 2))
        }
        _ => None,
    }
}

/// The value of `2`, `-1`, `1/2`.
fn number(tree: &Tree) -> Option<Rational> {
    match &tree.kind {
        Kind::Number(value) => Some(value.clone()),
        Kind::Negate(inner) => Some(-number(inner)?),
        Kind::Product(factors) => match factors.as_slice() {
            [(_, top), (Side::Under, bottom)] => {
                let (top, bottom) = (number(top)?, number(bottom)?);
                (bottom != Rational::ZERO).then(|| top / bottom)
            }
            _ => None,
        },
        _ => None,
    }
}
