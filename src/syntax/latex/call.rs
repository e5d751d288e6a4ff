//! What stands in the bracket of a name: `p(x \mid \theta)`, `KL(p \| q)`, `\mathbb{E}_p[f]`, `o(\|d\|^2)`.
//!
//! Arguments are parted by commas; a bar or a semicolon parts the outcome from what is given. An expectation has a
//! blackboard or upright `E` before any bracket, or an italic one before a square bracket.

use super::super::{Kind, Relation, Tree};
use super::commands::{Meaning, Shape};
use super::expression::Class;
use super::name::Head;
use super::parser::{Parser, Read, opens};
use super::primary::Primary;
use super::tokens::{Token, TokenKind};
use crate::text::Span;

/// The name of `\cdot` where an argument is left open.
const PLACEHOLDER: &str = "·";

/// The `E` of an expectation, before it is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Expecting {
    upright: bool,
    below: Option<(usize, usize)>,
    /// Behind the sign and what stands below it.
    behind: usize,
}

/// The arguments of a call.
struct Arguments {
    /// Lists parted by bars and semicolons.
    lists: Vec<Vec<Tree>>,
    span: Span,
}

impl Expecting {
    /// With what stands below it elsewhere.
    pub(super) fn with_below(self, below: (usize, usize), behind: usize) -> Expecting {
        Expecting { upright: true, below: Some(below), behind }
    }
}

