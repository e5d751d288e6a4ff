//! Expressions to equal ones that keep their digits in floats.
//!
//! Passes in order: sums first (`x*log(x/m) - x + m` is `kl_term(x, m)`), then what stands in them: determinants of trigammas,
//! differences of special functions, quotients of exponentials, powers, divergences of squares,
//! logarithms of products. Each pass keeps the value on the declared domain, exactly;
//! a step that cannot be shown to keep it is not taken.

mod entropy;
mod logarithm;
mod pairing;
mod square;
mod sum;

mod decay;
mod exponential;
mod exponents;
mod gaps;
mod homogeneous;
mod hyperbolic;
mod log_sum;
mod mixture;
mod power;
mod product;
mod root;
mod softmax;
mod special;
mod tilted;
mod tilted_mass;
mod walk;

use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};

/// From an expression to an equal one.
type Pass = fn(&mut Store, Expr, &mut Assumptions) -> Expr;

/// In the order in which they run, each with the functions it is about: it leaves expressions as they are that call none of
/// them. Those without functions are about any expression.
static PASSES: &[(&[&str], Pass)] = &[
    (&["exp", "sinh", "cosh", "tanh"], tilted::tilted),
    (&["exp"], softmax::divergences),
    (&["exp"], mixture::divergences),
    (&["exp"], decay::logarithms),
    (&[], entropy::without_cancellation),
    (&["exp"], exponents::products),
    (&["kl_term"], mixture::two_points),
    (&["trigamma"], gaps::trigamma_determinants),
    (&[], special::special_functions),
    (&[], exponential::exponentials),
    (&["kl_term", "expm1_excess"], exponents::divergences),
    (&["logaddexp"], softmax::densities),
    (&[], homogeneous::ratios),
    (&[], power::powers),
    (&["kl_term"], root::divergences_of_squares),
    (&["log", "log_product"], product::logarithms),
];

/// Equal expressions, on the domain the assumptions describe, in forms that lose few digits in floats and do not overflow
/// before their value does.
pub fn stable(store: &mut Store, expressions: &[Expr], assumptions: &Assumptions) -> Vec<Expr> {
    let mut assumptions = assumptions.clone();
    // Matrices hold most of their entries twice.
    let mut distinct: Vec<Expr> = Vec::new();
    let mut place = |e: &Expr| match distinct.iter().position(|known| known == e) {
        Some(at) => at,
        None => {
            distinct.push(*e);
            distinct.len() - 1
        }
    };
    let places: Vec<usize> = expressions.iter().map(&mut place).collect();
    let mut images: Vec<Called> = distinct.into_iter().map(|e| Called::new(store, e)).collect();
    for (functions, pass) in PASSES {
        for image in images.iter_mut().filter(|image| image.is_about(functions)) {
            let new = pass(store, image.expr, &mut assumptions);
            if new != image.expr {
                *image = Called::new(store, new);
            }
        }
    }
    places.into_iter().map(|at| images[at].expr).collect()
}

/// An expression, and the functions it calls.
struct Called {
    expr: Expr,
    functions: Vec<&'static str>,
}

impl Called {
    fn new(store: &Store, expr: Expr) -> Called {
        let mut functions = Vec::new();
        for e in store.post_order(&[expr]) {
            if let Node::Call(function, _) = &store[e]
                && !functions.contains(&function.row().name)
            {
                functions.push(function.row().name);
            }
        }
        Called { expr, functions }
    }

    fn is_about(&self, functions: &[&str]) -> bool {
        functions.is_empty() || functions.iter().any(|name| self.functions.contains(name))
    }
}

#[cfg(test)]
mod entropy_tests;
#[cfg(test)]
mod measure;
#[cfg(test)]
mod tests;
