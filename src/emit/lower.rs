//! Tapes → operations of floats: sums and products of a tape in the order in which floats like them.
//!
//! α·β⁻² becomes `alpha/beta/beta`, or `alpha*r*r` where the reciprocal r of β has other uses: no power of β overflows
//! before the value does.

mod number;
mod product;
mod sum;
mod survey;

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::graph::{Graph, Named, Node, Operation, Range};
use crate::function::FunctionId;
use crate::function::helper::{GIVEN, Helper, ROUNDED};
use crate::number::{Ball, Rational};
use crate::tape::{Instr, Slot, Tape};
pub(super) use number::digits;

/// Slots with their coefficients, and the constant.
type Linear = FxHashMap<Option<Slot>, Rational>;

/// Why a tape cannot be lowered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It holds an expression that has no number.
    Opaque,
    /// A constant of it has no float.
    Constant,
}

/// What lowering may use.
pub(super) struct Setting<'a> {
    /// Does the language have this function itself?
    pub(super) native: &'a dyn Fn(&str) -> bool,
    /// Divide by what does not vary once, and multiply by its reciprocal.
    pub(super) hoist: bool,
}

/// The outputs of a tape as nodes; `varying` tells which inputs do.
pub(super) fn operations(
    tape: &Tape,
    varying: Vec<bool>,
    setting: &Setting<'_>,
) -> Result<(Graph, Vec<Node>), Obstacle> {
    let graph = Graph::new(varying);
    let mut lowering = Lowering {
        tape,
        setting,
        graph,
        nodes: FxHashMap::default(),
        uses: FxHashMap::default(),
        divisions: FxHashMap::default(),
        squares: FxHashMap::default(),
        constants: FxHashMap::default(),
        enclosures: Vec::new(),
        kernels: FxHashMap::default(),
    };
    lowering.survey();
    lowering.find_kernels();
    for position in 0..tape.instructions().len() {
        let slot = Slot(position as u32);
        if lowering.uses.contains_key(&slot) {
            lowering.node(slot)?;
        }
    }
    let outputs = tape.outputs().iter().map(|s| lowering.nodes[s]).collect();
    Ok((lowering.graph, outputs))
}

struct Lowering<'a> {
    tape: &'a Tape,
    setting: &'a Setting<'a>,
    graph: Graph,
    nodes: FxHashMap<Slot, Node>,
    /// How often a slot is read as a value of its own: not where a product looks through a power.
    uses: FxHashMap<Slot, usize>,
    /// How many divisions by a slot there would be.
    divisions: FxHashMap<(Slot, bool), usize>,
    /// How many products multiply by a square, or higher power, of a slot.
    squares: FxHashMap<Slot, usize>,
    /// The floats of slots that depend on no input.
    constants: FxHashMap<Slot, Option<f64>>,
    /// What encloses each slot, where some are constant: of these alone it says something.
    enclosures: Vec<Ball>,
    /// Calls that one helper computes together with others.
    kernels: FxHashMap<Slot, (&'static Helper, usize)>,
}

/// The slots that an instruction reads.
fn operands(instruction: &Instr) -> Vec<Slot> {
    match instruction {
        Instr::Number(_) | Instr::Input(_) | Instr::Opaque => Vec::new(),
        Instr::Sum(_, terms) => terms.iter().map(|(_, s)| *s).collect(),
        Instr::Product(list) | Instr::Call(_, list) => list.to_vec(),
        Instr::PowerInteger(s, _) | Instr::PowerRational(s, _) => vec![*s],
        Instr::PowerTyped(a, b) | Instr::Power(a, b) => vec![*a, *b],
        Instr::Fold { from, to, captures, .. } => [*from, *to].into_iter().chain(captures.to_vec()).collect(),
    }
}