impl Parser<'_> {
    /// A name applied to the bracket at the next token.
    pub(super) fn call(&mut self, name: String, name_span: Span, primes: Option<u32>) -> Read<Tree> {
        let Arguments { mut lists, span } = self.arguments()?;
        let span = name_span.to(span);
        let outcome = lists.remove(0);
        if let Some(primes) = primes {
            if !lists.is_empty() {
                return self.fail_at("arguments parted by commas", "a bar", span);
            }
            return Ok(Tree::new(Kind::Primed { name, name_span, primes, arguments: outcome }, span));
        }
        let kind = match (name.as_str(), lists.len()) {
            ("KL" | "D_KL" | "kl" | "d_KL", 0 | 1) if outcome.len() + lists.iter().flatten().count() == 2 => {
                let mut sides = outcome.into_iter().chain(lists.into_iter().flatten()).map(Box::new);
                let first = sides.next().expect("two sides");
                Kind::Divergence(first, sides.next().expect("two sides"))
            }
            ("o" | "O", 0) if outcome.len() == 1 => {
                let of = Box::new(outcome.into_iter().next().expect("one argument"));
                Kind::Remainder { big: name == "O", of }
            }
            (_, 0) => Kind::Call { name, name_span, arguments: outcome },
            _ => Kind::Conditional { name, name_span, outcome, given: lists.into_iter().flatten().collect() },
        };
        Ok(Tree::new(kind, span))
    }

    fn arguments(&mut self) -> Read<Arguments> {
        let (lists, span) = self.group(true, |parser| {
            let mut lists = vec![Vec::new()];
            if parser.is_done() {
                return Ok(lists);
            }
            loop {
                let item = parser.item()?;
                lists.last_mut().expect("there is a list").push(item);
                let token = parser.peek();
                let parts = matches!(
                    token.kind,
                    TokenKind::Bar | TokenKind::DoubleBar | TokenKind::Known(Meaning::Mid)
                ) || token.is_symbol(";")
                    || token.is_symbol(":");
                if !parts && !token.is_symbol(",") {
                    return Ok(lists);
                }
                parser.advance();
                if parts {
                    lists.push(Vec::new());
                }
            }
        })?;
        Ok(Arguments { lists, span })
    }

    /// Items parted by commas.
    pub(super) fn list(&mut self) -> Read<Vec<Tree>> {
        let mut items = vec![self.item()?];
        while self.take_symbol(",") || self.take_symbol(";") {
            items.push(self.item()?);
        }
        Ok(items)
    }

    /// An expression, an event `X \le x`, or the place that `\cdot` leaves open.
    pub(super) fn item(&mut self) -> Read<Tree> {
        let start = self.span();
        if self.peek().is_known(Meaning::Dot)
            && (self.at + 1 >= self.end || !self.starts_factor_behind(self.at + 1))
        {
            self.advance();
            return Ok(Tree::new(Kind::Name(PLACEHOLDER.into()), start));
        }
        let first = self.expression()?;
        if self.relation_ahead().is_none() {
            return Ok(first);
        }
        let mut sides = vec![first];
        let mut names: Vec<&str> = Vec::new();
        while let Some((relation, length)) = self.relation_ahead() {
            for _ in 0..length {
                self.advance();
            }
            names.push(spelled(relation));
            sides.push(self.expression()?);
        }
        let span = start.to(self.last_span());
        let call = |name: &str, arguments| {
            Tree::new(Kind::Call { name: name.into(), name_span: span, arguments }, span)
        };
        if names.iter().all(|name| *name == names[0]) {
            return Ok(call(names[0], sides));
        }
        let pairs = sides.windows(2).zip(&names).map(|(pair, name)| call(name, pair.to_vec())).collect();
        Ok(call("and", pairs))
    }

    fn starts_factor_behind(&mut self, at: usize) -> bool {
        let here = std::mem::replace(&mut self.at, at);
        let starts = self.starts_factor();
        self.at = here;
        starts
    }

    /// The relation that the next tokens are, and how many they are.
    pub(super) fn relation_ahead(&self) -> Option<(Relation, usize)> {
        relation_at(&self.tokens[self.at..self.end])
    }

    // Expectations.

    /// An `E` before a bracket, or an upright one before anything.
    pub(super) fn expectation_head(&self) -> Option<Expecting> {
        let is_e = |token: Token| token.kind == TokenKind::Letter && matches!(token.text, "E" | "𝔼");
        let token = self.peek();
        let (upright, mut behind) = match token.kind {
            TokenKind::Letter if is_e(token) => (token.text == "𝔼", self.at + 1),
            TokenKind::Known(Meaning::Font | Meaning::Word | Meaning::Text) => {
                let starred = usize::from(self.peek_at(1).is_symbol("*"));
                let first = self.peek_at(1 + starred);
                if is_e(first) {
                    (true, self.at + 2 + starred)
                } else if opens(&first) == Some(Shape::Brace)
                    && is_e(self.peek_at(2 + starred))
                    && self.peek_at(3 + starred).kind == TokenKind::Close(Shape::Brace)
                {
                    (true, self.at + 4 + starred)
                } else {
                    return None;
                }
            }
            _ => return None,
        };
        let mut below = None;
        if behind < self.end && self.tokens[behind].kind == TokenKind::Underscore {
            let from = behind + 1;
            if from >= self.end {
                return None;
            }
            let is_group = self.tokens[from].kind == TokenKind::Open(Shape::Brace);
            let is_command = matches!(
                self.tokens[from].kind,
                TokenKind::Known(Meaning::Font | Meaning::Word | Meaning::Text | Meaning::Accent(_))
            );
            let argument = if is_command { from + 1 } else { from };
            let to = self.behind(argument).min(self.end);
            below = Some(if is_group { (from + 1, to - 1) } else { (from, to) });
            behind = to;
        }
        let next = if behind < self.end { opens(&self.tokens[behind]) } else { None };
        let is_bracket = matches!(next, Some(Shape::Round | Shape::Square | Shape::Curly));
        let with_density = below.is_some() && is_bracket;
        let italic = matches!(next, Some(Shape::Square | Shape::Round | Shape::Curly)) || with_density;
        let marked = behind < self.end
            && matches!(
                self.tokens[behind].kind,
                TokenKind::Caret | TokenKind::Prime | TokenKind::SmallAbove
            );
        (if upright { !marked } else { italic }).then_some(Expecting { upright, below, behind })
    }

    pub(super) fn starts_expectation(&self) -> bool {
        self.expectation_head().is_some_and(|head| head.upright)
    }

    /// Whether the expectation at the next token has no bracket.
    pub(super) fn expects_bare(&self) -> bool {
        self.expectation_head().is_some_and(|head| self.is_bare(head))
    }

    fn is_bare(&self, head: Expecting) -> bool {
        let next = if head.behind < self.end { opens(&self.tokens[head.behind]) } else { None };
        !matches!(next, Some(Shape::Round | Shape::Square | Shape::Curly))
    }

    /// Reads the sign and what stands below it.
    pub(super) fn expectation_sign(&mut self, head: Expecting) -> Read<Option<Box<Tree>>> {
        let below = match head.below {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.under())?)),
            None => None,
        };
        self.at = head.behind;
        Ok(below)
    }

    pub(super) fn expectation(&mut self, head: Expecting) -> Read<Primary> {
        let start = self.span();
        let bare = self.is_bare(head);
        let density = self.expectation_sign(head)?;
        let name_span = start.to(self.last_span());
        if bare {
            if self.starts_factor() {
                return self.fail("a bracket");
            }
            return Ok(Primary::new(Tree::new(Kind::Name("E".into()), name_span), Class::Bare));
        }
        let round = opens(&self.peek()) == Some(Shape::Round);
        let Arguments { mut lists, span } = self.arguments()?;
        let whole = start.to(span);
        if lists.len() > 1 {
            if density.is_some() {
                return self.fail_at("an expectation without a bar", "a conditional expectation", whole);
            }
            let outcome = lists.remove(0);
            let given = lists.into_iter().flatten().collect();
            let kind = Kind::Conditional { name: "E".into(), name_span, outcome, given };
            return self.with_marks(Primary::new(Tree::new(kind, whole), Class::Closed));
        }
        let mut arguments = lists.remove(0);
        if arguments.len() != 1 {
            return self.fail_at("one expression in the expectation", "a list", span);
        }
        let italic_call = (!head.upright && round && density.is_none()).then(|| Kind::Call {
            name: "E".into(),
            name_span,
            arguments: arguments.clone(),
        });
        let kind = Kind::Expectation { body: Box::new(arguments.remove(0)), density };
        let tree = Tree::new(kind, whole);
        let tree = match italic_call {
            Some(call) => self.either(vec![tree, Tree::new(call, whole)], whole)?,
            None => tree,
        };
        self.with_marks(Primary::new(tree, Class::Closed))
    }

    /// What stands below `\mathrm{Var}` or `\mathrm{Cov}` before a bracket, and where the bracket opens.
    pub(super) fn moment_below(&self, head: &Head) -> Option<Expecting> {
        let is_moment = head.upright && matches!(head.name.as_str(), "Var" | "Cov");
        if !is_moment || self.peek().kind != TokenKind::Underscore || self.at + 1 >= self.end {
            return None;
        }
        let from = self.at + 1;
        let behind = self.behind(from).min(self.end);
        let is_group = self.tokens[from].kind == TokenKind::Open(Shape::Brace);
        let below = Some(if is_group { (from + 1, behind - 1) } else { (from, behind) });
        let next = if behind < self.end { opens(&self.tokens[behind]) } else { None };
        let is_bracket = matches!(next, Some(Shape::Round | Shape::Square | Shape::Curly));
        is_bracket.then_some(Expecting { upright: true, below, behind })
    }

    /// `\mathrm{Cov}_p[f, g]`: what is averaged, given under which density.
    pub(super) fn moment(&mut self, head: Head, below: Expecting) -> Read<Primary> {
        let density = self.expectation_sign(below)?;
        let name_span = head.span.to(self.last_span());
        let Arguments { mut lists, span } = self.arguments()?;
        let whole = head.span.to(span);
        if lists.len() != 1 {
            return self.fail_at("a moment without a bar", "a conditional one", whole);
        }
        let given = density.into_iter().map(|density| *density).collect();
        let kind = Kind::Conditional { name: head.name, name_span, outcome: lists.remove(0), given };
        self.with_marks(Primary::new(Tree::new(kind, whole), Class::Closed))
    }

    /// What stands below an expectation: `p`, `p(x)`, `x \sim p`.
    pub(super) fn under(&mut self) -> Read<Tree> {
        let start = self.span();
        let mut parts = Vec::new();
        loop {
            let first = self.expression()?;
            let is_similar = self.relation_ahead().is_some_and(|(relation, _)| relation == Relation::Similar);
            parts.push(if is_similar {
                self.advance();
                let law = self.expression()?;
                distributed(first, law)
            } else {
                first
            });
            if !self.take_symbol(",") && !self.take_symbol(";") {
                break;
            }
        }
        if parts.len() == 1 {
            return Ok(parts.remove(0));
        }
        let span = start.to(self.last_span());
        Ok(Tree::new(Kind::Call { name: "tuple".into(), name_span: span, arguments: parts }, span))
    }
}

