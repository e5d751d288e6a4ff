//! The ring normal form: what the kernel means by "the same up to arithmetic".
//!
//! `uᵀFv − ½(vᵀFu + vᵀFu)` becomes 0: a linear combination over ℚ of monomials, each a product of scalar atoms with rational
//! exponents and one chain of matrices. Transposes are pushed to the atoms, symmetric atoms absorb them, A A⁻¹ cancels, a
//! chain is cut wherever an inner dimension is 1, and a closed piece keeps the smaller of its two orientations. `log`, ∫, E,
//! derivatives and applications are atoms. Nothing here knows a rule of calculus.
//!
//! The normal form equals the expression wherever the reported conditions hold: a factor met with both signs of
//! exponent is not 0, a cancelled matrix is nonsingular, what a zero coefficient deletes is defined.

use std::cmp::Ordering;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::Rejected;
use super::condition::{Binding, Condition, Met};
use crate::claim::{Assumption, Context, Property};
use crate::expr::{DerivativeKind, Dimension, Expr, Node, Shape, Store};
use crate::number::Rational;

/// The largest integer power that is multiplied out.
const LARGEST_POWER: i64 = 8;
/// The most monomials that one normal form may have.
const MOST_TERMS: usize = 2_000;
/// The most products of monomials that one proof may form.
const MOST_PRODUCTS: usize = 200_000;
/// The deepest expression that is read.
pub(super) const DEEPEST: u32 = 120;

/// A matrix of a chain.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct Link {
    base: Expr,
    inverted: bool,
    transposed: bool,
}

/// c·Π aᵢ^eᵢ·(A B …).
#[derive(Clone, Debug)]
struct Term {
    coefficient: Rational,
    scalars: Vec<(Expr, Rational)>,
    chain: Vec<Link>,
}

impl Term {
    fn number(coefficient: Rational) -> Term {
        Term { coefficient, scalars: Vec::new(), chain: Vec::new() }
    }

    fn atom(atom: Expr) -> Term {
        Term { scalars: vec![(atom, Rational::ONE)], ..Term::number(Rational::ONE) }
    }
}

/// Coefficient, scalar factors with their exponents, and the matrices of the chain.
pub type Monomial = (Rational, Vec<(Expr, Rational)>, Vec<Expr>);

/// A normal form: its terms, the expression they spell, and the conditions under which it equals the original.
#[derive(Clone, Debug)]
pub struct Normal {
    /// The normal form as an expression; two expressions are equal in the ring when these handles are.
    pub expr: Expr,
    /// What was met on the way.
    pub conditions: Vec<Met>,
    terms: Vec<Term>,
}

/// Normal forms, each computed once.
pub struct Ring<'a> {
    /// Where the expressions live.
    pub store: &'a mut Store,
    context: &'a Context,
    memo: FxHashMap<Expr, Rc<Normal>>,
    products: usize,
}

