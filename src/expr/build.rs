//! The constructors: they flatten, sort and fold rationals, and keep both the value and the domain.
//!
//! `x + 2*x` is `3*x` and `x^2*x^3` is `x^5`, but `x*x^-1` stays (undefined at 0), `0*log(y)` stays
//! (undefined at −1), and `sqrt(x^2)` stays. Whatever needs a side condition is a rule of `algebra`.

use smallvec::SmallVec;

use super::node::{Binder, DerivativeKind, Dimension, Expr, Node, Shape, Symbol, SymbolId};
use super::store::Store;
use crate::function::FunctionId;
use crate::number::Rational;

type Factors = SmallVec<[Expr; 8]>;

impl Store {
    /// An exact number.
    pub fn number(&mut self, value: Rational) -> Expr {
        self.intern(Node::Number(value))
    }

    /// An integer.
    pub fn integer(&mut self, value: i64) -> Expr {
        self.number(Rational::from(value))
    }

    /// A real scalar symbol.
    pub fn scalar(&mut self, name: &str) -> Expr {
        self.symbol(Symbol { name: name.to_owned(), shape: Shape::SCALAR, integer: false })
    }

    /// A symbol of any shape and type.
    pub fn symbol(&mut self, symbol: Symbol) -> Expr {
        let id = self.symbol_id(symbol);
        self.intern(Node::Symbol(id))
    }

    /// The expression of a symbol's handle.
    pub fn symbol_expr(&mut self, id: SymbolId) -> Expr {
        self.intern(Node::Symbol(id))
    }

    /// The variable bound `index` binders further out.
    pub fn bound(&mut self, index: u32, shape: Shape, integer: bool) -> Expr {
        self.intern(Node::Bound(index, shape, integer))
    }

    /// a + b. The shapes agree.
    pub fn add(&mut self, a: Expr, b: Expr) -> Expr {
        self.linear([(Rational::ONE, a), (Rational::ONE, b)])
    }

    /// a − b. The shapes agree.
    pub fn sub(&mut self, a: Expr, b: Expr) -> Expr {
        self.linear([(Rational::ONE, a), (Rational::MINUS_ONE, b)])
    }

    /// −a.
    pub fn neg(&mut self, a: Expr) -> Expr {
        self.scale(&Rational::MINUS_ONE, a)
    }

    /// Σ of a list; 0 when it is empty.
    pub fn sum(&mut self, terms: impl IntoIterator<Item = Expr>) -> Expr {
        self.linear(terms.into_iter().map(|t| (Rational::ONE, t)))
    }

    /// c·a.
    pub fn scale(&mut self, c: &Rational, a: Expr) -> Expr {
        if c.is_one() { a } else { self.linear([(c.clone(), a)]) }
    }

    /// Σ cᵢ·aᵢ: flattened, like terms together, sorted. A term whose coefficient vanishes goes only where
    /// it is defined everywhere. The shapes agree.
    pub fn linear(&mut self, terms: impl IntoIterator<Item = (Rational, Expr)>) -> Expr {
        let mut flat: Vec<(Rational, Expr)> = Vec::new();
        let mut constant = Rational::ZERO;
        let mut shape = None;
        let mut pending: SmallVec<[(Rational, Expr); 4]> = terms.into_iter().collect();
        let single = pending.len() == 1;
        pending.reverse();
        while let Some((c, e)) = pending.pop() {
            shape.get_or_insert(self.shape(e));
            match &self[e] {
                Node::Number(q) => constant = &constant + &(&c * q),
                Node::Zero(_) => {}
                // 2·(x + 1) alone stays factored; −(x + 1), and a multiple among other terms, is flattened.
                Node::Sum(inner) if single && inner.len() > 1 && !c.abs().is_one() => flat.push((c, e)),
                Node::Sum(inner) if single && inner.len() == 1 => {
                    pending.push((&c * &inner[0].0, inner[0].1))
                }
                Node::Sum(inner) => pending.extend(inner.iter().rev().map(|(d, t)| (&c * d, *t))),
                _ => flat.push((c, e)),
            }
        }
        if flat.len() > 1 {
            flat.sort_by(|(_, a), (_, b)| self.compare(*a, *b));
            flat.dedup_by(|later, earlier| {
                let same = later.1 == earlier.1;
                if same {
                    earlier.0 = &earlier.0 + &later.0;
                }
                same
            });
        }
        flat.retain(|(c, t)| !c.is_zero() || !self.is_total(*t));
        if !constant.is_zero() {
            flat.insert(0, (constant, Store::ONE));
        }
        match flat.as_slice() {
            [] => match shape {
                Some(shape) if !shape.is_scalar() => self.intern(Node::Zero(shape)),
                _ => Store::ZERO,
            },
            [(c, t)] if c.is_one() => *t,
            [(c, t)] if *t == Store::ONE => self.number(c.clone()),
            // A lone c·(d·t) or c·(a + b): the first was flattened above, the second stays.
            _ => self.intern(Node::Sum(flat.into())),
        }
    }

