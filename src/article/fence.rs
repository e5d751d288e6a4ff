//! Families, declarations, assumptions, definitions and claims in the plain notation → items with verdicts.
//!
//! `claim exp(a) = x` below `assume x > 0` and `let a = log(x)` becomes one item, proved. What a family claims is compared
//! with what is derived from its density.

use std::collections::HashSet;

use super::chain::Found;
use super::mass::without_mass;
use super::quotes::{Quotes, Said};
use super::{Displays, ItemOutcome};
use crate::deck;
use crate::expr::{Fact, Scope, Store, lower, lower_conditions};
use crate::meaning::Vocabulary;
use crate::stats::{self, Family};
use crate::syntax::{
    ChainClaim, Condition, ConditionKind, Declaration, DeclarationKind, Directive, FamilyText, Item,
    ItemKind, Kind, Link, Row, Tree, names_of,
};
use crate::text::{Code, Diagnostic, LineIndex, Source, Span};
use crate::verify::statistical::claims::{ClaimChecker, ClaimError};
use crate::verify::statistical::normalization::normalization;
use crate::verify::{Misreading, Verdict, prove};

/// The fences of one file while they are checked: what one line says holds for the lines after it.
pub struct FenceChecker<'a> {
    pub(super) source: &'a Source,
    pub(super) lines: LineIndex,
    pub(super) store: Store,
    /// What names mean in claims of scalars before anything is declared.
    scope: Scope,
    facts: Vec<Fact>,
    /// What names mean in formulas, and in claims once something is declared.
    pub(super) vocabulary: Vocabulary,
    has_declarations: bool,
    /// The declarations are those of a file beside the article, which has no items.
    pub(super) beside: bool,
    pub(super) has_side_file: bool,
    pub(super) quotes: Quotes,
    /// Where scalars are assumed something of.
    pub(super) assumed: Vec<Span>,
    pub(super) items: Vec<ItemOutcome>,
    pub(super) displays: Displays,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The diagnostics by place and message, up to the number beside them.
    pub(super) said: (HashSet<(Span, String)>, usize),
}

