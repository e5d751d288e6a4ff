//! Gradients and Hessians, from a built expression to built derivatives, in a store of their own each time.

use divan::{Bencher, black_box};
use referee::calculus::Differentiator;
use referee::expr::{Expr, Store};

fn main() {
    divan::main();
}

/// log Σᵢ exp(aᵢxᵢ + bᵢxᵢ²) of `n` terms; the variables are the xᵢ, and a and b are symbols too.
fn log_sum_exp(n: usize) -> (Store, Expr, Vec<Expr>) {
    let mut store = Store::new();
    let mut variables = Vec::new();
    let mut terms = Vec::new();
    for i in 0..n {
        let [a, b, x] = ["a", "b", "x"].map(|name| store.scalar(&format!("{name}_{i}")));
        variables.push(x);
        let square = store.powi(x, 2);
        let (linear, quadratic) = (store.mul(a, x), store.mul(b, square));
        let exponent = store.add(linear, quadratic);
        terms.push(store.call_named("exp", [exponent]));
    }
    let sum = store.sum(terms);
    let e = store.call_named("log", [sum]);
    (store, e, variables)
}

/// log N(x; μ, LLᵀ) in 5 dimensions with the entries of L as scalars: −½|z|² − Σ log Lᵢᵢ − (5/2) log 2π with
/// L z = x − μ solved forward. The variables are the 5 means and the 15 entries.
fn normal_log_density() -> (Store, Expr, Vec<Expr>) {
    let mut store = Store::new();
    let n = 5;
    let (mut variables, mut z, mut parts): (Vec<Expr>, Vec<Expr>, Vec<Expr>) = Default::default();
    for i in 0..n {
        let (x, mu) = (store.scalar(&format!("x_{i}")), store.scalar(&format!("mu_{i}")));
        variables.push(mu);
        let mut rest = store.sub(x, mu);
        for (j, z) in z.iter().enumerate() {
            let l = store.scalar(&format!("l_{i}_{j}"));
            variables.push(l);
            let product = store.mul(l, *z);
            rest = store.sub(rest, product);
        }
        let diagonal = store.scalar(&format!("l_{i}_{i}"));
        variables.push(diagonal);
        z.push(store.div(rest, diagonal));
        let log = store.call_named("log", [diagonal]);
        let square = store.powi(z[i], 2);
        parts.push(store.neg(log));
        parts.push(store.scale(&referee::number::Rational::new(-1, 2), square));
    }
    let density = store.sum(parts);
    (store, density, variables)
}

/// x_{k+1} = sin(x_k·x_{k−1}) + c, `depth` times; the variables are the first two and c.
fn chain(depth: usize) -> (Store, Expr, Vec<Expr>) {
    let mut store = Store::new();
    let [mut before, mut last, c] = ["x_0", "x_1", "c"].map(|name| store.scalar(name));
    let variables = vec![before, last, c];
    for _ in 0..depth {
        let product = store.mul(last, before);
        let sin = store.call_named("sin", [product]);
        (before, last) = (last, store.add(sin, c));
    }
    (store, last, variables)
}

type Problem = (Store, Expr, Vec<Expr>);

fn bench_hessian(bencher: Bencher, problem: fn() -> Problem) {
    let problem = problem();
    bencher.with_inputs(|| problem.clone()).bench_values(|(mut store, e, variables)| {
        let mut calculus = Differentiator::new();
        let gradient = calculus.gradient(&mut store, e, &variables);
        let hessian = calculus.hessian(&mut store, e, &variables);
        black_box((gradient, hessian));
        store
    });
}

#[divan::bench]
fn hessian_of_log_sum_exp(bencher: Bencher) {
    bench_hessian(bencher, || log_sum_exp(100));
}

#[divan::bench]
fn hessian_of_normal_log_density(bencher: Bencher) {
    bench_hessian(bencher, normal_log_density);
}

fn bench_gradient(bencher: Bencher, depth: usize) {
    let problem = chain(depth);
    bencher.with_inputs(|| problem.clone()).bench_values(|(mut store, e, variables)| {
        let gradient = Differentiator::new().gradient(&mut store, e, &variables);
        // Linear in the depth.
        assert!(store.size(&gradient) < 20 * depth);
        store
    });
}

#[divan::bench(args = [500, 1000, 2000])]
fn gradient_of_a_chain(bencher: Bencher, depth: usize) {
    bench_gradient(bencher, depth);
}

/// Building the chain itself.
#[divan::bench]
fn build_a_chain() -> usize {
    chain(black_box(500)).0.len()
}
