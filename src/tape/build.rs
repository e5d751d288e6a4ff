//! Expressions → instructions, in topological order, each shared node once.

use rustc_hash::FxHashMap;

use super::{Instr, Slot, Value};
use crate::expr::{Binder, Expr, Node, Store};
use crate::number::Rational;

/// A straight-line program with several outputs.
///
/// It owns what it needs: no store is asked during evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Tape {
    instructions: Vec<Instr>,
    outputs: Vec<Slot>,
    inputs: usize,
    /// How deep sums and products over ranges are nested within.
    depth: u32,
    /// Terms of the range this is the body of, at most.
    terms: i64,
}

/// Terms of a sum or product over a range that are evaluated one by one, at most; of nested ones, all in all.
pub const FOLD_LIMIT: i64 = 100_000;

impl Tape {
    /// The tape of `outputs` as functions of `inputs` (symbols, or any subexpressions that are given
    /// values). What is neither given nor computable is opaque.
    pub fn new(store: &Store, inputs: &[Expr], outputs: &[Expr]) -> Tape {
        Builder::new(store, inputs, Vec::new(), 0).finish(outputs)
    }

    /// The instructions in the order of evaluation.
    pub fn instructions(&self) -> &[Instr] {
        &self.instructions
    }

    /// Where the results stand.
    pub fn outputs(&self) -> &[Slot] {
        &self.outputs
    }

    /// How many inputs the tape takes.
    pub fn input_count(&self) -> usize {
        self.inputs
    }

    /// The outputs at the given inputs.
    ///
    /// # Panics
    /// If the number of inputs is not the tape's.
    pub fn eval<V: Value>(&self, inputs: &[V], precision: V::Precision) -> Vec<V> {
        let mut memory = Vec::new();
        self.eval_in(inputs, precision, &mut memory);
        self.outputs.iter().map(|s| memory[s.0 as usize].clone()).collect()
    }

    /// The only output at the given inputs.
    pub fn eval_one<V: Value>(&self, inputs: &[V], precision: V::Precision) -> V {
        self.eval(inputs, precision).swap_remove(0)
    }

    /// Evaluates into memory that a caller may use again.
    pub fn eval_in<V: Value>(&self, inputs: &[V], precision: V::Precision, memory: &mut Vec<V>) {
        assert_eq!(inputs.len(), self.inputs, "a tape is given each of its inputs");
        memory.clear();
        memory.reserve(self.instructions.len());
        for instruction in &self.instructions {
            let at = |s: &Slot| &memory[s.0 as usize];
            let value = match instruction {
                Instr::Number(q) => V::number(q, precision),
                Instr::Input(i) => inputs[*i as usize].clone(),
                Instr::Sum(constant, terms) => {
                    let mut total: Option<V> = (!constant.is_zero()).then(|| V::number(constant, precision));
                    for (c, s) in terms.iter() {
                        let term = at(s).scaled(c, precision);
                        total = Some(match total {
                            None => term,
                            Some(sum) => sum.plus(&term),
                        });
                    }
                    total.unwrap_or_else(|| V::number(&Rational::ZERO, precision))
                }
                Instr::Product(factors) => {
                    let mut product = at(&factors[0]).clone();
                    for s in &factors[1..] {
                        product = product.times(at(s));
                    }
                    product
                }
                Instr::PowerInteger(s, n) => at(s).power_integer(*n),
                Instr::PowerRational(s, q) => at(s).power_rational(q),
                Instr::PowerTyped(s, t) => at(s).power_typed(at(t)),
                Instr::Power(s, t) => at(s).power(at(t)),
                Instr::Call(function, arguments) => {
                    let arguments: Vec<V> = arguments.iter().map(|s| at(s).clone()).collect();
                    V::call(*function, &arguments, precision)
                }
                Instr::Fold { binder, from, to, body, captures } => {
                    fold(*binder, at(from), at(to), body, captures.iter().map(at), precision)
                }
                Instr::Opaque => V::unknown(precision),
            };
            memory.push(value);
        }
    }
}

fn fold<'a, V: Value + 'a>(
    binder: Binder,
    from: &V,
    to: &V,
    body: &Tape,
    captures: impl Iterator<Item = &'a V>,
    precision: V::Precision,
) -> V {
    let (Some(from), Some(to)) = (from.as_integer(), to.as_integer()) else {
        return V::unknown(precision);
    };
    if to.saturating_sub(from) > body.terms {
        return V::unknown(precision);
    }
    let mut inputs: Vec<V> = captures.cloned().collect();
    let last = inputs.len();
    let unit = if binder == Binder::Product { Rational::ONE } else { Rational::ZERO };
    let mut total = V::number(&unit, precision);
    inputs.push(total.clone());
    let mut memory = Vec::new();
    for k in from..=to {
        inputs[last] = V::number(&Rational::from(k), precision);
        body.eval_in(&inputs, precision, &mut memory);
        let value = &memory[body.outputs[0].0 as usize];
        total = if binder == Binder::Product { total.times(value) } else { total.plus(value) };
    }
    total
}

struct Builder<'a> {
    store: &'a Store,
    inputs: &'a [Expr],
    /// The variables of the ranges around, by their de Bruijn numbers: inputs after the others.
    bound: Vec<u32>,
    /// How many ranges stand around.
    level: u32,
    depth: u32,
    instructions: Vec<Instr>,
    slots: FxHashMap<Expr, Slot>,
}