impl<'a> FenceChecker<'a> {
    /// Nothing is said yet.
    pub fn new(source: &'a Source) -> FenceChecker<'a> {
        FenceChecker {
            source,
            lines: LineIndex::new(&source.text),
            store: Store::new(),
            scope: Scope::lenient(),
            facts: Vec::new(),
            vocabulary: Vocabulary::new(),
            has_declarations: false,
            beside: false,
            has_side_file: false,
            quotes: Quotes::default(),
            assumed: Vec::new(),
            displays: Displays::default(),
            items: Vec::new(),
            diagnostics: Vec::new(),
            said: (HashSet::new(), 0),
        }
    }

    /// One thing said in a fence.
    pub fn item(&mut self, item: &Item) {
        match item {
            Item::Family(text) => self.family(text),
            Item::Declaration(declaration) => self.declaration(declaration),
            Item::Assume(conditions)
                if self.has_declarations || conditions.iter().any(|one| self.calls_declared(one)) =>
            {
                if let Some(span) = self.assume(conditions) {
                    self.push(ItemKind::Assumption, span);
                }
            }
            Item::Assume(conditions) => {
                self.scalars(conditions);
                let FenceChecker { store, scope, diagnostics, .. } = self;
                let facts = lower_conditions(store, scope, conditions, true, diagnostics);
                self.facts.extend(facts);
                if let (Some(first), Some(last)) = (conditions.first(), conditions.last()) {
                    self.push(ItemKind::Assumption, first.span.to(last.span));
                }
            }
            Item::Definition((name, span, value)) if self.has_declarations => {
                let (name, value) = ((name.clone(), *span), value.clone());
                let span = span.to(value.span);
                self.declaration(&Declaration { kind: DeclarationKind::Let { name, value }, span });
            }
            Item::Definition((name, span, tree)) => {
                let value = lower(&mut self.store, &mut self.scope, tree, &mut self.diagnostics);
                if let Some(value) = value {
                    self.scope.declare(name, value);
                }
                self.push(ItemKind::Definition, span.to(tree.span));
            }
            Item::Claim(claim) if self.has_declarations => self.abstract_claim(claim),
            Item::Claim(claim) => self.chain(claim),
        }
    }

    /// What an article speaks of, or how one of its formulas is meant.
    fn declaration(&mut self, declaration: &Declaration) {
        let kind = match &declaration.kind {
            DeclarationKind::At { quote, directives } => {
                return self.quotes.push(quote, directives);
            }
            // The document knows which formulas are asked for.
            DeclarationKind::Inline(_) => return,
            DeclarationKind::Let { .. } | DeclarationKind::Write { .. } => Some(ItemKind::Definition),
            DeclarationKind::Assume(_) | DeclarationKind::Property { .. } => Some(ItemKind::Assumption),
            _ => None,
        };
        self.has_declarations = true;
        self.vocabulary.declare(&mut self.store, declaration, &mut self.diagnostics);
        if let Some(kind) = kind {
            self.push(kind, declaration.span);
        }
    }

    /// `h(x) > 0` with a declared function: no condition of scalars and functions of the table.
    fn calls_declared(&self, condition: &Condition) -> bool {
        let ConditionKind::Compare(chain) = &condition.kind else { return false };
        let mut stack: Vec<&Tree> = chain.sides().collect();
        while let Some(tree) = stack.pop() {
            if matches!(&tree.kind, Kind::Call { name, .. } if self.vocabulary.is_declared(name)) {
                return true;
            }
            stack.extend(tree.parts());
        }
        false
    }

    /// Scalars of `assume x > 0`, for formulas. They may be spoken of in claims alone, and are not missed in formulas.
    fn scalars(&mut self, conditions: &[Condition]) {
        let (Some(first), Some(last)) = (conditions.first(), conditions.last()) else { return };
        self.assumed.push(first.span.to(last.span));
        let new = names_of(conditions).into_iter().filter(|(name, _)| !self.vocabulary.is_declared(name));
        let kind = DeclarationKind::Scalar { names: new.collect(), conditions: conditions.to_vec() };
        let declaration = Declaration { kind, span: first.span.to(last.span) };
        self.vocabulary.declare(&mut self.store, &declaration, &mut Vec::new());
    }

    /// Conditions among declared names, and where they stand. One that is not understood is reported and never left out: a claim
    /// may fail without it.
    fn assume(&mut self, conditions: &[Condition]) -> Option<Span> {
        let span = conditions.first()?.span.to(conditions.last()?.span);
        self.assumed.push(span);
        let item = Item::Assume(conditions.to_vec());
        self.vocabulary.declare_item(&mut self.store, &item, &mut self.diagnostics);
        Some(span)
    }

    /// A claim in the plain notation among declared names.
    fn abstract_claim(&mut self, claim: &ChainClaim) {
        let before = self.vocabulary.clone();
        let reported = self.diagnostics.len();
        self.assume(&claim.conditions);
        if self.diagnostics.len() > reported {
            self.vocabulary = before.restored(&self.vocabulary);
            let expect = claim.expect.as_ref().map(|(text, _)| text.as_str());
            return self.misread(claim.span, expect, reported);
        }
        let link = |(relation, side): &(_, Tree)| Link {
            relation: *relation,
            span: side.span,
            above: None,
            side: Some(side.clone()),
        };
        let mut directives = claim.directives.clone();
        directives.extend(claim.expect.clone().map(|(text, span)| Directive::Expect(text, span)));
        let row = Row {
            span: claim.span,
            first: Some(claim.chain.first.clone()),
            rest: claim.chain.rest.iter().map(link).collect(),
            constraint: false,
            remarks: Vec::new(),
            directives: directives.clone(),
            labels: Vec::new(),
            diagnostics: Vec::new(),
        };
        let mut found = self.claimed(&row, &directives);
        if let [only] = found.as_mut_slice() {
            only.span = claim.span;
        }
        self.finish_row(found, &directives);
        self.vocabulary = before.restored(&self.vocabulary);
    }

    /// The steps of a row that stands alone and defines nothing.
    fn claimed(&mut self, row: &Row, directives: &[Directive]) -> Vec<Found> {
        let claim = [Directive::Kind(ItemKind::Claim)];
        let said = directives.iter().chain(&claim).map(|d| Said { directive: d.clone(), step: None });
        self.row(row, &said.collect::<Vec<_>>(), &mut None)
    }

    /// An item without a verdict.
    fn push(&mut self, kind: ItemKind, span: Span) {
        if self.beside {
            return;
        }
        let at = self.lines.line_column(&self.source.text, span.start as usize);
        self.items.push(ItemOutcome::said(kind, self.source, at, span));
    }

    /// A verdict, against what the claim expects.
    fn judged(&mut self, span: Span, verdict: Verdict, expect: Option<&str>) {
        self.push(ItemKind::Claim, span);
        self.items.last_mut().expect("an item was pushed").judge(verdict, expect);
    }

    /// Each relation of a chain is judged alone; what the claim expects, it expects of the worst.
    fn chain(&mut self, claim: &ChainClaim) {
        let before = self.diagnostics.len();
        let mut scope = self.scope.clone();
        let FenceChecker { store, diagnostics, .. } = self;
        let mut facts = self.facts.clone();
        facts.extend(lower_conditions(store, &mut scope, &claim.conditions, true, diagnostics));
        let trees: Vec<_> = std::iter::once(&claim.chain.first)
            .chain(claim.chain.rest.iter().map(|(_, tree)| tree))
            .collect();
        let sides: Vec<_> = trees.iter().map(|tree| lower(store, &mut scope, tree, diagnostics)).collect();
        let expect = claim.expect.as_ref().map(|(text, _)| text.as_str());
        let Some(sides) =
            sides.into_iter().collect::<Option<Vec<_>>>().filter(|_| self.diagnostics.len() == before)
        else {
            return self.misread(claim.span, expect, before);
        };
        let verdicts: Vec<Verdict> = (claim.chain.rest.iter().enumerate())
            .map(|(i, (relation, _))| prove(&mut self.store, sides[i], *relation, sides[i + 1], &facts))
            .collect();
        let worst = (0..verdicts.len()).rev().max_by_key(|i| verdicts[*i].severity());
        let single = verdicts.len() == 1;
        for (i, verdict) in verdicts.into_iter().enumerate() {
            let span = if single { claim.span } else { trees[i].span.to(trees[i + 1].span) };
            self.judged(span, verdict, expect.filter(|_| Some(i) == worst));
        }
    }

    /// A claim in which something was reported. What is expected is no error of the file.
    fn misread(&mut self, span: Span, expect: Option<&str>, before: usize) {
        let mine = self.diagnostics.split_off(before);
        let reason = mine.first().map_or_else(String::new, |d| d.code.message());
        let wanted = expect.map(super::expected_word);
        let (expected, other): (Vec<_>, Vec<_>) =
            mine.into_iter().partition(|d| wanted.is_some_and(|w| w == d.code.name() || w == "unread"));
        let diagnostics = expected.iter().chain(&other).cloned().collect();
        self.diagnostics.extend(other);
        self.judged(span, Verdict::Unread(Misreading { diagnostics, reason, help: None }), expect);
    }

    fn family(&mut self, text: &FamilyText) {
        let mut found = Vec::new();
        let family = deck::family(&mut self.store, text, &self.source.text, &mut found);
        let in_claim = |d: &Diagnostic| {
            text.claims.iter().position(|c| c.span.start <= d.span.start && d.span.end <= c.span.end)
        };
        let (of_claims, own): (Vec<_>, Vec<_>) = found.into_iter().partition(|d| in_claim(d).is_some());
        self.diagnostics.extend(own);
        self.push(ItemKind::Definition, text.name_span);
        let Some(family) = family else { return self.diagnostics.extend(of_claims) };
        self.vocabulary.declare_family(&self.store, &family);
        let base = stats::derive(&mut self.store, &family);
        if let Err(wrong) = normalization(&mut self.store, &base) {
            return self.diagnostics.push(without_mass(text.density.body.span, &wrong));
        }
        self.claims(text, &family, &of_claims);
    }

    fn claims(&mut self, text: &FamilyText, family: &Family, faults: &[Diagnostic]) {
        let mut checker = ClaimChecker::new(family);
        for written in &text.claims {
            let expect = written.expect.as_ref().map(|(text, _)| text.as_str());
            let Some(claim) = family.claims.iter().find(|c| c.span == written.span) else {
                let before = self.diagnostics.len();
                let inside =
                    |d: &&Diagnostic| written.span.start <= d.span.start && d.span.end <= written.span.end;
                self.diagnostics.extend(faults.iter().filter(inside).cloned());
                self.misread(written.span, expect, before);
                continue;
            };
            match checker.check(&mut self.store, claim) {
                Ok(verdict) => self.judged(written.span, verdict, expect),
                Err(error) => {
                    let before = self.diagnostics.len();
                    self.diagnostics.push(Diagnostic::error(claim_code(&error), written.value.span));
                    self.misread(written.span, expect, before);
                }
            }
        }
    }
}

fn claim_code(error: &ClaimError) -> Code {
    match error {
        ClaimError::UnknownCoordinates(name) => {
            Code::UnknownCoordinates { name: name.clone(), suggestion: None }
        }
        ClaimError::UnknownQuantity(name) => Code::UnknownQuantity { name: name.clone(), suggestion: None },
        ClaimError::ShapeMismatch { claimed, derived } => {
            let shape = |(rows, columns): &(usize, usize)| format!("{rows} by {columns}");
            Code::ShapeMismatch { operation: "the claim".into(), left: shape(derived), right: shape(claimed) }
        }
    }
}