    /// a·b; at most one of them is not scalar.
    pub fn mul(&mut self, a: Expr, b: Expr) -> Expr {
        self.product([a, b])
    }

    /// a/b, of a scalar `b`.
    pub fn div(&mut self, a: Expr, b: Expr) -> Expr {
        let inverse = self.powi(b, -1);
        self.product([a, inverse])
    }

    /// Π of a list of which at most one is not scalar; 1 when it is empty. Rational factors become the
    /// coefficient; equal bases join where their integer exponents have the same sign.
    pub fn product(&mut self, factors: impl IntoIterator<Item = Expr>) -> Expr {
        let mut coefficient = Rational::ONE;
        let mut flat = Factors::new();
        let mut pending: Factors = factors.into_iter().collect();
        pending.reverse();
        while let Some(e) = pending.pop() {
            match &self[e] {
                Node::Number(q) => coefficient = &coefficient * q,
                Node::Product(list) => flat.extend(list.iter().copied()),
                Node::Sum(terms) if terms.len() == 1 => {
                    coefficient = &coefficient * &terms[0].0;
                    pending.push(terms[0].1);
                }
                _ => flat.push(e),
            }
        }
        if coefficient.is_zero() {
            flat.retain(|f| !self.is_total(*f) || !self.shape(*f).is_scalar());
        }
        if flat.len() > 1 {
            self.sort(&mut flat);
            self.join_powers(&mut flat);
        }
        let body = match flat.as_slice() {
            [] => return self.number(coefficient),
            [one] => *one,
            _ => self.intern(Node::Product(flat.as_slice().into())),
        };
        self.scale(&coefficient, body)
    }

    /// x²·x³ → x⁵ and x⁻¹·x⁻² → x⁻³; never across signs, which would forget that x ≠ 0.
    fn join_powers(&mut self, factors: &mut Factors) {
        let mut parts: SmallVec<[(Expr, i64); 8]> = factors.iter().map(|f| self.base_and_power(*f)).collect();
        parts.sort_by(|(a, m), (b, n)| self.compare(*a, *b).then(m.cmp(n)));
        let before = parts.len();
        parts.dedup_by(|later, earlier| {
            let joined = (later.0 == earlier.0 && (later.1 < 0) == (earlier.1 < 0))
                .then(|| later.1.checked_add(earlier.1))
                .flatten();
            if let Some(exponent) = joined {
                earlier.1 = exponent;
            }
            joined.is_some()
        });
        if parts.len() < before {
            *factors = parts.iter().map(|(base, n)| self.powi(*base, *n)).collect();
            self.sort(factors);
        }
    }

    /// (b, n) of b^n with an integer number n ≠ 0; (e, 1) of anything else.
    pub fn base_and_power(&self, e: Expr) -> (Expr, i64) {
        if let Node::Power(base, exponent) = &self[e]
            && let Some(n) = self.as_number(*exponent).and_then(Rational::as_i64)
            && n != 0
        {
            return (*base, n);
        }
        (e, 1)
    }

    /// (c, t) of a sum of the one term c·t; (1, e) of anything else.
    pub fn coefficient_and_term(&self, e: Expr) -> (Rational, Expr) {
        match &self[e] {
            Node::Sum(terms) if terms.len() == 1 => terms[0].clone(),
            _ => (Rational::ONE, e),
        }
    }

    /// a^n.
    pub fn powi(&mut self, base: Expr, exponent: i64) -> Expr {
        let exponent = self.integer(exponent);
        self.pow(base, exponent)
    }

