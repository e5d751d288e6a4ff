//! Exact numbers and floats → literals, and quotients of them.

use super::Lowering;
use super::product::LONGEST_CHAIN;
use crate::emit::graph::Node;
use crate::number::Rational;

impl Lowering<'_> {
    /// |c| as a factor and a divisor; neither for 1.
    pub(super) fn split_coefficient(&mut self, coefficient: &Rational) -> (Option<Node>, Option<Node>) {
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

    /// An exact number, as a literal or a quotient of literals.
    pub(super) fn rational(&mut self, q: &Rational) -> Node {
        if q.is_zero() {
            return self.graph.number("0");
        }
        let (factor, divisor) = self.split_coefficient(q);
        let factor = factor.unwrap_or_else(|| self.graph.number("1"));
        let node = divisor.map_or(factor, |divisor| self.graph.divide(factor, divisor));
        if q.is_negative() { self.graph.negative(node) } else { node }
    }

    /// The literal of a float.
    pub(super) fn float(&mut self, value: f64) -> Node {
        let node = self.graph.number(&digits(value.abs()));
        if value < 0.0 { self.graph.negative(node) } else { node }
    }
}

/// 2^n, where a product with it is exact.
pub(super) fn is_power_of_two(value: f64) -> bool {
    value.is_normal() && value.to_bits() & ((1 << 52) - 1) == 0 && value.abs().log2().abs() < 64.0
}

/// 2q when q is half an odd integer of moderate size.
pub(super) fn half_integer(q: &Rational) -> Option<i64> {
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
pub(in crate::emit) fn digits(value: f64) -> String {
    if value != 0.0 && !(1e-5..1e16).contains(&value) { format!("{value:e}") } else { format!("{value}") }
}
