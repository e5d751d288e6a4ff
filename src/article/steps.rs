//! Formulas of an article → items: what each row says, and the verdict on each of its relations.
//!
//! `a &= b \\ &= c` is two steps, a = b and b = c, each judged alone. A row with a side of its own after an equation
//! concludes from it: `λFd = -∇L \\ d = -λ⁻¹F⁻¹∇L`. The first equation for a name without a meaning defines it.

use super::chain::{Found, Related, Running, Side};
use super::fence::FenceChecker;
use super::implication::{is_logical, only_at_zero, suppose};
use super::judge::{Judged, judge};
use super::quotes::Said;
use super::{ItemOutcome, expected_word};
use crate::claim::Claim;
use crate::expr::Expr;
use crate::meaning::{self, InnerStep, Meaning, Reading, Vocabulary};
use crate::syntax::{
    Chain, Declaration, DeclarationKind, Directive, Display, ItemKind, Link, Relation, Row, Tree,
};
use crate::text::{Code, Diagnostic, Severity, Span};
use crate::verify::{Attempts, Misreading, Requirement, Verdict};

impl FenceChecker<'_> {
    /// Every row of one display.
    pub fn display(&mut self, display: &Display) {
        let before = self.items.len();
        self.vocabulary.read_latex(true);
        let mut running = None;
        for row in &display.rows {
            let said = self.directives(row);
            let directives: Vec<Directive> = said.iter().map(|said| said.directive.clone()).collect();
            let before = self.declare_here(&directives, row.span);
            let found = self.row(row, &said, &mut running);
            self.finish_row(found, &directives);
            if let Some(before) = before {
                self.vocabulary = before.restored(&self.vocabulary);
            }
        }
        self.vocabulary.read_latex(false);
        if !display.inline {
            self.displays.total += 1;
            self.displays.read += usize::from(self.items[before..].iter().all(is_read));
        }
    }

    /// Gives names the meaning they have in one row alone; returns the vocabulary of the rows around it.
    ///
    /// What is wrong with such a declaration is said at the row: it may stand in another file.
    fn declare_here(&mut self, directives: &[Directive], row: Span) -> Option<Vocabulary> {
        let local = directives.iter().filter_map(|directive| match directive {
            Directive::Declare(declaration) => Some(&**declaration),
            _ => None,
        });
        let local: Vec<&Declaration> = local.collect();
        if local.is_empty() {
            return None;
        }
        let before = self.vocabulary.clone();
        for declaration in local {
            for (name, _) in declaration.names() {
                self.vocabulary.forget(name);
            }
            let mut wrong = Vec::new();
            self.vocabulary.declare(&mut self.store, declaration, &mut wrong);
            self.diagnostics.extend(wrong.into_iter().map(|d| Diagnostic { span: row, ..d }));
        }
        Some(before)
    }

    /// What is said of a row, by itself and from outside.
    fn directives(&mut self, row: &Row) -> Vec<Said> {
        let written =
            row.directives.iter().map(|directive| Said { directive: directive.clone(), step: None });
        let mut said: Vec<Said> = written.collect();
        let first = row.first.as_ref().map(|first| first.span);
        let steps = row.rest.iter().enumerate().map(|(at, link)| {
            let start = first.filter(|_| at == 0).unwrap_or(link.span);
            link.side.as_ref().map_or("", |side| self.source.slice(start.to(side.span)))
        });
        let steps: Vec<&str> = steps.collect();
        said.extend(self.quotes.directives(self.source.slice(row.span), &steps));
        said
    }

    /// What one row says; `running` is the chain it may go on with.
    pub(super) fn row(&mut self, row: &Row, said: &[Said], running: &mut Option<Running>) -> Vec<Found> {
        let unreadable = row.rest.iter().any(|link| link.side.is_none())
            || (row.first.is_none() && row.rest.is_empty())
            || row.diagnostics.iter().any(|d| d.severity == Severity::Error && !is_lint(d));
        if unreadable {
            *running = None;
            return vec![Found::unread(row.span, row.diagnostics.clone())];
        }
        let kind = said.iter().find_map(|said| match said.directive {
            Directive::Kind(kind) => Some(kind),
            _ => None,
        });
        if row.rest.is_empty() || row.constraint || kind == Some(ItemKind::Statement) {
            return vec![self.statement(row)];
        }
        let mut found = Vec::new();
        let earlier = if row.first.is_some() { running.take() } else { None };
        if let Some(first) = &row.first {
            // What a formula is meant to say instead makes its own left side idle.
            let is_meant = said.iter().any(|said| matches!(said.directive, Directive::Reads(_)));
            let reading = if is_meant { Some(Reading::default()) } else { None };
            *running = Some(self.start(first, row, kind, reading, &mut found));
        }
        let Some(chain) = running.as_mut() else {
            let code = Code::Latex {
                expected: "a left side before the first relation".into(),
                found: "a relation".into(),
            };
            return vec![Found::unread(row.span, vec![Diagnostic::error(code, row.span)])];
        };
        let given = earlier.as_ref().and_then(Running::equation);
        // What stands before `⟹` in a row of its own is supposed, and not claimed.
        let supposed = match row.first.is_some() && kind != Some(ItemKind::Assumption) {
            true => row.rest.iter().position(|link| is_logical(link.relation)).unwrap_or(0),
            false => 0,
        };
        for (at, link) in row.rest.iter().enumerate() {
            let Some(tree) = &link.side else { continue };
            if is_logical(link.relation) {
                self.returning(chain, said, &mut found);
            }
            let given = given.filter(|_| at == 0);
            // What the reader of the row noticed belongs to the step in which it stands, or else to the last one.
            let end = if at + 1 == row.rest.len() { u32::MAX } else { tree.span.end };
            let before = if at == 0 { 0 } else { link.span.start };
            let noticed = row.diagnostics.iter().filter(|d| before <= d.span.start && d.span.start < end);
            let noticed: Vec<Diagnostic> = noticed.cloned().collect();
            let here = said.iter().filter(|said| said.step.is_none_or(|step| step == at));
            let directives: Vec<Directive> = here.map(|said| said.directive.clone()).collect();
            let kind = if at < supposed { Some(ItemKind::Statement) } else { kind };
            let place = self.side_before(row, at).to(self.side_after(row, at, tree.span));
            found.extend(self.link(chain, (link, tree, place), given, kind, &directives, noticed));
        }
        self.returning(chain, said, &mut found);
        found
    }

    /// A formula without a relation, or a constraint of a problem: read, and its shapes checked.
    fn statement(&mut self, row: &Row) -> Found {
        let FenceChecker { store, vocabulary, .. } = self;
        let mut lints = row.diagnostics.clone();
        match (&row.first, row.rest.is_empty()) {
            (Some(first), true) => lints.extend(meaning::side(store, vocabulary, first).lints),
            (Some(first), false) => {
                let rest = row.rest.iter().filter_map(|link| Some((link.relation, link.side.clone()?)));
                let chain = Chain { first: first.clone(), rest: rest.collect() };
                lints.extend(meaning::constraint(store, vocabulary, &chain).1);
            }
            _ => {}
        }
        Found::said(ItemKind::Statement, row.span, lints)
    }

    /// The side with which a chain begins; its lints belong to the first step.
    fn start(
        &mut self,
        first: &Tree,
        row: &Row,
        kind: Option<ItemKind>,
        known: Option<Reading>,
        found: &mut Vec<Found>,
    ) -> Running {
        if let Some(reading) = known {
            return Running::new(Side { tree: first.clone(), reading }, false);
        }
        let relation = row.rest[0].relation;
        let defines = match kind {
            None | Some(ItemKind::Definition) => self.vocabulary.is_definition(first, relation).is_some(),
            _ => false,
        };
        let reading = if defines {
            Reading::default()
        } else {
            meaning::side(&mut self.store, &mut self.vocabulary, first)
        };
        self.inner(&reading, found);
        Running::new(Side { tree: first.clone(), reading }, defines)
    }

    /// Claims under braces.
    fn inner(&mut self, reading: &Reading, found: &mut Vec<Found>) {
        for inner in &reading.inner {
            let InnerStep { span, left, relation, right, defines } = inner;
            if let Some(name) = defines {
                if let Meaning::Value { expr, .. } = left {
                    self.vocabulary.define(name, *expr);
                }
                found.push(Found::said(ItemKind::Definition, *span, Vec::new()));
                continue;
            }
            let (left, right) = (Reading::of(left.clone()), Reading::of(right.clone()));
            found.push(self.step(&left, *relation, &right, *span, None, &[]));
        }
    }

    /// One relation of a chain and the side after it.
    fn link(
        &mut self,
        chain: &mut Running,
        (link, tree, place): (&Link, &Tree, Span),
        given: Option<(Expr, Expr)>,
        kind: Option<ItemKind>,
        directives: &[Directive],
        noticed: Vec<Diagnostic>,
    ) -> Vec<Found> {
        let is_first = !std::mem::replace(&mut chain.begun, true);
        // A step stands where its relation does; the first of a chain begins with the side before it.
        let start =
            if chain.at_start { chain.last.tree.span.start.min(place.start) } else { link.span.start };
        let span = Span { start, end: place.end };
        let reading = meaning::side(&mut self.store, &mut self.vocabulary, tree);
        let mut found = Vec::new();
        if chain.defines && is_first {
            found.push(self.definition(chain, &reading, span));
            self.inner(&reading, &mut found);
            chain.last = Side { tree: tree.clone(), reading };
            return found;
        }
        let mut own = noticed;
        own.extend(if is_first { chain.last.reading.lints.clone() } else { Vec::new() });
        own.extend(reading.lints.iter().cloned());
        if let Some(mut step) = self.as_meant(directives, span) {
            step.lint(own, &[], true);
            found.push(step);
        } else if chain.last.reading.meaning.is_none() || reading.meaning.is_none() {
            if own.is_empty() {
                own = chain.last.reading.lints.clone();
            }
            found.push(Found::unread(span, own));
        } else if kind == Some(ItemKind::Assumption) {
            found.push(self.assumption(chain, link.relation, tree, span, own));
        } else if matches!(link.relation, Relation::Implies | Relation::Equivalent) {
            // The equation before is what the next relation follows from; there is nothing to judge between its sides.
            if !own.is_empty() {
                found.push(Found::said(ItemKind::Statement, span, own));
            }
        } else if matches!(link.relation, Relation::Element | Relation::Tends | Relation::Similar) {
            found.push(Found::said(ItemKind::Statement, span, own));
        } else {
            let left = chain.last.reading.clone();
            let said = Chain { first: chain.last.tree.clone(), rest: vec![(link.relation, tree.clone())] };
            let related =
                Related { left: left.clone(), relation: link.relation, right: reading.clone(), said, span };
            let mut step = if kind == Some(ItemKind::Statement) {
                self.supposed(&related, directives)
            } else {
                let given = given.or(chain.given).filter(|_| related.is_equation());
                let mut directives = directives.to_vec();
                directives.extend(suppose(&chain.premise).filter(|_| given.is_none()));
                let (mut left, mut right, mut rest) = (left.clone(), reading.clone(), given);
                let supposed = given.filter(|given| Some(*given) == chain.given);
                if let Some(images) = supposed.and_then(|given| self.value_of_a_symbol(given)) {
                    left.substitute(&mut self.store, &images);
                    right.substitute(&mut self.store, &images);
                    rest = None;
                }
                self.step(&left, link.relation, &right, span, rest, &directives)
            };
            step.lint(own, &left.lints, is_first);
            found.push(step);
            chain.clause.push(related);
        }
        self.inner(&reading, &mut found);
        chain.advance(link.relation, Side { tree: tree.clone(), reading });
        found
    }

    /// `reads claim a = b`: the verdict on what the formula is meant to say.
    fn as_meant(&mut self, directives: &[Directive], span: Span) -> Option<Found> {
        let meant = directives.iter().find_map(|directive| match directive {
            Directive::Reads(chain) => Some(chain.clone()),
            _ => None,
        })?;
        let FenceChecker { store, vocabulary, .. } = self;
        let left = meaning::side(store, vocabulary, &meant.first);
        let (relation, tree) = meant.rest.first()?;
        let right = meaning::side(store, vocabulary, tree);
        // What is wrong with it stands in another text; it is said at the step.
        let here = |d: &Diagnostic| Diagnostic { span, ..d.clone() };
        let wrong: Vec<Diagnostic> = left.lints.iter().chain(&right.lints).map(here).collect();
        if left.meaning.is_none() || right.meaning.is_none() {
            return Some(Found::unread(span, wrong));
        }
        let mut found = self.step(&left, *relation, &right, span, None, directives);
        found.lints.extend(wrong);
        Some(found)
    }

    fn definition(&mut self, chain: &mut Running, reading: &Reading, span: Span) -> Found {
        if let Some(value) = reading.value() {
            self.vocabulary.define_side(&self.store, &chain.last.tree, value);
            chain.first = Some(value);
            return Found::said(ItemKind::Definition, span, reading.lints.clone());
        }
        match &reading.meaning {
            Some(meaning) => {
                self.vocabulary.define_meaning(&mut self.store, &chain.last.tree, meaning);
                Found::said(ItemKind::Definition, span, reading.lints.clone())
            }
            None => Found::unread(span, reading.lints.clone()),
        }
    }

    fn assumption(
        &mut self,
        chain: &Running,
        relation: Relation,
        tree: &Tree,
        span: Span,
        mut lints: Vec<Diagnostic>,
    ) -> Found {
        let said = Chain { first: chain.last.tree.clone(), rest: vec![(relation, tree.clone())] };
        let declaration = Declaration { kind: DeclarationKind::Assume(vec![said]), span };
        self.vocabulary.declare(&mut self.store, &declaration, &mut lints);
        Found::said(ItemKind::Assumption, span, lints)
    }

    /// The verdict on one relation between two sides that have a meaning.
    pub(super) fn step(
        &mut self,
        left: &Reading,
        relation: Relation,
        right: &Reading,
        span: Span,
        given: Option<(Expr, Expr)>,
        directives: &[Directive],
    ) -> Found {
        let FenceChecker { store, vocabulary, .. } = self;
        let step = match meaning::step(store, vocabulary, left, relation, right, directives, span) {
            Ok(step) => step,
            Err(diagnostic) => {
                // A condition of `at "…"` stands in another file; its mistake is said at the step.
                let is_here = span.start <= diagnostic.span.start && diagnostic.span.end <= span.end;
                let place = if is_here { diagnostic.span } else { span };
                return Found::unread(span, vec![Diagnostic { span: place, ..diagnostic }]);
            }
        };
        let reasons: Vec<String> = directives
            .iter()
            .flat_map(|directive| match directive {
                Directive::By(names) => names.iter().map(|(name, _)| name.clone()).collect(),
                _ => Vec::new(),
            })
            .collect();
        let mut judged: Option<Judged> = None;
        for (claim, context) in &step.claims {
            let only_at_zero = given.and_then(|given| only_at_zero(store, given, claim));
            let mut here = judge(store, only_at_zero.as_ref().unwrap_or(claim), context, &reasons);
            if let (Claim::Equal { left, right }, Some(given), None) = (claim, given, only_at_zero)
                && !matches!(here.verdict, Verdict::Proved(_))
            {
                let claim = Claim::Conclusion { given: vec![given], left: *left, right: *right };
                here = judge(store, &claim, context, &reasons);
            }
            if judged.as_ref().is_none_or(|known| known.verdict.severity() < here.verdict.severity()) {
                judged = Some(here);
            }
        }
        let Some(judged) = judged else { return Found::said(ItemKind::Statement, span, step.lints) };
        let mut lints = step.lints;
        let expects_condition = directives.iter().any(
            |directive| matches!(directive, Directive::Expect(text, _) if expected_word(text) == "conditional"),
        );
        if let Verdict::Proved(proof) = &judged.verdict
            && !expects_condition
        {
            let unstated = proof.conditions.iter().filter(|condition| condition.about.is_some());
            let unstated: Vec<&str> = unstated.map(|condition| condition.text.as_str()).collect();
            if !unstated.is_empty() {
                let code = Code::UnstatedCondition { condition: unstated.join(" and ") };
                lints.push(Diagnostic::warning(code, span));
            }
        }
        if let (Verdict::Refuted(witness), [(Claim::Proportional { .. }, _)]) =
            (&judged.verdict, &step.claims[..])
            && let Some(factor) = witness.reason.strip_prefix("the factor is ")
        {
            let factor = factor.split(',').next().unwrap_or(factor).to_owned();
            lints.push(Diagnostic::error(Code::LostFactor { factor }, span));
        }
        if judged.by_other_rules {
            lints.push(Diagnostic::warning(Code::OtherReason { named: reasons.join(", ") }, span));
        }
        let mut found = Found::said(ItemKind::Claim, span, lints);
        found.verdict = Some(judged.verdict);
        found.explanation = judged.explanation;
        found
    }
}