impl<'a> Ring<'a> {
    /// A ring in which the matrices that the context declares symmetric absorb transposes.
    pub fn new(store: &'a mut Store, context: &'a Context) -> Ring<'a> {
        Ring { store, context, memo: FxHashMap::default(), products: 0 }
    }

    /// The normal form of an expression whose shapes have been checked.
    pub fn normal(&mut self, e: Expr) -> Result<Rc<Normal>, Rejected> {
        if let Some(known) = self.memo.get(&e) {
            return Ok(known.clone());
        }
        if self.store.height(e) > DEEPEST {
            return Err(Rejected::because("the expression is too deep"));
        }
        for node in self.store.post_order(&[e]) {
            if !self.memo.contains_key(&node) {
                let normal = self.node(node)?;
                self.memo.insert(node, Rc::new(normal));
            }
        }
        Ok(self.memo[&e].clone())
    }

    /// The (coefficient, factors with exponents, matrices) of each monomial of an expression in normal form.
    pub fn monomials(&mut self, e: Expr) -> Result<Vec<Monomial>, Rejected> {
        let normal = self.normal(e)?;
        let mut list = Vec::new();
        for term in &normal.terms {
            let chain = term.chain.iter().map(|link| self.link_expr(link)).collect();
            list.push((term.coefficient.clone(), term.scalars.clone(), chain));
        }
        Ok(list)
    }

    /// `E[k f]` without its constant scalar factors: where `E[f]` converges, so does `E[k f]`.
    pub fn without_constants(&mut self, integral: Expr) -> Result<Expr, Rejected> {
        Ok(match self.summands(integral)?.as_slice() {
            [only] => *only,
            _ => integral,
        })
    }

    /// `E[f]`, `E[g]` of `E[f − 2g]`: the integrals of the terms, each without its constant scalar factors.
    pub fn summands(&mut self, integral: Expr) -> Result<Vec<Expr>, Rejected> {
        let (Node::Expectation { body, .. } | Node::SampleIntegral { body, .. }) =
            self.store[integral].clone()
        else {
            return Ok(Vec::new());
        };
        let (normal, shape) = (self.normal(body)?, self.store.shape(body));
        let last = self.store[integral].children().count() - 1;
        let mut list = Vec::new();
        for term in &normal.terms {
            let mut term = Term { coefficient: Rational::ONE, ..term.clone() };
            term.scalars.retain(|(atom, _)| self.store.mentions_bound(*atom, 0));
            let body = self.spell_term(&term, shape);
            list.push(self.store.rebuild(integral, &mut |at, child| if at == last { body } else { child }));
        }
        Ok(list)
    }

    /// What must not be 0 that e is not: u of u⁻², of √(uᵀu) and of uᵀu.
    pub fn without_powers(&mut self, e: Expr) -> Result<Expr, Rejected> {
        let normal = self.normal(e)?;
        let [Term { scalars, chain, .. }] = normal.terms.as_slice() else { return Ok(e) };
        let ([(atom, _)], []) = (scalars.as_slice(), chain.as_slice()) else { return Ok(e) };
        Ok(match &self.store[*atom] {
            Node::Chain(list) => match list.as_ref() {
                [row, column] if matches!(self.store[*row], Node::Transpose(inner) if inner == *column) => {
                    *column
                }
                _ => *atom,
            },
            _ => *atom,
        })
    }

    fn node(&mut self, e: Expr) -> Result<Normal, Rejected> {
        let node = self.store[e].clone();
        let shape = self.store.shape(e);
        let mut met = self.conditions_below(&node)?;
        let terms = match &node {
            Node::Number(q) if q.is_zero() => Vec::new(),
            Node::Number(q) => vec![Term::number(q.clone())],
            Node::Zero(_) => Vec::new(),
            Node::Identity(_) => vec![Term::number(Rational::ONE)],
            Node::Sum(list) => {
                let mut terms = Vec::new();
                for (c, child) in list {
                    let child = self.memo[child].clone();
                    if c.is_zero() {
                        self.must_be_defined(child.expr, &mut met);
                    }
                    terms.extend(
                        child.terms.iter().map(|t| Term { coefficient: &t.coefficient * c, ..t.clone() }),
                    );
                }
                terms
            }
            Node::Product(list) | Node::Chain(list) => {
                let mut terms = vec![Term::number(Rational::ONE)];
                let factors: Vec<Rc<Normal>> = list.iter().map(|f| self.memo[f].clone()).collect();
                if factors.iter().any(|f| f.terms.is_empty()) {
                    factors.iter().for_each(|f| self.must_be_defined(f.expr, &mut met));
                }
                for factor in factors {
                    terms = self.multiply(&terms, &factor.terms, &mut met)?;
                }
                terms
            }
            Node::Transpose(a) => {
                let inner = self.memo[a].clone();
                self.transposed(&inner.terms, &mut met)?
            }
            Node::Inverse(a) => {
                let inner = self.memo[a].clone();
                self.inverted(&inner, &mut met)?
            }
            Node::Power(base, exponent) => {
                let (inner, exponent) = (self.memo[base].clone(), self.memo[exponent].expr);
                match self.store.as_number(exponent).cloned() {
                    Some(q) => self.power(&inner, &q, &mut met)?,
                    None => vec![Term::atom(self.store.pow(inner.expr, exponent))],
                }
            }
            Node::Call(function, list) if function.row().name == "sqrt" => {
                let inner = self.memo[&list[0]].clone();
                self.power(&inner, &Rational::new(1, 2), &mut met)?
            }
            _ => self.opaque(e, shape),
        };
        self.collect(terms, shape, met)
    }

    /// The conditions of the children, below the binder between.
    fn conditions_below(&self, node: &Node) -> Result<Vec<Met>, Rejected> {
        let mut met = Vec::new();
        for (position, child) in node.children().enumerate() {
            let below =
                self.memo.get(&child).ok_or_else(|| Rejected::because("a child without normal form"))?;
            let binding = binding(node, position);
            for condition in &below.conditions {
                let seen = match &binding {
                    Some(binding) => condition.clone().below(binding),
                    None => condition.clone(),
                };
                push(&mut met, seen);
            }
        }
        Ok(met)
    }

    /// An atom with normalized children.
    fn opaque(&mut self, e: Expr, shape: Shape) -> Vec<Term> {
        let images: Vec<Expr> = self.store[e].children().map(|c| self.memo[&c].expr).collect();
        let atom = self.store.rebuild(e, &mut |position, _| images[position]);
        vec![if shape.is_scalar() { Term::atom(atom) } else { self.link_term(atom) }]
    }

    fn link_term(&self, base: Expr) -> Term {
        let link = Link { base, inverted: false, transposed: false };
        Term { chain: vec![link], ..Term::number(Rational::ONE) }
    }

    /// What no longer occurs must have had a value.
    fn must_be_defined(&self, e: Expr, met: &mut Vec<Met>) {
        if !self.store.is_total(e) {
            push(met, Met::outside(Condition::Defined(e)));
        }
    }

    // Products.

    fn multiply(&mut self, a: &[Term], b: &[Term], met: &mut Vec<Met>) -> Result<Vec<Term>, Rejected> {
        self.products += a.len() * b.len();
        if a.len() * b.len() > MOST_TERMS || self.products > MOST_PRODUCTS {
            return Err(Rejected::because("too many monomials"));
        }
        let mut terms = Vec::new();
        for s in a {
            for t in b {
                let chain = s.chain.iter().chain(&t.chain).cloned().collect();
                let scalars = s.scalars.iter().chain(&t.scalars).cloned().collect();
                terms.extend(self.close(&s.coefficient * &t.coefficient, scalars, chain, met)?);
            }
        }
        Ok(terms)
    }

    /// One product: inverses cancelled, the chain cut, equal factors together.
    fn close(
        &mut self,
        coefficient: Rational,
        mut scalars: Vec<(Expr, Rational)>,
        chain: Vec<Link>,
        met: &mut Vec<Met>,
    ) -> Result<Vec<Term>, Rejected> {
        let mut links: Vec<Link> = Vec::new();
        for link in chain {
            match links.last() {
                Some(top)
                    if top.base == link.base
                        && top.transposed == link.transposed
                        && top.inverted != link.inverted =>
                {
                    push(met, Met::outside(Condition::Nonsingular(link.base)));
                    links.pop();
                }
                _ => links.push(link),
            }
        }
        let mut open: Vec<Link> = Vec::new();
        let mut piece: Vec<Link> = Vec::new();
        for link in links {
            let ends = self.link_shape(&link).columns == Dimension::Fixed(1);
            piece.push(link);
            if ends {
                self.end_piece(&mut piece, &mut open, &mut scalars, met)?;
            }
        }
        open.append(&mut piece);
        self.join(coefficient, scalars, open, met)
    }

    /// A piece that ends in a column is a scalar when it begins with a row.
    fn end_piece(
        &mut self,
        piece: &mut Vec<Link>,
        open: &mut Vec<Link>,
        scalars: &mut Vec<(Expr, Rational)>,
        met: &mut Vec<Met>,
    ) -> Result<(), Rejected> {
        if self.link_shape(&piece[0]).rows != Dimension::Fixed(1) {
            open.append(piece);
            return Ok(());
        }
        let mut back = Vec::new();
        for link in piece.iter().rev() {
            back.push(self.flipped(link, met)?);
        }
        let forward: Vec<Expr> = piece.iter().map(|l| self.link_expr(l)).collect();
        let backward: Vec<Expr> = back.iter().map(|l| self.link_expr(l)).collect();
        let smaller =
            if self.compare_lists(&forward, &backward) == Ordering::Greater { backward } else { forward };
        scalars.push((self.store.chain(smaller), Rational::ONE));
        piece.clear();
        Ok(())
    }

    fn compare_lists(&self, a: &[Expr], b: &[Expr]) -> Ordering {
        let differing =
            a.iter().zip(b).map(|(x, y)| self.store.compare(*x, *y)).find(|o| *o != Ordering::Equal);
        differing.unwrap_or(Ordering::Equal)
    }

    /// Equal scalar factors together; a composite atom that ends with a whole exponent is multiplied out.
    fn join(
        &mut self,
        coefficient: Rational,
        mut scalars: Vec<(Expr, Rational)>,
        chain: Vec<Link>,
        met: &mut Vec<Met>,
    ) -> Result<Vec<Term>, Rejected> {
        scalars.sort_by(|a, b| self.store.compare(a.0, b.0));
        let mut joined: Vec<(Expr, Rational)> = Vec::new();
        for (atom, exponent) in scalars {
            match joined.last_mut() {
                Some(last) if last.0 == atom => {
                    joined_exponent(atom, &last.1, &exponent, met);
                    last.1 = &last.1 + &exponent;
                }
                _ => joined.push((atom, exponent)),
            }
        }
        joined.retain(|(_, exponent)| !exponent.is_zero());
        let mut terms = vec![Term { coefficient, scalars: Vec::new(), chain }];
        for (atom, exponent) in joined {
            if exponent.is_integer() && self.is_composite(atom, &exponent)? {
                let inner = self.normal(atom)?;
                inner.conditions.iter().for_each(|condition| push(met, condition.clone()));
                let expanded = self.power(&inner, &exponent, met)?;
                terms = self.multiply(&terms, &expanded, met)?;
            } else {
                for term in &mut terms {
                    // Factors of an expansion come in any order; they are sorted here, and never meet an equal one twice.
                    let again = term.scalars.iter().position(|(known, _)| *known == atom);
                    match again {
                        Some(at) => {
                            joined_exponent(atom, &term.scalars[at].1, &exponent, met);
                            term.scalars[at].1 = &term.scalars[at].1 + &exponent;
                        }
                        None => term.scalars.push((atom, exponent.clone())),
                    }
                }
            }
        }
        for term in &mut terms {
            term.scalars.retain(|(_, exponent)| !exponent.is_zero());
            term.scalars.sort_by(|a, b| self.store.compare(a.0, b.0));
        }
        Ok(terms)
    }

    /// May atom^exponent be multiplied out: a sum with a positive whole exponent, a product with any whole one?
    fn is_composite(&mut self, atom: Expr, exponent: &Rational) -> Result<bool, Rejected> {
        if !matches!(self.store[atom], Node::Sum(_) | Node::Product(_) | Node::Power(..) | Node::Number(_)) {
            return Ok(false);
        }
        let inner = self.normal(atom)?;
        let genuine = matches!(inner.terms.as_slice(), [t] if t.coefficient.is_one() && t.scalars == [(atom, Rational::ONE)]);
        let small = exponent.abs() <= Rational::from(LARGEST_POWER);
        Ok(!genuine && small && (inner.terms.len() == 1 || exponent.is_positive()))
    }

    /// base^q.
    fn power(&mut self, base: &Normal, q: &Rational, met: &mut Vec<Met>) -> Result<Vec<Term>, Rejected> {
        if q.is_zero() {
            self.must_be_defined(base.expr, met);
            return Ok(vec![Term::number(Rational::ONE)]);
        }
        if base.terms.is_empty() && !q.is_positive() {
            return Err(Rejected::because("a power of zero without value"));
        }
        if base.terms.is_empty() {
            return Ok(Vec::new());
        }
        let several = base.terms.len() > 1;
        if several && q.is_integer() && q.is_positive() && *q <= Rational::from(LARGEST_POWER) {
            let mut result = vec![Term::number(Rational::ONE)];
            for _ in 0..q.as_i64().unwrap_or(0) {
                result = self.multiply(&result, &base.terms, met)?;
            }
            return Ok(result);
        }
        let (content, rest) = self.content(base, q);
        let terms = match rest.terms.as_slice() {
            [term] if q.is_integer() && term.coefficient.is_one() => {
                let mut scalars = Vec::new();
                for (atom, exponent) in &term.scalars {
                    powered_exponent(*atom, exponent, q, met);
                    scalars.push((*atom, exponent * q));
                }
                self.join(content, scalars, Vec::new(), met)?
            }
            // A pure number remains: its root is irrational, or it is a power of 1.
            [term] if term.scalars.is_empty() && term.coefficient.is_one() => vec![Term::number(content)],
            _ => vec![Term {
                coefficient: content,
                ..Term { scalars: vec![(rest.expr, q.clone())], ..Term::number(Rational::ONE) }
            }],
        };
        Ok(terms)
    }

    /// c^q and u with base^q = c^q·u^q on one domain: c is the first coefficient where its power is rational, else 1.
    fn content(&mut self, base: &Normal, q: &Rational) -> (Rational, Normal) {
        let first = base.terms[0].coefficient.clone();
        let value = match (q.as_i64(), q.as_small()) {
            (Some(n), _) => first.pow(n),
            (None, Some((n, d))) if first.is_positive() && d <= 8 => {
                first.root(d as u32).and_then(|r| r.pow(n))
            }
            _ => None,
        };
        let Some((value, scale)) = value.zip(first.recip()) else {
            return (Rational::ONE, base.clone());
        };
        let terms: Vec<Term> =
            base.terms.iter().map(|t| Term { coefficient: &t.coefficient * &scale, ..t.clone() }).collect();
        let shape = self.store.shape(base.expr);
        let expr = self.spell(&terms, shape);
        (value, Normal { expr, conditions: Vec::new(), terms })
    }

    // Matrices.

    fn transposed(&mut self, terms: &[Term], met: &mut Vec<Met>) -> Result<Vec<Term>, Rejected> {
        let mut result = Vec::new();
        for term in terms {
            let mut chain = Vec::new();
            for link in term.chain.iter().rev() {
                chain.push(self.flipped(link, met)?);
            }
            result.push(Term { chain, ..term.clone() });
        }
        Ok(result)
    }

    /// The transpose of one link.
    fn flipped(&mut self, link: &Link, met: &mut Vec<Met>) -> Result<Link, Rejected> {
        let (toggled, base) = match self.store[link.base].clone() {
            Node::Expectation { density, parameter, body } => {
                let body = self.transposed_normal(body, &Binding::Sample(density), met)?;
                (false, self.store.expectation(density, parameter, body))
            }
            Node::SampleIntegral { density, body } => {
                let body = self.transposed_normal(body, &Binding::Sample(density), met)?;
                (false, self.store.sample_integral(density, body))
            }
            Node::Sum(_) | Node::Product(_) | Node::Chain(_) => {
                let transpose = self.store.transpose(link.base);
                let normal = self.normal(transpose)?;
                normal.conditions.iter().for_each(|condition| push(met, condition.clone()));
                (false, normal.expr)
            }
            _ if self.is_symmetric(link.base, met) => (false, link.base),
            _ => (true, link.base),
        };
        Ok(Link { base, transposed: link.transposed != toggled, inverted: link.inverted })
    }

    fn transposed_normal(
        &mut self,
        body: Expr,
        binding: &Binding,
        met: &mut Vec<Met>,
    ) -> Result<Expr, Rejected> {
        let transpose = self.store.transpose(body);
        let normal = self.normal(transpose)?;
        normal.conditions.iter().for_each(|condition| push(met, condition.clone().below(binding)));
        Ok(normal.expr)
    }

    /// Fisher matrices, Hessians of C² functions, and what is declared.
    fn is_symmetric(&self, base: Expr, met: &mut Vec<Met>) -> bool {
        match &self.store[base] {
            Node::Fisher { .. } => true,
            Node::Derivative { kind: DerivativeKind::Hessian, body, at } => {
                push(met, Met::outside(Condition::Smooth { body: *body, at: *at, order: 2 }));
                true
            }
            _ => self.context.assumptions.iter().any(|assumption| match assumption {
                Assumption::Property(of, Property::Symmetric | Property::PositiveDefinite) => *of == base,
                Assumption::Equal(a, b) => {
                    let other = if *a == base { *b } else { *a };
                    (*a == base || *b == base) && matches!(self.store[other], Node::Fisher { .. })
                }
                _ => false,
            }),
        }
    }

    /// The inverse of a square matrix: of a product of square ones in reverse order, else an atom.
    fn inverted(&mut self, inner: &Normal, met: &mut Vec<Met>) -> Result<Vec<Term>, Rejected> {
        let minus = Rational::MINUS_ONE;
        if inner.terms.is_empty() {
            return Err(Rejected::because("the inverse of zero"));
        }
        let (content, rest) = self.content(inner, &minus);
        if let [term] = rest.terms.as_slice()
            && term.coefficient.is_one()
            && term.chain.iter().all(|l| is_square(self.link_shape(l)))
        {
            let chain =
                term.chain.iter().rev().map(|l| Link { inverted: !l.inverted, ..l.clone() }).collect();
            let mut scalars = Vec::new();
            for (atom, exponent) in &term.scalars {
                powered_exponent(*atom, exponent, &minus, met);
                scalars.push((*atom, exponent * &minus));
            }
            // (A⁻¹)⁻¹ = A forgets that A has an inverse.
            for link in term.chain.iter().filter(|l| l.inverted) {
                push(met, Met::outside(Condition::Nonsingular(link.base)));
            }
            return self.join(content, scalars, chain, met);
        }
        let link = Link { base: rest.expr, inverted: true, transposed: false };
        Ok(vec![Term { chain: vec![link], ..Term::number(content) }])
    }

    fn link_shape(&self, link: &Link) -> Shape {
        let shape = self.store.shape(link.base);
        if link.transposed { shape.transposed() } else { shape }
    }

    fn link_expr(&mut self, link: &Link) -> Expr {
        let base = if link.inverted { self.store.inverse(link.base) } else { link.base };
        if link.transposed { self.store.transpose(base) } else { base }
    }

    // Sums.

    /// Equal monomials together; what cancels must have been defined.
    fn collect(&mut self, terms: Vec<Term>, shape: Shape, mut met: Vec<Met>) -> Result<Normal, Rejected> {
        if terms.len() > MOST_TERMS {
            return Err(Rejected::because("too many monomials"));
        }
        let mut spelled: Vec<(Expr, Term)> = Vec::new();
        for term in terms {
            let bare = Term { coefficient: Rational::ONE, ..term.clone() };
            spelled.push((self.spell_term(&bare, shape), term));
        }
        spelled.sort_by(|a, b| self.store.compare(a.0, b.0));
        let mut kept: Vec<(Expr, Term)> = Vec::new();
        for (expr, term) in spelled {
            match kept.last_mut() {
                Some((last, sum)) if *last == expr => sum.coefficient = &sum.coefficient + &term.coefficient,
                _ => kept.push((expr, term)),
            }
        }
        for (expr, _) in kept.iter().filter(|(_, term)| term.coefficient.is_zero()) {
            self.must_be_defined(*expr, &mut met);
        }
        let terms: Vec<Term> =
            kept.into_iter().map(|(_, t)| t).filter(|t| !t.coefficient.is_zero()).collect();
        let expr = self.spell(&terms, shape);
        Ok(Normal { expr, conditions: met, terms })
    }

    fn spell(&mut self, terms: &[Term], shape: Shape) -> Expr {
        if terms.is_empty() {
            return self.store.zero(shape);
        }
        let mut list = Vec::new();
        for term in terms {
            let bare = Term { coefficient: Rational::ONE, ..term.clone() };
            list.push((term.coefficient.clone(), self.spell_term(&bare, shape)));
        }
        self.store.linear(list)
    }

    fn spell_term(&mut self, term: &Term, shape: Shape) -> Expr {
        let mut factors = Vec::new();
        for (atom, exponent) in &term.scalars {
            // Half an exponent is spelled by a root, which has a value at 0.
            let twice = exponent * &Rational::from(2);
            let (base, exponent) = match twice.is_integer() && !exponent.is_integer() {
                true => (self.store.call_named("sqrt", vec![*atom]), twice),
                false => (*atom, exponent.clone()),
            };
            let exponent = self.store.number(exponent);
            factors.push(self.store.pow(base, exponent));
        }
        factors.extend(term.chain.iter().map(|link| self.link_expr(link)).collect::<Vec<_>>());
        if term.chain.is_empty() && !shape.is_scalar() {
            factors.push(self.store.identity(shape.rows));
        }
        self.store.chain(factors)
    }
}

