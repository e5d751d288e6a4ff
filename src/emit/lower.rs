//! Tapes → operations of floats: sums and products of a tape in the order in which floats like them.
//!
//! α·β⁻² becomes `alpha/beta/beta`, or `alpha*r*r` where the reciprocal r of β has other uses: no power of β overflows
//! before the value does.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::graph::{Graph, Named, Node, Operation, Range};
use crate::function::FunctionId;
use crate::function::helper::{Helper, helpers};
use crate::number::{Ball, Rational};
use crate::program::Operator;
use crate::tape::{Instr, Slot, Tape};

/// Powers with integer exponents up to this one are products.
const LONGEST_CHAIN: u64 = 32;

/// Bits of the balls in which constant parts are computed.
const CONSTANT_BITS: u32 = 160;

/// Helpers of a difference f(a) − f(a + b), the function f, and the helper that is given f(a + b).
static GIVEN: &[(&str, &str, &str)] = &[("trigamma_difference", "trigamma", "trigamma_difference_given")];

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

/// A factor s^n, or √s^n.
struct Factor {
    base: Slot,
    root: bool,
    exponent: i64,
}

/// What a product is divided by.
#[derive(Clone, Copy)]
struct Divisor {
    node: Node,
    power: u64,
    /// Its reciprocal has other uses, or is computed once for many observations.
    shared: bool,
}

