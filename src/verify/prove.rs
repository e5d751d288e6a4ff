//! A claim `left relation right` under declared facts → its verdict.
//!
//! `log(x*y) = log(x) + log(y)` over the reals: where both sides are defined they agree, but at x = −1, y = −1 only
//! the left one is; refuted there, and proved for x, y > 0. A proof answers three questions: do the values agree where
//! both sides exist, does one exist where the other does, and does a certified point exist at all.

use super::domain::{Atom, AtomKind, Side};
use super::evaluate::{Evaluator, Reading};
use super::knowledge::Knowledge;
use super::points::{Domain, Point};
use super::residues::{self, Comparison};
use super::sign::Signs;
use super::special;
use super::verdict::{Attempts, Evidence, Proof, Requirement, Verdict, Witness};
use super::{cases, induction, inequality};
use crate::algebra::Normalizer;
use crate::algebra::normalize::Stop;
use crate::calculus::Differentiator;
use crate::expr::{Expr, Fact, Images, Node, Store};
use crate::number::Rational;
use crate::syntax::Relation;

/// Points that are looked at first.
pub(super) const POINTS: usize = 40;
/// Points at which a proof is confirmed.
const CONFIRMED: usize = 12;

/// A claim with everything that is asked about it more than once.
pub(super) struct Claim<'a> {
    pub store: &'a mut Store,
    pub relation: Relation,
    pub left: Side,
    pub right: Side,
    /// Declared facts; what they need to be defined is among `given`.
    pub facts: &'a [Fact],
    pub given: Vec<Atom>,
    pub domain: Domain,
    pub opaque: Vec<Expr>,
    pub evaluators: [Evaluator; 2],
}

/// The verdict on `left relation right` wherever the facts hold.
pub fn prove(store: &mut Store, left: Expr, relation: Relation, right: Expr, facts: &[Fact]) -> Verdict {
    prove_within(store, left, relation, right, facts, 2)
}

/// [`prove`], with so many inductions inside each other.
pub(super) fn prove_within(
    store: &mut Store,
    left: Expr,
    relation: Relation,
    right: Expr,
    facts: &[Fact],
    depth: u32,
) -> Verdict {
    if !matches!(
        relation,
        Relation::Equal
            | Relation::NotEqual
            | Relation::Less
            | Relation::LessOrEqual
            | Relation::Greater
            | Relation::GreaterOrEqual
    ) {
        return Verdict::open("only equalities and inequalities are decided here");
    }
    match Claim::new(store, left, relation, right, facts) {
        Some(mut claim) => claim.judge(depth),
        None => entrywise(store, left, relation, right, facts, depth),
    }
}

/// Matrices of one fixed shape are equal entry by entry.
fn entrywise(
    store: &mut Store,
    left: Expr,
    relation: Relation,
    right: Expr,
    facts: &[Fact],
    depth: u32,
) -> Verdict {
    let (Node::Matrix(a, entries), Node::Matrix(b, others)) = (store[left].clone(), store[right].clone())
    else {
        return Verdict::open("vectors and matrices are compared only entry by entry");
    };
    if a != b || relation != Relation::Equal {
        return Verdict::open("matrices of different shapes, or another relation than `=`");
    }
    let verdicts: Vec<Verdict> = entries
        .iter()
        .zip(&others)
        .map(|(l, r)| prove_within(store, *l, relation, *r, facts, depth))
        .collect();
    let mut proof = Proof::default();
    for verdict in &verdicts {
        if let Verdict::Proved(part) = verdict {
            proof.rules.extend(part.rules.iter().cloned());
            proof.conditions.extend(part.conditions.iter().cloned());
        }
    }
    proof.rules.sort();
    proof.rules.dedup();
    proof.conditions.dedup();
    match verdicts.into_iter().max_by_key(Verdict::severity) {
        Some(worst) if !matches!(worst, Verdict::Proved(_)) => worst,
        _ => Verdict::Proved(proof),
    }
}

