//! A tape → who is read as a value of its own, who divides, what is constant, and which calls one helper computes together.

use rustc_hash::FxHashMap;

use super::Lowering;
use super::product::Factor;
use crate::function::FunctionId;
use crate::function::helper::{Helper, helpers};
use crate::number::{Ball, Rational};
use crate::tape::{Instr, Slot};

/// Bits of the balls in which constant parts are computed.
pub(super) const CONSTANT_BITS: u32 = 160;

impl Lowering<'_> {
    /// Counts who is read as a value, and who divides.
    pub(super) fn survey(&mut self) {
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
        self.tape.eval_in(&inputs, CONSTANT_BITS, &mut self.enclosures);
        for slot in wanted {
            self.constants.insert(slot, nearest(&self.enclosures[slot.0 as usize]));
        }
    }

    /// Kernels: helpers that give two or more rows that are called with the same arguments.
    pub(super) fn find_kernels(&mut self) {
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
}

/// The float that is nearest to all that a ball holds.
pub(super) fn nearest(ball: &Ball) -> Option<f64> {
    let (lower, upper) = (ball.lower()?.to_f64(), ball.upper()?.to_f64());
    (lower == upper && lower.is_finite()).then_some(lower)
}