impl Lowering<'_> {
    fn instruction(&self, slot: Slot) -> &Instr {
        &self.tape.instructions()[slot.0 as usize]
    }

    /// Counts who is read as a value, and who divides.
    fn survey(&mut self) {
        self.find_constants();
        let mut stack: Vec<Slot> = self.tape.outputs().to_vec();
        let mut seen = rustc_hash::FxHashSet::default();
        while let Some(slot) = stack.pop() {
            *self.uses.entry(slot).or_default() += 1;
            if !seen.insert(slot) || self.constants.contains_key(&slot) {
                continue;
            }
            match self.instruction(slot).clone() {
                Instr::Number(_) | Instr::Input(_) | Instr::Opaque => {}
                Instr::Sum(_, terms) => {
                    stack.extend(terms.iter().map(|(_, s)| *s).filter(|s| !self.constants.contains_key(s)));
                }
                Instr::Product(_) | Instr::PowerInteger(..) | Instr::PowerRational(..) => {
                    self.count_divisions(slot);
                    for factor in self.factors(slot) {
                        match self.instruction(slot) {
                            Instr::PowerInteger(base, _) | Instr::PowerRational(base, _)
                                if factor.base == slot =>
                            {
                                stack.push(*base);
                            }
                            _ => stack.push(factor.base),
                        }
                    }
                }
                Instr::PowerTyped(a, b) | Instr::Power(a, b) => stack.extend([a, b]),
                Instr::Call(_, arguments) => stack.extend(arguments.iter().copied()),
                Instr::Fold { from, to, captures, .. } => {
                    stack.extend([from, to]);
                    stack.extend(captures.iter().copied());
                }
            }
        }
    }

    /// Adds the divisions of a product; the power of a quotient has one. Adds its squares, too.
    fn count_divisions(&mut self, slot: Slot) {
        let factors = self.factors(slot);
        let whole = |f: &Factor| f.exponent.unsigned_abs() / if f.root { 2 } else { 1 };
        let mut above: Vec<u64> = factors.iter().filter(|f| f.exponent > 0).map(whole).collect();
        for factor in factors.iter().filter(|f| f.exponent > 0 && whole(f) > 1) {
            *self.squares.entry(factor.base).or_default() += 1;
        }
        for factor in factors.iter().filter(|f| f.exponent < 0) {
            let (mut left, mut count) = (whole(factor), 0);
            for power in above.iter_mut().filter(|power| **power > 1) {
                if left > 1 {
                    let both = left.min(*power);
                    left -= both;
                    *power -= both;
                    count += 1;
                }
            }
            *self.divisions.entry((factor.base, false)).or_default() += count + left as usize;
            if factor.root && factor.exponent % 2 != 0 {
                *self.divisions.entry((factor.base, true)).or_default() += 1;
            }
        }
    }

    /// Slots that depend on no input and are no rational numbers, as the float nearest to them.
    fn find_constants(&mut self) {
        let mut fixed = vec![false; self.tape.instructions().len()];
        let mut wanted = Vec::new();
        for (position, instruction) in self.tape.instructions().iter().enumerate() {
            let is = |s: &Slot| fixed[s.0 as usize];
            let (constant, rational) = match instruction {
                Instr::Number(_) => (true, true),
                Instr::Sum(_, terms) => (terms.iter().all(|(_, s)| is(s)), false),
                Instr::Product(factors) => (factors.iter().all(is), false),
                Instr::PowerInteger(s, _) | Instr::PowerRational(s, _) => (is(s), false),
                Instr::PowerTyped(a, b) | Instr::Power(a, b) => (is(a) && is(b), false),
                Instr::Call(f, arguments) => (arguments.iter().all(is), f.name == "pi"),
                Instr::Input(_) | Instr::Fold { .. } | Instr::Opaque => (false, false),
            };
            fixed[position] = constant;
            if constant && !rational {
                wanted.push(Slot(position as u32));
            }
        }
        if wanted.is_empty() {
            return;
        }
        let inputs: Vec<Ball> = (0..self.tape.input_count())
            .map(|_| Ball::from_rational(&Rational::ZERO, CONSTANT_BITS))
            .collect();
        let mut memory = Vec::new();
        self.tape.eval_in(&inputs, CONSTANT_BITS, &mut memory);
        for slot in wanted {
            let ball = &memory[slot.0 as usize];
            let ends = (ball.lower().map(|q| q.to_f64()), ball.upper().map(|q| q.to_f64()));
            let value = match ends {
                (Some(a), Some(b)) if a == b && a.is_finite() => Some(a),
                _ => None,
            };
            self.constants.insert(slot, value);
        }
    }

    /// Kernels: helpers that give two or more rows that are called with the same arguments.
    fn find_kernels(&mut self) {
        let mut calls: FxHashMap<&[Slot], Vec<(FunctionId, Slot)>> = FxHashMap::default();
        for (position, instruction) in self.tape.instructions().iter().enumerate() {
            let slot = Slot(position as u32);
            if let Instr::Call(function, arguments) = instruction
                && self.uses.contains_key(&slot)
                && !(self.setting.native)(function.name)
            {
                calls.entry(arguments).or_default().push((*function, slot));
            }
        }
        for group in calls.values() {
            let given = |h: &Helper| {
                let rows =
                    group.iter().filter_map(|(f, s)| Some((*s, h.gives.iter().position(|g| *g == f.name)?)));
                rows.collect::<Vec<_>>()
            };
            let best = helpers().filter(|h| h.gives.len() > 1).map(|h| (h, given(h)));
            // The one that computes most of what is needed, and least of what is not.
            let best = best.max_by_key(|(h, rows)| (rows.len(), std::cmp::Reverse(h.gives.len())));
            if let Some((helper, rows)) = best.filter(|(_, rows)| rows.len() > 1) {
                self.kernels.extend(rows.into_iter().map(|(slot, at)| (slot, (helper, at))));
            }
        }
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
            None => self.graph.call(function.row().name, operands),
        })
    }

    /// The helper of f(a) − f(a + b) that is given f(a + b), where that is a value of its own.
    fn given(&self, function: FunctionId, arguments: &[Slot]) -> Option<(&'static str, Slot)> {
        let (_, of, with) = GIVEN.iter().find(|(name, ..)| *name == function.name)?;
        if (self.setting.native)(function.name) {
            return None;
        }
        let mut sum = Linear::default();
        arguments.iter().for_each(|slot| self.add(*slot, &mut sum));
        let known = self.tape.instructions().iter().enumerate().find_map(|(position, instruction)| {
            let Instr::Call(called, argument) = instruction else { return None };
            let slot = Slot(position as u32);
            let mut other = Linear::default();
            (called.name == *of && self.uses.contains_key(&slot)).then(|| self.add(argument[0], &mut other));
            (other == sum).then_some(slot)
        });
        known.map(|slot| (*with, slot))
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

    /// The factors of a product or power.
    fn factors(&self, slot: Slot) -> Vec<Factor> {
        match self.instruction(slot) {
            Instr::Product(factors) => factors.iter().map(|s| self.factor(*s)).collect(),
            _ => vec![self.factor(slot)],
        }
    }

    fn factor(&self, slot: Slot) -> Factor {
        let whole = Factor { base: slot, root: false, exponent: 1 };
        if self.constants.contains_key(&slot) {
            return whole;
        }
        match self.instruction(slot) {
            Instr::PowerInteger(base, n) if n.unsigned_abs() <= LONGEST_CHAIN => {
                let base = if n % 2 == 0 { self.without_sign(*base) } else { *base };
                Factor { base, root: false, exponent: *n }
            }
            Instr::PowerRational(base, q) => match half_integer(q) {
                Some(n) => Factor { base: *base, root: true, exponent: n },
                None => whole,
            },
            _ => whole,
        }
    }

    /// a of |a|, for an even power.
    fn without_sign(&self, slot: Slot) -> Slot {
        match self.instruction(slot) {
            Instr::Call(function, arguments)
                if function.name == "abs" && !self.constants.contains_key(&slot) =>
            {
                arguments[0]
            }
            _ => slot,
        }
    }

    /// c times a product or power.
    fn product(&mut self, coefficient: &Rational, slot: Slot) -> Node {
        let factors = self.factors(slot);
        if let [Factor { base, exponent: 1, root: false }] = factors.as_slice()
            && *base == slot
        {
            return self.odd_power(slot);
        }
        let (mut above, mut below) = (Vec::new(), Vec::new());
        for factor in &factors {
            let base = self.nodes[&factor.base];
            let whole = factor.exponent.unsigned_abs() / if factor.root { 2 } else { 1 };
            let mut list = Vec::new();
            if whole > 0 {
                list.push((base, whole, (factor.base, false)));
            }
            if factor.root && factor.exponent % 2 != 0 {
                list.push((self.graph.call("sqrt", vec![base]), 1, (factor.base, true)));
            }
            if factor.exponent > 0 { above.extend(list) } else { below.extend(list) }
        }
        // What does not vary first, so that it can be computed once for many observations.
        above.sort_by_key(|(n, ..)| {
            (self.graph.varies(*n), !matches!(self.graph.operation(*n), Operation::Number(_)))
        });
        below.sort_by_key(|(n, ..)| self.graph.varies(*n));
        let mut above: Vec<(Node, u64)> = above.into_iter().map(|(n, power, _)| (n, power)).collect();
        let mut divisors = Vec::new();
        for (n, power, key) in below {
            let shared = self.divisions.get(&key).is_some_and(|d| *d > 1) || self.is_hoisted(n);
            divisors.push(Divisor { node: n, power, shared });
        }
        let quotients = self.pair_powers(&mut above, &mut divisors);
        divisors.retain(|divisor| divisor.power > 0);
        if above.is_empty() && divisors.is_empty() {
            above = quotients;
        } else {
            let repeated =
                quotients.into_iter().flat_map(|(node, n)| std::iter::repeat_n((node, 1), n as usize));
            above.extend(repeated);
        }
        let is_own = |f: &Factor| self.squares.get(&f.base).is_none_or(|count| *count < 2);
        let halved = !coefficient.abs().is_one() && factors.iter().all(is_own);
        if let ([(node, power)], true, true) = (above.as_mut_slice(), divisors.is_empty(), halved)
            && power.is_multiple_of(2)
        {
            // (c·z)·z lies between c and c·z²; z² may be no float where c·z² is one.
            *power /= 2;
            let again = (*node, *power);
            above.push(again);
        }
        self.quotient(coefficient, above, divisors)
    }

    /// a²/b³ = (a/b)²/b: the square of a quotient, where the squares themselves could overflow.
    fn pair_powers(&mut self, above: &mut Vec<(Node, u64)>, below: &mut [Divisor]) -> Vec<(Node, u64)> {
        let mut pairs = Vec::new();
        for (node, power) in above.iter_mut().filter(|(_, power)| *power > 1) {
            let Some(divisor) = below.iter_mut().find(|d| d.power > 1) else { continue };
            let both = (*power).min(divisor.power);
            let quotient = self.over(*node, divisor);
            pairs.push((quotient, both));
            *power -= both;
            divisor.power -= both;
        }
        above.retain(|(_, power)| *power > 0);
        pairs
    }

    /// a/b, or a·(1/b) where the reciprocal is shared.
    fn over(&mut self, numerator: Node, divisor: &Divisor) -> Node {
        if !divisor.shared {
            return self.graph.divide(numerator, divisor.node);
        }
        let one = self.graph.number("1");
        let inverse = self.graph.divide(one, divisor.node);
        if numerator == one { inverse } else { self.graph.multiply(numerator, inverse) }
    }

    /// In a batch, one division before the loop serves all observations.
    fn is_hoisted(&self, divisor: Node) -> bool {
        self.setting.hoist && !self.graph.varies(divisor)
    }

    /// Numerators and divisors in turn, so that no partial product overflows where the value does not.
    fn quotient(&mut self, coefficient: &Rational, above: Vec<(Node, u64)>, below: Vec<Divisor>) -> Node {
        let alone = below.iter().all(|d| d.power == 0);
        let mut factors: Vec<Node> = Vec::new();
        for (node, power) in above {
            if alone {
                let power = self.graph.power(node, power);
                factors.push(power);
            } else {
                factors.extend(std::iter::repeat_n(node, power as usize));
            }
        }
        let mut divisors = self.in_turn(below, factors.is_empty());
        let (number, divisor) = self.split_coefficient(coefficient);
        let number = self.absorbed(number, &mut factors);
        if let Some(divisor) = divisor {
            match divisors.iter_mut().find(|d| !d.shared) {
                Some(first) => first.node = self.graph.multiply(divisor, first.node),
                None => divisors.push(Divisor { node: divisor, power: 1, shared: false }),
            }
        }
        let mut factors = factors.into_iter();
        let mut total = match (number, factors.next()) {
            (Some(number), Some(first)) => self.graph.multiply(number, first),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => self.graph.number("1"),
        };
        let mut divisors = divisors.into_iter();
        loop {
            let (divisor, factor) = (divisors.next(), factors.next());
            if divisor.is_none() && factor.is_none() {
                return total;
            }
            if let Some(divisor) = divisor {
                total = self.over(total, &divisor);
            }
            if let Some(factor) = factor {
                total = self.graph.multiply(total, factor);
            }
        }
    }

    /// Divisors one by one: each once before any is used a second time, so that a large one and a small one take turns.
    fn in_turn(&self, below: Vec<Divisor>, is_reciprocal: bool) -> Vec<Divisor> {
        let once = |d: &Divisor| Divisor { power: 1, ..*d };
        if is_reciprocal || self.setting.hoist && below.iter().any(|d| self.graph.varies(d.node)) {
            return below.iter().flat_map(|d| std::iter::repeat_n(once(d), d.power as usize)).collect();
        }
        let most = below.iter().map(|d| d.power).max().unwrap_or(0);
        (0..most).flat_map(|turn| below.iter().filter(move |d| d.power > turn).map(once)).collect()
    }

    /// 0.5·(2·a) is a: a power of 2 joins the number that a factor begins with.
    fn absorbed(&mut self, number: Option<Node>, factors: &mut [Node]) -> Option<Node> {
        let value = |graph: &Graph, node: Node| match graph.operation(node) {
            Operation::Number(digits) => digits.parse::<f64>().ok(),
            _ => None,
        };
        let own = value(&self.graph, number?)?;
        for factor in factors.iter_mut() {
            let Operation::Binary(Operator::Multiply, left, rest) = *self.graph.operation(*factor) else {
                continue;
            };
            let Some(other) = value(&self.graph, left) else { continue };
            if !is_power_of_two(own) && !is_power_of_two(other) {
                continue;
            }
            *factor = rest;
            return (own * other != 1.0).then(|| self.float(own * other));
        }
        number
    }

    /// A power that is no product of roots.
    fn odd_power(&mut self, slot: Slot) -> Node {
        let (base, exponent) = match self.instruction(slot).clone() {
            Instr::PowerInteger(base, n) => (base, Rational::from(n)),
            Instr::PowerRational(base, q) => (base, q),
            _ => unreachable!("a product has factors"),
        };
        let exponent = self.rational(&exponent);
        let base = self.nodes[&base];
        self.graph.call("pow", vec![base, exponent])
    }

    /// |c| as a factor and a divisor; neither for 1.
    fn split_coefficient(&mut self, coefficient: &Rational) -> (Option<Node>, Option<Node>) {
        let size = coefficient.abs();
        if size.is_one() {
            return (None, None);
        }
        if let Some(digits) = exact_digits(&size) {
            return (Some(self.graph.number(&digits)), None);
        }
        match size.as_small().filter(|(p, q)| p.max(q) < &(1 << 53)) {
            Some((p, q)) => {
                let factor = (p != 1).then(|| self.graph.number(&p.to_string()));
                (factor, Some(self.graph.number(&q.to_string())))
            }
            None => (Some(self.float(size.to_f64())), None),
        }
    }

    /// c₀ + Σ cᵢ·sᵢ.
    fn sum(&mut self, constant: &Rational, terms: &[(Rational, Slot)]) -> Result<Node, Obstacle> {
        let (fixed, free): (Vec<_>, Vec<_>) = terms.iter().partition(|(_, s)| self.constants.contains_key(s));
        let free: Vec<(Rational, Slot)> = free.into_iter().cloned().collect();
        if let Some(common) = common_coefficient(constant, &free).filter(|_| fixed.is_empty()) {
            let inverse = common.recip().expect("a coefficient is not zero");
            let free: Vec<(Rational, Slot)> = free.iter().map(|(c, s)| (c * &inverse, *s)).collect();
            let parts = self.terms(&free);
            let parts = self.with_constant(parts, &(constant * &inverse));
            let inner = self.added(parts);
            let (factor, divisor) = self.split_coefficient(&common);
            let mut total = inner;
            if let Some(factor) = factor {
                total = self.graph.multiply(factor, total);
            }
            if let Some(divisor) = divisor {
                total = self.graph.divide(total, divisor);
            }
            return Ok(total);
        }
        let parts = self.terms(&free);
        let parts = if fixed.is_empty() {
            self.with_constant(parts, constant)
        } else {
            let value = self.constant_sum(constant, &fixed)?;
            let node = self.float(value.abs());
            self.with_part(parts, (value < 0.0, node))
        };
        Ok(self.added(parts))
    }

    /// The constant terms as one float.
    fn constant_sum(&self, constant: &Rational, fixed: &[&(Rational, Slot)]) -> Result<f64, Obstacle> {
        let inputs: Vec<Ball> = (0..self.tape.input_count())
            .map(|_| Ball::from_rational(&Rational::ZERO, CONSTANT_BITS))
            .collect();
        let mut memory = Vec::new();
        self.tape.eval_in(&inputs, CONSTANT_BITS, &mut memory);
        let mut total = Ball::from_rational(constant, CONSTANT_BITS);
        for (c, s) in fixed {
            let c = Ball::from_rational(c, CONSTANT_BITS);
            total =
                crate::number::Scalar::add(&total, &crate::number::Scalar::mul(&c, &memory[s.0 as usize]));
        }
        let middle = total.lower().zip(total.upper()).map(|(a, b)| (a.to_f64(), b.to_f64()));
        middle.filter(|(a, b)| a == b && a.is_finite()).map(|(a, _)| a).ok_or(Obstacle::Constant)
    }

    /// The terms with their signs apart.
    fn terms(&mut self, terms: &[(Rational, Slot)]) -> Vec<(bool, Node)> {
        let mut parts = Vec::with_capacity(terms.len());
        for (c, s) in terms {
            parts.push((c.is_negative(), self.scaled(c, *s)));
        }
        parts
    }

    /// |c|·s.
    fn scaled(&mut self, coefficient: &Rational, slot: Slot) -> Node {
        let value = self.nodes[&slot];
        if coefficient.abs().is_one() {
            return value;
        }
        let product = matches!(self.instruction(slot), Instr::Product(_) | Instr::PowerInteger(..));
        let plain = !self.factors_are_itself(slot);
        if product && plain && self.uses.get(&slot) == Some(&1) {
            return self.product(coefficient, slot);
        }
        let (factor, divisor) = self.split_coefficient(coefficient);
        let scaled = factor.map_or(value, |factor| self.graph.multiply(factor, value));
        divisor.map_or(scaled, |divisor| self.graph.divide(scaled, divisor))
    }

    fn factors_are_itself(&self, slot: Slot) -> bool {
        matches!(self.factors(slot).as_slice(), [Factor { base, .. }] if *base == slot)
    }

    fn with_constant(&mut self, parts: Vec<(bool, Node)>, constant: &Rational) -> Vec<(bool, Node)> {
        if constant.is_zero() {
            return parts;
        }
        let node = self.rational(&constant.abs());
        self.with_part(parts, (constant.is_negative(), node))
    }

    fn with_part(&self, mut parts: Vec<(bool, Node)>, part: (bool, Node)) -> Vec<(bool, Node)> {
        parts.push(part);
        parts
    }

    /// Sum of signed parts, a positive one first; where a part to be computed once does not vary, all such before.
    fn added(&mut self, mut parts: Vec<(bool, Node)>) -> Node {
        let still = parts.iter().filter(|(_, n)| !self.graph.varies(*n));
        let worth =
            still.clone().count() > 1 || still.clone().any(|(_, n)| !self.graph.operation(*n).is_leaf());
        let still = if worth { still.count() } else { 0 };
        if still > 0 {
            parts.sort_by_key(|(_, n)| self.graph.varies(*n));
        }
        let among = if still > 0 { &mut parts[..still] } else { &mut parts[..] };
        if let Some(at) = among.iter().position(|(negative, _)| !negative) {
            among[..=at].rotate_right(1);
        }
        let mut total: Option<Node> = None;
        for (negative, node) in parts {
            let node = if negative { self.graph.negative(node) } else { node };
            total = Some(total.map_or(node, |sum| self.graph.add(sum, node)));
        }
        total.unwrap_or_else(|| self.graph.number("0"))
    }

    /// An exact number, as a literal or a quotient of literals.
    fn rational(&mut self, q: &Rational) -> Node {
        if q.is_zero() {
            return self.graph.number("0");
        }
        let (factor, divisor) = self.split_coefficient(q);
        let factor = factor.unwrap_or_else(|| self.graph.number("1"));
        let node = divisor.map_or(factor, |divisor| self.graph.divide(factor, divisor));
        if q.is_negative() { self.graph.negative(node) } else { node }
    }

    /// The literal of a float.
    fn float(&mut self, value: f64) -> Node {
        let node = self.graph.number(&digits(value.abs()));
        if value < 0.0 { self.graph.negative(node) } else { node }
    }
}

