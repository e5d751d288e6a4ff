//! Assumptions: conditions on scalars, properties of matrices, relations of anything.
//!
//! `assume norm(v) = 1` is kept as the equation √(v'v) = 1; `assume lambda < 0` after `scalar lambda > 0` contradicts.

use crate::claim::{Assumption, Property};
use crate::expr::{Expr, Fact, Scope, Store, lower_conditions};
use crate::syntax::{Chain, Condition, ConditionKind, MatrixProperty, Named, Relation, names_of};
use crate::text::{Code, Span};

use super::declare::Declaring;
use super::lower::Lowering;
use super::vocabulary::{Entry, Vocabulary};

impl Declaring<'_> {
    pub(super) fn assume_property(&mut self, e: Expr, said: MatrixProperty, span: Span) {
        let shape = self.store.shape(e);
        if shape.rows != shape.columns {
            let (left, right) = (self.store.shape_name(shape), "a square matrix is needed".to_owned());
            return self
                .report(Code::ShapeMismatch { operation: "the property".to_owned(), left, right }, span);
        }
        self.assume(Assumption::Property(e, property(said)), span);
    }

    pub(super) fn assume(&mut self, one: Assumption, span: Span) {
        if let Some(before) = self.contradicted(&one) {
            let name = match &one {
                Assumption::Positive(e) | Assumption::NonNegative(e) | Assumption::NonZero(e) => *e,
                Assumption::Equal(e, _) | Assumption::Integer(e) | Assumption::Property(e, _) => *e,
            };
            let name = crate::print::display(self.store, name);
            return self.report(Code::ContradictoryDeclaration { name, before }, span);
        }
        if !self.vocabulary.assumptions.contains(&one) {
            self.vocabulary.assumptions.push(one);
        }
    }

    /// What an assumption before this one says to the contrary.
    fn contradicted(&mut self, one: &Assumption) -> Option<String> {
        let before = self.vocabulary.assumptions.clone();
        let (subject, words): (Expr, &[&str]) = match one {
            Assumption::Positive(e) => (*e, &["positive", "negative", "zero"]),
            Assumption::NonNegative(e) => (*e, &["nonnegative", "negative"]),
            Assumption::NonZero(e) => (*e, &["nonzero", "zero"]),
            Assumption::Equal(e, to) if *to == Store::ZERO => {
                (*e, &["zero", "positive", "nonzero", "negative"])
            }
            _ => return None,
        };
        let negative = self.store.neg(subject);
        let holds = |word: &str| match word {
            "positive" => before.contains(&Assumption::Positive(subject)),
            "negative" => before.contains(&Assumption::Positive(negative)),
            "zero" => before.contains(&Assumption::Equal(subject, Store::ZERO)),
            "nonzero" => before.contains(&Assumption::NonZero(subject)),
            _ => false,
        };
        let opposite_of_positive =
            matches!(one, Assumption::Positive(_)) && before.contains(&Assumption::NonNegative(negative));
        let word = words[1..].iter().find(|word| holds(word)).map(|word| (*word).to_owned());
        word.or_else(|| opposite_of_positive.then(|| "at most 0".to_owned()))
    }

    /// `assume x > 0, n integer`: comparisons of anything declared; a new name is a real scalar.
    pub(super) fn conditions(&mut self, conditions: &[Condition]) {
        let known = |vocabulary: &Vocabulary, name: &str| vocabulary.is_known(name);
        let new: Vec<Named> =
            names_of(conditions).into_iter().filter(|(name, _)| !known(self.vocabulary, name)).collect();
        let (compared, others): (Vec<&Condition>, Vec<&Condition>) =
            conditions.iter().partition(|condition| matches!(condition.kind, ConditionKind::Compare(_)));
        let others: Vec<Condition> = others.into_iter().cloned().collect();
        let span = conditions.first().map_or(Span::default(), |condition| condition.span);
        // What is said of integers comes first: then `n >= 1` speaks of the same n.
        let integers: Vec<Named> = new
            .iter()
            .filter(|(name, _)| names_of(&others).iter().any(|(other, _)| other == name))
            .cloned()
            .collect();
        self.scalars(&integers, &others, span);
        for name in new.iter().filter(|name| !integers.contains(name)) {
            let e = self.store.scalar(&name.0);
            self.add(name, Entry::Symbol(e));
        }
        for condition in compared {
            if let ConditionKind::Compare(chain) = &condition.kind {
                let found = self.lowered(|lowering| lowering.assumptions(chain));
                for one in found.unwrap_or_default() {
                    self.assume(one, condition.span);
                }
            }
        }
    }

    pub(super) fn scalars(&mut self, names: &[Named], conditions: &[Condition], span: Span) {
        let mut scope = Scope::strict();
        for name in self.vocabulary.names() {
            if let Some(e) = self.vocabulary.value(name) {
                scope.declare(name, e);
            }
        }
        let facts = lower_conditions(self.store, &mut scope, conditions, true, self.diagnostics);
        for name in names {
            let e = scope.meaning(&name.0).unwrap_or_else(|| self.store.scalar(&name.0));
            self.add(name, Entry::Symbol(e));
        }
        for fact in &facts {
            match assumption(fact) {
                Some(one) => self.assume(one, span),
                None if matches!(fact, Fact::Real(_)) => {}
                None => {
                    let what = "a condition that is no comparison".to_owned();
                    self.report(Code::NeedsDeclaration { what }, span);
                }
            }
        }
    }
}

