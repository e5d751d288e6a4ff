//! Random expressions, points to evaluate them at, and a runner that is the same on every machine.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use referee::algebra::Assumptions;
use referee::expr::{Expr, Images, Scope, Shape, Store, Symbol, formula_in, lower, lower_conditions};
use referee::function::{self, FunctionId};
use referee::number::Rational;
use referee::print::display;
use referee::syntax::{parse_conditions, parse_expression};
use referee::tape::{Enclosure, Tape};

/// The symbols of random expressions; `n` is of integer type.
pub const NAMES: [&str; 4] = ["x", "y", "p", "n"];

/// Runs a law on `cases` random values; the variables REFEREE_CASES and REFEREE_SEED ask for more, or others.
#[track_caller]
pub fn check<S: Strategy>(cases: u32, strategy: S, law: impl Fn(S::Value))
where
    S::Value: Debug,
{
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<u32>().ok());
    let cases = number("REFEREE_CASES").unwrap_or(cases);
    let mut seed = [7; 32];
    seed[..4].copy_from_slice(&number("REFEREE_SEED").unwrap_or(0).to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let outcome = runner.run(&strategy, |value| {
        law(value);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// How an expression is put together, without a store.
#[derive(Clone, Debug)]
pub enum Recipe {
    Number(i64, i64),
    Symbol(usize),
    Sum(Vec<Recipe>),
    Product(Vec<Recipe>),
    Power(Box<Recipe>, i64, i64),
    PowerOf(Box<Recipe>, Box<Recipe>),
    Call(FunctionId, Vec<Recipe>),
}

/// Expressions over [`NAMES`] with calls of the functions that `wanted` accepts.
pub fn recipes(depth: u32, size: u32, wanted: fn(FunctionId) -> bool) -> impl Strategy<Value = Recipe> {
    let table: Vec<FunctionId> = function::functions().filter(|f| wanted(*f)).collect();
    let constants: Vec<FunctionId> = table.iter().copied().filter(|f| f.is_constant()).collect();
    let calls: Vec<FunctionId> = table.into_iter().filter(|f| !f.is_constant()).collect();
    let leaf = prop_oneof![
        3 => (-6i64..7, 1i64..5).prop_map(|(a, b)| Recipe::Number(a, b)),
        6 => (0..NAMES.len()).prop_map(Recipe::Symbol),
        1 => prop::sample::select(constants).prop_map(|f| Recipe::Call(f, vec![])),
    ];
    leaf.prop_recursive(depth, size, 4, move |inner| {
        let calls = calls.clone();
        let list = prop::collection::vec(inner.clone(), 2..4);
        let call = (prop::sample::select(calls), inner.clone(), inner.clone()).prop_map(|(f, a, b)| {
            let arguments = [a, b].into_iter().cycle().take(f.arity());
            Recipe::Call(f, arguments.collect())
        });
        prop_oneof![
            3 => list.clone().prop_map(Recipe::Sum),
            3 => list.prop_map(Recipe::Product),
            2 => (inner.clone(), -3i64..4).prop_map(|(a, n)| Recipe::Power(Box::new(a), n, 1)),
            1 => (inner.clone(), -3i64..4, 2i64..4).prop_map(|(a, n, d)| Recipe::Power(Box::new(a), n, d)),
            1 => (inner.clone(), inner).prop_map(|(a, b)| Recipe::PowerOf(Box::new(a), Box::new(b))),
            4 => call,
        ]
    })
}

/// Every function of the table.
pub fn any_function(_: FunctionId) -> bool {
    true
}

/// The functions whose balls are cheap.
pub fn elementary(f: FunctionId) -> bool {
    !matches!(f.row().name, "besseli" | "bessel_ratio" | "polygamma" | "binomial" | "factorial")
}

/// The symbol of this position in [`NAMES`].
pub fn symbol(store: &mut Store, position: usize) -> Expr {
    let name = NAMES[position].to_owned();
    store.symbol(Symbol { integer: name == "n", name, shape: Shape::SCALAR })
}

pub fn symbols(store: &mut Store) -> Vec<Expr> {
    (0..NAMES.len()).map(|position| symbol(store, position)).collect()
}

/// A scope that knows [`NAMES`].
pub fn scope(store: &mut Store) -> Scope {
    let mut scope = Scope::strict();
    for (name, e) in NAMES.iter().zip(symbols(store)) {
        scope.declare(name, e);
    }
    scope
}

impl Recipe {
    /// The expression by the constructors, operands in the given order.
    pub fn build(&self, store: &mut Store) -> Expr {
        match self {
            Recipe::Number(a, b) => store.number(Rational::new(*a, *b)),
            Recipe::Symbol(position) => symbol(store, *position),
            Recipe::Sum(list) => {
                let list: Vec<Expr> = list.iter().map(|r| r.build(store)).collect();
                store.sum(list)
            }
            Recipe::Product(list) => {
                let list: Vec<Expr> = list.iter().map(|r| r.build(store)).collect();
                store.product(list)
            }
            Recipe::Power(base, n, d) => {
                let base = base.build(store);
                let exponent = store.number(Rational::new(*n, *d));
                store.pow(base, exponent)
            }
            Recipe::PowerOf(base, exponent) => {
                let (base, exponent) = (base.build(store), exponent.build(store));
                store.pow(base, exponent)
            }
            Recipe::Call(f, list) => {
                let list: Vec<Expr> = list.iter().map(|r| r.build(store)).collect();
                store.call(*f, list)
            }
        }
    }

    /// The same mathematics with operands of sums and products in another order and grouping.
    pub fn shuffled(&self) -> Recipe {
        let regroup = |list: &[Recipe], make: fn(Vec<Recipe>) -> Recipe| {
            let mut list: Vec<Recipe> = list.iter().rev().map(Recipe::shuffled).collect();
            if list.len() > 2 {
                let last = list.split_off(1);
                list.push(make(last));
            }
            make(list)
        };
        match self {
            Recipe::Number(..) | Recipe::Symbol(_) => self.clone(),
            Recipe::Sum(list) => regroup(list, Recipe::Sum),
            Recipe::Product(list) => regroup(list, Recipe::Product),
            Recipe::Power(base, n, d) => Recipe::Power(Box::new(base.shuffled()), *n, *d),
            Recipe::PowerOf(a, b) => Recipe::PowerOf(Box::new(a.shuffled()), Box::new(b.shuffled())),
            Recipe::Call(f, list) => Recipe::Call(*f, list.iter().map(Recipe::shuffled).collect()),
        }
    }
}

/// The text of an expression, read again in the same store.
#[track_caller]
pub fn read_back(store: &mut Store, scope: &mut Scope, e: Expr) -> Expr {
    let text = display(store, e);
    let (tree, mut diagnostics) = parse_expression(&text, 0);
    let again = tree.and_then(|tree| lower(store, scope, &tree, &mut diagnostics));
    again.unwrap_or_else(|| panic!("`{text}` does not read: {diagnostics:?}"))
}

/// A declared domain and exact points of it, coordinates in the order of [`NAMES`].
pub struct Domain {
    pub conditions: &'static str,
    pub points: [[(i64, i64); 4]; 5],
}

/// Domains that take each road through the normalizer: positive, negative, bounded, signless.
#[rustfmt::skip]
pub static DOMAINS: [Domain; 5] = [
    Domain { conditions: "x > 0, y > 0, 0 < p < 1, n >= 0", points: [
        [(3, 2), (2, 3), (1, 3), (2, 1)], [(1, 5), (7, 3), (4, 5), (0, 1)], [(2, 1), (1, 2), (1, 7), (3, 1)],
        [(11, 7), (5, 1), (1, 2), (1, 1)], [(1, 1), (1, 1), (9, 10), (5, 1)]] },
    Domain { conditions: "", points: [
        [(3, 2), (-2, 3), (1, 3), (2, 1)], [(-1, 5), (7, 3), (-4, 5), (-1, 1)], [(-2, 1), (-1, 2), (5, 3), (3, 1)],
        [(11, 7), (5, 1), (-1, 2), (-2, 1)], [(1, 1), (-1, 1), (9, 10), (1, 1)]] },
    Domain { conditions: "x < 0, y != 0, p > 1, n >= 1", points: [
        [(-3, 2), (-2, 3), (4, 3), (2, 1)], [(-1, 5), (7, 3), (9, 5), (1, 1)], [(-2, 1), (1, 2), (3, 1), (3, 1)],
        [(-11, 7), (-5, 1), (3, 2), (4, 1)], [(-1, 1), (1, 1), (19, 10), (5, 1)]] },
    Domain { conditions: "x >= 0, y <= 0, p >= 1, n <= -1", points: [
        [(3, 2), (-2, 3), (4, 3), (-2, 1)], [(0, 1), (-7, 3), (9, 5), (-1, 1)], [(2, 1), (0, 1), (1, 1), (-3, 1)],
        [(11, 7), (-5, 1), (3, 2), (-4, 1)], [(1, 1), (-1, 1), (19, 10), (-5, 1)]] },
    Domain { conditions: "x > 0, y < x, -1 < p < 1, n in 0..4", points: [
        [(3, 2), (2, 3), (-1, 3), (2, 1)], [(1, 5), (-7, 3), (4, 5), (0, 1)], [(2, 1), (3, 2), (-1, 7), (3, 1)],
        [(11, 7), (-5, 1), (1, 2), (1, 1)], [(1, 1), (0, 1), (-9, 10), (4, 1)]] },
];

impl Domain {
    pub fn assumptions(&self, store: &mut Store) -> Assumptions {
        let mut scope = scope(store);
        let (conditions, diagnostics) = parse_conditions(self.conditions, 0);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let mut diagnostics = Vec::new();
        let list = conditions.unwrap_or_default();
        let facts = lower_conditions(store, &mut scope, &list, false, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        Assumptions::new(store, &facts)
    }
}

/// The values of several expressions of [`NAMES`] at an exact point.
pub fn enclosures(
    store: &mut Store,
    list: &[Expr],
    point: &[(i64, i64); 4],
    precision: u32,
) -> Vec<Enclosure> {
    let inputs = symbols(store);
    let tape = Tape::new(store, &inputs, list);
    let values: Vec<Enclosure> =
        point.iter().map(|(a, b)| Enclosure::Exact(Rational::new(*a, *b), precision)).collect();
    tape.eval(&values, precision)
}

/// The expression of a text whose names are real, except for `n`.
pub fn read(store: &mut Store, text: &str) -> Expr {
    let mut scope = Scope::lenient();
    let n = symbol(store, 3);
    scope.declare("n", n);
    formula_in(store, &mut scope, text)
}

/// Replaces one symbol.
pub fn put(store: &mut Store, e: Expr, symbol: Expr, by: Expr) -> Expr {
    store.substitute(e, &Images::from_iter([(symbol, by)]))
}