/// The binder between a node and one of its children.
pub fn binding(node: &Node, position: usize) -> Option<Binding> {
    if node.binds(position) == 0 {
        return None;
    }
    match node {
        Node::Expectation { density, .. } | Node::SampleIntegral { density, .. } => {
            Some(Binding::Sample(*density))
        }
        Node::Derivative { at, .. } => Some(Binding::Near(*at)),
        Node::Range { from, to, .. } => Some(Binding::Between { from: *from, to: *to }),
        _ => None,
    }
}

/// Adds a condition once.
pub fn push(list: &mut Vec<Met>, met: Met) {
    if !list.contains(&met) {
        list.push(met);
    }
}

fn is_square(shape: Shape) -> bool {
    shape.rows == shape.columns
}

/// aᵉ·aᶠ = aᵉ⁺ᶠ: a ≠ 0 where the signs differ, a ≥ 0 where a root disappears.
fn joined_exponent(atom: Expr, e: &Rational, f: &Rational, met: &mut Vec<Met>) {
    if e.is_negative() != f.is_negative() {
        push(met, Met::outside(Condition::NonZero(atom)));
    }
    if (!e.is_integer() || !f.is_integer()) && (e + f).is_integer() {
        push(met, Met::outside(Condition::NonNegative(atom)));
    }
}

/// (aᵉ)^q = a^{eq} for a whole q: a ≠ 0 where a negative exponent disappears, a ≥ 0 where a root does.
fn powered_exponent(atom: Expr, e: &Rational, q: &Rational, met: &mut Vec<Met>) {
    if e.is_negative() && q.is_negative() {
        push(met, Met::outside(Condition::NonZero(atom)));
    }
    if !e.is_integer() && (e * q).is_integer() {
        push(met, Met::outside(Condition::NonNegative(atom)));
    }
}