/// A fact as an assumption; those about sample spaces have no counterpart.
pub(super) fn assumption(fact: &Fact) -> Option<Assumption> {
    Some(match fact {
        Fact::Positive(e) => Assumption::Positive(*e),
        Fact::NonNegative(e) => Assumption::NonNegative(*e),
        Fact::NonZero(e) => Assumption::NonZero(*e),
        Fact::Zero(e) => Assumption::Equal(*e, Store::ZERO),
        Fact::Integer(e) => Assumption::Integer(*e),
        Fact::Real(_) | Fact::OneOf(..) | Fact::Sphere(_) | Fact::PositiveDefinite(_) => return None,
    })
}

fn property(property: MatrixProperty) -> Property {
    match property {
        MatrixProperty::Symmetric => Property::Symmetric,
        MatrixProperty::PositiveSemidefinite => Property::PositiveSemidefinite,
        MatrixProperty::PositiveDefinite => Property::PositiveDefinite,
        MatrixProperty::Nonsingular => Property::Nonsingular,
    }
}

impl Lowering<'_> {
    fn is_square(&self, e: Expr) -> bool {
        let shape = self.store.shape(e);
        shape.rows == shape.columns && !shape.is_scalar()
    }

    /// `norm(v) = 1`, `lambda > 0`, `grad(L) != 0` as assumptions.
    pub(super) fn assumptions(&mut self, chain: &Chain) -> Option<Vec<Assumption>> {
        let mut found = Vec::new();
        for ((left, relation, right), (_, tree)) in self.pairs(chain)?.into_iter().zip(&chain.rest) {
            let difference = match relation {
                Relation::Less | Relation::LessOrEqual => self.store.sub(right, left),
                _ => self.store.sub(left, right),
            };
            let is_scalar = self.store.shape(left).is_scalar();
            found.push(match relation {
                Relation::Less | Relation::Greater if is_scalar => Assumption::Positive(difference),
                Relation::LessOrEqual | Relation::GreaterOrEqual if is_scalar => {
                    Assumption::NonNegative(difference)
                }
                Relation::NotEqual => Assumption::NonZero(difference),
                Relation::Equal => Assumption::Equal(left, right),
                Relation::Succeeds if self.is_square(left) => {
                    Assumption::Property(difference, Property::PositiveDefinite)
                }
                Relation::SucceedsOrEqual if self.is_square(left) => {
                    Assumption::Property(difference, Property::PositiveSemidefinite)
                }
                _ => {
                    let expected = "one of = != < <= > >= between sides that can be compared".to_owned();
                    let found = format!("`{}`", super::spell::relation(relation));
                    return self.report(Code::Syntax { expected, found }, tree.span);
                }
            });
        }
        Some(found)
    }
}
