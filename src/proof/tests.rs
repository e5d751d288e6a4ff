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

/// Variants of a term: scaled, or with one subterm replaced by another one of its shape. Those that the ring does not tell
/// from the term, `(−d)ᵀF(−d)`, are no damage.
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
    let mut ring = ring::Ring::new(&mut w.store, &w.context);
    list.retain(|other| match (ring.normal(*other), ring.normal(e)) {
        (Ok(other), Ok(e)) => other.expr != e.expr,
        _ => true,
    });
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
    assert!(tried > 1000, "{tried}");
    assert_eq!(accepted, Vec::<String>::new());
}

fn equal(left: Expr, right: Expr) -> Claim {
    Claim::Equal { left, right }
}

fn chain(steps: Vec<Step>) -> Certificate {
    Certificate::Chain(steps)
}

/// The ring proves left = right, and no condition stays.
#[track_caller]
fn check_ring(w: &mut World, left: Expr, right: Expr, wanted: bool) {
    let theorem = w.check(&equal(left, right), &chain(vec![]));
    assert_eq!(theorem.is_ok(), wanted, "{theorem:?}");
}

#[test]
fn arithmetic_of_matrices_needs_no_rule() {
    let mut w = World::new();
    let (u, v, a, b) = (w.vector("u"), w.vector("v"), w.matrix("A"), w.matrix("B"));
    let f = w.fisher();
    let (left, right) = (w.form(u, f, v), w.form(v, f, u));
    check_ring(&mut w, left, right, true);
    let (left, right) = (w.form(u, a, v), w.form(v, a, u));
    check_ring(&mut w, left, right, false);
    let (left, right) = (w.store.chain([a, b]), w.store.chain([b, a]));
    check_ring(&mut w, left, right, false);
    let (at, bt) = (w.store.transpose(a), w.store.transpose(b));
    let (left, right) = (w.store.transpose(left), w.store.chain([bt, at]));
    check_ring(&mut w, left, right, true);
    // (u vᵀ) u = u (vᵀu)
    let row = w.store.transpose(v);
    let (left, scalar) = (w.store.chain([u, row, u]), w.dot(u, v));
    let right = w.store.chain([scalar, u]);
    check_ring(&mut w, left, right, true);
    w.context.assumptions.push(Assumption::Property(a, Property::Symmetric));
    let (left, right) = (w.form(u, a, v), w.form(v, a, u));
    check_ring(&mut w, left, right, true);
}

/// (J F J)⁻¹ J ∇L = J⁻¹F⁻¹∇L for nonsingular J and F: invariance of the natural gradient.
#[test]
fn inverses_cancel_where_they_exist() {
    let mut w = World::new();
    let (j, f) = (w.matrix("J"), w.matrix("F"));
    let g = w.loss_gradient();
    let jt = w.store.transpose(j);
    let metric = w.store.chain([jt, f, j]);
    let inverse = w.store.inverse(metric);
    let left = w.store.chain([inverse, jt, g]);
    let (ji, fi) = (w.store.inverse(j), w.store.inverse(f));
    let right = w.store.chain([ji, fi, g]);
    let claim = equal(left, right);
    let theorem = w.check(&claim, &chain(vec![])).expect("accepted");
    let open: Vec<Met> = theorem.open_conditions().cloned().collect();
    assert!(open.contains(&Met::outside(Condition::Nonsingular(f))), "{open:?}");
    for matrix in [j, f] {
        w.context.assumptions.push(Assumption::Property(matrix, Property::Nonsingular));
    }
    unconditional(w.check(&claim, &chain(vec![])));
}

#[test]
fn what_a_zero_or_a_quotient_deletes_stays_a_condition() {
    let mut w = World::new();
    let x = w.scalar("y");
    let log = w.store.call_named("log", vec![x]);
    let nothing = w.store.scale(&Rational::ZERO, log);
    let theorem = w.check(&equal(nothing, Store::ZERO), &chain(vec![])).expect("accepted");
    assert!(theorem.open_conditions().any(|met| met.condition == Condition::Positive(x)));
    let inverse = w.store.powi(x, -1);
    let quotient = w.store.mul(x, inverse);
    let theorem = w.check(&equal(quotient, Store::ONE), &chain(vec![])).expect("accepted");
    assert!(theorem.open_conditions().any(|met| met.condition == Condition::NonZero(x)));
    w.context.assumptions.push(Assumption::Positive(x));
    unconditional(w.check(&equal(quotient, Store::ONE), &chain(vec![])));
    unconditional(w.check(&equal(nothing, Store::ZERO), &chain(vec![])));
    // √(y²) is not y, and 2^(10⁹) is not 1.
    let square = w.store.powi(x, 2);
    let root = w.store.call_named("sqrt", vec![square]);
    check_ring(&mut w, root, x, false);
    let two = w.store.integer(2);
    let huge = w.store.powi(two, 1_000_000_000);
    check_ring(&mut w, huge, Store::ONE, false);
}

/// p·p⁻¹ does not leave an integral as the constant 1 without p ≠ 0, and x-dependence never leaves.
#[test]
fn only_constants_leave_an_integral() {
    let mut w = World::new();
    let p = w.p(0, w.theta);
    let left = w.integral(p);
    let hole = w.hole(left);
    let with = |k: Expr| vec![(P, w.density), (K, k), (F, Store::ONE)];
    // The letter K is seen from outside of the integral: there is no x to name.
    let step_out = step("int-constant", with(p), hole);
    assert!(w.check(&equal(left, Store::ONE), &chain(vec![step_out])).is_err());
    let normalized = step("normalized", vec![(P, w.density), (A, w.theta)], hole);
    unconditional(w.check(&equal(left, Store::ONE), &chain(vec![normalized])));
}

