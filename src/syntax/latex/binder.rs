//! Signs that bind a name: `\sum_{i=1}^n x_i`, `\int f\,dx`, `\lim_{n\to\infty} a_n`, `\arg\min_d f(d)`.
//!
//! A sum takes the product behind it; an integral ends at its differential. A limit, a minimum and a supremum take the
//! rest of the side where it mentions what they bind, and `\arg\min` always does.

use super::super::{Binder, Chain, Extremum, Kind, Relation, Side, Tree};
use super::commands::{Meaning, Shape};
use super::pairs::{ALONE, behind_d};
use super::parser::{Parser, Read, opens};
use super::tokens::TokenKind;
use crate::text::Span;

/// Tokens that are searched for a bound name.
const MAX_SEARCH: usize = 2000;

/// What stands below and above a sign, unread.
#[derive(Clone, Copy, Default)]
struct Ends {
    below: Option<(usize, usize)>,
    above: Option<(usize, usize)>,
}

/// A bound name and what is said of it.
struct Bound {
    name: String,
    span: Span,
    from: Option<Box<Tree>>,
    to: Option<Box<Tree>>,
}

impl Parser<'_> {
    fn ends(&mut self) -> Read<Ends> {
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
            if last.from.is_none() {
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

    fn product_behind(&mut self) -> Read<Tree> {
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
            let mut from = None;
            if let Some((relation, length)) = self.relation_ahead() {
                for _ in 0..length {
                    self.advance();
                }
                let side = self.expression()?;
                let whole = start.to(self.last_span());
                from = Some(Box::new(match relation {
                    Relation::Equal | Relation::Element => side,
                    _ => condition(relation, first, side, whole),
                }));
            }
            bounds.push(Bound { name, span, from, to: None });
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

    // Integrals.

    fn integral(&mut self, sign: usize, start: Span) -> Read<Tree> {
        let ends = self.ends()?;
        let from = match ends.below {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.item())?)),
            None => None,
        };
        let to = match ends.above {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.expression())?)),
            None => None,
        };
        let (first, count) = self.pairs.differentials[sign];
        if first == ALONE || first as usize >= self.end {
            return self.fail_at(
                "a differential that closes the integral, as in `\\,dx`",
                "none",
                start.to(self.last_span()),
            );
        }
        let first = first as usize;
        let before = self.at;
        let body = if before == first {
            None
        } else {
            let outside = (self.bars_left, std::mem::take(&mut self.open_bars));
            let body = self.until(first, |parser| parser.expression())?;
            (self.bars_left, self.open_bars) = (outside.0, outside.1);
            Some(body)
        };
        let mut variables = Vec::new();
        for _ in 0..count {
            let Some(variable) = behind_d(&self.tokens[..self.end], self.at) else {
                return self.fail("a differential");
            };
            self.at = variable;
            let Some(head) = self.head() else { return self.fail("the variable of the integral") };
            let mut name = head.name;
            if matches!(self.peek().kind, TokenKind::Underscore | TokenKind::SmallBelow | TokenKind::Prime) {
                let scripts = self.scripts(false)?;
                if scripts.index.is_some() || !scripts.above.is_empty() {
                    return self.fail("a name as the variable of the integral");
                }
                name += &scripts.below;
                name += if scripts.posts.is_empty() { "" } else { "_prime" };
            }
            variables.push((name, head.span.to(self.last_span())));
        }
        if opens(&self.peek()) == Some(Shape::Round) && body.is_some() && !self.peek().spaced {
            return self.fail_with_help(
                "an integral over a variable",
                "an integral against a measure is not read: write `f(x)\\,p(x)\\,dx`",
            );
        }
        let body = match body {
            Some(body) => body,
            None if self.starts_factor() => self.deeper(|parser| parser.product_behind())?,
            None => Tree::new(Kind::Number(crate::number::Rational::ONE), self.tokens[before].span),
        };
        let whole = start.to(self.last_span()).to(body.span);
        let count = variables.len();
        Ok(variables.into_iter().enumerate().fold(body, |body, (index, (variable, variable_span))| {
            let is_outer = index + 1 == count;
            let (from, to) = if is_outer { (from.clone(), to.clone()) } else { (None, None) };
            let kind = Kind::Range {
                binder: Binder::Integral,
                body: Box::new(body),
                variable,
                variable_span,
                from,
                to,
            };
            Tree::new(kind, whole)
        }))
    }

    // Limits and extrema.

    /// `\lim_{x \to a} f`
    pub(super) fn limit(&mut self) -> Read<Tree> {
        let start = self.advance().span;
        let ends = self.ends()?;
        let Some(below) = ends.below else { return self.fail("a subscript such as `_{n \\to \\infty}`") };
        let (variable, to) = self.within(below, |parser| {
            let variable = parser.expression()?;
            if !matches!(parser.relation_ahead(), Some((Relation::Tends, _))) {
                return parser.fail("`\\to`");
            }
            parser.advance();
            Ok((variable, parser.expression()?))
        })?;
        let names = bound_name(&variable).into_iter().collect::<Vec<_>>();
        let body = self.bound_body(&names, false)?;
        let span = start.to(body.span);
        let kind = Kind::Limit { body: Box::new(body), variable: Box::new(variable), to: Box::new(to) };
        Ok(Tree::new(kind, span))
    }

    /// `\min_d f`, `\arg\min_{d \text{ s.t. } c} f`
    pub(super) fn extremum(&mut self) -> Read<Tree> {
        let start = self.span();
        let extremum = self.extremum_sign()?;
        let ends = self.ends()?;
        self.extremum_behind(extremum, ends.below, start)
    }

    pub(super) fn extremum_behind(
        &mut self,
        extremum: Extremum,
        below: Option<(usize, usize)>,
        start: Span,
    ) -> Read<Tree> {
        let (variables, constraints) = match below {
            Some(range) => self.within(range, |parser| parser.constrained())?,
            None => (Vec::new(), Vec::new()),
        };
        let is_round = matches!(opens(&self.peek()), Some(Shape::Round | Shape::Curly));
        if below.is_none() && is_round {
            let name = format!("{extremum:?}").to_lowercase();
            return self.call(name, start, None);
        }
        let names: Vec<String> = variables.iter().filter_map(bound_name).collect();
        let takes_all = matches!(extremum, Extremum::ArgMin | Extremum::ArgMax);
        let body = self.bound_body(&names, takes_all)?;
        let span = start.to(body.span);
        Ok(Tree::new(Kind::Extremum { extremum, variables, constraints, body: Box::new(body) }, span))
    }

    /// `\min`, `\arg\max`, `\arg\,\min`
    pub(super) fn extremum_sign(&mut self) -> Read<Extremum> {
        if self.peek().is_known(Meaning::Arg) {
            self.advance();
            return match self.peek().kind {
                TokenKind::Known(Meaning::Extremum(Extremum::Min)) => {
                    self.advance();
                    Ok(Extremum::ArgMin)
                }
                TokenKind::Known(Meaning::Extremum(Extremum::Max)) => {
                    self.advance();
                    Ok(Extremum::ArgMax)
                }
                _ => self.fail("`\\min` or `\\max` behind `\\arg`"),
            };
        }
        match self.peek().kind {
            TokenKind::Known(Meaning::Extremum(extremum)) => {
                self.advance();
                Ok(extremum)
            }
            _ => self.fail("`\\min` or `\\max`"),
        }
    }

    /// `d`, `a, b`, `d \text{ s.t. } \|d\| \le \epsilon`, `d : c`, `\|d\| \le 1`
    fn constrained(&mut self) -> Read<(Vec<Tree>, Vec<Chain>)> {
        let (mut variables, mut constraints, mut behind) = (Vec::new(), Vec::new(), false);
        while !self.is_done() {
            if self.take_such_that() {
                behind = true;
                continue;
            }
            let chain = self.chain_of_relations()?;
            match (&chain.rest[..], bound_name(&chain.first)) {
                ([], Some(_)) if !behind => variables.push(chain.first),
                ([], _) => return self.fail_at("a constraint", "an expression", chain.first.span),
                ([(Relation::Element, _)], Some(_)) if !behind => {
                    variables.push(chain.first.clone());
                    constraints.push(chain);
                }
                _ => constraints.push(chain),
            }
            if self.is_symbol(",") || self.is_symbol(";") || self.peek().kind == TokenKind::RowEnd {
                self.advance();
            }
        }
        Ok((variables, constraints))
    }

    /// `\text{s.t.}`, `:`, `\mid`
    fn take_such_that(&mut self) -> bool {
        if self.is_symbol(":") && !self.peek_at(1).is_symbol("=") || self.peek().is_known(Meaning::Mid) {
            self.advance();
            return true;
        }
        match self.peek().kind {
            TokenKind::Known(Meaning::Text | Meaning::Word)
                if opens(&self.peek_at(1)) == Some(Shape::Brace) =>
            {
                let close = self.behind(self.at + 1);
                let words: String =
                    self.tokens[self.at + 2..close - 1].iter().map(|token| token.text).collect();
                let found = matches!(words.as_str(), "s.t." | "s.t" | "st" | "subjectto" | "suchthat");
                if found {
                    self.at = close;
                }
                found
            }
            _ => false,
        }
    }

    /// `a \le b < c`
    pub(super) fn chain_of_relations(&mut self) -> Read<Chain> {
        let first = self.expression()?;
        let mut rest = Vec::new();
        while let Some((relation, length)) = self.relation_ahead() {
            for _ in 0..length {
                self.advance();
            }
            rest.push((relation, self.expression()?));
        }
        Ok(Chain { first, rest })
    }

    /// `\underset{d}{\arg\min} f`, `\underset{x \sim p}{\mathbb{E}}[f]`
    pub(super) fn underset(&mut self) -> Read<Tree> {
        let start = self.advance().span;
        let below = self.skip_argument("what stands below")?;
        let above = self.skip_argument("the sign above")?;
        let behind = self.at;
        self.at = above.0;
        if let Some(mut head) = self.expectation_head() {
            head = head.with_below(below, behind);
            let expectation = self.expectation(head)?;
            return self.finished(expectation);
        }
        let outside = std::mem::replace(&mut self.end, above.1);
        let sign = self.underset_sign();
        self.end = outside;
        self.at = behind;
        let extremum = sign?;
        self.extremum_behind(extremum, Some(below), start)
    }

    fn underset_sign(&mut self) -> Read<Extremum> {
        if matches!(self.peek().kind, TokenKind::Known(Meaning::Word | Meaning::Text))
            && let Some(extremum) = self.extremum_word()
        {
            return Ok(extremum);
        }
        self.extremum_sign()
    }

    /// `\operatorname*{arg\,min}`, `\mathrm{argmax}`: read when it is one.
    pub(super) fn extremum_word(&mut self) -> Option<Extremum> {
        let starred = usize::from(self.peek_at(1).is_symbol("*"));
        let open = self.at + 1 + starred;
        if open >= self.end || opens(&self.tokens[open]) != Some(Shape::Brace) {
            return None;
        }
        let close = self.behind(open);
        let words: String =
            self.tokens[open + 1..close - 1].iter().take(10).map(|token| token.text).collect();
        let extremum = match words.to_lowercase().as_str() {
            "argmin" => Extremum::ArgMin,
            "argmax" => Extremum::ArgMax,
            "min" | "minimize" => Extremum::Min,
            "max" | "maximize" => Extremum::Max,
            "inf" => Extremum::Inf,
            "sup" => Extremum::Sup,
            _ => return None,
        };
        self.at = close;
        Some(extremum)
    }

    /// The product behind, or the whole rest where it mentions a bound name.
    fn bound_body(&mut self, names: &[String], takes_all: bool) -> Read<Tree> {
        if takes_all || self.rest_mentions(names) {
            return self.deeper(|parser| parser.expression());
        }
        self.deeper(|parser| parser.product_behind())
    }

    /// Whether a term behind the next one holds a bound name.
    fn rest_mentions(&self, names: &[String]) -> bool {
        let (mut at, mut in_rest) = (self.at, false);
        for _ in 0..MAX_SEARCH {
            let Some(token) = self.tokens.get(at).filter(|_| at < self.end) else { return false };
            let is_sign = token.is_symbol("+") || token.is_symbol("-");
            if !in_rest {
                in_rest = is_sign && at > self.at;
                at = self.behind(at);
                continue;
            }
            match token.kind {
                TokenKind::Symbol if matches!(token.text, "=" | "<" | ">" | ",") => return false,
                TokenKind::Letter | TokenKind::Known(Meaning::Name(_)) => {
                    let name = match token.kind {
                        TokenKind::Known(Meaning::Name(name)) => name.to_string(),
                        _ => super::super::names::canonical(token.text).into_owned(),
                    };
                    let base = |bound: &String| bound.split('_').next().is_some_and(|base| base == name);
                    if names.iter().any(base) {
                        return true;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        true
    }
}

impl Bound {
    fn copy(&self) -> Bound {
        Bound { name: self.name.clone(), span: self.span, from: self.from.clone(), to: self.to.clone() }
    }
}

/// The signs around the body, the last bound name the innermost.
fn bind(binder: Binder, bounds: Vec<Bound>, body: Tree, start: Span) -> Tree {
    let span = start.to(body.span);
    bounds.into_iter().rev().fold(body, |body, Bound { name, span: variable_span, from, to }| {
        let kind = Kind::Range { binder, body: Box::new(body), variable: name, variable_span, from, to };
        Tree::new(kind, span)
    })
}

/// The name of a tree that is one, its marks included.
fn bound_name(tree: &Tree) -> Option<String> {
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
