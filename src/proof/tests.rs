//! The kernel on certificates written by hand, and on damaged ones.

use super::*;
use crate::claim::{
    AbstractFunction, Assumption, Claim, Context, Density, Inequality, Limit, Problem, Property,
};
use crate::expr::DerivativeKind::{Gradient, Hessian};
use crate::expr::{Dimension, Expr, Shape, Store, Symbol, SymbolId};
use crate::number::Rational;
use Meta::*;

/// p(x | θ) regular, L(θ) smooth, θ, d, v ∈ ℝⁿ.
struct World {
    store: Store,
    context: Context,
    p: SymbolId,
    density: Expr,
    loss: SymbolId,
    theta: Expr,
    d: Expr,
    shape: Shape,
}

impl World {
    fn new() -> World {
        let mut store = Store::new();
        let n = store.symbol_id(Symbol { name: "n".into(), shape: Shape::SCALAR, integer: true });
        let shape = Shape::vector(Dimension::Named(n));
        let mut vector = |name: &str| store.symbol(Symbol { name: name.into(), shape, integer: false });
        let (theta, d) = (vector("theta"), vector("d"));
        let scalar = |name: &str| Symbol { name: name.into(), shape: Shape::SCALAR, integer: false };
        let (p, loss) = (store.symbol_id(scalar("p")), store.symbol_id(scalar("L")));
        let density = store.symbol_expr(p);
        let context = Context {
            densities: vec![Density { symbol: p, parameter: Some(theta), regularity: 3 }],
            functions: vec![AbstractFunction { symbol: loss, arguments: vec![theta], smoothness: 3 }],
            assumptions: Vec::new(),
            limit: Limit { symbols: vec![(d, Rational::ONE)] },
        };
        World { store, context, p, density, loss, theta, d, shape }
    }

    fn vector(&mut self, name: &str) -> Expr {
        self.store.symbol(Symbol { name: name.into(), shape: self.shape, integer: false })
    }

    fn matrix(&mut self, name: &str) -> Expr {
        let shape = Shape::matrix(self.shape.rows, self.shape.rows);
        self.store.symbol(Symbol { name: name.into(), shape, integer: false })
    }

    fn scalar(&mut self, name: &str) -> Expr {
        self.store.scalar(name)
    }

    fn hole(&mut self, like: Expr) -> Expr {
        let shape = self.store.shape(like);
        hole(&mut self.store, shape)
    }

    /// The bound variable of a sample binder `by` levels out.
    fn x(&mut self, by: u32) -> Expr {
        self.store.bound(by, Shape::SCALAR, false)
    }

    fn t(&mut self) -> Expr {
        self.store.bound(0, self.shape, false)
    }

    /// p(#by | a)
    fn p(&mut self, by: u32, a: Expr) -> Expr {
        let x = self.x(by);
        self.store.apply(self.p, vec![x, a])
    }

    fn log_p(&mut self, by: u32, a: Expr) -> Expr {
        let p = self.p(by, a);
        self.store.call_named("log", vec![p])
    }

    /// t ↦ log p(x | t) under one sample binder.
    fn log_body(&mut self) -> Expr {
        let t = self.t();
        self.log_p(1, t)
    }

    fn expect(&mut self, body: Expr) -> Expr {
        self.store.expectation(self.p, self.theta, body)
    }

    fn integral(&mut self, body: Expr) -> Expr {
        self.store.sample_integral(self.p, body)
    }

    fn fisher(&mut self) -> Expr {
        self.store.fisher(self.p, self.theta)
    }

    fn loss(&mut self, at: Expr) -> Expr {
        self.store.apply(self.loss, vec![at])
    }

    /// ∇L(θ)
    fn loss_gradient(&mut self) -> Expr {
        let t = self.t();
        let body = self.loss(t);
        self.store.derivative(Gradient, body, self.theta)
    }

    /// aᵀb
    fn dot(&mut self, a: Expr, b: Expr) -> Expr {
        let row = self.store.transpose(a);
        self.store.chain([row, b])
    }

    /// aᵀMb
    fn form(&mut self, a: Expr, m: Expr, b: Expr) -> Expr {
        let row = self.store.transpose(a);
        self.store.chain([row, m, b])
    }

    fn half(&mut self, e: Expr) -> Expr {
        self.store.scale(&Rational::new(1, 2), e)
    }