impl<'a> Claim<'a> {
    fn new(
        store: &'a mut Store,
        left: Expr,
        relation: Relation,
        right: Expr,
        facts: &'a [Fact],
    ) -> Option<Claim<'a>> {
        let mut calculus = Differentiator::new();
        if !store.shape(left).is_scalar() || !store.shape(right).is_scalar() {
            return None;
        }
        let left = Side::new(store, &mut calculus, left)?;
        let right = Side::new(store, &mut calculus, right)?;
        let mut given = Vec::new();
        for fact in facts {
            if let Fact::Positive(e) | Fact::NonNegative(e) | Fact::NonZero(e) | Fact::Zero(e) = fact {
                given.extend(Side::new(store, &mut calculus, *e)?.atoms.into_iter().filter(|a| a.necessary));
            }
        }
        let domain = Domain::new(store, facts, &[left.written, right.written]);
        let mut opaque = left.opaque.clone();
        opaque.extend(right.opaque.iter().copied().filter(|e| !left.opaque.contains(e)));
        let mut known = Knowledge::with_atoms(store, facts, &given);
        let open = |store: &mut Store, known: &mut Knowledge, side: &Side| -> Vec<Atom> {
            side.atoms.iter().filter(|a| !known.implies(store, a)).cloned().collect()
        };
        let (l, r) = (open(store, &mut known, &left), open(store, &mut known, &right));
        let inputs: Vec<Expr> = domain.variables.iter().chain(&opaque).copied().collect();
        let evaluators =
            [Evaluator::new(store, &inputs, &left, &l), Evaluator::new(store, &inputs, &right, &r)];
        Some(Claim { store, relation, left, right, facts, given, domain, opaque, evaluators })
    }

    /// What is known where both sides exist.
    pub fn both(&mut self) -> Knowledge {
        let mut knowledge = Knowledge::with_atoms(self.store, self.facts, &self.given);
        for atom in self.left.atoms.iter().chain(&self.right.atoms).filter(|a| a.necessary) {
            knowledge.assume(self.store, atom);
        }
        knowledge
    }

    fn judge(&mut self, depth: u32) -> Verdict {
        let (value, tried) = self.value();
        let missing = self.missing();
        let points = self.points();
        let settled = value.is_some();
        // Nothing is to be refuted where values and domains are both proved: there the points confirm.
        if (!settled || !missing.is_empty())
            && let Some(witness) = self.search(&points, settled)
        {
            return self.refuted(witness, settled, &missing);
        }
        if let Some(rules) = value {
            return self.proved(rules, &missing, &points);
        }
        if matches!(self.relation, Relation::NotEqual | Relation::Less | Relation::Greater)
            && let Some(verdict) = self.refuted_by_equality(&points)
        {
            return verdict;
        }
        if self.relation == Relation::Equal
            && depth > 0
            && missing.is_empty()
            && let Some(rules) = induction::by_induction(self, depth)
        {
            return self.proved(rules, &missing, &points);
        }
        if depth > 0
            && let Some(proof) = cases::by_cases(self, depth, missing.is_empty())
        {
            return Verdict::Proved(proof);
        }
        self.unproved(&points, tried)
    }

    /// The rules by which the relation holds wherever both sides are defined; or what was tried.
    fn value(&mut self) -> (Option<Vec<String>>, Vec<String>) {
        let mut known = self.both();
        known.normalizer.forget();
        let (left, right) = (self.left.value, self.right.value);
        if self.relation != Relation::Equal {
            return inequality::holds(self.store, &mut known, left, self.relation, right);
        }
        let difference = self.store.sub(left, right);
        match known.normalizer.is_zero(self.store, difference) {
            Ok(true) => (Some(cited(&mut known.normalizer)), Vec::new()),
            Ok(false) if known.vanishes_by_equations(self.store, difference) => {
                (Some(vec!["given-equation".to_owned()]), Vec::new())
            }
            Ok(false) => match self.by_injection(&mut known) {
                Some(rules) => (Some(rules), Vec::new()),
                None => (None, vec!["the normal forms differ".to_owned()]),
            },
            Err(stop) => (None, vec![stopped(&stop)]),
        }
    }

    /// L = R because exp(L) = exp(R), or because L² = R² and neither is negative.
    fn by_injection(&mut self, known: &mut Knowledge) -> Option<Vec<String>> {
        let (left, right) = (self.left.value, self.right.value);
        let logarithmic = self.store.post_order(&[left, right]).into_iter().any(|e| {
            matches!(&self.store[e], Node::Call(f, _) if matches!(f.row().name, "log" | "lgamma" | "log1p" | "lbeta"))
        });
        let mut rule = None;
        if logarithmic {
            known.normalizer.forget();
            let (a, b) = (self.store.call_named("exp", [left]), self.store.call_named("exp", [right]));
            let difference = self.store.sub(a, b);
            rule = (known.normalizer.is_zero(self.store, difference) == Ok(true)).then_some("exp-injective");
        }
        let nonnegative = |store: &mut Store, known: &mut Knowledge, e: Expr| {
            known.signs(store, e).within(Signs::NONNEGATIVE)
        };
        if rule.is_none() && nonnegative(self.store, known, left) && nonnegative(self.store, known, right) {
            known.normalizer.forget();
            let (a, b) = (self.store.powi(left, 2), self.store.powi(right, 2));
            let difference = self.store.sub(a, b);
            rule =
                (known.normalizer.is_zero(self.store, difference) == Ok(true)).then_some("square-injective");
        }
        let mut rules: Vec<String> = cited(&mut known.normalizer);
        rules.retain(|r| r != "exact-arithmetic");
        rules.push(rule?.to_owned());
        rules.sort();
        Some(rules)
    }

    /// `!=`, `<` and `>` fail where the rules prove that both sides are equal.
    fn refuted_by_equality(&mut self, points: &[Point]) -> Option<Verdict> {
        let mut known = self.both();
        known.normalizer.forget();
        let difference = self.store.sub(self.left.value, self.right.value);
        if !self.opaque.is_empty() || known.normalizer.is_zero(self.store, difference) != Ok(true) {
            return None;
        }
        let rules = cited(&mut known.normalizer).join(", ");
        points.iter().find_map(|point| {
            let (left, right) = self.read(point, 192);
            let (a, b) = (left.ball(), right.ball());
            let together = left.is_narrow_beside(&b) && right.is_narrow_beside(&a) && a.overlaps(&b);
            together.then(|| {
                Verdict::Refuted(Witness {
                    objects: Vec::new(),
                    instance: None,
                    point: self.domain.names.iter().cloned().zip(point.iter().cloned()).collect(),
                    left: left.text(20),
                    right: right.text(20),
                    reason: format!("both sides are equal ({rules})"),
                    help: None,
                })
            })
        })
    }

    /// The conditions of either side that neither the declarations nor the other side imply.
    pub(super) fn missing(&mut self) -> Vec<Atom> {
        let mut missing: Vec<Atom> = Vec::new();
        for side in 0..2 {
            let (one, other) = if side == 0 { (&self.left, &self.right) } else { (&self.right, &self.left) };
            let (atoms, others) = (one.atoms.clone(), other.atoms.clone());
            let mut known = Knowledge::with_atoms(self.store, self.facts, &self.given);
            for atom in &others {
                known.assume(self.store, atom);
            }
            for atom in &atoms {
                if known.implies(self.store, atom) || follows_by_bounds(self.store, &mut known, atom) {
                    // Later conditions are about what this one makes defined.
                    known.assume(self.store, atom);
                } else if !missing.contains(atom) {
                    missing.push(atom.clone());
                }
            }
        }
        missing
    }

    fn points(&mut self) -> Vec<Point> {
        let mut values = special::literals(self.store, &[self.left.value, self.right.value]);
        values.truncate(24);
        let mut points = self.domain.points(POINTS, &values);
        let atoms: Vec<Atom> = self.left.atoms.iter().chain(&self.right.atoms).cloned().collect();
        let mut critical = special::critical(self.store, &self.domain, &atoms, &points);
        if self.relation != Relation::Equal {
            let difference = self.store.sub(self.left.value, self.right.value);
            let zero = Atom { kind: AtomKind::NonZero(difference), necessary: true, under: Vec::new() };
            critical.extend(special::critical(self.store, &self.domain, &[zero], &points));
        }
        critical.truncate(2 * POINTS);
        let mut seen = points.clone();
        critical.retain(|p| {
            let fresh = !seen.contains(p);
            seen.push(p.clone());
            fresh
        });
        // Critical points come early, so that they are looked at in higher precision too.
        let rest = points.split_off(points.len().min(4));
        points.extend(critical);
        points.extend(rest);
        points
    }

    pub(super) fn read(&self, point: &Point, precision: u32) -> (Reading, Reading) {
        let mut inputs = point.clone();
        // Abstract values are independent unknowns for the purpose of a check.
        inputs.extend((0..self.opaque.len()).map(|i| Rational::new(3 * i as i64 + 5, 7)));
        (self.evaluators[0].at(&inputs, precision), self.evaluators[1].at(&inputs, precision))
    }

    pub(super) fn show(&self, point: &Point) -> String {
        let list: Vec<String> =
            self.domain.names.iter().zip(point).map(|(name, value)| format!("{name} = {value}")).collect();
        if list.is_empty() { "the only point".to_owned() } else { list.join(", ") }
    }

    /// A proof, once it is confirmed by enclosures and residues, and its conditions are looked at.
    fn proved(&mut self, rules: Vec<String>, missing: &[Atom], points: &[Point]) -> Verdict {
        // Integrals, infinite sums and derivatives without a formula may not exist at all.
        let unknown = self
            .opaque
            .iter()
            .find(|e| matches!(self.store[**e], Node::Range { .. } | Node::Derivative { .. }));
        if let Some(e) = unknown {
            let text = crate::print::plain::display(self.store, *e);
            return Verdict::open(format!(
                "the rules prove the claim where `{text}` exists, which is not known"
            ));
        }
        match self.confirmed(points) {
            Err(reason) => return Verdict::open(reason),
            Ok(0) => return Verdict::open(self.vacuous(points)),
            Ok(_) => {}
        }
        for atom in missing {
            if let Some(reason) = special::may_fail(self.store, self.facts, &self.domain, atom, points) {
                return Verdict::Open(Attempts { reason, help: self.help(missing), ..Attempts::default() });
            }
        }
        let conditions = missing
            .iter()
            .map(|atom| Requirement { text: atom.kind.text(self.store), about: Some(atom.kind.about()) })
            .collect();
        Verdict::Proved(Proof { example: None, rules, conditions })
    }

    /// At how many points both sides certainly exist and agree; a reason when the second method disagrees.
    fn confirmed(&mut self, points: &[Point]) -> Result<usize, String> {
        let disagreement = |what: &str| {
            format!(
                "internal disagreement: the rules prove the claim, and {what} contradict them; please report this"
            )
        };
        if self.relation == Relation::Equal
            && self.has_interior()
            && residues::compare(self.store, self.left.value, self.right.value) == Comparison::Different
        {
            return Err(disagreement("residues modulo a prime"));
        }
        self.join_opaque();
        let mut agreeing = 0;
        for point in points {
            if agreeing >= CONFIRMED {
                break;
            }
            let mut seen = false;
            for precision in if agreeing < 4 { &[64, 192][..] } else { &[64][..] } {
                let (left, right) = self.read(point, *precision);
                if self.fails(&left, &right) {
                    if !self.opaque.is_empty() {
                        return Err("the second method cannot follow what is abstract here".to_owned());
                    }
                    return Err(disagreement(&format!("enclosures at {}", self.show(point))));
                }
                let (a, b) = (left.ball(), right.ball());
                seen |= left.is_narrow_beside(&b) && right.is_narrow_beside(&a);
            }
            agreeing += usize::from(seen);
        }
        Ok(agreeing)
    }

    /// Are there no equations among the facts? An identity of rational functions on such a domain holds everywhere.
    fn has_interior(&self) -> bool {
        let inequality = |f: &Fact| {
            matches!(f, Fact::Positive(_) | Fact::NonNegative(_) | Fact::NonZero(_) | Fact::Real(_))
        };
        self.facts.iter().all(inequality)
    }

    /// Abstract parts that have one normal form are given one value.
    fn join_opaque(&mut self) {
        if self.opaque.len() < 2 {
            return;
        }
        let mut known = self.both();
        let mut images = Images::default();
        let mut kept: Vec<Expr> = Vec::new();
        for e in self.opaque.clone() {
            let same = kept.iter().copied().find(|k| {
                let difference = self.store.sub(*k, e);
                known.normalizer.is_zero(self.store, difference) == Ok(true)
            });
            match same {
                Some(first) => drop(images.insert(e, first)),
                None => kept.push(e),
            }
        }
        if images.is_empty() {
            return;
        }
        let inputs: Vec<Expr> = self.domain.variables.iter().chain(&self.opaque).copied().collect();
        for (place, side) in [&mut self.left, &mut self.right].into_iter().enumerate() {
            let mut joined = side.clone();
            joined.value = self.store.substitute(side.value, &images);
            self.evaluators[place] = Evaluator::new(self.store, &inputs, &joined, &joined.atoms);
        }
    }

    fn vacuous(&self, points: &[Point]) -> String {
        if points.is_empty() {
            return "vacuous: no point of the declared domain was found".to_owned();
        }
        "vacuous: no point of the declared domain was found at which both sides certainly exist".to_owned()
    }

    /// Neither proved nor refuted: supported where numbers agree, else open.
    fn unproved(&mut self, points: &[Point], tried: Vec<String>) -> Verdict {
        let reason = tried.join("; ");
        if points.is_empty() {
            return Verdict::Open(Attempts { tried, reason: self.vacuous(points), help: None });
        }
        if !self.opaque.is_empty() {
            let list: Vec<String> =
                self.opaque.iter().take(3).map(|e| crate::print::plain::display(self.store, *e)).collect();
            let reason = format!("{reason}; no number is known of {}", list.join(", "));
            return Verdict::Open(Attempts { tried, reason, help: None });
        }
        if self.relation == Relation::Equal
            && self
                .facts
                .iter()
                .all(|f| matches!(f, Fact::Positive(_) | Fact::NonNegative(_) | Fact::NonZero(_)))
            && residues::compare(self.store, self.left.value, self.right.value) == Comparison::Different
        {
            let reason =
                "the two sides are different rational functions, but no point was found at which enclosures \
                          tell them apart within 4096 bits"
                    .to_owned();
            return Verdict::Open(Attempts { tried, reason, help: None });
        }
        let (mut count, mut digits) = (0, u32::MAX);
        for point in points.iter().take(POINTS) {
            let (left, right) = self.read(point, 192);
            let (a, b) = (left.ball(), right.ball());
            if left.is_undefined() != right.is_undefined() {
                let reason = format!(
                    "{reason}; at {} one side is undefined, and whether the other exists is not known",
                    self.show(point)
                );
                return Verdict::Open(Attempts { tried, reason, help: None });
            }
            let narrow = left.is_narrow_beside(&b) && right.is_narrow_beside(&a);
            if narrow && !self.is_in_favour(&left, &right) {
                let reason = format!("{reason}; not decided at {}", self.show(point));
                return Verdict::Open(Attempts { tried, reason, help: None });
            }
            if narrow {
                count += 1;
                let bits = [&a, &b].map(|x| x.relative_accuracy_bits().unwrap_or(20).min(190));
                digits = digits.min((f64::from(bits[0].min(bits[1])) * std::f64::consts::LOG10_2) as u32);
            }
        }
        let enough = if self.domain.variables.is_empty() { 1 } else { 3.min(points.len()) };
        if count >= enough && digits >= 6 {
            return Verdict::Supported(Evidence {
                exact: false,
                holds: self.relation != Relation::Equal,
                points: count,
                digits,
                instances: Vec::new(),
                reason,
            });
        }
        let reason =
            format!("{reason}; both sides were certain and narrow at {count} of {} points", points.len());
        Verdict::Open(Attempts { tried, reason, help: None })
    }
}

