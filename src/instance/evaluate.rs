//! The value of an expression on one instance.
//!
//! `½ dᵀF d` on the Bernoulli family at θ = 3/10 with d = t is `50/21·t²`. Derivatives are coefficients of
//! infinitesimals, expectations are sums over the sample space; no rule of calculus beyond Taylor series is used.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::failure::Failure;
use super::jet::{Jet, Ring};
use super::matrix::Matrix;
use super::real::Real;
use super::world::World;
use crate::expr::{Binder, DerivativeKind, Dimension, Expr, Node, Shape, Store, SymbolId};
use crate::function::FunctionId;
use crate::number::Rational;

/// Expressions that nest deeper are not evaluated.
const DEPTH: u32 = 200;
/// Nodes that may be evaluated for one expression.
const STEPS: u32 = 200_000;
/// Sums over more terms are not evaluated.
const RANGE: i64 = 64;

/// What a bound variable stands for.
#[derive(Clone, Debug)]
enum Binding {
    /// A value, the same in every shape.
    Value(Rc<Matrix>),
    /// The sample point of this number.
    Outcome(usize),
}

/// Evaluates expressions on one instance, remembering closed ones.
pub(super) struct Evaluator<'a> {
    store: &'a Store,
    world: &'a World,
    /// How series are cut off.
    pub ring: Ring,
    bindings: Vec<(Binding, u32)>,
    next: u32,
    memo: FxHashMap<(Expr, u32), Rc<Matrix>>,
    /// A symbol that is varied, with what it stands for at the moment.
    varied: Option<(SymbolId, Matrix)>,
    steps: u32,
}

type Evaluated = Result<Rc<Matrix>, Failure>;