impl Lowering<'_> {
    fn instruction(&self, slot: Slot) -> &Instr {
        &self.tape.instructions()[slot.0 as usize]
    }

    /// The node of a slot, after those that it reads.
    fn node(&mut self, slot: Slot) -> Result<Node, Obstacle> {
        if let Some(node) = self.nodes.get(&slot) {
            return Ok(*node);
        }
        self.nodes_below(slot)?;
        let node = self.value(slot)?;
        self.nodes.insert(slot, node);
        Ok(node)
    }

    /// The nodes that a slot reads, also through powers that are no values of their own.
    fn nodes_below(&mut self, slot: Slot) -> Result<(), Obstacle> {
        if self.constants.contains_key(&slot) {
            return Ok(());
        }
        for operand in operands(self.instruction(slot)) {
            match self.uses.contains_key(&operand) {
                true => _ = self.node(operand)?,
                false => self.nodes_below(operand)?,
            }
        }
        Ok(())
    }

    fn value(&mut self, slot: Slot) -> Result<Node, Obstacle> {
        if let Some(constant) = self.constants.get(&slot) {
            let value = constant.ok_or(Obstacle::Constant)?;
            return Ok(self.float(value));
        }
        Ok(match self.instruction(slot).clone() {
            Instr::Number(q) => self.rational(&q),
            Instr::Input(i) => self.graph.node(Operation::Input(i as usize)),
            Instr::Sum(constant, terms) => self.sum(&constant, &terms)?,
            Instr::Product(_) | Instr::PowerInteger(..) | Instr::PowerRational(..) => {
                self.product(&Rational::ONE, slot)
            }
            Instr::PowerTyped(a, b) | Instr::Power(a, b) => {
                let operands = vec![self.nodes[&a], self.nodes[&b]];
                self.graph.call("pow", operands)
            }
            Instr::Call(function, arguments) => self.call(slot, function, &arguments)?,
            Instr::Fold { binder, from, to, body, captures } => {
                let ends = [from, to].into_iter().chain(captures.iter().copied());
                let operands = ends.map(|s| self.nodes[&s]).collect();
                let range = Range { binder, body: Rc::new(*body) };
                self.graph.node(Operation::Loop(range, operands))
            }
            Instr::Opaque => return Err(Obstacle::Opaque),
        })
    }

    fn call(&mut self, slot: Slot, function: FunctionId, arguments: &[Slot]) -> Result<Node, Obstacle> {
        let mut operands: Vec<Node> = arguments.iter().map(|s| self.nodes[s]).collect();
        if let Some((with, known)) = self.given(function, arguments) {
            let known = self.node(known)?;
            operands.push(known);
            return Ok(self.graph.call(with, operands));
        }
        Ok(match self.kernels.get(&slot) {
            Some((helper, position)) => {
                let kernel = self.graph.node(Operation::Kernel(Named(helper), operands));
                self.graph.node(Operation::Part(kernel, *position))
            }
            // A division that nothing takes apart: its divisor is not 0 in the domain.
            None if function.row().name == "quotient" => self.graph.divide(operands[0], operands[1]),
            None if function.is_constant() => self.graph.node(Operation::Constant(function.row().name)),
            None => {
                let name = self.rounded(function.row().name, &operands);
                self.graph.call(name, operands)
            }
        })
    }

    /// The helper that suffices for a function of the observation where an argument is rounded already; else the function.
    fn rounded(&self, name: &'static str, operands: &[Node]) -> &'static str {
        let varies = operands.iter().any(|node| self.graph.varies(*node));
        let is_rounded = operands.iter().any(|node| !self.graph.operation(*node).is_leaf());
        let row = ROUNDED.iter().find(|(function, _)| *function == name && !(self.setting.native)(function));
        row.filter(|_| varies && is_rounded).map_or(name, |(_, helper)| helper)
    }

    /// The helper of f(a) − f(a + b) that is given f(a + b), where that is a value of its own.
    fn given(&self, function: FunctionId, arguments: &[Slot]) -> Option<(&'static str, Slot)> {
        let row = GIVEN.iter().find(|row| row.difference == function.name)?;
        if (self.setting.native)(function.name) {
            return None;
        }
        let mut sum = Linear::default();
        arguments.iter().for_each(|slot| self.add(*slot, &mut sum));
        let known = self.tape.instructions().iter().enumerate().find_map(|(position, instruction)| {
            let Instr::Call(called, argument) = instruction else { return None };
            let slot = Slot(position as u32);
            let mut other = Linear::default();
            (called.name == row.of && self.uses.contains_key(&slot))
                .then(|| self.add(argument[0], &mut other));
            (other == sum).then_some(slot)
        });
        known.map(|slot| (row.helper, slot))
    }

    /// Adds a sum, or a value that is none.
    fn add(&self, slot: Slot, total: &mut Linear) {
        let mut join = |slot: Option<Slot>, c: &Rational| {
            let sum = total.get(&slot).map_or_else(|| c.clone(), |known| known + c);
            match sum.is_zero() {
                true => total.remove(&slot),
                false => total.insert(slot, sum),
            };
        };
        match self.instruction(slot) {
            Instr::Sum(constant, terms) => {
                join(None, constant);
                terms.iter().for_each(|(c, s)| join(Some(*s), c));
            }
            Instr::Number(q) => join(None, q),
            _ => join(Some(slot), &Rational::ONE),
        }
    }
}