    /// base^exponent: numbers fold where the result is rational and not too long; integer powers of
    /// products and of integer powers are distributed where the domain stays.
    pub fn pow(&mut self, base: Expr, exponent: Expr) -> Expr {
        let Some(power) = self.as_number(exponent).cloned() else {
            return self.intern(Node::Power(base, exponent));
        };
        if power.is_one() {
            return base;
        }
        if power.is_zero() && self.is_total(base) {
            return Store::ONE;
        }
        if let Some(value) = self.as_number(base)
            && let Some(result) = fold_power(value, &power)
        {
            return self.number(result);
        }
        if let Some(n) = power.as_i64()
            && n != 0
        {
            match &self[base] {
                Node::Power(inner, m) => {
                    let (inner, m) = (*inner, self.as_number(*m).and_then(Rational::as_i64));
                    if let Some(m) = m
                        && m != 0
                        && let Some(joined) = m.checked_mul(n)
                    {
                        if m > 0 || n > 0 {
                            return self.powi(inner, joined);
                        }
                        // (x⁻¹)⁻² is 1/x⁻²: one spelling, and still undefined at 0.
                        if n != -1 {
                            let inverse = self.powi(inner, -joined);
                            return self.powi(inverse, -1);
                        }
                    }
                }
                Node::Product(list) => {
                    let list: Factors = list.iter().copied().collect();
                    let powers: Factors = list.iter().map(|f| self.powi(*f, n)).collect();
                    return self.product(powers);
                }
                Node::Sum(terms) if terms.len() == 1 && !terms[0].0.is_zero() => {
                    let (c, t) = terms[0].clone();
                    if let Some(c) = c.pow(n) {
                        let t = self.powi(t, n);
                        return self.scale(&c, t);
                    }
                }
                _ => {}
            }
        }
        self.intern(Node::Power(base, exponent))
    }

    /// f(a, b, …).
    ///
    /// # Panics
    /// If the number of arguments is not the function's.
    pub fn call(&mut self, function: FunctionId, arguments: impl Into<Vec<Expr>>) -> Expr {
        let arguments = arguments.into();
        assert_eq!(
            arguments.len(),
            function.row().params.len(),
            "{} is called with its arity",
            function.row().name
        );
        self.intern(Node::Call(function, arguments.into()))
    }

    /// f(a, b, …) of a function of the table, by name.
    ///
    /// # Panics
    /// If the table has no such function, or with another arity: the name is written in this crate.
    pub fn call_named(&mut self, name: &str, arguments: impl Into<Vec<Expr>>) -> Expr {
        let function = crate::function::lookup(name).expect("a function named in this crate is in the table");
        self.call(function, arguments)
    }

    /// An abstract function or density applied to its slots.
    pub fn apply(&mut self, symbol: SymbolId, arguments: impl Into<Vec<Expr>>) -> Expr {
        self.intern(Node::Apply(symbol, arguments.into().into()))
    }

    /// A matrix by rows; 1 × 1 is its entry.
    ///
    /// # Panics
    /// If the number of entries is not rows × columns.
    pub fn matrix(&mut self, rows: u32, columns: u32, entries: Vec<Expr>) -> Expr {
        assert_eq!(entries.len(), rows as usize * columns as usize, "a matrix has rows × columns entries");
        match entries.as_slice() {
            [one] => *one,
            _ => {
                let shape = Shape::matrix(Dimension::Fixed(rows), Dimension::Fixed(columns));
                self.intern(Node::Matrix(shape, entries.into()))
            }
        }
    }

    /// The product A·B·… in order; scalar factors move in front. Inner dimensions agree.
    pub fn chain(&mut self, factors: impl IntoIterator<Item = Expr>) -> Expr {
        let mut scalars = Factors::new();
        let mut matrices = Factors::new();
        for e in factors {
            match &self[e] {
                _ if self.shape(e).is_scalar() => scalars.push(e),
                Node::Chain(list) => matrices.extend(list.iter().copied()),
                Node::Identity(_) => matrices.push(e),
                _ => matrices.push(e),
            }
        }
        if matrices.len() > 1 {
            let chain = self.intern(Node::Chain(matrices.as_slice().into()));
            matrices = SmallVec::from_slice(&[chain]);
        }
        scalars.extend(matrices);
        self.product(scalars)
    }