/// ∇ log(−p) = ∇p/p would need −p > 0.
#[test]
fn the_logarithm_of_a_negative_density_has_no_gradient() {
    let mut w = World::new();
    let t = w.t();
    let x = w.scalar("x");
    let p = w.store.apply(w.p, vec![x, t]);
    let minus = w.store.neg(p);
    let log = w.store.call_named("log", vec![minus]);
    let left = w.store.derivative(Gradient, log, w.theta);
    let slope = w.store.derivative(Gradient, p, w.theta);
    let at = w.store.apply(w.p, vec![x, w.theta]);
    let inverse = w.store.powi(at, -1);
    let right = w.store.chain([inverse, slope]);
    let hole = w.hole(left);
    let gradient = w.store.derivative(Gradient, minus, w.theta);
    let minus_inverse = w.store.neg(inverse);
    let column = w.hole(gradient);
    let scaled = w.store.chain([minus_inverse, column]);
    let minus_one = w.store.integer(-1);
    let steps = vec![
        step("grad-log", vec![(F, minus), (A, w.theta)], hole),
        step("grad-scale", vec![(K, minus_one), (F, p), (A, w.theta)], scaled),
    ];
    let theorem = w.check(&equal(left, right), &chain(steps)).expect("accepted");
    let negative = w.store.neg(at);
    assert!(
        theorem.open_conditions().any(|met| met.condition == Condition::Positive(negative)),
        "{theorem:?}"
    );
}

/// λFd = −∇L ⇒ d = −λ⁻¹F⁻¹∇L, and 0 = ∂/∂d [L(θ) + ∇L·d + ½λdᵀFd] where that is least.
#[test]
fn a_linear_equation_is_solved_and_the_minimum_found() {
    let mut w = World::new();
    let (f, lambda, d) = (w.matrix("F"), w.scalar("lambda"), w.d);
    let g = w.loss_gradient();
    let metric = w.store.chain([lambda, f]);
    let (left, right) = (w.store.chain([metric, d]), w.store.neg(g));
    let over = w.store.powi(lambda, -1);
    let inverse = w.store.inverse(f);
    let step_matrix = w.store.chain([over, inverse]);
    let solved = w.store.chain([step_matrix, g]);
    let solution = w.store.neg(solved);
    let claim = Claim::Conclusion { given: vec![(left, right)], left: d, right: solution };
    let by = |left: Expr| Certificate::Combination {
        multipliers: vec![Multiplier { equation: 0, left, right: Store::ONE }],
        chain: vec![],
    };
    let theorem = w.check(&claim, &by(step_matrix)).expect("accepted");
    assert_eq!(theorem.open_conditions().count(), 2, "{theorem:?}");
    let wrong = Claim::Conclusion { given: vec![(left, right)], left: d, right: solved };
    assert!(w.check(&wrong, &by(step_matrix)).is_err());
    // The minimum: ½λ (d − d*)ᵀF(d − d*).
    w.context.assumptions.push(Assumption::Property(f, Property::PositiveDefinite));
    let (slope, form) = (w.dot(g, d), w.form(d, f, d));
    let half = w.half(form);
    let penalty = w.store.mul(lambda, half);
    let constant = w.loss(w.theta);
    let objective = w.store.sum([constant, slope, penalty]);
    let problem = Problem { variable: d, objective, constraints: vec![] };
    let away = w.store.sub(d, solution);
    let sign = Sign::Product(vec![
        Sign::Number(Rational::new(1, 2)),
        Sign::Positive(lambda),
        Sign::Definite { matrix: f, vector: away },
    ]);
    let minimum = Certificate::Minimum { chain: vec![], sign, feasible: vec![] };
    let claim = Claim::Minimizer { point: solution, problem: problem.clone() };
    let theorem = w.check(&claim, &minimum).expect("accepted");
    let open: Vec<_> = theorem.open_conditions().map(|met| met.condition.clone()).collect();
    assert!(open.contains(&Condition::Positive(lambda)), "{open:?}");
    let wrong = Claim::Minimizer { point: solved, problem: problem.clone() };
    assert!(w.check(&wrong, &minimum).is_err());
    w.context.assumptions.push(Assumption::Positive(lambda));
    unconditional(w.check(&claim, &minimum));
    // A semidefinite matrix gives no uniqueness.
    let fisher = w.fisher();
    let weak = Sign::Form { matrix: fisher, vector: away };
    assert!(w.check(&claim, &Certificate::Minimum { chain: vec![], sign: weak, feasible: vec![] }).is_err());
}

/// After v = ∇L(θ), which is assumed, the gradient of vᵀv by θ is not that of a constant.
#[test]
fn a_name_is_no_constant_below_the_derivative_by_its_variable() {
    let mut w = World::new();
    let (v, theta) = (w.vector("v"), w.theta);
    let square = w.dot(v, v);
    let gradient = w.store.derivative(Gradient, square, theta);
    let zero = w.store.zero(w.shape);
    let hole = w.hole(zero);
    let steps = chain(vec![step("grad-constant", vec![(C, square), (A, theta)], hole)]);
    unconditional(w.check(&equal(gradient, zero), &steps));
    let value = w.loss_gradient();
    w.context.assumptions.push(Assumption::Equal(v, value));
    assert!(w.check(&equal(gradient, zero), &steps).is_err());
}

/// s t = 0 ⇒ t = 0 where s ≠ 0; that it holds where t ≠ 0 says nothing.
#[test]
fn a_conclusion_rests_on_nothing_that_denies_it() {
    let mut w = World::new();
    let (s, t) = (w.scalar("s"), w.scalar("t"));
    let product = w.store.mul(s, t);
    let claim = Claim::Conclusion { given: vec![(product, Store::ZERO)], left: t, right: Store::ZERO };
    let (over, over_both) = (w.store.powi(s, -1), w.store.powi(product, -1));
    let roundabout = w.store.mul(t, over_both);
    let by = |left: Expr| Certificate::Combination {
        multipliers: vec![Multiplier { equation: 0, left, right: Store::ONE }],
        chain: vec![],
    };
    let theorem = w.check(&claim, &by(over)).expect("accepted");
    let open: Vec<_> = theorem.open_conditions().map(|met| met.condition.clone()).collect();
    assert_eq!(open, [Condition::NonZero(s)]);
    assert!(w.check(&claim, &by(roundabout)).is_err());
}

