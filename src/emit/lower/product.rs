//! Products and powers of a tape → multiplications and divisions in turn, so that no part overflows before the value does.

use super::Lowering;
use super::number::{half_integer, is_power_of_two};
use crate::emit::graph::{Graph, Node, Operation};
use crate::number::Rational;
use crate::program::Operator;
use crate::tape::{Instr, Slot};

/// Powers with integer exponents up to this one are products.
pub(super) const LONGEST_CHAIN: u64 = 32;

/// A factor s^n, or √s^n.
pub(super) struct Factor {
    pub(super) base: Slot,
    pub(super) root: bool,
    pub(super) exponent: i64,
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
    /// The factors of a product or power.
    pub(super) fn factors(&self, slot: Slot) -> Vec<Factor> {
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
    pub(super) fn product(&mut self, coefficient: &Rational, slot: Slot) -> Node {
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
}