    fn check(&mut self, claim: &Claim, certificate: &Certificate) -> Result<Theorem, Rejected> {
        check(&mut self.store, &self.context, claim, certificate)
    }
}

fn step(rule: &'static str, with: Vec<(Meta, Expr)>, context: Expr) -> Step {
    Step { rule: RuleId(rule), with, context, backwards: false }
}

fn back(rule: &'static str, with: Vec<(Meta, Expr)>, context: Expr) -> Step {
    Step { backwards: true, ..step(rule, with, context) }
}

#[track_caller]
fn unconditional(theorem: Result<Theorem, Rejected>) -> Theorem {
    let theorem = theorem.expect("accepted");
    let open: Vec<_> = theorem.open_conditions().collect();
    assert!(open.is_empty(), "{open:?}");
    theorem
}

/// KL(θ, θ+d) ≡ ½ dᵀF(θ)d as in any textbook: fourteen steps.
fn divergence_claim(w: &mut World) -> (Claim, Vec<Step>) {
    let (theta, d, density) = (w.theta, w.d, w.density);
    let moved = w.store.add(theta, d);
    let left = w.store.divergence((w.p, theta), (w.p, moved));
    let fisher = w.fisher();
    let form = w.form(d, fisher, d);
    let right = w.half(form);
    let one = w.hole(left);
    let (p, q) = (w.p(0, theta), w.p(0, moved));
    let (log_p, log_q) = (w.log_p(0, theta), w.log_p(0, moved));
    let inverse = w.store.powi(q, -1);
    let minus_one = w.store.integer(-1);
    let weighted = w.store.mul(p, one);
    let in_log = w.integral(weighted);
    // ∫ p (log p + □)
    let both = w.store.add(log_p, one);
    let both = w.store.mul(p, both);
    let in_power = w.integral(both);
    let first = w.store.mul(p, log_p);
    let second = w.store.mul(p, log_q);
    let minus_second = w.store.neg(second);
    let rest = w.integral(minus_second);
    let beside_rest = w.store.add(one, rest);
    let entropy = w.expect(log_p);
    let beside_entropy = w.store.add(entropy, one);
    let minus_log = w.store.neg(log_q);
    let minus_hole = w.store.neg(one);
    // E[log p] − E[□]
    let expect_hole = w.expect(one);
    let minus_expect_hole = w.store.neg(expect_hole);
    let in_taylor = w.store.add(entropy, minus_expect_hole);
    let body = w.log_body();
    let score = w.store.derivative(Gradient, body, theta);
    let hessian = w.store.derivative(Hessian, body, theta);
    let slope = w.dot(score, d);
    let curvature = w.form(d, hessian, d);
    let half_curvature = w.half(curvature);
    let linear = w.store.add(log_p, slope);
    // E[log p] − (□): the sum under E splits twice.
    let minus_all = w.store.add(entropy, minus_hole);
    let expect_curvature = w.expect(half_curvature);
    let with_curvature = w.store.add(one, expect_curvature);
    let minus_with = w.store.neg(with_curvature);
    let split = w.store.add(entropy, minus_with);
    let minus_curvature = w.store.neg(expect_curvature);
    let linear_alone = w.store.add(minus_hole, minus_curvature);
    let row = w.store.transpose(d);
    let expect_score = w.expect(score);
    let half = w.store.number(Rational::new(1, 2));
    let linear_part = w.dot(expect_score, d);
    let minus_linear = w.store.neg(linear_part);
    let curved = w.store.add(minus_linear, minus_hole);
    let column = w.hole(d);
    let mean = w.dot(column, d);
    let minus_mean = w.store.neg(mean);
    let expect_hessian = w.expect(hessian);
    let quadratic = w.form(d, expect_hessian, d);
    let minus_half = w.store.scale(&Rational::new(-1, 2), quadratic);
    let in_mean = w.store.add(minus_mean, minus_half);
    let matrix = w.hole(fisher);
    let in_information = w.form(d, matrix, d);
    let in_information = w.store.scale(&Rational::new(-1, 2), in_information);
    let steps = vec![
        step("def-kl", vec![(P, density), (Q, density), (A, theta), (B, moved)], one),
        step("log-product", vec![(U, p), (V, inverse)], in_log),
        step("log-power", vec![(U, q), (E, minus_one)], in_power),
        step("int-sum", vec![(P, density), (F, first), (G, minus_second)], one),
        back("def-e", vec![(P, density), (A, theta), (F, log_p)], beside_rest),
        back("def-e", vec![(P, density), (A, theta), (F, minus_log)], beside_entropy),
        step("e-constant", vec![(P, density), (A, theta), (K, minus_one), (F, log_q)], beside_entropy),
        step("taylor-2", vec![(F, body), (A, theta), (D, d)], in_taylor),
        step("e-sum", vec![(P, density), (A, theta), (F, linear), (G, half_curvature)], minus_all),
        step("e-sum", vec![(P, density), (A, theta), (F, log_p), (G, slope)], split),
        step(
            "e-constant",
            vec![(P, density), (A, theta), (K, Store::ONE), (L, row), (F, score)],
            linear_alone,
        ),
        step("e-constant", vec![(P, density), (A, theta), (K, half), (L, row), (R, d), (F, hessian)], curved),
        step("score-mean", vec![(P, density), (A, theta)], in_mean),
        step("information", vec![(P, density), (A, theta)], in_information),
    ];
    let limit = w.context.limit.clone();
    (Claim::Order { left, right, limit, order: Rational::from(2), big: false }, steps)
}