/// v·g is least on the unit ball at −g/‖g‖ alone.
#[test]
fn the_steepest_descent_on_a_ball() {
    let mut w = World::new();
    let (v, g) = (w.vector("v"), w.loss_gradient());
    let objective = w.dot(g, v);
    let (vv, gg) = (w.dot(v, v), w.dot(g, g));
    let (length, norm) = (w.store.call_named("sqrt", vec![vv]), w.store.call_named("sqrt", vec![gg]));
    let constraint = w.store.sub(length, Store::ONE);
    let problem = Problem { variable: v, objective, constraints: vec![constraint] };
    let inverse = w.store.powi(norm, -1);
    let unit = w.store.chain([inverse, g]);
    let point = w.store.neg(unit);
    let away = w.store.add(v, unit);
    let half_norm = || vec![Sign::Number(Rational::new(1, 2)), Sign::Positive(norm)];
    let product = |mut list: Vec<Sign>, more: Vec<Sign>| {
        list.extend(more);
        Sign::Product(list)
    };
    // ½‖g‖‖v − v*‖² + ½‖g‖(1 − ‖v‖)(1 + ‖v‖)
    let sign = Sign::Sum(vec![
        product(half_norm(), vec![Sign::Square(away)]),
        product(
            half_norm(),
            vec![Sign::Slack(0), Sign::Sum(vec![Sign::Number(Rational::ONE), Sign::Norm(v)])],
        ),
    ]);
    let certificate = |sign: Sign| Certificate::Minimum {
        chain: vec![],
        sign,
        feasible: vec![(vec![], Sign::Sum(vec![]))],
    };
    let claim = Claim::Minimizer { point, problem: problem.clone() };
    assert!(w.check(&claim, &certificate(sign.clone())).is_err(), "∇L ≠ 0 is not declared");
    w.context.assumptions.push(Assumption::NonZero(g));
    unconditional(w.check(&claim, &certificate(sign.clone())));
    let wrong = Claim::Minimizer { point: unit, problem: problem.clone() };
    assert!(w.check(&wrong, &certificate(sign)).is_err());
    // On the sphere, with ∇L ≠ 0 as a condition.
    w.context.assumptions.clear();
    let other = w.store.neg(constraint);
    let problem = Problem { constraints: vec![constraint, other], ..problem };
    let half_norm = || vec![Sign::Number(Rational::new(1, 2)), Sign::PositiveNorm(g)];
    let sign = Sign::Sum(vec![
        product(half_norm(), vec![Sign::Square(away)]),
        product(
            half_norm(),
            vec![Sign::Slack(0), Sign::Sum(vec![Sign::Number(Rational::ONE), Sign::Norm(v)])],
        ),
    ]);
    let nothing = || (vec![], Sign::Sum(vec![]));
    let on_sphere = Certificate::Minimum { chain: vec![], sign, feasible: vec![nothing(), nothing()] };
    let theorem = w.check(&Claim::Minimizer { point, problem }, &on_sphere).expect("accepted");
    let open: Vec<_> = theorem.open_conditions().map(|met| met.condition.clone()).collect();
    assert_eq!(open, [Condition::NonZero(g)]);
}

/// lim argmin/ε of L(θ+d) over ‖d‖ ≤ ε is −∇L/‖∇L‖.
#[test]
fn the_limit_of_minimizers_on_small_balls() {
    let mut w = World::new();
    let (d, g, epsilon) = (w.d, w.loss_gradient(), w.scalar("epsilon"));
    let moved = w.store.add(w.theta, d);
    let objective = w.loss(moved);
    let dd = w.dot(d, d);
    let length = w.store.call_named("sqrt", vec![dd]);
    let constraint = w.store.sub(length, epsilon);
    let gg = w.dot(g, g);
    let norm = w.store.call_named("sqrt", vec![gg]);
    let inverse = w.store.powi(norm, -1);
    let unit = w.store.chain([inverse, g]);
    let point = w.store.neg(unit);
    let limit = Limit { symbols: vec![(epsilon, Rational::ONE)] };
    let scale = w.store.powi(epsilon, -1);
    let problem = Problem { variable: d, objective, constraints: vec![constraint] };
    let claim = Claim::MinimizerLimit { point, scale, problem: problem.clone(), limit: limit.clone() };
    let t = w.t();
    let body = w.loss(t);
    let hole = w.hole(objective);
    let constant = w.loss(w.theta);
    let taylor = step("taylor-1", vec![(F, body), (A, w.theta), (D, d)], hole);
    let certificate =
        Certificate::Ball { constant, gradient: g, metric: None, chain: vec![taylor], end: vec![] };
    let theorem = w.check(&claim, &certificate).expect("accepted");
    let open: Vec<_> = theorem.open_conditions().map(|met| met.condition.clone()).collect();
    assert_eq!(open, [Condition::NonZero(g)]);
    w.context.assumptions.push(Assumption::NonZero(g));
    unconditional(w.check(&claim, &certificate));
    let wrong = Claim::MinimizerLimit { point: unit, scale, problem: problem.clone(), limit: limit.clone() };
    assert!(w.check(&wrong, &certificate).is_err());
    let unscaled =
        Claim::MinimizerLimit { point, scale: Store::ONE, problem: problem.clone(), limit: limit.clone() };
    assert!(w.check(&unscaled, &certificate).is_err());
    let twice = w.store.scale(&Rational::from(2), epsilon);
    let wider = Problem { constraints: vec![w.store.sub(length, twice)], ..problem };
    let claim = Claim::MinimizerLimit { point, scale, problem: wider, limit };
    assert!(w.check(&claim, &certificate).is_err());
}

