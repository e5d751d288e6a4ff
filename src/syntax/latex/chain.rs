//! Operators without brackets and what they apply to: `\nabla \log p(x \mid \theta)^T d` is (∇ log p)ᵀ·d.
//!
//! An operator applies to the next application, bracket, fraction or root. `\log 2\pi` is the logarithm of the whole
//! product, because a number behind it would be written first; `\log x y` has two readings, and so has
//! `\frac{\partial}{\partial x} f g`.

use super::super::{Kind, Side, Tree};
use super::commands::Shape;
use super::expression::{Class, Factor};
use super::operator::Prefix;
use super::parser::{Parser, Read, opens};
use super::primary::Primary;
use super::script::{Post, marked};
use super::tokens::TokenKind;
use crate::number::Rational;
use crate::text::Span;

/// Operators before one operand.
const MAX_CHAIN: usize = 40;

/// The same name, or none.
fn same(a: &Option<Box<Tree>>, b: &Option<Box<Tree>>) -> bool {
    a.as_ref().map(|tree| &tree.kind) == b.as_ref().map(|tree| &tree.kind)
}

/// Applies the operators from the inside out.
fn apply_all(prefixes: &[(Prefix, Span)], body: Tree) -> Tree {
    prefixes.iter().rev().fold(body, |body, (prefix, at)| prefix.clone().apply(*at, body))
}

