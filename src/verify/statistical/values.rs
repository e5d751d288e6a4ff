//! Expressions at exact points: enclosures narrow enough to be read, and fast tapes over the sample space.
//!
//! `lgamma(alpha)` in a log-density is a number once alpha is; only what depends on x stays on the tape that an
//! integral evaluates thousands of times.

use std::cell::RefCell;

use rustc_hash::FxHashSet;

use crate::expr::{Expr, Images, Node, Store};
use crate::number::{Ball, Definedness, Rational};
use crate::tape::{Enclosure, Tape};

/// Precisions that are tried, in bits, until an enclosure is narrow enough.
const LADDER: [u32; 5] = [128, 256, 512, 1024, 2048];

/// Exact values of symbols.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// The symbols.
    pub symbols: Vec<Expr>,
    /// Their values, in the same order.
    pub values: Vec<Rational>,
}

impl Assignment {
    /// These symbols with these values.
    ///
    /// # Panics
    /// If there are not as many values as symbols.
    pub fn new(symbols: Vec<Expr>, values: Vec<Rational>) -> Assignment {
        assert_eq!(symbols.len(), values.len(), "each symbol is given one value");
        Assignment { symbols, values }
    }

    /// Both assignments together.
    pub fn and(&self, symbols: &[Expr], values: &[Rational]) -> Assignment {
        let symbols = [self.symbols.as_slice(), symbols].concat();
        Assignment::new(symbols, [self.values.as_slice(), values].concat())
    }

    /// What is to be substituted to put the values in.
    pub fn images(&self, store: &mut Store) -> Images {
        let values: Vec<Expr> = self.values.iter().map(|q| store.number(q.clone())).collect();
        self.symbols.iter().copied().zip(values).collect()
    }

    /// The expressions, enclosed at this precision.
    pub fn enclose(&self, store: &Store, expressions: &[Expr], precision: u32) -> Vec<Ball> {
        let inputs: Vec<Enclosure> =
            self.values.iter().map(|q| Enclosure::Exact(q.clone(), precision)).collect();
        let tape = Tape::new(store, &self.symbols, expressions);
        tape.eval(&inputs, precision).iter().map(Enclosure::to_ball).collect()
    }

    /// One expression, enclosed to so many digits; the widest ball seen last when no precision of the ladder does it.
    pub fn narrow(&self, store: &Store, e: Expr, digits: u32) -> Ball {
        let bits = digits * 10 / 3 + 32;
        let mut last = None;
        for precision in LADDER.into_iter().filter(|p| *p >= bits) {
            let ball = self.enclose(store, &[e], precision).swap_remove(0);
            if ball.definedness() == Definedness::Undefined || ball.is_zero() || ball.is_narrow(digits) {
                return ball;
            }
            last = Some(ball);
        }
        last.unwrap_or_else(|| self.enclose(store, &[e], bits.max(128)).swap_remove(0))
    }

    /// The nearest float of one expression; NaN where it is not certainly defined.
    pub fn float(&self, store: &Store, e: Expr) -> f64 {
        let ball = self.enclose(store, &[e], 128).swap_remove(0);
        let ball = if ball.is_zero() || ball.is_narrow(16) { ball } else { self.narrow(store, e, 17) };
        if ball.is_defined() && ball.is_bounded() { ball.midpoint_f64() } else { f64::NAN }
    }

    /// [`Assignment::float`] of each.
    pub fn floats(&self, store: &Store, expressions: &[Expr]) -> Vec<f64> {
        expressions.iter().map(|e| self.float(store, *e)).collect()
    }

    /// [`Assignment::float`] of a matrix, row by row in one list.
    pub fn float_matrix(&self, store: &Store, rows: &[Vec<Expr>]) -> Vec<f64> {
        rows.iter().flatten().map(|e| self.float(store, *e)).collect()
    }
}

/// A tape in few variables whose other subexpressions were evaluated once, in enclosures.
pub struct Partial {
    tape: Tape,
    known: Vec<f64>,
    memory: RefCell<(Vec<f64>, Vec<f64>)>,
}

impl Partial {
    /// The outputs as functions of `inputs` (symbols, or subexpressions such as `1 - x` that are given values).
    pub fn new(
        store: &Store,
        at: &Assignment,
        variables: &[Expr],
        inputs: &[Expr],
        outputs: &[Expr],
    ) -> Partial {
        let free = free_of(store, variables, inputs, outputs);
        let known = at.floats(store, &free);
        let all = [inputs, free.as_slice()].concat();
        Partial { tape: Tape::new(store, &all, outputs), known, memory: RefCell::default() }
    }

    /// Writes the outputs at these inputs.
    pub fn eval(&self, inputs: &[f64], out: &mut [f64]) {
        let (all, memory) = &mut *self.memory.borrow_mut();
        all.clear();
        all.extend_from_slice(inputs);
        all.extend_from_slice(&self.known);
        self.tape.eval_in(all, (), memory);
        for (value, slot) in out.iter_mut().zip(self.tape.outputs()) {
            *value = memory[slot.0 as usize];
        }
    }

    /// The first output alone.
    pub fn first(&self, inputs: &[f64]) -> f64 {
        let mut out = [f64::NAN];
        self.eval(inputs, &mut out);
        out[0]
    }
}

/// The largest subexpressions that are neither numbers nor inputs nor depend on the variables.
pub(super) fn free_of(store: &Store, variables: &[Expr], inputs: &[Expr], outputs: &[Expr]) -> Vec<Expr> {
    let mut dependent: FxHashSet<Expr> = FxHashSet::default();
    let order = store.post_order(outputs);
    for e in &order {
        if variables.contains(e)
            || store[*e].children().any(|c| dependent.contains(&c))
            || store.free_bound(*e) > 0
        {
            dependent.insert(*e);
        }
    }
    let mut found = Vec::new();
    let mut add = |e: Expr| {
        let wanted = !dependent.contains(&e) && !matches!(store[e], Node::Number(_)) && !inputs.contains(&e);
        if wanted && !found.contains(&e) {
            found.push(e);
        }
    };
    outputs.iter().for_each(|e| add(*e));
    order.iter().filter(|e| dependent.contains(e)).for_each(|e| store[*e].children().for_each(&mut add));
    found
}