/// `F` is symmetric and semidefinite, and definite where it is nonsingular.
#[test]
fn fisher_information_is_a_metric_where_it_is_nonsingular() {
    let mut w = World::new();
    let fisher = w.fisher();
    let property = |property| Claim::Property { of: fisher, property };
    let symmetric = Certificate::Property(Witness::Symmetric(vec![]));
    unconditional(w.check(&property(Property::Symmetric), &symmetric));
    let u = direction(&mut w.store, fisher);
    let form = |sign| Certificate::Property(Witness::Form { symmetric: vec![], chain: vec![], sign });
    let weak = form(Sign::Form { matrix: fisher, vector: u });
    unconditional(w.check(&property(Property::PositiveSemidefinite), &weak));
    assert!(w.check(&property(Property::PositiveDefinite), &weak).is_err());
    let matrix = w.matrix("A");
    let claim = Claim::Property { of: matrix, property: Property::Symmetric };
    assert!(w.check(&claim, &symmetric).is_err());
    let itself = form(Sign::Definite { matrix, vector: u });
    let definite = Claim::Property { of: matrix, property: Property::PositiveDefinite };
    assert!(w.check(&definite, &itself).is_err());
    let inverse = w.store.inverse(matrix);
    let circular = Certificate::Property(Witness::Inverse { inverse, chain: vec![] });
    let nonsingular = Claim::Property { of: matrix, property: Property::Nonsingular };
    assert!(w.check(&nonsingular, &circular).is_err());
    let strong = form(Sign::Definite { matrix: fisher, vector: u });
    let theorem = w.check(&property(Property::PositiveDefinite), &strong).expect("accepted");
    assert_eq!(theorem.open_conditions().count(), 1);
    w.context.assumptions.push(Assumption::Property(fisher, Property::Nonsingular));
    unconditional(w.check(&property(Property::PositiveDefinite), &strong));
}

/// A term that scales with the limit is no small term, wherever an equation hides that.
#[test]
fn what_an_equation_ties_to_the_limit_is_not_constant() {
    let mut w = World::new();
    let (eta, c) = (w.scalar("eta"), w.scalar("c"));
    let limit = Limit { symbols: vec![(eta, Rational::ONE)] };
    w.context.limit = limit.clone();
    let square = w.store.powi(eta, 2);
    let left = w.store.mul(c, square);
    let hole = w.hole(left);
    let claim = Claim::Order { left, right: Store::ZERO, limit, order: Rational::ONE, big: false };
    let steps = chain(vec![step("drop", vec![(U, left)], hole)]);
    unconditional(w.check(&claim, &steps));
    let over = w.store.powi(eta, -1);
    w.context.assumptions.push(Assumption::Equal(c, over));
    assert!(w.check(&claim, &steps).is_err());
}

/// Nothing is neglected under a logarithm, in an equality, or below the order of the claim.
#[test]
fn a_remainder_stands_only_where_it_may() {
    let mut w = World::new();
    let (d, theta) = (w.d, w.theta);
    let moved = w.store.add(theta, d);
    let left = w.loss(moved);
    let (value, g) = (w.loss(theta), w.loss_gradient());
    let slope = w.dot(g, d);
    let right = w.store.add(value, slope);
    let t = w.t();
    let body = w.loss(t);
    let hole = w.hole(left);
    let taylor = |context| chain(vec![step("taylor-1", vec![(F, body), (A, theta), (D, d)], context)]);
    let limit = w.context.limit.clone();
    let order = |left, right, order: i64| Claim::Order {
        left,
        right,
        limit: limit.clone(),
        order: Rational::from(order),
        big: false,
    };
    unconditional(w.check(&order(left, right, 1), &taylor(hole)));
    assert!(w.check(&order(left, right, 2), &taylor(hole)).is_err());
    assert!(w.check(&equal(left, right), &taylor(hole)).is_err());
    let (log_left, log_right) =
        (w.store.call_named("exp", vec![left]), w.store.call_named("exp", vec![right]));
    let in_exp = w.store.call_named("exp", vec![hole]);
    assert!(w.check(&order(log_left, log_right, 1), &taylor(in_exp)).is_err());
}

/// log η and exp(1/η) have no bound near η = 0, and no condition may promise one.
#[test]
fn what_has_no_value_in_the_limit_is_not_bounded() {
    let mut w = World::new();
    let (eta, c) = (w.scalar("eta"), w.scalar("c"));
    let limit = Limit { symbols: vec![(eta, Rational::ONE)] };
    w.context.limit = limit.clone();
    let inverse = w.store.powi(eta, -1);
    let beside = w.store.sub(eta, c);
    let factors = [
        (w.store.call_named("log", vec![eta]), false),
        (w.store.call_named("exp", vec![inverse]), false),
        (w.store.call_named("log", vec![beside]), true),
    ];
    for (factor, wanted) in factors {
        let product = w.store.mul(eta, factor);
        let hole = w.hole(product);
        let steps = vec![step("drop", vec![(U, product)], hole)];
        let (limit, order) = (limit.clone(), Rational::ZERO);
        let claim = Claim::Order { left: product, right: Store::ZERO, limit, order, big: false };
        let theorem = w.check(&claim, &chain(steps));
        assert_eq!(theorem.is_ok(), wanted, "{theorem:?}");
    }
}