impl Parser<'_> {
    /// Operators and their operand.
    pub(super) fn chain(&mut self) -> Read<Factor> {
        let start = self.span();
        let mut prefixes = Vec::new();
        while self.starts_chain() {
            if prefixes.len() >= MAX_CHAIN {
                return self.fail("fewer operators before one operand");
            }
            let at = self.span();
            let Some(prefix) = self.prefix()? else {
                // A function by its name alone, as in `\frac{\Gamma}{\log}`.
                return self.fail("what the operator applies to");
            };
            let at = at.to(self.last_span());
            match (&prefix, prefixes.pop()) {
                // `\nabla \nabla^T f`
                (
                    Prefix::Gradient { by, transposed: true },
                    Some((Prefix::Gradient { by: first, transposed: false }, start)),
                ) if same(by, &first) => prefixes.push((Prefix::Hessian { by: by.clone() }, at.to(start))),
                (_, before) => {
                    prefixes.extend(before);
                    prefixes.push((prefix, at));
                }
            }
            let is_bracket = matches!(opens(&self.peek()), Some(Shape::Round | Shape::Square | Shape::Curly));
            if is_bracket && matches!(prefixes.last(), Some((Prefix::Function { .. }, _))) {
                break;
            }
        }
        let tree = self.deeper(|parser| parser.operand(&prefixes, start))?;
        Ok(Factor { tree, class: Class::Applied })
    }

    /// What the operators apply to, as far as it goes.
    fn operand(&mut self, prefixes: &[(Prefix, Span)], start: Span) -> Read<Tree> {
        let is_derivative =
            prefixes.iter().all(|(prefix, _)| matches!(prefix, Prefix::Derivative { is_fraction: true, .. }));
        let last_function = matches!(prefixes.last(), Some((Prefix::Function { .. }, _)));
        match opens(&self.peek()) {
            Some(Shape::Round | Shape::Square | Shape::Curly) if last_function => {
                return self.call_operand(prefixes, start);
            }
            _ => {}
        }
        if matches!(self.peek().kind, TokenKind::Symbol) && !self.starts_factor() {
            return self
                .fail_with_help("what the operator applies to", "put the argument in brackets: `\\log(-x)`");
        }
        let first = self.primary()?;
        match first.class {
            Class::Number | Class::Bare => self.run(prefixes, first, start, is_derivative),
            _ => self.one_operand(prefixes, first, start, is_derivative),
        }
    }

    /// `\log(x)`, `\exp[…]`, `\max(a, b)`
    fn call_operand(&mut self, prefixes: &[(Prefix, Span)], start: Span) -> Read<Tree> {
        let (last, outer) = prefixes.split_last().expect("the function is the last");
        let (Prefix::Function { name, power }, name_span) = last else {
            return self.fail("what the operator applies to");
        };
        let mut call = self.call(name.clone(), *name_span, None)?;
        if let Some(power) = power {
            call = self.powered(call, name, power)?;
        }
        let argument = match &call.kind {
            Kind::Call { arguments, .. } if arguments.len() == 1 && power.is_none() => {
                Some(arguments[0].clone())
            }
            _ => None,
        };
        let scripts = self.with_marks(Primary::new(call.clone(), Class::Call))?;
        let span = start.to(self.last_span());
        let needs_both = matches!(scripts.posts[..], [Post::Power(_)]) && argument.is_some();
        if needs_both {
            let post = scripts.posts[0].clone();
            let outside = apply_all(outer, marked(call, post.clone()));
            let argument = marked(argument.expect("one argument"), post);
            let inside = Kind::Call { name: name.clone(), name_span: *name_span, arguments: vec![argument] };
            let inside = apply_all(outer, Tree::new(inside, name_span.to(self.last_span())));
            return self.either(vec![outside, inside], span);
        }
        // Marks behind the last bracket belong to the whole.
        Ok(scripts.posts.into_iter().fold(apply_all(outer, call), marked))
    }

    /// `\log^2 x` is a square or a logarithm of a logarithm; `\sin^{-1} x` the inverse or one over the sine.
    fn powered(&mut self, call: Tree, name: &str, power: &Tree) -> Read<Tree> {
        let span = call.span;
        let squared = Tree::new(Kind::Power(Box::new(call.clone()), Box::new(power.clone())), span);
        let is_trigonometric =
            matches!(name, "sin" | "cos" | "tan" | "cot" | "sec" | "csc" | "sinh" | "cosh" | "tanh");
        let minus_one = matches!(&power.kind, Kind::Negate(one) if one.kind == Kind::Number(Rational::ONE));
        let other = match (&power.kind, call.kind) {
            (_, Kind::Call { name_span, arguments, .. }) if minus_one && is_trigonometric => {
                Some(Kind::Call { name: format!("a{name}"), name_span, arguments })
            }
            (_, Kind::Call { name_span, arguments, .. }) if minus_one && name == "log" => {
                Some(Kind::Call { name: "exp".into(), name_span, arguments })
            }
            (Kind::Number(two), Kind::Call { name_span, arguments, .. })
                if *two == Rational::from(2) && name == "log" =>
            {
                let inner = Tree::new(Kind::Call { name: name.into(), name_span, arguments }, span);
                Some(Kind::Call { name: name.into(), name_span, arguments: vec![inner] })
            }
            _ => None,
        };
        match other {
            Some(other) => self.either(vec![squared, Tree::new(other, span)], span),
            None => Ok(squared),
        }
    }

    /// The operators applied, with the readings that a power on a function brings.
    fn applied_to(&mut self, prefixes: &[(Prefix, Span)], body: Tree) -> Read<Tree> {
        match prefixes.split_last() {
            Some(((Prefix::Function { name, power: Some(power) }, at), outer)) => {
                let span = at.to(body.span);
                let call = Kind::Call { name: name.clone(), name_span: *at, arguments: vec![body] };
                let tree = self.powered(Tree::new(call, span), name, power)?;
                Ok(apply_all(outer, tree))
            }
            _ => Ok(apply_all(prefixes, body)),
        }
    }

    /// An application, a bracket, a fraction, or whatever else shows where it ends.
    fn one_operand(
        &mut self,
        prefixes: &[(Prefix, Span)],
        first: Primary,
        start: Span,
        is_derivative: bool,
    ) -> Read<Tree> {
        let Primary { tree, class, mut posts } = first;
        let transposed = matches!(posts.last(), Some(Post::Transpose(_))).then(|| posts.pop()).flatten();
        let has_power = matches!(posts.last(), Some(Post::Power(_)));
        let both = has_power && class == Class::Call && posts.len() == 1;
        let whole = if both {
            let post = posts.pop().expect("the power");
            let inside = self.applied_to(prefixes, marked(tree.clone(), post.clone()))?;
            let outside = marked(self.applied_to(prefixes, tree)?, post);
            self.either(vec![inside, outside], start.to(self.last_span()))?
        } else {
            let operand = posts.into_iter().fold(tree, marked);
            if class != Class::Applied && self.is_symbol("/") && class == Class::Call {
                return self.divided(prefixes, operand, start);
            }
            let continues =
                class != Class::Applied && self.starts_factor() && is_derivative && class != Class::Closed;
            if continues && transposed.is_none() {
                return self.derivative_run(prefixes, Factor { tree: operand, class }, start);
            }
            self.applied_to(prefixes, operand)?
        };
        Ok(transposed.into_iter().fold(whole, marked))
    }

    /// `\log x/y`
    fn divided(&mut self, prefixes: &[(Prefix, Span)], operand: Tree, start: Span) -> Read<Tree> {
        self.advance();
        let divisor = self.primary()?;
        let divisor = self.finished(divisor)?;
        let span = start.to(self.last_span());
        let quotient = |a: Tree, b: Tree| {
            let span = a.span.to(b.span);
            Tree::new(Kind::Product(vec![(Side::Over, a), (Side::Under, b)]), span)
        };
        let outside = quotient(self.applied_to(prefixes, operand.clone())?, divisor.clone());
        let inside = self.applied_to(prefixes, quotient(operand, divisor))?;
        self.either(vec![outside, inside], span)
    }

    /// `\frac{\partial}{\partial x} f g`: of the product or of its first factor.
    fn derivative_run(&mut self, prefixes: &[(Prefix, Span)], first: Factor, start: Span) -> Read<Tree> {
        let mut factors = vec![first.tree];
        while self.starts_factor() {
            factors.push(self.factor()?.tree);
        }
        self.first_or_all(prefixes, factors, start)
    }

    fn first_or_all(&mut self, prefixes: &[(Prefix, Span)], factors: Vec<Tree>, start: Span) -> Read<Tree> {
        let span = start.to(self.last_span());
        let product = |factors: Vec<Tree>, span: Span| {
            Tree::new(Kind::Product(factors.into_iter().map(|factor| (Side::Over, factor)).collect()), span)
        };
        let of_all = factors[0].span.to(self.last_span());
        let mut parted = factors.clone();
        // A mark behind the first operand is the whole chain's when the rest is another factor.
        parted[0] = match std::mem::replace(&mut parted[0].kind, Kind::Infinity) {
            Kind::Transpose(inner) => {
                let applied = self.applied_to(prefixes, *inner)?;
                let span = start.to(factors[0].span);
                Tree::new(Kind::Transpose(Box::new(applied)), span)
            }
            kind => {
                let operand = Tree::new(kind, factors[0].span);
                self.applied_to(prefixes, operand)?
            }
        };
        let all = self.applied_to(prefixes, product(factors, of_all))?;
        self.either(vec![all, product(parted, span)], span)
    }

    /// Numbers and names side by side.
    fn run(
        &mut self,
        prefixes: &[(Prefix, Span)],
        first: Primary,
        start: Span,
        is_derivative: bool,
    ) -> Read<Tree> {
        let is_number = first.class == Class::Number;
        let transposed = matches!(first.posts.last(), Some(Post::Transpose(_)));
        let mut all_bare = true;
        let first_tree = self.finished(first)?;
        let mut factors = vec![first_tree];
        while self.starts_factor() && (is_derivative || !self.starts_chain()) {
            let factor = self.factor()?;
            all_bare &= matches!(factor.class, Class::Bare);
            let ends = factor.class == Class::Applied;
            factors.push(factor.tree);
            if ends {
                break;
            }
        }
        if factors.len() == 1 {
            let operand = factors.remove(0);
            if self.is_symbol("/") && !transposed {
                return self.divided(prefixes, operand, start);
            }
            return match operand.kind {
                Kind::Transpose(inner) if transposed => {
                    let applied = self.applied_to(prefixes, *inner)?;
                    Ok(Tree::new(Kind::Transpose(Box::new(applied)), start.to(operand.span)))
                }
                kind => self.applied_to(prefixes, Tree::new(kind, operand.span)),
            };
        }
        if is_number && all_bare && !is_derivative {
            let span = factors[0].span.to(self.last_span());
            let product = Kind::Product(factors.into_iter().map(|factor| (Side::Over, factor)).collect());
            return self.applied_to(prefixes, Tree::new(product, span));
        }
        self.first_or_all(prefixes, factors, start)
    }
}