impl<'a> Builder<'a> {
    fn new(store: &'a Store, inputs: &'a [Expr], bound: Vec<u32>, level: u32) -> Builder<'a> {
        Builder {
            store,
            inputs,
            bound,
            level,
            depth: 0,
            instructions: Vec::new(),
            slots: FxHashMap::default(),
        }
    }

    fn push(&mut self, instruction: Instr) -> Slot {
        self.instructions.push(instruction);
        Slot(self.instructions.len() as u32 - 1)
    }

    fn finish(mut self, outputs: &[Expr]) -> Tape {
        for (position, e) in self.inputs.iter().enumerate() {
            let slot = self.push(Instr::Input(position as u32));
            self.slots.entry(*e).or_insert(slot);
        }
        for position in 0..self.bound.len() {
            self.push(Instr::Input((self.inputs.len() + position) as u32));
        }
        let mut stack: Vec<(Expr, bool)> = outputs.iter().rev().map(|e| (*e, false)).collect();
        while let Some((e, ready)) = stack.pop() {
            if self.slots.contains_key(&e) {
                continue;
            }
            let store = self.store;
            if let Node::Bound(index, ..) = store[e]
                && let Some(slot) = self.bound_slot(index)
            {
                self.slots.insert(e, slot);
                continue;
            }
            if ready {
                let instruction = self.instruction(e);
                let slot = self.push(instruction);
                self.slots.insert(e, slot);
                continue;
            }
            stack.push((e, true));
            match &store[e] {
                Node::Range { binder: Binder::Sum | Binder::Product, from, to, body } => {
                    stack.extend([*from, *to].map(|c| (c, false)));
                    stack.extend(self.captured(*body).into_iter().map(|c| (c, false)));
                }
                Node::Range { .. }
                | Node::Expectation { .. }
                | Node::SampleIntegral { .. }
                | Node::Divergence { .. }
                | Node::Fisher { .. }
                | Node::Derivative { .. }
                | Node::Apply(..) => {}
                Node::Power(base, exponent) if self.store.as_number(*exponent).is_some() => {
                    stack.push((*base, false));
                }
                node => stack.extend(node.children().map(|c| (c, false))),
            }
        }
        let outputs = outputs.iter().map(|e| self.slots[e]).collect();
        let inputs = self.inputs.len() + self.bound.len();
        Tape { instructions: self.instructions, outputs, inputs, depth: self.depth, terms: FOLD_LIMIT }
    }

    /// Where the variable of a range around stands.
    fn bound_slot(&self, index: u32) -> Option<Slot> {
        let position = self.bound.iter().position(|known| *known == index)?;
        Some(Slot((self.inputs.len() + position) as u32))
    }

    /// What a body reads from outside its binder: symbols and given subexpressions.
    fn captured(&self, body: Expr) -> Vec<Expr> {
        let mut found: Vec<Expr> = self
            .store
            .post_order(&[body])
            .into_iter()
            .filter(|e| self.inputs.contains(e) || self.store.as_symbol(*e).is_some())
            .collect();
        found.retain(|e| self.store.free_bound(*e) == 0);
        found
    }

    fn instruction(&mut self, e: Expr) -> Instr {
        let slot = |e: &Expr| self.slots[e];
        match &self.store[e] {
            Node::Number(q) => Instr::Number(q.clone()),
            Node::Sum(terms) => {
                let constant = terms.iter().find(|(_, t)| *t == Store::ONE);
                let rest = terms.iter().filter(|(_, t)| *t != Store::ONE);
                Instr::Sum(
                    constant.map_or(Rational::ZERO, |(c, _)| c.clone()),
                    rest.map(|(c, t)| (c.clone(), slot(t))).collect(),
                )
            }
            Node::Product(factors) => Instr::Product(factors.iter().map(slot).collect()),
            Node::Power(base, exponent) => match self.store.as_number(*exponent) {
                Some(q) => match q.as_i64() {
                    Some(n) => Instr::PowerInteger(slot(base), n),
                    None => Instr::PowerRational(slot(base), q.clone()),
                },
                None if self.store.is_integer(*exponent) => Instr::PowerTyped(slot(base), slot(exponent)),
                None => Instr::Power(slot(base), slot(exponent)),
            },
            Node::Call(function, arguments) => Instr::Call(*function, arguments.iter().map(slot).collect()),
            Node::Range { binder: binder @ (Binder::Sum | Binder::Product), from, to, body } => {
                let (from, to) = (slot(from), slot(to));
                self.fold(*binder, from, to, *body)
            }
            _ => Instr::Opaque,
        }
    }

    fn fold(&mut self, binder: Binder, from: Slot, to: Slot, body: Expr) -> Instr {
        let inputs = self.captured(body);
        let mut captures: Vec<Slot> = inputs.iter().map(|e| self.slots[e]).collect();
        // Variables of ranges further out are numbered one higher within; the range's own comes last.
        let mut bound = Vec::new();
        for index in &self.bound {
            if self.store.mentions_bound(body, index + 1) {
                captures.extend(self.bound_slot(*index));
                bound.push(index + 1);
            }
        }
        bound.push(0);
        let mut body = Builder::new(self.store, &inputs, bound, self.level + 1).finish(&[body]);
        self.depth = self.depth.max(body.depth + 1);
        let nested = self.level + 1 + body.depth;
        body.terms = num_integer::Roots::nth_root(&FOLD_LIMIT, nested);
        Instr::Fold { binder, from, to, body: Box::new(body), captures: captures.into() }
    }
}
