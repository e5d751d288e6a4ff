//! Sums and products over an index: `\sum_{i=1}^n x_i`, `\prod_i p(x_i)`.
//!
//! A sum takes the product behind it. What stands behind the last factor with the index in it may be outside of a product.

use super::super::{Binder, Kind, Relation, Side, Tree};
use super::commands::Meaning;
use super::parser::{Parser, Read};
use super::tokens::TokenKind;
use crate::text::Span;

/// What stands below and above a sign, unread.
#[derive(Clone, Copy, Default)]
pub(super) struct Ends {
    pub(super) below: Option<(usize, usize)>,
    pub(super) above: Option<(usize, usize)>,
}

/// A bound name and what is said of it.
struct Bound {
    name: String,
    span: Span,
    from: Option<Box<Tree>>,
    to: Option<Box<Tree>>,
    /// `i = 1`, which may have an upper end.
    is_range: bool,
}

impl Parser<'_> {
    pub(super) fn ends(&mut self) -> Read<Ends> {
        let mut ends = Ends::default();
        loop {
            match self.peek().kind {
                TokenKind::Underscore if ends.below.is_none() => {
                    self.advance();
                    ends.below = Some(self.skip_argument("what stands below")?);
                }
                TokenKind::Caret if ends.above.is_none() => {
                    self.advance();
                    ends.above = Some(self.skip_argument("what stands above")?);
                }
                _ => return Ok(ends),
            }
        }
    }

    /// `\sum`, `\prod`, `\int`
    pub(super) fn binder(&mut self) -> Read<Tree> {
        let sign = self.at;
        let start = self.span();
        let token = self.advance();
        match token.kind {
            TokenKind::Known(Meaning::Binder(Binder::Integral) | Meaning::Integrals(_)) => {
                self.integral(sign, start)
            }
            TokenKind::Known(Meaning::Binder(binder)) => self.sum(binder, start),
            _ => self.fail("a sum or an integral"),
        }
    }

    fn sum(&mut self, binder: Binder, start: Span) -> Read<Tree> {
        let ends = self.ends()?;
        let Some(below) = ends.below else {
            return self
                .fail_with_help("a subscript with the index", "write the index below: `\\sum_{i=1}^n`");
        };
        let above = match ends.above {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.expression())?)),
            None => None,
        };
        let mut bounds = self.within(below, |parser| parser.bounds())?;
        if let (Some(above), Some(last)) = (above, bounds.last_mut()) {
            if !last.is_range {
                return self.fail_at(
                    "a lower end, as in `k = 1`",
                    "an upper end alone",
                    start.to(above.span),
                );
            }
            last.to = Some(above);
        }
        let body = match binder {
            Binder::Product => return self.product_body(bounds, start),
            _ => self.deeper(|parser| parser.product_behind())?,
        };
        Ok(bind(binder, bounds, body, start))
    }

    pub(super) fn product_behind(&mut self) -> Read<Tree> {
        let start = self.span();
        let first = self.signed()?;
        self.product_from(first, start)
    }

    /// Of `\prod_i p(x_i)\,q` the last factor may stand behind the product.
    fn product_body(&mut self, bounds: Vec<Bound>, start: Span) -> Read<Tree> {
        let body = self.deeper(|parser| parser.product_behind())?;
        let names: Vec<&str> = bounds.iter().map(|bound| bound.name.as_str()).collect();
        let Kind::Product(factors) = &body.kind else {
            return Ok(bind(Binder::Product, bounds, body, start));
        };
        let last =
            factors.iter().rposition(|(_, factor)| mentions(factor, &names)).unwrap_or(factors.len() - 1);
        if last + 1 == factors.len() {
            return Ok(bind(Binder::Product, bounds, body, start));
        }
        let span = start.to(body.span);
        let (inside, outside) = factors.split_at(last + 1);
        let inner = match inside {
            [(_, one)] => one.clone(),
            _ => Tree::new(Kind::Product(inside.to_vec()), inside[0].1.span.to(inside[last].1.span)),
        };
        let copies = || bounds.iter().map(Bound::copy).collect::<Vec<_>>();
        let mut parted = vec![(Side::Over, bind(Binder::Product, copies(), inner, start))];
        parted.extend(outside.iter().cloned());
        let parted = Tree::new(Kind::Product(parted), span);
        let whole = bind(Binder::Product, bounds, body, start);
        self.either(vec![parted, whole], span)
    }

    /// `i = 1`, `i`, `i, j`, `x \in S`, `i < j`, `\substack{i \\ j}`
    fn bounds(&mut self) -> Read<Vec<Bound>> {
        let mut bounds = Vec::new();
        if self.peek().is_known(Meaning::Substack) {
            self.advance();
            return Ok(self.group(false, |parser| parser.bounds())?.0);
        }
        loop {
            let start = self.span();
            let first = self.expression()?;
            let (name, span) = match bound_name(&first) {
                Some(name) => (name, first.span),
                None => return self.fail_at("the name of the index", "an expression", first.span),
            };
            let (mut from, mut is_range) = (None, false);
            if let Some((relation, length)) = self.relation_ahead() {
                for _ in 0..length {
                    self.advance();
                }
                is_range = relation == Relation::Equal;
                let side = self.expression()?;
                let whole = start.to(self.last_span());
                from = Some(Box::new(match relation {
                    Relation::Equal | Relation::Element => side,
                    _ => condition(relation, first, side, whole),
                }));
            }
            if bounds.iter().any(|before: &Bound| before.name == name) {
                return self.fail_at("one range for each index", format!("two for `{name}`"), span);
            }
            bounds.push(Bound { name, span, from, to: None, is_range });
            if self.is_done() {
                return Ok(bounds);
            }
            if !self.take_symbol(",") && self.peek().kind != TokenKind::RowEnd {
                return self.fail("`,` or the end of the index");
            }
            if self.peek().kind == TokenKind::RowEnd {
                self.advance();
            }
        }
    }
}

