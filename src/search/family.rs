//! Moves on the means of statistics, where the text gives the law of a density: `log p(x|θ) = T(x)'θ − Ψ(θ) + log h(x)`.
//!
//! The mean score put into this law reads 0 = E[T] − ∇Ψ, so `E[T]` becomes ∇Ψ; and F = E[s s'] = −E[H] reads
//! E[T T'] − E[T]∇Ψ' − ∇Ψ E[T'] + ∇Ψ∇Ψ' = ∇²Ψ, which gives `E[T T']`.

use std::rc::Rc;

use crate::claim::Assumption;
use crate::expr::{Expr, Node, Store, SymbolId};
use crate::number::Rational;
use crate::proof::Meta::{A, P};
use crate::proof::hole;

use super::engine::Engine;
use super::moves::{Micro, Move, sides};
use super::view::{replace, terms};

/// Does the text give the law of this density?
pub fn has_law(engine: &Engine, density: SymbolId) -> bool {
    let store = &*engine.ring.store;
    let head = |e: Expr| match &store[e] {
        Node::Call(function, list) if function.row().name == "log" => list[0],
        _ => e,
    };
    engine.context.assumptions.iter().any(|assumption| match assumption {
        Assumption::Equal(left, _) => matches!(&store[head(*left)], Node::Apply(p, _) if *p == density),
        _ => false,
    })
}

/// The mean of a statistic by the mean score or by the two forms of the information.
pub fn moves(engine: &mut Engine, redex: Expr, out: &mut Vec<Move>) {
    let Node::Expectation { density, parameter, .. } = engine.ring.store[redex] else { return };
    if !has_law(engine, density) {
        return;
    }
    let p = engine.ring.store.symbol_expr(density);
    let letters = [(P, p), (A, parameter)];
    let (store, context) = (&mut *engine.ring.store, engine.context);
    let (Some((score, zero)), Some((fisher, square)), Some((hessian, negative))) = (
        sides(store, context, "score-mean", &letters),
        sides(store, context, "def-fisher", &letters),
        sides(store, context, "information", &letters),
    ) else {
        return;
    };
    let mut first = Composition::new(redex);
    first.add(engine, ("score-mean", &letters, true), (zero, score));
    if first.solve(engine) {
        out.extend(first.done(engine));
        return;
    }
    let mut second = Composition::new(redex);
    second.add(engine, ("def-fisher", &letters, false), (fisher, square));
    if second.solve(engine) {
        second.add(engine, ("information", &letters, true), (negative, hessian));
        out.extend(second.done(engine));
    }
}

/// `redex + k·(X₁ + X₂)` where each X starts from one side of a law and is expanded from there.
struct Composition {
    redex: Expr,
    factor: Rational,
    transposed: bool,
    parts: Vec<Part>,
}

struct Part {
    start: Expr,
    end: Expr,
    /// (rule, letters, backwards, place within X, from, to)
    steps: Vec<Micro>,
}

impl Composition {
    fn new(redex: Expr) -> Composition {
        Composition { redex, factor: Rational::ONE, transposed: false, parts: Vec::new() }
    }

    /// One more part: a law from `from` to `to`, and what the equality rules make of that.
    fn add(
        &mut self,
        engine: &mut Engine,
        (rule, letters, backwards): (&'static str, &[(crate::proof::Meta, Expr)], bool),
        (from, to): (Expr, Expr),
    ) {
        let shape = engine.ring.store.shape(from);
        let place = hole(engine.ring.store, shape);
        let mut steps = vec![Micro { rule, with: letters.to_vec(), backwards, place, from, to }];
        let (path, end) = super::chain::expanded(engine, to);
        for (state, step) in path {
            steps.extend(inside(engine.ring.store, state, &step));
        }
        self.parts.push(Part { start: from, end, steps });
    }

    /// Finds k so that the redex cancels; false when it is no term of the first part.
    fn solve(&mut self, engine: &mut Engine) -> bool {
        let end = self.parts[0].end;
        let transposed = engine.ring.store.transpose(self.redex);
        for (wanted, transposed) in [(Some(self.redex), false), (engine.normal(transposed), true)] {
            for term in terms(engine.ring.store, end) {
                let bare = super::view::Term { coefficient: Rational::ONE, ..term.clone() };
                if Some(bare.build(engine.ring.store)) == wanted
                    && let Some(reciprocal) = term.coefficient.recip()
                {
                    self.factor = &reciprocal * &Rational::MINUS_ONE;
                    self.transposed = transposed;
                    return true;
                }
            }
        }
        false
    }

    /// The whole with X in the place of one part, the parts before at their end and those after at their start.
    fn around(&self, store: &mut Store, part: usize, x: Expr) -> Expr {
        let mut sum = vec![(Rational::ONE, self.redex)];
        for (at, other) in self.parts.iter().enumerate() {
            let e = match at.cmp(&part) {
                std::cmp::Ordering::Less => other.end,
                std::cmp::Ordering::Equal => x,
                std::cmp::Ordering::Greater => other.start,
            };
            let e = if self.transposed { store.transpose(e) } else { e };
            sum.push((self.factor.clone(), e));
        }
        store.linear(sum)
    }

    fn done(self, engine: &mut Engine) -> Option<Move> {
        let store = &mut *engine.ring.store;
        let mut steps = Vec::new();
        for (at, part) in self.parts.iter().enumerate() {
            for micro in &part.steps {
                steps.push(Micro { place: self.around(store, at, micro.place), ..micro.clone() });
            }
        }
        let last = self.parts.len() - 1;
        let result = self.around(store, last, self.parts[last].end);
        Some(Move { redex: self.redex, steps, result })
    }
}

/// The steps of a move within the whole state.
fn inside(store: &mut Store, state: Expr, step: &Rc<Move>) -> Vec<Micro> {
    let place = |store: &mut Store, micro: &Micro| replace(store, state, step.redex, micro.place);
    step.steps.iter().map(|micro| Micro { place: place(store, micro), ..micro.clone() }).collect()
}
