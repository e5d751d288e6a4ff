//! Sums of a tape → additions, a positive part first; constant parts are one float.

use super::Lowering;
use super::Obstacle;
use super::product::Factor;
use super::survey::{CONSTANT_BITS, nearest};
use crate::emit::graph::Node;
use crate::number::{Ball, Rational};
use crate::tape::{Instr, Slot};

impl Lowering<'_> {
    /// c₀ + Σ cᵢ·sᵢ.
    pub(super) fn sum(&mut self, constant: &Rational, terms: &[(Rational, Slot)]) -> Result<Node, Obstacle> {
        let (fixed, free): (Vec<_>, Vec<_>) = terms.iter().partition(|(_, s)| self.constants.contains_key(s));
        let free: Vec<(Rational, Slot)> = free.into_iter().cloned().collect();
        if let Some(common) = common_coefficient(constant, &free).filter(|_| fixed.is_empty()) {
            let inverse = common.recip().expect("a coefficient is not zero");
            let free: Vec<(Rational, Slot)> = free.iter().map(|(c, s)| (c * &inverse, *s)).collect();
            let mut parts = self.terms(&free);
            parts.extend(self.constant(&(constant * &inverse)));
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
        let mut parts = self.terms(&free);
        if fixed.is_empty() {
            parts.extend(self.constant(constant));
        } else {
            let value = self.constant_sum(constant, &fixed)?;
            parts.push((value < 0.0, self.float(value.abs())));
        }
        Ok(self.added(parts))
    }

    /// The constant terms as one float.
    fn constant_sum(&self, constant: &Rational, fixed: &[&(Rational, Slot)]) -> Result<f64, Obstacle> {
        let start = Ball::from_rational(constant, CONSTANT_BITS);
        let total = fixed.iter().fold(start, |total, (c, s)| {
            let c = Ball::from_rational(c, CONSTANT_BITS);
            total.add(&c.mul(&self.enclosures[s.0 as usize]))
        });
        nearest(&total).ok_or(Obstacle::Constant)
    }

    /// The terms with their signs apart.
    fn terms(&mut self, terms: &[(Rational, Slot)]) -> Vec<(bool, Node)> {
        terms.iter().map(|(c, s)| (c.is_negative(), self.scaled(c, *s))).collect()
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

    /// A constant with its sign apart; nothing for 0.
    fn constant(&mut self, constant: &Rational) -> Option<(bool, Node)> {
        (!constant.is_zero()).then(|| (constant.is_negative(), self.rational(&constant.abs())))
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
}

/// |c| when all terms and the constant share it and it is not 1.
fn common_coefficient(constant: &Rational, terms: &[(Rational, Slot)]) -> Option<Rational> {
    let first = terms.first()?.0.abs();
    let all = terms.iter().all(|(c, _)| c.abs() == first) && (constant.is_zero() || constant.abs() == first);
    let several = terms.len() > 1 || !constant.is_zero();
    (all && several && !first.is_one()).then_some(first)
}
