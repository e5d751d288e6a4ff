//! The article's formulas as trees, and what each of them means.

use crate::expr::{Scope, Store, lower};
use crate::print::display;
use crate::syntax::{Kind, Relation, Side};

use super::testing::{World, at, boxed, conditional, tree};

#[track_caller]
fn check(text: &str, expected: &str) {
    assert_eq!(World::article().value(text), expected, "{text}");
}

#[track_caller]
fn claims(text: &str, expected: &str) {
    assert_eq!(World::article().claim(text), expected, "{text}");
}

#[test]
fn without_abstract_names_it_is_what_the_plain_lowering_gives() {
    for text in [
        "2 a + b/c",
        "-(a - 4)/2",
        "log(a)*exp(b)^2",
        "sum(k*a, k = 1..3)",
        "integral(exp(-t), t = 0..inf)",
        "[a, b; b, c]",
        "[a, b]'*[b, c]",
        "[a, b]*[b, c]'",
        "[a, b; b, c]^(-1)",
        "[a, b; b, c]^2*[a, b]",
        "diff(a^2*b, a, b)",
        "grad(a*b, a)",
        "hess(a^3, a)",
        "d/da a^2",
        "|a| + a!",
        "e^a",
        "pi*a",
        "[a, b][1]",
        "a^(-1/2)",
        "digamma(a)",
        "gamma(a + 1)",
        "0.25*a",
        "a - a",
        "2*[a, b] - [b, c]",
        "product(a + k, k = 1..2)/b",
    ] {
        let mut store = Store::new();
        let mut scope = Scope::strict();
        for name in ["a", "b", "c"] {
            let e = store.scalar(name);
            scope.declare(name, e);
        }
        let mut said = Vec::new();
        let plain = lower(&mut store, &mut scope, &tree(text), &mut said);
        assert!(plain.is_some() && said.is_empty(), "{text}: {said:?}");
        let mut world = World::empty();
        world.scalars("a, b, c", "");
        world.store = store;
        assert_eq!(world.read(&tree(text)).value(), plain, "{text}");
    }
}

#[test]
fn names_before_brackets_are_what_is_declared() {
    check("p(theta)", "p(x, theta)");
    check("p(theta + d)", "p(x, d + theta)");
    check("p(x)", "p(x, theta)");
    check("log(p(theta + d))", "log(p(x, d + theta))");
    check("L(theta)", "L(theta)");
    check("F", "fisher(p)(theta)");
    check("F(theta + d)", "fisher(p)(d + theta)");
    check("p_theta(x)", "p(x, theta)");
    check("L(x)", "! shape-mismatch");
    check("K(theta)", "! unknown-function");
    check("thete", "! unknown-name");
    check("L(theta, d)", "! wrong-arity");
    assert_eq!(World::article().value_of(&conditional("p", "x", "theta + d")), "p(x, d + theta)");
    assert_eq!(World::article().value_of(&conditional("p", "theta", "x")), "! shape-mismatch");
    assert_eq!(World::article().value_of(&conditional("q", "x", "theta")), "! needs-declaration");
}

#[test]
fn gradients_are_at_their_points() {
    check("grad(log(p(theta)))", "grad(log(p(x, theta)), theta)");
    check("grad(log(p(theta + d)))", "grad(log(p(x, t)), t) @ d + theta");
    check("grad(L(theta + d), d)", "grad(L(theta + d), d)");
    check("diff(L(theta + d), d)", "grad(L(theta + d), d)");
    check("grad(L)", "grad(L(theta), theta)");
    check("hess(log(p))", "hess(log(p(x, theta)), theta)");
    check("grad(log(p(theta + d)) - log(p(theta)))", "grad(log(p(x, d + theta)) - log(p(x, theta)), theta)");
    check("grad(E[log(p(theta))])", "grad(E[log(p(x, theta)); p(theta)], theta)");
    check("E[grad(log(p(theta)))]", "E[grad(log(p(x, theta)), theta); p(theta)]");
    check("grad(d'*d)", "! needs-declaration");
    check("grad(L(theta), d)", "grad(L(theta), d) ! wrong-variable");
    check("grad(theta, theta)", "grad(theta, theta)");
    let iterate = at(Kind::Superscript(boxed(Kind::Name("theta".into())), boxed(Kind::Name("k".into()))));
    let body = at(Kind::Call { name: "L".into(), name_span: iterate.span, arguments: vec![iterate] });
    let gradient = at(Kind::Gradient { body: Box::new(body.clone()), by: None });
    assert_eq!(World::article().value_of(&gradient), "grad(L(theta^(k)), theta^(k))");
    let by = at(Kind::Gradient { body: Box::new(body), by: Some(boxed(Kind::Name("theta".into()))) });
    assert_eq!(World::article().value_of(&by), "grad(L(theta^(k)), theta^(k))");
    let transposed = boxed(Kind::Transpose(boxed(Kind::Name("theta".into()))));
    let by = vec![tree("theta"), *transposed];
    let hessian = at(Kind::Derivative { body: Box::new(tree("log(p(theta))")), by });
    assert_eq!(World::article().value_of(&hessian), "hess(log(p(x, theta)), theta)");
}

