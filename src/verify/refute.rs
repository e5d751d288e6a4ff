//! The search for one exact point at which a claim fails, and for the condition that would have saved it.
//!
//! `sqrt(x^2) = x`: at x = −1 the enclosures of 1 and −1 are disjoint at 64 bits, and again at 192; the help is
//! `--where "x >= 0"`. Precision is raised while enclosures overlap, over fewer points each time.

use super::domain::{Atom, AtomKind};
use super::evaluate::{Reading, texts};
use super::points::Point;
use super::prove::{Claim, POINTS};
use super::special;
use super::verdict::{Verdict, Witness};
use crate::expr::{Fact, Node};
use crate::syntax::Relation;

/// Precisions, and how many points are looked at in each.
const LADDER: [(u32, usize); 5] = [(64, POINTS), (192, 16), (640, 6), (1792, 3), (4096, 1)];
/// The same for functions whose enclosures take long.
const COSTLY_LADDER: [(u32, usize); 3] = [(64, POINTS), (192, 8), (640, 2)];

impl Claim<'_> {
    /// Are there functions whose enclosures take milliseconds? At exact arguments they are still affordable.
    pub(super) fn is_costly(&self) -> bool {
        self.store.post_order(&[self.left.value, self.right.value]).into_iter().any(|e| {
            match &self.store[e] {
                Node::Call(f, arguments) => {
                    let exact = arguments.iter().all(|a| self.store.as_number(*a).is_some());
                    !exact && f.row().domain.iter().any(|d| d.contains("nonpole") || d.contains("nu"))
                }
                _ => false,
            }
        })
    }

    /// A point at which the claim certainly fails, re-checked at a fresh precision.
    pub(super) fn search(&mut self, points: &[Point], settled: bool) -> Option<(Point, Reading, Reading)> {
        if !self.opaque.is_empty() {
            return None;
        }
        let far = self.constant_difference();
        let mut undecided: Vec<&Point> = points.iter().collect();
        for (precision, count) in if self.is_costly() { COSTLY_LADDER.iter() } else { LADDER.iter() } {
            let (precision, count) = (*precision, *count);
            let mut rest = Vec::new();
            for point in undecided.into_iter().take(count.max(if precision == 64 { points.len() } else { 0 }))
            {
                let (left, right) = self.read(point, precision);
                if self.fails(&left, &right) {
                    let again = self.read(point, 2 * precision + 64);
                    if self.fails(&again.0, &again.1) && self.domain.contains(point) {
                        return Some((point.clone(), again.0, again.1));
                    }
                }
                let exact = left.value.exact().is_some() && right.value.exact().is_some();
                if !exact && !left.is_undefined() && !right.is_undefined() {
                    rest.push(point);
                }
            }
            if settled && precision > 64 {
                break;
            }
            undecided = rest;
        }
        // Sides that differ by a tiny constant: as many bits as it takes to see it, once.
        let (precision, point) = (far?, points.first()?);
        let (left, right) = self.read(point, precision);
        (self.fails(&left, &right) && self.domain.contains(point)).then(|| (point.clone(), left, right))
    }

    /// The bits at which a constant difference of the sides shows, when the normal form is one, and not 0.
    pub(super) fn constant_difference(&mut self) -> Option<u32> {
        let mut known = self.both();
        let difference = self.store.sub(self.left.value, self.right.value);
        let c = known.normalizer.normal(self.store, difference).ok()?.as_constant()?;
        let bits =
            u32::try_from(c.bits()).ok().filter(|bits| !c.is_zero() && (2048..40_000).contains(bits))?;
        Some(bits + 256)
    }

    /// Does the relation certainly fail at a point, by these readings?
    pub(super) fn fails(&self, left: &Reading, right: &Reading) -> bool {
        if left.is_undefined() || right.is_undefined() {
            let (defined, other) = if left.is_undefined() { (right, left) } else { (left, right) };
            return other.is_undefined() && defined.is_defined() && defined.ball().is_bounded();
        }
        if !left.is_defined() || !right.is_defined() {
            return false;
        }
        let (a, b) = (left.ball(), right.ball());
        if let (Some(x), Some(y)) = (left.value.exact(), right.value.exact()) {
            return !holds_for(self.relation, x.cmp(y));
        }
        let narrow = left.is_narrow_beside(&b) && right.is_narrow_beside(&a);
        let (above, below) = (a.sub(&b).is_positive(), a.sub(&b).is_negative());
        narrow
            && match self.relation {
                Relation::Equal => a.is_disjoint(&b),
                Relation::Less | Relation::LessOrEqual => above,
                Relation::Greater | Relation::GreaterOrEqual => below,
                _ => false,
            }
    }

    pub(super) fn refuted(
        &mut self,
        (point, left, right): (Point, Reading, Reading),
        settled: bool,
        missing: &[Atom],
    ) -> Verdict {
        let partial = left.is_undefined() || right.is_undefined();
        if settled && !partial {
            return Verdict::open(format!(
                "internal disagreement: the rules prove the claim, and enclosures at {} refute it; please report this",
                self.show(&point)
            ));
        }
        let (left_text, right_text) = texts(&left, &right);
        let reason = match (left.is_undefined(), right.is_undefined()) {
            (true, _) => "the left side is undefined there and the right side is not".to_owned(),
            (_, true) => "the right side is undefined there and the left side is not".to_owned(),
            _ => "the relation fails there".to_owned(),
        };
        let help = if settled { self.help(missing) } else { self.repair() };
        Verdict::Refuted(Witness {
            objects: Vec::new(),
            instance: None,
            point: self.domain.names.iter().cloned().zip(point).collect(),
            left: left_text,
            right: right_text,
            reason,
            help,
        })
    }

    /// The conditions that are missing, as a `--where`.
    pub(super) fn help(&mut self, missing: &[Atom]) -> Option<String> {
        let mut texts: Vec<String> = Vec::new();
        for atom in missing {
            let plain = !matches!(atom.kind, AtomKind::Defined(..) | AtomKind::NonPole(_));
            if !plain || !atom.under.is_empty() || self.store.free_symbols(&[atom.kind.about()]).is_empty() {
                return None;
            }
            let text = special::simple_text(self.store, &atom.kind);
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        let abs = |text: &String| text.starts_with("abs(") && texts.len() > 1;
        let texts: Vec<String> = texts.iter().filter(|t| !abs(t)).cloned().collect();
        (!texts.is_empty()).then(|| format!("--where \"{}\"", texts.join(", ")))
    }

    /// A sign of one variable, or of all, under which the claim would follow.
    pub(super) fn repair(&mut self) -> Option<String> {
        let variables = self.domain.variables.clone();
        let mut sets: Vec<Vec<usize>> = (0..variables.len()).map(|i| vec![i]).collect();
        sets.push((0..variables.len()).collect());
        sets.truncate(5);
        let difference = self.store.sub(self.left.value, self.right.value);
        for strict in [false, true] {
            for set in &sets {
                let mut known = self.both();
                let facts: Vec<Fact> = set
                    .iter()
                    .map(|i| {
                        if strict { Fact::Positive(variables[*i]) } else { Fact::NonNegative(variables[*i]) }
                    })
                    .collect();
                for fact in &facts {
                    known.normalizer.assumptions.assume(self.store, fact);
                }
                known.normalizer.forget();
                if self.relation == Relation::Equal
                    && known.normalizer.is_zero(self.store, difference) == Ok(true)
                    && self.domain.points(4, &[]).iter().any(|p| set.iter().all(|i| p[*i].is_positive()))
                {
                    let sign = if strict { ">" } else { ">=" };
                    let list: Vec<String> =
                        set.iter().map(|i| format!("{} {sign} 0", self.domain.names[*i])).collect();
                    return Some(format!("--where \"{}\"", list.join(", ")));
                }
            }
        }
        None
    }

    /// Do the readings speak for the claim? Overlap speaks for `=`, `<=` and `>=` alone.
    pub(super) fn is_in_favour(&self, left: &Reading, right: &Reading) -> bool {
        let difference = left.ball().sub(&right.ball());
        match self.relation {
            Relation::Less => difference.is_negative(),
            Relation::Greater => difference.is_positive(),
            Relation::NotEqual => !difference.contains_zero(),
            _ => true,
        }
    }
}

/// Does the relation hold for numbers in this order?
fn holds_for(relation: Relation, order: std::cmp::Ordering) -> bool {
    match relation {
        Relation::Equal => order.is_eq(),
        Relation::NotEqual => order.is_ne(),
        Relation::Less => order.is_lt(),
        Relation::LessOrEqual => order.is_le(),
        Relation::Greater => order.is_gt(),
        Relation::GreaterOrEqual => order.is_ge(),
        _ => true,
    }
}