impl Bound {
    fn copy(&self) -> Bound {
        Bound { name: self.name.clone(), from: self.from.clone(), to: self.to.clone(), ..*self }
    }
}

/// The signs around the body, the last bound name the innermost.
fn bind(binder: Binder, bounds: Vec<Bound>, body: Tree, start: Span) -> Tree {
    let span = start.to(body.span);
    bounds.into_iter().rev().fold(body, |body, Bound { name, span: variable_span, from, to, .. }| {
        let kind = Kind::Range { binder, body: Box::new(body), variable: name, variable_span, from, to };
        Tree::new(kind, span)
    })
}

/// The name of a tree that is one, its marks included.
pub(super) fn bound_name(tree: &Tree) -> Option<String> {
    match &tree.kind {
        Kind::Name(name) => Some(name.clone()),
        Kind::Index(base, _) => bound_name(base),
        Kind::Ambiguous(readings) => readings.iter().rev().find_map(bound_name),
        _ => None,
    }
}

/// `i < j` below a sum, as what is said of the index.
fn condition(relation: Relation, first: Tree, side: Tree, span: Span) -> Tree {
    let name = match relation {
        Relation::NotEqual => "!=",
        Relation::Less => "<",
        Relation::LessOrEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterOrEqual => ">=",
        _ => "~",
    };
    Tree::new(Kind::Call { name: name.into(), name_span: span, arguments: vec![first, side] }, span)
}

/// Whether a tree holds one of the names, also as the index of another.
fn mentions(tree: &Tree, names: &[&str]) -> bool {
    let holds = |name: &str| {
        names.iter().any(|bound| {
            name == *bound
                || name
                    .split('_')
                    .skip(1)
                    .any(|below| below == *bound || (bound.len() == 1 && below.contains(*bound)))
        })
    };
    let mut left = vec![tree];
    while let Some(tree) = left.pop() {
        let found = match &tree.kind {
            Kind::Name(name) => holds(name),
            Kind::Call { name, .. } | Kind::Conditional { name, .. } | Kind::Primed { name, .. } => {
                holds(name)
            }
            _ => false,
        };
        if found {
            return true;
        }
        left.extend(tree.parts());
    }
    false
}
