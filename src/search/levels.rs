//! Base forms: which moves bring an expression to which form, and in what order.
//!
//! To the level of expectations `∫ p log(p/q)` becomes `E[log p] − E[log q]`, and `E[s s']` becomes F; to the level of integrals
//! everything is a polynomial in densities, their derivatives and logarithms under ∫.

use std::rc::Rc;

use crate::expr::{Expr, Node};

use super::engine::Engine;
use super::family::has_law;
use super::moves::Move;

/// How an expression is brought to a base form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Means stay, and become scores, Fisher information and constants.
    Expectation,
    /// Everything is an integral of densities and their derivatives.
    Integral,
}

/// The first move that a level takes.
pub fn next_move(engine: &mut Engine, state: Expr, level: Level) -> Option<Rc<Move>> {
    if let Some(step) = engine.drop(state) {
        return Some(Rc::new(step));
    }
    let places = engine.places(state);
    // ∫ p f is read as E[f] before anything happens inside.
    for folding in [true, false] {
        for place in &places {
            let moves = engine.moves_at(*place);
            let is_wanted =
                |step: &Move| !folding || (step.steps[0].rule == "def-e" && step.steps[0].backwards);
            if let Some(step) = moves.iter().find(|step| is_wanted(step) && takes(engine, level, step)) {
                return Some(step.clone());
            }
        }
    }
    None
}

/// Does a level take this move?
fn takes(engine: &Engine, level: Level, step: &Move) -> bool {
    let first = &step.steps[0];
    let store = &*engine.ring.store;
    let common = match first.rule {
        "def-kl" | "normalized" | "normalized-common" | "e-one" | "e-sum" | "e-constant" | "int-sum"
        | "int-constant" => true,
        "power-product" | "power-power" | "root-product" | "root-square" => true,
        "log-product" | "log-power" | "log-one" | "log-exp" | "exp-log" | "given" => !first.backwards,
        "grad-constant" | "hess-constant" | "grad-sum" | "hess-sum" | "grad-scale" | "hess-scale" => true,
        "grad-linear" | "hess-linear" | "grad-quadratic" | "hess-quadratic" | "grad-product"
        | "hess-product" => true,
        "grad-power" | "grad-shift" | "hess-shift" | "grad-chain" | "jacobian-linear" | "grad-identity" => {
            true
        }
        "grad-exp" => true,
        "exchange" | "exchange-2" => step.steps.len() > 1,
        _ => false,
    };
    // A named reason that stands alone may be used in any direction its rule has.
    common
        || match level {
            Level::Expectation if engine.expanding => first.rule == "def-e" && first.backwards,
            Level::Expectation => match first.rule {
                "def-e" => first.backwards,
                "score-mean" => true,
                // F itself is expanded only where the text gives the law of its density.
                "information" => match store[step.redex] {
                    Node::Fisher { density, .. } => has_law(engine, density),
                    _ => !first.backwards,
                },
                "def-fisher" => first.backwards || matches!(store[step.redex], Node::Expectation { .. }),
                _ => false,
            },
            Level::Integral => match first.rule {
                "def-e" | "def-fisher" => !first.backwards,
                "grad-log" | "hess-log" => !first.backwards,
                "exchange" | "exchange-2" => first.backwards,
                "exchange-e" | "exchange-e-2" => {
                    first.backwards && matches!(store[step.redex], Node::Derivative { .. })
                }
                _ => false,
            },
        }
}