/// KL(p ‖ p(θ+d)) = E[log p − log p(θ+d)]: both sides have values together, whatever d is.
#[test]
fn a_definition_has_both_sides_or_none() {
    let mut w = World::new();
    let phi = w.vector("phi");
    w.context.limit = Limit::default();
    let left = w.store.divergence((w.p, w.theta), (w.p, phi));
    let (p, q) = (w.p(0, w.theta), w.p(0, phi));
    let ratio = w.store.div(p, q);
    let log = w.store.call_named("log", vec![ratio]);
    let right = w.expect(log);
    let hole = w.hole(left);
    let steps = vec![
        step("def-kl", vec![(P, w.density), (Q, w.density), (A, w.theta), (B, phi)], hole),
        back("def-e", vec![(P, w.density), (A, w.theta), (F, log)], hole),
    ];
    let theorem = unconditional(w.check(&equal(left, right), &chain(steps)));
    assert!(theorem.conditions.iter().any(|(_, how)| *how == How::BothUndefined));
}

/// −‖u‖‖v‖ ≤ uᵀv for all columns, 0 among them.
#[test]
fn cauchy_schwarz_needs_no_condition() {
    let mut w = World::new();
    let (u, v) = (w.vector("u"), w.vector("v"));
    let (uu, vv) = (w.dot(u, u), w.dot(v, v));
    let (nu, nv) = (w.store.call_named("sqrt", vec![uu]), w.store.call_named("sqrt", vec![vv]));
    let product = w.store.mul(nu, nv);
    let (left, right) = (w.dot(u, v), w.store.neg(product));
    let minus = w.store.neg(u);
    let compare = |left, relation, right| Claim::Compare { left, relation, right };
    let certificate = Certificate::Comparison { chain: vec![], sign: Sign::CauchySchwarz(minus, v) };
    unconditional(w.check(&compare(left, Inequality::GreaterOrEqual, right), &certificate));
    assert!(w.check(&compare(left, Inequality::Greater, right), &certificate).is_err());
    assert!(w.check(&compare(left, Inequality::LessOrEqual, right), &certificate).is_err());
    // An undeclared sign is not assumed.
    let y = w.scalar("y");
    let wish = Certificate::Comparison { chain: vec![], sign: Sign::Positive(y) };
    assert!(w.check(&compare(y, Inequality::Greater, Store::ZERO), &wish).is_err());
}

/// KL(p ‖ q) = E_p[q/p − 1 − log(q/p)] ≥ 0.
#[test]
fn divergence_is_not_negative() {
    let mut w = World::new();
    let phi = w.vector("phi");
    let kl = w.store.divergence((w.p, w.theta), (w.p, phi));
    let (p, q) = (w.p(0, w.theta), w.p(0, phi));
    let t = w.store.div(q, p);
    let hole = w.hole(kl);
    let (density, minus_one) = (w.density, w.store.integer(-1));
    let log_t = w.store.call_named("log", vec![t]);
    let minus_log = w.store.neg(log_t);
    let weighted = w.store.mul(p, hole);
    let in_log = w.integral(weighted);
    let (first, minus_p) = (w.store.sub(q, p), w.store.neg(p));
    let rest = w.store.mul(p, minus_log);
    let sum_of = w.integral(rest);
    // 0 = 1 − 1 = ∫ q − ∫ p
    let (int_q, int_p, minus_hole) = (w.integral(q), w.integral(p), w.store.neg(hole));
    let with_one = w.store.sum([Store::ONE, minus_hole, sum_of]);
    let minus_int_p = w.store.neg(int_p);
    let with_p = w.store.sum([hole, minus_int_p, sum_of]);
    let beside_q = w.store.sum([int_q, hole, sum_of]);
    let beside = w.store.add(hole, sum_of);
    let body = w.store.sub(t, Store::ONE);
    let body = w.store.sub(body, log_t);
    let steps = vec![
        step("def-kl", vec![(P, density), (Q, density), (A, w.theta), (B, phi)], hole),
        step("log-power", vec![(U, t), (E, minus_one)], in_log),
        back("normalized", vec![(P, density), (A, w.theta)], with_one),
        back("normalized", vec![(P, density), (A, phi)], with_p),
        back("int-constant", vec![(P, density), (K, minus_one), (F, p)], beside_q),
        back("int-sum", vec![(P, density), (F, q), (G, minus_p)], beside),
        back("int-sum", vec![(P, density), (F, first), (G, rest)], hole),
        back("def-e", vec![(P, density), (A, w.theta), (F, body)], hole),
    ];
    let sign = Sign::Expectation { density: w.p, parameter: w.theta, body: Box::new(Sign::LogBound(t)) };
    let claim = Claim::Compare { left: kl, relation: Inequality::GreaterOrEqual, right: Store::ZERO };
    let theorem = w.check(&claim, &Certificate::Comparison { chain: steps, sign }).expect("accepted");
    let listed = |met: &&Met| !matches!(met.condition, Condition::Integrable(_) | Condition::Defined(_));
    assert_eq!(theorem.open_conditions().filter(listed).count(), 0, "{theorem:?}");
}