/// The relation with which the tokens begin, and how many tokens it takes.
pub(super) fn relation_at(tokens: &[Token]) -> Option<(Relation, usize)> {
    let first = tokens.first()?;
    let touching = |text: &str| tokens.get(1).is_some_and(|next| next.is_symbol(text) && !next.spaced);
    Some(match (first.kind, first.text) {
        (TokenKind::Known(Meaning::Relation(relation)), _) => (relation, 1),
        (TokenKind::Symbol, "=") if touching(":") => (Relation::Equal, 2),
        (TokenKind::Symbol, "=") => (Relation::Equal, 1),
        (TokenKind::Symbol, ":") if tokens.get(1)?.is_symbol("=") => (Relation::Defined, 2),
        (TokenKind::Symbol, "<") if touching("=") => (Relation::LessOrEqual, 2),
        (TokenKind::Symbol, ">") if touching("=") => (Relation::GreaterOrEqual, 2),
        (TokenKind::Symbol, "<") => (Relation::Less, 1),
        (TokenKind::Symbol, ">") => (Relation::Greater, 1),
        (TokenKind::Known(Meaning::Not), _) if tokens.get(1)?.is_symbol("=") => (Relation::NotEqual, 2),
        _ => return None,
    })
}

/// A relation as the plain notation spells it.
fn spelled(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => "!=",
        Relation::Less => "<",
        Relation::LessOrEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterOrEqual => ">=",
        Relation::Approximately => "~~",
        Relation::Proportional => "prop",
        Relation::Defined => ":=",
        Relation::Similar => "~",
        Relation::Element => "in",
        Relation::Tends => "to",
        Relation::Implies => "implies",
        Relation::Equivalent => "iff",
        Relation::Succeeds => "≻",
        Relation::SucceedsOrEqual => "≽",
    }
}

/// `x \sim p` as the density of x: `p(x)`; `x \sim N(a, b)` is `N(x; a, b)`.
fn distributed(variable: Tree, law: Tree) -> Tree {
    let span = variable.span.to(law.span);
    let kind = match law.kind {
        Kind::Name(name) => Kind::Call { name, name_span: law.span, arguments: vec![variable] },
        Kind::Call { name, name_span, arguments } => {
            if matches!(&arguments[..], [one] if one.kind == variable.kind) {
                Kind::Call { name, name_span, arguments }
            } else {
                Kind::Conditional { name, name_span, outcome: vec![variable], given: arguments }
            }
        }
        Kind::Conditional { name, name_span, mut outcome, given } => {
            let is_open =
                matches!(&outcome[..], [Tree { kind: Kind::Name(name), .. }] if name == PLACEHOLDER);
            if is_open {
                outcome = vec![variable];
            }
            Kind::Conditional { name, name_span, outcome, given }
        }
        kind => {
            let law = Tree::new(kind, law.span);
            Kind::Call { name: "~".into(), name_span: span, arguments: vec![variable, law] }
        }
    };
    Tree::new(kind, span)
}