    /// Aᵀ; a scalar is its own.
    pub fn transpose(&mut self, a: Expr) -> Expr {
        match &self[a] {
            _ if self.shape(a).is_scalar() => a,
            Node::Transpose(inner) => *inner,
            Node::Identity(_) => a,
            _ => self.intern(Node::Transpose(a)),
        }
    }

    /// A⁻¹; of a scalar 1/a.
    pub fn inverse(&mut self, a: Expr) -> Expr {
        if self.shape(a).is_scalar() { self.powi(a, -1) } else { self.intern(Node::Inverse(a)) }
    }

    /// The zero of a shape.
    pub fn zero(&mut self, shape: Shape) -> Expr {
        if shape.is_scalar() { Store::ZERO } else { self.intern(Node::Zero(shape)) }
    }

    /// The identity of a dimension.
    pub fn identity(&mut self, dimension: Dimension) -> Expr {
        if dimension == Dimension::Fixed(1) { Store::ONE } else { self.intern(Node::Identity(dimension)) }
    }

    /// x\[i\], m[i, j]; indices count from 1.
    pub fn index(&mut self, of: Expr, indices: impl Into<Vec<Expr>>) -> Expr {
        self.intern(Node::Index(of, indices.into().into()))
    }

    /// Σ, Π or ∫ of `body` from `from` to `to`; `Bound(0)` in the body is the variable.
    pub fn range(&mut self, binder: Binder, from: Expr, to: Expr, body: Expr) -> Expr {
        self.intern(Node::Range { binder, from, to, body })
    }

    /// E under `density(·, parameter)`; `Bound(0)` in the body is the sample variable.
    pub fn expectation(&mut self, density: SymbolId, parameter: Expr, body: Expr) -> Expr {
        self.intern(Node::Expectation { density, parameter, body })
    }

    /// ∫ of `body` over the sample space of `density`; `Bound(0)` in the body is the sample variable.
    pub fn sample_integral(&mut self, density: SymbolId, body: Expr) -> Expr {
        self.intern(Node::SampleIntegral { density, body })
    }

    /// KL of the first density at its parameter from the second at its own.
    pub fn divergence(&mut self, (first, from): (SymbolId, Expr), (second, to): (SymbolId, Expr)) -> Expr {
        self.intern(Node::Divergence { first, from, second, to })
    }

    /// The Fisher information of a density at a parameter.
    pub fn fisher(&mut self, density: SymbolId, at: Expr) -> Expr {
        self.intern(Node::Fisher { density, at })
    }

    /// The derivative of `t ↦ body` at a point; `Bound(0)` in the body is `t`.
    pub fn derivative(&mut self, kind: DerivativeKind, body: Expr, at: Expr) -> Expr {
        self.intern(Node::Derivative { kind, body, at })
    }
}

/// value^power as a rational: integer powers within the size budget, exact roots of positive numbers.
fn fold_power(value: &Rational, power: &Rational) -> Option<Rational> {
    if let Some(n) = power.as_i64() {
        return value.pow(n);
    }
    let (n, d) = power.as_small()?;
    if !value.is_positive() || d > 64 {
        return None;
    }
    value.root(d as u32)?.pow(n)
}

#[cfg(test)]
mod tests {
    use crate::expr::{Store, formula};
    use crate::number::Rational;

    #[test]
    fn a_multiple_of_a_multiple_is_flattened_as_the_multiple_is() {
        let mut store = Store::new();
        let [double, opposite] = ["2*(a - b)", "b - a"].map(|text| formula(&mut store, text));
        assert_eq!(store.scale(&Rational::new(-1, 2), double), opposite);
        let fourfold = formula(&mut store, "4*(a - b)");
        assert_eq!(store.scale(&Rational::from(2), double), fourfold);
    }

    #[test]
    fn a_node_whose_parts_stay_is_itself_and_another_is_built_anew() {
        let mut store = Store::new();
        let [e, a, b, image] = ["a^2*(a - c)", "a", "c", "0"].map(|text| formula(&mut store, text));
        let images = [(a, b)].into_iter().collect();
        assert_eq!(store.substitute(e, &[(b, b)].into_iter().collect()), e);
        let replaced = store.substitute(e, &images);
        assert!(!store.mentions(replaced, &[a]));
        assert!(store.mentions(e, &[image, a]) && store.mentions(e, &[e]) && !store.mentions(e, &[]));
    }
}