/// |c| when all terms and the constant share it and it is not 1.
fn common_coefficient(constant: &Rational, terms: &[(Rational, Slot)]) -> Option<Rational> {
    let first = terms.first()?.0.abs();
    let all = terms.iter().all(|(c, _)| c.abs() == first) && (constant.is_zero() || constant.abs() == first);
    let several = terms.len() > 1 || !constant.is_zero();
    (all && several && !first.is_one()).then_some(first)
}

/// 2^n, where a product with it is exact.
fn is_power_of_two(value: f64) -> bool {
    value.is_normal() && value.to_bits() & ((1 << 52) - 1) == 0 && value.abs().log2().abs() < 64.0
}

/// 2q when q is half an odd integer of moderate size.
fn half_integer(q: &Rational) -> Option<i64> {
    let (p, d) = q.as_small()?;
    (d == 2 && p.unsigned_abs() <= LONGEST_CHAIN).then_some(p)
}

/// The digits of a positive number that is exactly a float with few digits.
fn exact_digits(q: &Rational) -> Option<String> {
    let (p, d) = q.as_small()?;
    let short = d == 1 || (d as u64).is_power_of_two() && d <= 1 << 20;
    (short && p < 1 << 53).then(|| digits(p as f64 / d as f64))
}

/// The shortest digits of a float that is not negative.
pub(super) fn digits(value: f64) -> String {
    if value != 0.0 && !(1e-5..1e16).contains(&value) { format!("{value:e}") } else { format!("{value}") }
}