/// argmin L(θ+d) + λ(KL(θ, θ+d) − ε) and argmin L(θ) + ∇L·d + ½λdᵀFd − λε, under d ~ τ, λ ~ 1/τ, ε ~ τ².
#[test]
fn a_penalty_moves_the_minimizer_as_its_model_does() {
    let mut w = World::new();
    let (d, theta, g, fisher) = (w.d, w.theta, w.loss_gradient(), w.fisher());
    let (lambda, epsilon) = (w.scalar("lambda"), w.scalar("epsilon"));
    let (claim, quadratic) = divergence_claim(&mut w);
    let Claim::Order { left: divergence, right: half_form, .. } = claim else { unreachable!() };
    let moved = w.store.add(theta, d);
    let (function, value) = (w.loss(moved), w.loss(theta));
    let product = w.store.mul(lambda, epsilon);
    let first_rest = w.store.neg(product);
    let weighted = w.store.mul(lambda, divergence);
    let objective = w.store.sum([function, weighted, first_rest]);
    let first = Problem { variable: d, objective, constraints: vec![] };
    let (slope, weighted) = (w.dot(g, d), w.store.mul(lambda, half_form));
    let second_rest = w.store.add(value, first_rest);
    let objective = w.store.sum([slope, weighted, second_rest]);
    let second = Problem { variable: d, objective, constraints: vec![] };
    let hole = w.hole(value);
    let t = w.t();
    let body = w.loss(t);
    let linear = vec![step("taylor-1", vec![(F, body), (A, theta), (D, d)], hole)];
    let weights = [(d, 1), (lambda, -1), (epsilon, 2)];
    let limit = Limit { symbols: weights.map(|(symbol, weight)| (symbol, Rational::from(weight))).to_vec() };
    let penalty = Penalty {
        factor: lambda,
        function,
        penalty: divergence,
        first_rest,
        second_rest,
        function_at_0: value,
        gradient: g,
        penalty_at_0: Store::ZERO,
        metric: fisher,
        linear,
        quadratic,
    };
    let certificate = Certificate::Penalty(Box::new(penalty.clone()));
    let claim = |second: &Problem| Claim::SameMinimizer {
        first: first.clone(),
        second: second.clone(),
        limit: limit.clone(),
    };
    let theorem = w.check(&claim(&second), &certificate).expect("accepted");
    let open: Vec<_> = theorem.open_conditions().map(|met| met.condition.clone()).collect();
    let wanted = [
        Condition::Positive(lambda),
        Condition::NonZero(g),
        Condition::Nonsingular(fisher),
        Condition::NearZero(d),
    ];
    assert_eq!(open, wanted);
    // Without its linear term, with the wrong sign, and where λ is fixed, it does not hold.
    let wrong = Problem { objective: w.store.sum([weighted, second_rest]), ..second.clone() };
    assert!(w.check(&claim(&wrong), &certificate).is_err());
    let minus = w.store.neg(slope);
    let wrong = Problem { objective: w.store.sum([minus, weighted, second_rest]), ..second.clone() };
    assert!(w.check(&claim(&wrong), &certificate).is_err());
    let fixed = Limit { symbols: vec![(d, Rational::ONE)] };
    let claim = Claim::SameMinimizer { first: first.clone(), second, limit: fixed };
    assert!(w.check(&claim, &certificate).is_err());
}

/// Each row is named once in kebab-case, says where it comes from, and has two sides of one shape wherever it has any.
#[test]
fn every_rule_is_a_law_between_terms_of_one_shape() {
    let mut w = World::new();
    let (theta, d, a) = (w.theta, w.d, w.matrix("A"));
    let y = w.scalar("y");
    let (log_body, t) = (w.log_body(), w.t());
    let loss = w.loss(t);
    let product = w.store.chain([a, t]);
    let s = w.store.bound(0, Shape::SCALAR, false);
    let density_body = w.p(0, theta);
    let pool = [w.density, theta, d, y, a, loss, log_body, product, t, s, density_body, Store::ONE];
    let mut names = Vec::new();
    for row in rules() {
        assert!(!names.contains(&row.name), "{} twice", row.name);
        names.push(row.name);
        assert!(
            row.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'),
            "{}",
            row.name
        );
        assert!(
            !row.statement.is_empty() && !row.conditions.is_empty() && !row.source.is_empty(),
            "{}",
            row.name
        );
        assert!(row.loses.iter().all(|letter| row.letters.contains(letter)), "{}", row.name);
        if row.name == "given" {
            continue;
        }
        let mut well_shaped = 0;
        let choices = row.letters.iter().fold(1, |n, _| n * pool.len());
        for choice in 0..choices {
            let mut rest = choice;
            let mut with = Vec::new();
            for letter in row.letters {
                with.push((*letter, pool[rest % pool.len()]));
                rest /= pool.len();
            }
            let mut instance = schema::Instance::new(&mut w.store, &w.context, &with).expect("no hole");
            let Ok((left, right)) = (row.build)(&mut instance) else { continue };
            let close = |store: &mut Store, e: Expr| {
                // x ranges outside of the row: bind it by an integral.
                if store.free_bound(e) > 0 { store.sample_integral(w.p, e) } else { e }
            };
            let (left, right) = (close(&mut w.store, left), close(&mut w.store, right));
            let fits = |e| terms::check_shapes(&w.store, e).is_ok();
            if fits(left) && fits(right) {
                well_shaped += 1;
                assert_eq!(w.store.shape(left), w.store.shape(right), "{}: {with:?}", row.name);
            }
        }
        assert!(well_shaped > 0, "{} has no instance", row.name);
    }
    assert!(names.len() >= 45, "{}", names.len());
}

/// KL(p ‖ q) = ∫ p log(p/q) of two densities without parameters.
#[test]
fn divergence_of_two_densities_without_parameters() {
    let mut w = World::new();
    let mut declare = |name: &str| {
        let id = w.store.symbol_id(Symbol { name: name.into(), shape: Shape::SCALAR, integer: false });
        w.context.densities.push(Density { symbol: id, parameter: None, regularity: 0 });
        id
    };
    let (f, g) = (declare("f"), declare("g"));
    let left = w.store.divergence((f, Store::ZERO), (g, Store::ZERO));
    let x = w.x(0);
    let (p, q) = (w.store.apply(f, vec![x]), w.store.apply(g, vec![x]));
    let ratio = w.store.div(p, q);
    let log = w.store.call_named("log", vec![ratio]);
    let product = w.store.mul(p, log);
    let right = w.store.sample_integral(f, product);
    let hole = w.hole(left);
    let (f_symbol, g_symbol) = (w.store.symbol_expr(f), w.store.symbol_expr(g));
    let by =
        |p, q| chain(vec![step("def-kl", vec![(P, p), (Q, q), (A, Store::ZERO), (B, Store::ZERO)], hole)]);
    let theorem = w.check(&equal(left, right), &by(f_symbol, g_symbol)).expect("accepted");
    // p > 0 and q > 0 for all x, one support; what follows from these is not repeated.
    assert_eq!(theorem.open_conditions().count(), 3, "{theorem:?}");
    assert!(theorem.conditions.iter().any(|(_, how)| *how == How::Implied));
    assert!(w.check(&equal(left, right), &by(g_symbol, f_symbol)).is_err());
}

