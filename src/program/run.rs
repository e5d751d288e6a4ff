//! A body and its arguments → its results, in floats of this machine: the meaning of the language.
//!
//! Elementary functions come from `libm`, so results are the same on every machine.

use rustc_hash::FxHashMap;

use super::{Body, Condition, Operator, Relation, Statement, Term};

/// How often the loops of one run may turn, together.
const MOST_TURNS: u32 = 100_000;

/// A run whose loops turn longer than any body should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Endless;

/// The results of a body for parameters of these names; `call` answers calls that are not elementary.
///
/// # Panics
///
/// Where a loop turns more than 100,000 times or a call has another number of results than names: a bug of the body.
#[track_caller]
pub fn run(
    body: &Body,
    parameters: &[&str],
    arguments: &[f64],
    call: &dyn Fn(&str, &[f64]) -> Vec<f64>,
) -> Vec<f64> {
    run_within(body, parameters, arguments, call)
        .unwrap_or_else(|Endless| panic!("a loop does not end for {parameters:?} = {arguments:?}"))
}

/// [`run`], or that its loops turn too long.
pub fn run_within(
    body: &Body,
    parameters: &[&str],
    arguments: &[f64],
    call: &dyn Fn(&str, &[f64]) -> Vec<f64>,
) -> Result<Vec<f64>, Endless> {
    assert_eq!(parameters.len(), arguments.len(), "an argument for each of {parameters:?}");
    let values = parameters.iter().copied().zip(arguments.iter().copied()).collect();
    let mut run = Run { values, call, turns: 0 };
    run.block(&body.statements)?;
    Ok(body.results.iter().map(|term| run.value(term)).collect())
}

struct Run<'b> {
    values: FxHashMap<&'b str, f64>,
    call: &'b dyn Fn(&str, &[f64]) -> Vec<f64>,
    turns: u32,
}

impl<'b> Run<'b> {
    fn block(&mut self, statements: &'b [Statement]) -> Result<(), Endless> {
        statements.iter().try_for_each(|statement| self.step(statement))
    }

    fn step(&mut self, statement: &'b Statement) -> Result<(), Endless> {
        match statement {
            Statement::Comment(_) => {}
            Statement::Set(name, term) => {
                let value = self.value(term);
                self.values.insert(name, value);
            }
            Statement::SetMany(names, Term::Call(function, arguments)) => {
                let arguments = self.all(arguments);
                let results = (self.call)(function, &arguments);
                assert_eq!(names.len(), results.len(), "results of {function}");
                self.values.extend(names.iter().map(String::as_str).zip(results));
            }
            Statement::SetMany(names, _) => panic!("{names:?} are set by a call"),
            Statement::If(condition, first, second) => {
                return self.block(if self.holds(condition) { first } else { second });
            }
            Statement::While(condition, statements) => {
                while self.holds(condition) {
                    self.turns += 1;
                    if self.turns > MOST_TURNS {
                        return Err(Endless);
                    }
                    self.block(statements)?;
                }
            }
        }
        Ok(())
    }

    fn all(&self, terms: &[Term]) -> Vec<f64> {
        terms.iter().map(|term| self.value(term)).collect()
    }

    fn value(&self, term: &Term) -> f64 {
        match term {
            Term::Number(digits) => digits.parse().expect("the digits of a float"),
            Term::Name(name) => self.named(name),
            Term::Negative(inner) => -self.value(inner),
            Term::Binary(operator, left, right) => {
                let (left, right) = (self.value(left), self.value(right));
                match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                    Operator::Divide => left / right,
                }
            }
            Term::Call(name, arguments) => {
                let arguments = self.all(arguments);
                elementary(name, &arguments).unwrap_or_else(|| {
                    let results = (self.call)(name, &arguments);
                    assert_eq!(results.len(), 1, "results of {name}");
                    results[0]
                })
            }
        }
    }

    fn named(&self, name: &str) -> f64 {
        match name {
            "nan" => f64::NAN,
            "infinity" => f64::INFINITY,
            "pi" => std::f64::consts::PI,
            _ => *self.values.get(name).unwrap_or_else(|| panic!("`{name}` has a value")),
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Compare(relation, left, right) => {
                let (left, right) = (self.value(left), self.value(right));
                match relation {
                    Relation::Less => left < right,
                    Relation::LessOrEqual => left <= right,
                    Relation::Greater => left > right,
                    Relation::GreaterOrEqual => left >= right,
                    Relation::Equal => left == right,
                    Relation::NotEqual => left != right,
                }
            }
            Condition::And(left, right) => self.holds(left) && self.holds(right),
            Condition::Or(left, right) => self.holds(left) || self.holds(right),
            Condition::Not(inner) => !self.holds(inner),
        }
    }
}

/// The value of an elementary function; `None` for other names.
#[rustfmt::skip]
pub fn elementary(name: &str, arguments: &[f64]) -> Option<f64> {
    Some(match (name, arguments) {
        ("exp", &[x])    => libm::exp(x),
        ("log", &[x])    => libm::log(x),
        ("log1p", &[x])  => libm::log1p(x),
        ("expm1", &[x])  => libm::expm1(x),
        ("sqrt", &[x])   => libm::sqrt(x),
        ("sin", &[x])    => libm::sin(x),
        ("cos", &[x])    => libm::cos(x),
        ("tan", &[x])    => libm::tan(x),
        ("atan", &[x])   => libm::atan(x),
        ("sinh", &[x])   => libm::sinh(x),
        ("cosh", &[x])   => libm::cosh(x),
        ("tanh", &[x])   => libm::tanh(x),
        ("abs", &[x])    => libm::fabs(x),
        ("floor", &[x])  => libm::floor(x),
        ("min", &[x, y]) => libm::fmin(x, y),
        ("max", &[x, y]) => libm::fmax(x, y),
        ("pow", &[x, y]) => libm::pow(x, y),
        _ => return None,
    })
}