#[test]
fn divergence_is_half_the_quadratic_form() {
    let mut w = World::new();
    let (claim, steps) = divergence_claim(&mut w);
    let theorem = unconditional(w.check(&claim, &Certificate::Chain(steps)));
    assert_eq!(
        theorem.rules,
        [
            "def-kl",
            "log-product",
            "log-power",
            "int-sum",
            "def-e",
            "e-constant",
            "taylor-2",
            "e-sum",
            "score-mean",
            "information"
        ]
    );
}

/// Each subterm of a list of terms.
fn subterms(w: &World, terms: &[Expr]) -> Vec<Expr> {
    w.store.post_order(terms)
}

/// Variants of a term: scaled, or with one subterm replaced by another one of its shape.
fn damaged(w: &mut World, e: Expr) -> Vec<Expr> {
    let mut list = vec![w.store.neg(e), w.store.scale(&Rational::from(2), e)];
    let parts = subterms(w, &[e]);
    for &part in &parts {
        for replacement in [w.theta, w.d, Store::ONE, part] {
            let other = if replacement == part { w.store.neg(part) } else { replacement };
            if w.store.shape(other) == w.store.shape(part) {
                list.push(plug(&mut w.store, e, part, other));
            }
        }
    }
    list.retain(|other| *other != e);
    list
}

#[test]
fn damaged_certificates_are_rejected() {
    let mut w = World::new();
    let (claim, steps) = divergence_claim(&mut w);
    let (mut tried, mut accepted) = (0, Vec::new());
    let mut attempt = |w: &mut World, steps: Vec<Step>, what: String| {
        tried += 1;
        if let Ok(theorem) = w.check(&claim, &Certificate::Chain(steps))
            && theorem.open_conditions().next().is_none()
        {
            accepted.push(what);
        }
    };
    for at in 0..steps.len() {
        for row in rules() {
            let mut other = steps.clone();
            other[at].rule = RuleId(row.name);
            if row.name != steps[at].rule.0 {
                attempt(&mut w, other, format!("{at}: rule {}", row.name));
            }
        }
        for letter in 0..steps[at].with.len() {
            for variant in damaged(&mut w, steps[at].with[letter].1) {
                let mut other = steps.clone();
                other[at].with[letter].1 = variant;
                attempt(&mut w, other, format!("{at}: letter {:?}", steps[at].with[letter].0));
            }
        }
        for variant in damaged(&mut w, steps[at].context) {
            let mut other = steps.clone();
            other[at].context = variant;
            attempt(&mut w, other, format!("{at}: context"));
        }
        let mut other = steps.clone();
        other[at].backwards = !other[at].backwards;
        attempt(&mut w, other, format!("{at}: direction"));
        let mut other = steps.clone();
        other.remove(at);
        attempt(&mut w, other, format!("{at}: removed"));
    }
    println!("{tried} tried, accepted {accepted:#?}");
    assert!(tried > 1000, "{tried}");
    assert_eq!(accepted, Vec::<String>::new());
}
