//! Moves by what the text assumes: equations as they stand, and laws of densities and functions for all arguments.
//!
//! `log p(x|θ) = T(x)'θ − Ψ(θ) + log h(x)` turns `log p(x, t)` under a gradient into `T(x)'t − Ψ(t) + log h(x)`.

use crate::claim::{Assumption, Context};
use crate::expr::{Expr, Images, Node, Store};
use crate::proof::Meta;
use crate::proof::Meta::{U, V};

use super::moves::{Move, single};

/// What the text assumes: an equation as it stands, or a law for all arguments of a density or function.
pub fn moves(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    for assumption in &context.assumptions {
        let Assumption::Equal(left, right) = assumption else { continue };
        for (from, backwards) in [(*left, false), (*right, true)] {
            if from == redex {
                let letters = [(U, *left), (V, *right)];
                out.extend(single(store, context, redex, ("given", &letters, backwards)));
            }
        }
        if let Some(images) = arguments_of(store, *left, redex) {
            let map: Images = images.iter().copied().collect();
            let sides = (store.substitute(*left, &map), store.substitute(*right, &map));
            if sides.0 == redex && redex != *left {
                let mut letters = vec![(U, sides.0), (V, sides.1)];
                letters.extend(
                    [Meta::A, Meta::B, Meta::C, Meta::D].into_iter().zip(images.iter().map(|(_, a)| *a)),
                );
                out.extend(single(store, context, redex, ("given", &letters, false)));
            }
        }
    }
}

/// The arguments of `redex` for the symbols of `f(x, y)` or `log f(x, y)`.
fn arguments_of(store: &Store, left: Expr, redex: Expr) -> Option<Vec<(Expr, Expr)>> {
    let head = |e: Expr| match &store[e] {
        Node::Call(function, list) if function.row().name == "log" => (true, list[0]),
        _ => (false, e),
    };
    let ((logged, left), (also, found)) = (head(left), head(redex));
    let (Node::Apply(f, symbols), Node::Apply(g, arguments)) = (&store[left], &store[found]) else {
        return None;
    };
    let fits = logged == also && f == g && symbols.iter().all(|s| store.as_symbol(*s).is_some());
    fits.then(|| symbols.iter().copied().zip(arguments.iter().copied()).collect())
}