#[test]
fn measures_are_named_in_many_ways() {
    let expected = "E[log(p(x, theta)); p(theta)]";
    for below in ["p", "p(theta)", "p_theta", "theta", "x", "p(x)"] {
        check(&format!("E[log(p(theta)); {below}]"), expected);
    }
    check("E[log(p(theta))]", expected);
    check("E[log(p(theta)); theta + d]", "E[log(p(x, theta)); p(d + theta)]");
    let body = Box::new(conditional("p", "y", "theta"));
    let density = Some(Box::new(conditional("p", "y", "theta + d")));
    let other = at(Kind::Expectation { body, density });
    assert_eq!(World::article().value_of(&other), "E[p(x, theta); p(d + theta)]");
    check("KL(p(theta), p(theta + d))", "KL(p(theta), p(d + theta))");
    check("KL(theta, theta + d)", "KL(p(theta), p(d + theta))");
    check("E[log(p(theta)); d + 1]", "! shape-mismatch");
    check("E[log(p(theta)); lambda]", "! needs-declaration");
    let mut world = World::article();
    world.density("q", "x");
    assert_eq!(world.value("E[log(p(theta))]"), "! needs-density");
    assert_eq!(world.value("KL(p, q)"), "KL(p(theta), q)");
    assert_eq!(
        world.claim("KL(p, q) = integral(p(x)*log(p(x)/q(x)), x)"),
        "KL(p(theta), q) = integral(log(p(x, theta)/q(x))*p(x, theta), x)"
    );
}

#[test]
fn integrals_run_over_the_sample_variable() {
    check("integral(p(theta), x)", "integral(p(x, theta), x)");
    check("integral(p(theta), theta)", "integral(p(x, theta), x) ! wrong-variable");
    check("grad(integral(p(theta), theta))", "grad(integral(p(x, theta), x), theta) ! wrong-variable");
    check("integral(lambda, alpha)", "! needs-density");
    check("grad(integral(p(theta), x), x)", "diff(integral(p(x_1, theta), x_1), x) ! wrong-variable");
}

#[test]
fn shapes_are_part_of_the_mathematics() {
    check("1/2*d'*F*d", "(d'*fisher(p)(theta)*d)/2");
    check("grad(L)*d", "grad(L(theta), theta)'*d ! missing-transpose");
    check("d + lambda", "! shape-mismatch");
    check("d'*d*v", "v*(d'*d)");
    check("F*d*v", "(fisher(p)(theta)*d)'*v ! missing-transpose");
    check("1/F", "! not-a-scalar");
    check("F^(-1)*grad(L)", "fisher(p)(theta)^(-1)*grad(L(theta), theta)");
    check("d^2", "! shape-mismatch");
    check("log(d)", "! not-a-scalar");
    check("norm(d)", "(d'*d)^(1/2)");
    check("d'*d'", "! shape-mismatch");
    check("|d|", "! needs-declaration");
    let dot = at(Kind::Product(vec![
        (Side::Over, tree("eta")),
        (Side::Over, tree("v")),
        (Side::Dot, tree("grad(L)")),
    ]));
    assert_eq!(World::article().value_of(&dot), "eta*(v'*grad(L(theta), theta))");
    let dot =
        at(Kind::Product(vec![(Side::Over, tree("v")), (Side::Dot, tree("F")), (Side::Over, tree("d"))]));
    assert_eq!(World::article().value_of(&dot), "v'*fisher(p)(theta)*d");
}

#[test]
fn steps_of_the_article_claim_what_they_should() {
    claims(
        "KL(p(theta), p(theta + d)) ≈ 1/2*d'*F*d",
        "KL(p(theta), p(d + theta)) = (d'*fisher(p)(theta)*d)/2 + o(2)",
    );
    claims("L(theta + d) ≈ L(theta)", "L(d + theta) = L(theta) + o(0)");
    claims("L(theta + d) ≈ L(theta + 2*d)", "! needs-declaration");
    claims("0 = grad(L)", "0 = grad(L(theta), theta)");
    claims("d'*F*d >= 0", "d'*fisher(p)(theta)*d >= 0");
    claims("d prop F^(-1)*grad(L)", "d prop fisher(p)(theta)^(-1)*grad(L(theta), theta)");
    claims("lambda prop eta", "! needs-declaration");
    claims(
        "KL(p(theta), p(theta + d)) != KL(p(theta + d), p(theta))",
        "KL(p(theta), p(d + theta)) != KL(p(d + theta), p(theta))",
    );
    claims(
        "E[log(p(theta))] = log(p(theta))",
        "E[log(p(x, theta)); p(theta)] = log(p(x, theta)) ! escaping-variable",
    );
    claims(
        "L(theta + d) = L(theta) + grad(L)'*d + o(norm(d))",
        "L(d + theta) = L(theta) + grad(L(theta), theta)'*d + o(1)",
    );
    claims(
        "L(theta + d) = L(theta) + grad(L)'*d + O(norm(d)^2)",
        "L(d + theta) = L(theta) + grad(L(theta), theta)'*d + O(2)",
    );
    claims(
        "L(theta + d) = L(theta) + grad(L)'*d + o(theta)",
        "L(d + theta) = L(theta) + grad(L(theta), theta)'*d + o(1) ! remainder-not-small",
    );
    claims("L(theta + d) = L(theta) + o(d'*v)", "! needs-declaration");
    claims("F*d = lambda", "! shape-mismatch");
    let _ = (Relation::Equal, display);
}