/// cᵀQ⁻¹c > 0 for a definite Q and c ≠ 0.
#[test]
fn the_inverse_of_a_definite_matrix_is_definite() {
    let mut w = World::new();
    let (c, q) = (w.vector("c"), w.matrix("Q"));
    let inverse = w.store.inverse(q);
    let form = w.form(c, inverse, c);
    let claim = Claim::Compare { left: form, relation: Inequality::Greater, right: Store::ZERO };
    let certificate = Certificate::Comparison { chain: vec![], sign: Sign::Positive(form) };
    w.context.assumptions.push(Assumption::NonZero(c));
    assert!(w.check(&claim, &certificate).is_err());
    w.context.assumptions.push(Assumption::Property(q, Property::PositiveDefinite));
    unconditional(w.check(&claim, &certificate));
}

/// What "regular" buys: of a density regular to order 1 the second derivatives stay conditions, and the lemmas pass theirs on.
#[test]
fn the_bundle_of_a_regular_density_has_an_order() {
    let mut w = World::new();
    let (claim, steps) = divergence_claim(&mut w);
    let certificate = Certificate::Chain(steps);
    w.context.densities[0].regularity = 2;
    let theorem = unconditional(w.check(&claim, &certificate));
    let exchanged = |met: &Met| matches!(met.condition, Condition::Exchange(_));
    assert_eq!(theorem.conditions.iter().filter(|(met, _)| exchanged(met)).count(), 2);
    w.context.densities[0].regularity = 1;
    let theorem = w.check(&claim, &certificate).expect("accepted");
    let open: Vec<&Met> = theorem.open_conditions().collect();
    assert!(open.iter().any(|met| exchanged(met)), "{open:?}");
    assert!(
        open.iter().any(|met| matches!(met.condition, Condition::Dominated { order: 2, .. })),
        "{open:?}"
    );
    assert!(open.iter().any(|met| matches!(met.condition, Condition::Smooth { order: 2, .. })), "{open:?}");
    w.context.densities[0].regularity = 0;
    let theorem = w.check(&claim, &certificate).expect("accepted");
    assert!(theorem.open_conditions().any(|met| matches!(met.condition, Condition::CommonSupport { .. })));
}

/// E_θ[log p(x | φ)] with φ far away, and p of another sample space, are not in the bundle.
#[test]
fn moments_far_from_the_measure_stay_conditions() {
    let mut w = World::new();
    let phi = w.vector("phi");
    let other = w.store.symbol_id(Symbol { name: "q".into(), shape: Shape::SCALAR, integer: false });
    w.context.densities.push(Density { symbol: other, parameter: Some(w.theta), regularity: 3 });
    let x = w.x(0);
    let q = w.store.apply(other, vec![x, w.theta]);
    let (near, far, foreign) = (w.log_p(0, w.theta), w.log_p(0, phi), w.store.call_named("log", vec![q]));
    let scores = {
        let body = w.log_body();
        let score = w.store.derivative(Gradient, body, w.theta);
        let form = w.dot(score, score);
        w.store.mul(form, near)
    };
    for (body, wanted) in [(near, 0), (far, 1), (foreign, 2), (scores, 1)] {
        let left = w.expect(body);
        let minus = w.store.neg(body);
        let hole = w.hole(left);
        let minus_one = w.store.integer(-1);
        let right = w.expect(minus);
        let right = w.store.neg(right);
        let by = step("e-constant", vec![(P, w.density), (A, w.theta), (K, minus_one), (F, minus)], hole);
        let theorem = w.check(&equal(left, right), &chain(vec![by])).expect("accepted");
        let undecided = theorem.conditions.iter().filter(|(_, how)| !matches!(how, How::Follows(_))).count();
        assert!((undecided > 0) == (wanted > 0), "{body:?} {theorem:?}");
    }
}

/// The conditions of a normal form, whatever the claim around it requires.
#[test]
fn the_ring_reports_what_it_deletes() {
    let mut w = World::new();
    let (y, a) = (w.scalar("y"), w.matrix("A"));
    let over = w.store.powi(y, -1);
    let log = w.store.call_named("log", vec![y]);
    let (mean, root) = (w.expect(log), w.store.call_named("sqrt", vec![y]));
    let inverse = w.store.inverse(a);
    let zero = w.store.scale(&Rational::ZERO, log);
    let (once, twice) = (w.store.chain([inverse, a]), w.store.mul(mean, mean));
    let minus = w.store.neg(mean);
    let minus = w.store.mul(minus, mean);
    let cases = [
        (w.store.mul(y, over), Condition::NonZero(y)),
        (zero, Condition::Defined(log)),
        (w.store.add(twice, minus), Condition::Defined(w.store.powi(mean, 2))),
        (w.store.mul(root, root), Condition::NonNegative(y)),
        (once, Condition::Nonsingular(a)),
        (w.store.inverse(inverse), Condition::Nonsingular(a)),
    ];
    for (e, condition) in cases {
        let mut ring = ring::Ring::new(&mut w.store, &w.context);
        let met = ring.normal(e).expect("small").conditions.clone();
        assert!(met.contains(&Met::outside(condition.clone())), "{condition:?} {met:?}");
    }
}