/// Was this understood? A statement has no verdict that would say so.
fn is_read(item: &ItemOutcome) -> bool {
    match &item.verdict {
        Some(verdict) => !matches!(verdict, Verdict::Unread(_)),
        None => item.lints.iter().all(|lint| lint.severity != Severity::Error || is_lint(lint)),
    }
}

/// Is this said of a formula that can be read nevertheless?
fn is_lint(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.code, Code::MalformedDerivative { .. })
}

impl Found {
    /// Lints of a step: those of its own make it open, those of the line before are named as a condition.
    pub(super) fn lint(&mut self, own: Vec<Diagnostic>, before: &[Diagnostic], is_first: bool) {
        let is_error = |d: &&Diagnostic| d.severity == Severity::Error;
        // What was said of the side before is not said again of the step that leaves from it.
        let mut before = before.to_vec();
        if !is_first {
            let here = self.span.start;
            let (earlier, mine): (Vec<_>, Vec<_>) =
                std::mem::take(&mut self.lints).into_iter().partition(|lint| lint.span.start < here);
            self.lints = mine;
            before.extend(earlier);
        }
        // A sample variable on one side only is a slip where the step fails: `∇²log p(x) = -∇²A` says that x does not matter.
        if matches!(self.verdict, Some(Verdict::Proved(_) | Verdict::Supported(_))) {
            self.lints.retain(|lint| !matches!(lint.code, Code::EscapingVariable { .. }));
        }
        self.lints.extend(own);
        let beside =
            |d: &Diagnostic| matches!(d.code, Code::EscapingVariable { .. } | Code::LostFactor { .. });
        let is_ill = |d: &&Diagnostic| is_error(d) && !beside(d);
        if let Some(first) = self.lints.iter().find(is_ill) {
            let (name, message) = (first.code.name(), first.code.message());
            let read = match &self.verdict {
                Some(verdict) if !matches!(verdict, Verdict::Unread(_)) => {
                    format!("; read with this mended, the step is {}", verdict.word())
                }
                _ => String::new(),
            };
            if !matches!(self.verdict, Some(Verdict::Unread(_)) | None) {
                let reason = format!("ill-formed as printed ({name}): {message}{read}");
                self.verdict = Some(Verdict::Open(Attempts { reason, ..Attempts::default() }));
                self.explanation.clear();
            }
        } else if !is_first
            && let Some(lint) = before.iter().find(is_error)
            && let Some(Verdict::Proved(proof)) = &mut self.verdict
        {
            let text =
                format!("the side before is meant as it reads once `{}` is put right", lint.code.name());
            proof.conditions.push(Requirement { text, about: None });
        }
    }

    /// Something that could not be read.
    pub(super) fn unread(span: Span, diagnostics: Vec<Diagnostic>) -> Found {
        let reason = diagnostics.first().map_or_else(String::new, |d| d.code.message());
        let help = diagnostics.first().and_then(|d| d.help.clone());
        let mut found = Found::said(ItemKind::Claim, span, diagnostics.clone());
        found.verdict = Some(Verdict::Unread(Misreading { diagnostics, reason, help }));
        found
    }
}
