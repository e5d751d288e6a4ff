//! The value of an expression on one instance.
//!
//! `½ dᵀF d` on the Bernoulli family at θ = 3/10 with d = t is `50/21·t²`. Derivatives are coefficients of
//! infinitesimals, expectations are sums over the sample space; no rule of calculus beyond Taylor series is used.

mod derivative;
mod sample;

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::failure::Failure;
use super::jet::{Jet, Ring, TOO_LONG};
use super::matrix::Matrix;
use super::moments::{self, Base};
use super::real::Real;
use super::world::World;
use crate::expr::{Binder, Dimension, Expr, Node, Shape, Store, SymbolId};
use crate::function::FunctionId;
use crate::number::Rational;

/// Expressions that nest deeper are not evaluated.
const DEPTH: u32 = 100;
/// Nodes that may be evaluated for one expression.
const STEPS: u32 = 20_000;
/// Sums over more terms are not evaluated.
const RANGE: i64 = 64;

/// What a bound variable stands for.
#[derive(Clone, Debug)]
enum Binding {
    /// A value, the same in every shape.
    Value(Rc<Matrix>),
    /// The sample point of this number.
    Outcome(usize),
    /// The sample variable on the line, of the sample binder of this number.
    Line(usize),
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
    /// Which expressions speak of it, below the roots looked at.
    dependent: FxHashSet<Expr>,
    looked_at: FxHashSet<Expr>,
    /// The densities on the line at the parameters met so far.
    bases: Vec<Base>,
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
            dependent: FxHashSet::default(),
            looked_at: FxHashSet::default(),
            bases: Vec::new(),
            steps: 0,
        }
    }

    /// The value of a closed expression.
    pub(super) fn value(&mut self, e: Expr) -> Evaluated {
        if self.store.height(e) > DEPTH {
            return Err(Failure::unknown("a formula that nests too deeply"));
        }
        self.steps = 0;
        self.look_at(e);
        let value = self.eval(e);
        if value.is_err() {
            // A failure may leave blocks and bindings open.
            self.ring = Ring::new(self.ring.order, self.ring.bits);
            self.bindings.clear();
        }
        value
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
            return Err(Failure::unknown(TOO_LONG));
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
            Node::Call(..) if self.world.named.contains_key(&e) => Ok(self.world.named[&e].clone()),
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
                if self.world.family(*density)?.continuous.is_some() {
                    return self.integral(*body, Some((*density, *parameter)));
                }
                let masses = self.masses(*density, Some(*parameter))?;
                self.sum_over_sample(*body, Some(&masses), masses.len())
            }
            Node::SampleIntegral { density, body } => {
                let family = self.world.family(*density)?;
                if family.continuous.is_some() {
                    return self.integral(*body, None);
                }
                self.sum_over_sample(*body, None, family.outcomes())
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
            Binding::Line(level) if shape.is_scalar() => Ok(Matrix::scalar(moments::sample(*level))),
            Binding::Line(_) => Err(Failure::unknown("a sample on the line in the place of a vector")),
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
        self.ring.log(argument, &|number| moments::log_base(&self.bases, number, &self.ring))
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