/// Π of factors is positive when all are, and u²v² = 0 does not tell which factor is 0.
#[test]
fn a_product_is_as_weak_as_its_factors() {
    let mut w = World::new();
    let (u, v) = (w.scalar("u"), w.scalar("v"));
    let product = Sign::Product(vec![Sign::Number(Rational::ONE), Sign::Square(u)]);
    let square = w.store.powi(u, 2);
    let compare = |relation| Claim::Compare { left: square, relation, right: Store::ZERO };
    let by = Certificate::Comparison { chain: vec![], sign: product };
    unconditional(w.check(&compare(Inequality::GreaterOrEqual), &by));
    assert!(w.check(&compare(Inequality::Greater), &by).is_err());
    let form = w.store.powi(v, 2);
    let form = w.store.mul(square, form);
    let both = Sign::Product(vec![Sign::Square(u), Sign::Square(v)]);
    let claim = Claim::ZeroOnlyAtZero { form, variable: u };
    assert!(w.check(&claim, &Certificate::Comparison { chain: vec![], sign: both }).is_err());
    let claim = Claim::ZeroOnlyAtZero { form: square, variable: u };
    unconditional(w.check(&claim, &Certificate::Comparison { chain: vec![], sign: Sign::Square(u) }));
}

/// What is assumed of the variable of a problem must be one of its constraints.
#[test]
fn an_assumption_on_the_variable_is_no_constraint() {
    let mut w = World::new();
    let (v, y) = (w.vector("v"), w.scalar("y"));
    let square = w.dot(v, v);
    let origin = w.store.zero(w.shape);
    let problem = |constraints| Problem { variable: v, objective: square, constraints };
    let least = |feasible| Certificate::Minimum { chain: vec![], sign: Sign::Square(v), feasible };
    let claim = Claim::Minimizer { point: origin, problem: problem(vec![]) };
    unconditional(w.check(&claim, &least(vec![])));
    // Where ‖v‖ = 1 the origin is no point at all.
    w.context.assumptions = vec![Assumption::Equal(square, Store::ONE)];
    assert!(w.check(&claim, &least(vec![])).is_err());
    let (over, under) = (w.store.sub(square, Store::ONE), w.store.sub(Store::ONE, square));
    let claim = Claim::Minimizer { point: origin, problem: problem(vec![over, under]) };
    let nothing = || (vec![], Sign::Sum(vec![]));
    assert!(w.check(&claim, &least(vec![nothing(), nothing()])).is_err());
    // An equation that ties another symbol to the variable.
    w.context.assumptions = vec![Assumption::Equal(y, square)];
    let claim = Claim::Minimizer { point: origin, problem: problem(vec![]) };
    assert!(w.check(&claim, &least(vec![])).is_err());
}

/// lim (2 + ε)² = 4 as ε → 0, and the limit of an unknown function is not its value.
#[test]
fn the_limit_of_a_continuous_function_is_its_value() {
    let mut w = World::new();
    let epsilon = w.scalar("epsilon");
    let two = w.store.integer(2);
    let sum = w.store.add(two, epsilon);
    let body = w.store.powi(sum, 2);
    let value = w.store.integer(4);
    let claim = |body, value| Claim::LimitValue { body, variable: epsilon, to: Store::ZERO, value };
    unconditional(w.check(&claim(body, value), &chain(vec![])));
    assert!(w.check(&claim(body, two), &chain(vec![])).is_err());
    let sign = w.store.call_named("sign", vec![epsilon]);
    let there = w.store.call_named("sign", vec![Store::ZERO]);
    assert!(w.check(&claim(sign, there), &chain(vec![])).is_err());
}

/// log p(x | θ) = T(x)ᵀθ − A(θ) + log h(x) makes h positive and E[T] exist; nothing is known of another function.
#[test]
fn an_exponential_form_says_more_than_its_equation() {
    let mut w = World::new();
    let x = w.scalar("x");
    let id = |w: &mut World, name: &str, shape| {
        w.store.symbol_id(Symbol { name: name.into(), shape, integer: false })
    };
    let (shape, scalar) = (w.shape, Shape::SCALAR);
    let (t, a, h, k) =
        (id(&mut w, "T", shape), id(&mut w, "A", scalar), id(&mut w, "h", scalar), id(&mut w, "k", scalar));
    let (statistic, base) = (w.store.apply(t, vec![x]), w.store.apply(h, vec![x]));
    let (product, partition) = (w.dot(statistic, w.theta), w.store.apply(a, vec![w.theta]));
    let log_base = w.store.call_named("log", vec![base]);
    let value = w.store.sub(product, partition);
    let value = w.store.add(value, log_base);
    let p = w.store.apply(w.p, vec![x, w.theta]);
    let log_p = w.store.call_named("log", vec![p]);
    w.context.assumptions.push(Assumption::Equal(log_p, value));
    let bound = w.x(0);
    let split = |w: &mut World, head: SymbolId, vector: bool| {
        let f = w.store.apply(head, vec![bound]);
        let body = if vector { f } else { w.store.call_named("log", vec![f]) };
        let (left, minus) = (w.expect(body), w.store.neg(body));
        let hole = w.hole(left);
        let right = w.expect(minus);
        let right = w.store.neg(right);
        let minus_one = w.store.integer(-1);
        let by = step("e-constant", vec![(P, w.density), (A, w.theta), (K, minus_one), (F, minus)], hole);
        let theorem = w.check(&equal(left, right), &chain(vec![by])).expect("accepted");
        theorem.conditions.iter().filter(|(_, how)| !matches!(how, How::Follows(_))).count()
    };
    assert_eq!(split(&mut w, t, true), 0);
    assert_eq!(split(&mut w, h, false), 0);
    assert!(split(&mut w, k, false) > 0);
    w.context.assumptions.clear();
    assert!(split(&mut w, t, true) > 0);
    assert!(split(&mut w, h, false) > 0);
}