impl<'a> Evaluator<'a> {
    pub(super) fn new(store: &'a Store, world: &'a World, order: i32, bits: u32) -> Evaluator<'a> {
        let ring = Ring::new(order, bits);
        Evaluator {
            store,
            world,
            ring,
            bindings: Vec::new(),
            next: 0,
            memo: FxHashMap::default(),
            varied: None,
            steps: 0,
        }
    }

    /// The value of a closed expression.
    pub(super) fn value(&mut self, e: Expr) -> Evaluated {
        if self.store.height(e) > DEPTH {
            return Err(Failure::unknown("a formula that nests too deeply"));
        }
        self.steps = 0;
        let value = self.eval(e);
        if value.is_err() {
            // A failure may leave blocks and bindings open.
            self.ring = Ring::new(self.ring.order, self.ring.bits);
            self.bindings.clear();
        }
        value
    }

    /// The value with a symbol at another place.
    pub(super) fn value_at(&mut self, e: Expr, symbol: SymbolId, at: &Matrix) -> Evaluated {
        self.vary(symbol, at.clone());
        self.value(e)
    }

    /// ∇ of a scalar by a symbol, at a place.
    pub(super) fn gradient_at(&mut self, e: Expr, symbol: SymbolId, at: &Matrix) -> Result<Matrix, Failure> {
        let (value, first) = self.expand(e, symbol, at, 1)?;
        let entries = (0..at.rows).map(|i| self.ring.read(&value, &[first + i])).collect();
        self.ring.close();
        Ok(Matrix::column(entries))
    }

    /// ∇² of a scalar by a symbol, at a place.
    pub(super) fn hessian_at(&mut self, e: Expr, symbol: SymbolId, at: &Matrix) -> Result<Matrix, Failure> {
        let (value, first) = self.expand(e, symbol, at, 2)?;
        let hessian = self.second(&value, first, at.rows);
        self.ring.close();
        Ok(hessian)
    }

    /// Has a scalar no terms of degree 3 and 4 in a symbol around a place?
    pub(super) fn is_quadratic_at(
        &mut self,
        e: Expr,
        symbol: SymbolId,
        at: &Matrix,
    ) -> Result<bool, Failure> {
        let (value, _) = self.expand(e, symbol, at, 4)?;
        self.ring.close();
        Ok(value.terms.iter().all(|(key, _)| (0..16).map(|i| (key.small >> (4 * i)) & 15).sum::<u64>() <= 2))
    }

    /// A scalar with a symbol at a place plus infinitesimals, whose block stays open.
    fn expand(
        &mut self,
        e: Expr,
        symbol: SymbolId,
        at: &Matrix,
        degree: u32,
    ) -> Result<(Jet, usize), Failure> {
        if at.columns != 1 {
            return Err(Failure::unknown("a derivative by a matrix"));
        }
        let first = self.ring.open(at.rows, degree)?;
        let entries = at.entries.iter().enumerate().map(|(i, entry)| self.moved(entry, first + i)).collect();
        self.vary(symbol, Matrix::column(entries));
        let value = self.value(e)?.as_scalar()?.clone();
        Ok((value, first))
    }

    fn vary(&mut self, symbol: SymbolId, to: Matrix) {
        self.memo.clear();
        self.varied = Some((symbol, to));
    }

    fn eval(&mut self, e: Expr) -> Evaluated {
        let scope = match self.store.free_bound(e) {
            0 => 0,
            _ => self.bindings.last().map_or(0, |(_, id)| *id),
        };
        if let Some(value) = self.memo.get(&(e, scope)) {
            return Ok(value.clone());
        }
        self.steps += 1;
        if self.steps > STEPS {
            return Err(Failure::unknown("a formula that is too long"));
        }
        let value = Rc::new(self.node(e)?);
        self.memo.insert((e, scope), value.clone());
        Ok(value)
    }

    fn node(&mut self, e: Expr) -> Result<Matrix, Failure> {
        let store = self.store;
        match &store[e] {
            Node::Number(q) => Ok(Matrix::scalar(Jet::rational(q.clone()))),
            Node::Symbol(id) => self.symbol(*id),
            Node::Bound(index, shape, _) => self.bound(*index, *shape),
            Node::Sum(terms) => {
                let mut sum: Option<Matrix> = None;
                for (c, term) in terms {
                    let term = self.eval(*term)?.scale(c, &self.ring);
                    sum = Some(match sum {
                        None => term,
                        Some(sum) => sum.add(&term, &self.ring)?,
                    });
                }
                sum.ok_or_else(|| Failure::unknown("an empty sum"))
            }
            Node::Product(factors) | Node::Chain(factors) => {
                let mut product = Matrix::scalar(Jet::one());
                for factor in factors {
                    product = product.mul(&*self.eval(*factor)?, &self.ring)?;
                }
                Ok(product)
            }
            Node::Power(base, exponent) => self.power(*base, *exponent),
            Node::Call(function, arguments) => self.call(*function, arguments),
            Node::Apply(head, arguments) => self.apply(*head, arguments, e),
            Node::Matrix(shape, entries) => {
                let (rows, columns) = self.size(*shape)?;
                let values: Result<Vec<Jet>, Failure> =
                    entries.iter().map(|entry| self.eval(*entry)?.as_scalar().cloned()).collect();
                Ok(Matrix { rows, columns, entries: values? })
            }
            Node::Transpose(a) => Ok(self.eval(*a)?.transpose()),
            Node::Inverse(a) => self.eval(*a)?.inverse(&self.ring),
            Node::Zero(shape) => {
                let (rows, columns) = self.size(*shape)?;
                Ok(Matrix::zero(rows, columns))
            }
            Node::Identity(dimension) => Ok(Matrix::identity(self.dimension(*dimension)?)),
            Node::Index(of, indices) => self.index(*of, indices),
            Node::Range { binder, from, to, body } => self.range(*binder, *from, *to, *body),
            Node::Expectation { density, parameter, body } => {
                let masses = self.masses(*density, Some(*parameter))?;
                self.sum_over_sample(*body, Some(&masses), masses.len())
            }
            Node::SampleIntegral { density, body } => {
                let outcomes = self.world.family(*density)?.outcomes();
                self.sum_over_sample(*body, None, outcomes)
            }
            Node::Divergence { first, from, second, to } => self.divergence((*first, *from), (*second, *to)),
            Node::Fisher { density, at } => self.fisher(*density, *at),
            Node::Derivative { kind, body, at } => self.derivative(*kind, *body, *at),
        }
    }

    fn dimension(&self, dimension: Dimension) -> Result<usize, Failure> {
        self.world.dimension(dimension).ok_or_else(|| Failure::unknown("a dimension without a value"))
    }

    fn size(&self, shape: Shape) -> Result<(usize, usize), Failure> {
        Ok((self.dimension(shape.rows)?, self.dimension(shape.columns)?))
    }

    fn symbol(&self, id: SymbolId) -> Result<Matrix, Failure> {
        let shape = self.store.symbol_of(id).shape;
        if let Some((varied, value)) = &self.varied
            && *varied == id
        {
            return Ok(value.clone());
        }
        if let Some(outcome) = self.world.samples.get(&id) {
            return self.outcome(*outcome, shape);
        }
        let name = &self.store.symbol_of(id).name;
        let value = self.world.symbols.get(&id);
        value.cloned().ok_or_else(|| Failure::Unknown(format!("`{name}` without a value")))
    }

    fn bound(&self, index: u32, shape: Shape) -> Result<Matrix, Failure> {
        match self.binding(index)? {
            Binding::Value(value) => Ok(value.as_ref().clone()),
            Binding::Outcome(outcome) => self.outcome(*outcome, shape),
        }
    }

    fn binding(&self, index: u32) -> Result<&Binding, Failure> {
        let position = self.bindings.len().checked_sub(index as usize + 1);
        let found = position.map(|position| &self.bindings[position].0);
        found.ok_or_else(|| Failure::unknown("a variable outside of its binder"))
    }

    /// The sample point of a number: 0, 1, 2, …, or a vector with different entries.
    fn outcome(&self, outcome: usize, shape: Shape) -> Result<Matrix, Failure> {
        let (rows, columns) = self.size(shape)?;
        let k = outcome as i64;
        let entries =
            (0..(rows * columns) as i64).map(|i| Jet::rational(Rational::from(k * (k * i + i + 1) - i)));
        Ok(Matrix { rows, columns, entries: entries.collect() })
    }

    /// Evaluates below a binder whose variable has a value.
    fn under(&mut self, binding: Binding, body: Expr) -> Evaluated {
        self.next += 1;
        self.bindings.push((binding, self.next));
        let value = self.eval(body)?;
        self.bindings.pop();
        Ok(value)
    }

    fn power(&mut self, base: Expr, exponent: Expr) -> Result<Matrix, Failure> {
        let integer = self.store.is_integer(exponent);
        let (base, exponent) = (self.eval(base)?, self.eval(exponent)?);
        let exponent = exponent.as_scalar()?;
        let Some(q) = exponent.as_rational() else {
            let log = self.log(base.as_scalar()?)?;
            let product = self.ring.mul(&log, exponent)?;
            return self.ring.exp(&product).map(Matrix::scalar);
        };
        if !base.is_scalar() {
            return self.matrix_power(&base, &q);
        }
        let base = base.as_scalar()?;
        if !integer && q.is_integer() && self.ring.sign(base).is_none_or(|sign| sign.is_le()) {
            return Err(Failure::unknown("a real power of a number that is not positive"));
        }
        if !q.is_integer() && self.ring.sign(base).is_some_and(|sign| sign.is_lt()) {
            return Err(Failure::Undefined("a root of a negative number".to_owned()));
        }
        self.ring.pow(base, &q).map(Matrix::scalar)
    }

    fn matrix_power(&self, base: &Matrix, q: &Rational) -> Result<Matrix, Failure> {
        let Some(n) = q.as_i64().filter(|n| n.abs() <= 16) else {
            return Err(Failure::unknown("a power of a matrix"));
        };
        let factor = if n < 0 { base.inverse(&self.ring)? } else { base.clone() };
        (0..n.abs()).try_fold(Matrix::identity(base.rows), |product, _| product.mul(&factor, &self.ring))
    }

    fn log(&self, argument: &Jet) -> Result<Jet, Failure> {
        self.ring.log(argument, &|_| Err(Failure::unknown("a density without a formula")))
    }

    fn call(&mut self, function: FunctionId, arguments: &[Expr]) -> Result<Matrix, Failure> {
        let values: Result<Vec<Jet>, Failure> =
            arguments.iter().map(|argument| self.eval(*argument)?.as_scalar().cloned()).collect();
        let values = values?;
        let value = match (function.name, values.as_slice()) {
            ("log", [x]) => self.log(x)?,
            ("exp", [x]) => self.ring.exp(x)?,
            ("sqrt", [x]) if self.ring.sign(x).is_some_and(|sign| sign.is_lt()) => {
                return Err(Failure::Undefined("the root of a negative number".to_owned()));
            }
            ("sqrt", [x]) => self.ring.pow(x, &Rational::new(1, 2))?,
            ("abs", [x]) => match self.ring.sign(x) {
                Some(sign) if sign.is_lt() => self.ring.scale(x, &Rational::MINUS_ONE),
                Some(_) => x.clone(),
                None => return Err(Failure::unknown("the size of a number of unknown sign")),
            },
            _ => self.numeric(function, &values)?,
        };
        Ok(Matrix::scalar(value))
    }

    /// A function of the table at numbers, in balls.
    fn numeric(&self, function: FunctionId, values: &[Jet]) -> Result<Jet, Failure> {
        let numbers: Option<Vec<Real>> = values.iter().map(Jet::as_constant).collect();
        let Some(numbers) = numbers else {
            return Err(Failure::Unknown(format!("the series of {}", function.name)));
        };
        let balls: Vec<_> = numbers.iter().map(|value| value.ball(self.ring.bits)).collect();
        let ball = (function.eval.ball)(&balls, self.ring.bits);
        match () {
            () if ball.is_undefined() => {
                Err(Failure::Undefined(format!("{} outside of its domain", function.name)))
            }
            () if !ball.is_defined() => Err(Failure::Unknown(format!("the value of {}", function.name))),
            () => Ok(Jet::constant(Real::from_ball(ball))),
        }
    }

    fn apply(&mut self, head: SymbolId, arguments: &[Expr], e: Expr) -> Result<Matrix, Failure> {
        if let Some(function) = self.world.functions.get(&head) {
            let mut coordinates = Vec::new();
            for argument in arguments {
                coordinates.extend(self.eval(*argument)?.entries.iter().cloned());
            }
            let entries = function.eval(&coordinates, &self.ring)?;
            let (rows, columns) = self.size(self.store.shape(e))?;
            return Ok(Matrix { rows, columns, entries });
        }
        let (sample, parameter) = match arguments {
            [sample] => (*sample, None),
            [sample, parameter] => (*sample, Some(*parameter)),
            _ => return Err(Failure::unknown("a density of other arguments")),
        };
        let masses = self.masses(head, parameter)?;
        let outcome = self.outcome_of(sample, masses.len())?;
        Ok(Matrix::scalar(masses[outcome].clone()))
    }

    /// The probabilities of a density at a parameter.
    fn masses(&mut self, density: SymbolId, parameter: Option<Expr>) -> Result<Vec<Jet>, Failure> {
        let family = self.world.family(density)?;
        match parameter {
            Some(parameter) if family.parameters > 0 => {
                let parameter = self.eval(parameter)?;
                family.masses(&parameter.entries, &self.ring)
            }
            _ => family.masses(&[], &self.ring),
        }
    }

    /// Which sample point an expression is.
    fn outcome_of(&mut self, e: Expr, outcomes: usize) -> Result<usize, Failure> {
        let direct = match self.store[e] {
            Node::Bound(index, ..) => match self.binding(index)? {
                Binding::Outcome(outcome) => Some(*outcome),
                Binding::Value(_) => None,
            },
            Node::Symbol(id) => self.world.samples.get(&id).copied(),
            _ => None,
        };
        if let Some(outcome) = direct {
            return Ok(outcome);
        }
        let value = self.eval(e)?.as_scalar()?.as_rational().and_then(|q| q.as_i64());
        let outcome = value.and_then(|k| usize::try_from(k).ok()).filter(|k| *k < outcomes);
        outcome.ok_or(Failure::Outside)
    }

    fn sum_over_sample(
        &mut self,
        body: Expr,
        masses: Option<&[Jet]>,
        outcomes: usize,
    ) -> Result<Matrix, Failure> {
        let mut sum: Option<Matrix> = None;
        for outcome in 0..outcomes {
            let value = self.under(Binding::Outcome(outcome), body)?;
            let term = match masses {
                Some(masses) => Matrix::scalar(masses[outcome].clone()).mul(&value, &self.ring)?,
                None => value.as_ref().clone(),
            };
            sum = Some(match sum {
                None => term,
                Some(sum) => sum.add(&term, &self.ring)?,
            });
        }
        sum.ok_or_else(|| Failure::unknown("an empty sample space"))
    }

    fn divergence(
        &mut self,
        (first, from): (SymbolId, Expr),
        (second, to): (SymbolId, Expr),
    ) -> Result<Matrix, Failure> {
        let p = self.masses(first, Some(from))?;
        let q = self.masses(second, Some(to))?;
        let mut sum = Jet::zero();
        for (p, q) in p.iter().zip(&q) {
            let difference = self.ring.sub(&self.log(p)?, &self.log(q)?);
            sum = self.ring.add(&sum, &self.ring.mul(p, &difference)?);
        }
        Ok(Matrix::scalar(sum))
    }

    /// Σ p·s·sᵀ with s = ∇p/p.
    fn fisher(&mut self, density: SymbolId, at: Expr) -> Result<Matrix, Failure> {
        let family = self.world.family(density)?;
        let at = self.eval(at)?;
        let n = at.entries.len();
        let first = self.ring.open(n, 1)?;
        let moved: Vec<Jet> =
            at.entries.iter().enumerate().map(|(i, entry)| self.moved(entry, first + i)).collect();
        let masses = family.masses(&moved, &self.ring)?;
        let slopes: Vec<Vec<Jet>> =
            masses.iter().map(|mass| (0..n).map(|i| self.ring.read(mass, &[first + i])).collect()).collect();
        let masses: Vec<Jet> = masses.iter().map(|mass| self.ring.read(mass, &[])).collect();
        self.ring.close();
        let mut fisher = Matrix::zero(n, n);
        for (mass, slope) in masses.iter().zip(&slopes) {
            let inverse = self.ring.recip(mass)?;
            for i in 0..n {
                for j in 0..n {
                    let product = self.ring.mul(&self.ring.mul(&slope[i], &slope[j])?, &inverse)?;
                    let entry = &mut fisher.entries[i * n + j];
                    *entry = self.ring.add(entry, &product);
                }
            }
        }
        Ok(fisher)
    }

    fn moved(&self, entry: &Jet, infinitesimal: usize) -> Jet {
        self.ring.add(entry, &Ring::infinitesimal(infinitesimal))
    }

    fn derivative(&mut self, kind: DerivativeKind, body: Expr, at: Expr) -> Result<Matrix, Failure> {
        let at = self.eval(at)?;
        if at.columns != 1 {
            return Err(Failure::unknown("a derivative by a matrix"));
        }
        let n = at.rows;
        let degree = if kind == DerivativeKind::Gradient { 1 } else { 2 };
        let first = self.ring.open(n, degree)?;
        let entries = at.entries.iter().enumerate().map(|(i, entry)| self.moved(entry, first + i)).collect();
        let point = Rc::new(Matrix { rows: n, columns: 1, entries });
        let value = self.under(Binding::Value(point), body)?;
        let ring = &self.ring;
        let result = match kind {
            DerivativeKind::Hessian => self.second(value.as_scalar()?, first, n),
            DerivativeKind::Gradient if n == 1 => value.map(|entry| ring.read(entry, &[first])),
            DerivativeKind::Gradient if value.is_scalar() => {
                Matrix::column((0..n).map(|i| ring.read(&value.entries[0], &[first + i])).collect())
            }
            DerivativeKind::Gradient if value.columns == 1 => {
                let rows = value.entries.iter();
                let entries = rows.flat_map(|entry| (0..n).map(|j| ring.read(entry, &[first + j])));
                Matrix { rows: value.rows, columns: n, entries: entries.collect() }
            }
            DerivativeKind::Gradient => return Err(Failure::unknown("a derivative of a matrix")),
        };
        self.ring.close();
        Ok(result)
    }

    /// The second derivatives by the n infinitesimals of the last block.
    fn second(&self, value: &Jet, first: usize, n: usize) -> Matrix {
        let entry = |i: usize, j: usize| {
            let factor = Rational::from(if i == j { 2 } else { 1 });
            self.ring.scale(&self.ring.read(value, &[first + i, first + j]), &factor)
        };
        let entries = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| entry(i, j));
        Matrix { rows: n, columns: n, entries: entries.collect() }
    }

    fn index(&mut self, of: Expr, indices: &[Expr]) -> Result<Matrix, Failure> {
        let value = self.eval(of)?;
        let mut places = [1usize; 2];
        for (place, index) in places.iter_mut().zip(indices) {
            let index = self.eval(*index)?.as_scalar()?.as_rational().and_then(|q| q.as_i64());
            *place = index.and_then(|i| usize::try_from(i).ok()).unwrap_or(0);
        }
        let [row, column] = places;
        if row == 0 || column == 0 || row > value.rows || column > value.columns {
            return Err(Failure::unknown("an index outside of its range"));
        }
        Ok(Matrix::scalar(value.at(row - 1, column - 1).clone()))
    }

    fn range(&mut self, binder: Binder, from: Expr, to: Expr, body: Expr) -> Result<Matrix, Failure> {
        let bound =
            |value: Rc<Matrix>| value.as_scalar().ok().and_then(Jet::as_rational).and_then(|q| q.as_i64());
        let (from, to) = (bound(self.eval(from)?), bound(self.eval(to)?));
        let (Some(from), Some(to)) = (from, to) else {
            return Err(Failure::unknown("a range without integer ends"));
        };
        if binder == Binder::Integral || to.saturating_sub(from) > RANGE {
            return Err(Failure::unknown("an integral over an interval, or a long sum"));
        }
        let mut total: Option<Matrix> = None;
        for k in from..=to {
            let number = Rc::new(Matrix::scalar(Jet::rational(Rational::from(k))));
            let value = self.under(Binding::Value(number), body)?;
            total = Some(match (total, binder) {
                (None, _) => value.as_ref().clone(),
                (Some(total), Binder::Sum) => total.add(&value, &self.ring)?,
                (Some(total), _) => total.mul(&value, &self.ring)?,
            });
        }
        let empty = Jet::rational(if binder == Binder::Sum { Rational::ZERO } else { Rational::ONE });
        Ok(total.unwrap_or_else(|| Matrix::scalar(empty)))
    }
}