/// Does the condition follow from bounds of the functions in it, as exp(x) − x ≠ 0 does?
fn follows_by_bounds(store: &mut Store, known: &mut Knowledge, atom: &Atom) -> bool {
    let (e, wanted) = match &atom.kind {
        AtomKind::Positive(e) => (*e, Signs::POSITIVE),
        AtomKind::NonNegative(e) => (*e, Signs::NONNEGATIVE),
        AtomKind::NonZero(e) => (*e, Signs::NONZERO),
        _ => return false,
    };
    atom.under.is_empty() && inequality::proves(store, known, e, wanted, 2).is_some()
}

/// The rules a normalizer cited, or that arithmetic alone did it.
pub(super) fn cited(normalizer: &mut Normalizer) -> Vec<String> {
    let rules: Vec<String> = normalizer.take_rules().into_iter().map(str::to_owned).collect();
    if rules.is_empty() { vec!["exact-arithmetic".to_owned()] } else { rules }
}

/// Why there is no normal form, in words.
pub(super) fn stopped(stop: &Stop) -> String {
    match stop {
        Stop::Exceeded(exceeded) => {
            format!("the normal form exceeds the limit of {} {:?}", exceeded.limit, exceeded.resource)
        }
        Stop::DivisionByZero => "a divisor is identically 0".to_owned(),
        Stop::Unsupported(what) => format!("no normal form: {what}"),
    }
}
