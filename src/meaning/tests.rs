//! The article's formulas as trees, and what each of them means.

use crate::claim::{Assumption, Claim};
use crate::expr::{Fact, Scope, Store, formula, lower};
use crate::print::display;
use crate::stats::{Family, Parameter};
use crate::syntax::{Binder, Kind, Note, Relation, Side, Sign, parse_directives};
use crate::text::{Code, Span};

use super::testing::{ARTICLE, World, at, boxed, chain, tree};
use super::{Reading, step};

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
        world.store = store;
        world.fence("scalar a, b, c");
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
    assert_eq!(World::article().value("p(x | theta + d)"), "p(x, d + theta)");
    assert_eq!(World::article().value("p(theta | x)"), "! shape-mismatch");
    assert_eq!(World::article().value("q(x | theta)"), "! needs-declaration");
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
    let body = Box::new(tree("p(y | theta)"));
    let density = Some(Box::new(tree("p(y | theta + d)")));
    let other = at(Kind::Expectation { body, density });
    assert_eq!(World::article().value_of(&other), "E[p(x, theta); p(d + theta)]");
    check("KL(p(theta), p(theta + d))", "KL(p(theta), p(d + theta))");
    check("KL(theta, theta + d)", "KL(p(theta), p(d + theta))");
    check("E[log(p(theta)); d + 1]", "! shape-mismatch");
    check("E[log(p(theta)); lambda]", "! needs-declaration");
    let mut world = World::article();
    world.fence("density q(x)");
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
    check("integral(p(theta), alpha)", "integral(p(x, theta), x) ! wrong-variable");
    check("integral(alpha*p(theta), alpha)", "! needs-density");
    check("integral(p(y | theta)*log(p(y | theta)), y)", "integral(log(p(x, theta))*p(x, theta), x)");
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
    check("norm(d)", "sqrt(d'*d)");
    check("norm(eta*d)^2", "eta^2*(d'*d)");
    check("norm(d)^4 + norm(d)^3", "(d'*d)^2 + sqrt(d'*d)^3");
    check("norm(eta)^2", "eta^2");
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
}

#[test]
fn a_remainder_is_measured_in_what_moves_the_sides() {
    let check = |fence: &str, text: &str, expected: &str| {
        let claim = World::of(&ARTICLE.replace("small d", fence)).claim(text);
        assert!(claim.ends_with(expected), "{fence}, {text}: {claim}");
    };
    let taylor = "L(theta + d) = L(theta) + grad(L)'*d";
    check("small d, eta", &format!("{taylor} + o(norm(d))"), " + o(1)");
    check("small d, eta", &format!("{taylor} + o(1)"), " + o(0)");
    check("small d, eta", &format!("{taylor} + o(eta)"), "! needs-declaration");
    check("small d, eta", "L(theta + d) = L(theta + eta*v) + o(norm(d))", "! needs-declaration");
    check("small d, eta", "norm(d)^3 = o(eta*norm(d))", "! needs-declaration");
    check("scale d ~ tau, eta ~ tau^2", &format!("{taylor} + o(eta)"), " + o(2)");
    check("small eta\nassume d = eta*v", &format!("{taylor} + o(eta)"), " + o(1)");
}

#[test]
fn what_is_equated_with_something_small_is_small() {
    let mut world = World::of(&ARTICLE.replace("small d", "small eta\nassume d = eta*v"));
    let eta = world.words.value("eta").expect("declared");
    let mut limit_of = |text: &str| {
        let chain = chain(text);
        let (left, right) = (world.read(&chain.first), world.read(&chain.rest[0].1));
        let step = step(&mut world.store, &world.words, &left, chain.rest[0].0, &right, &[], Span::new(0, 1));
        match step.map(|step| step.claims) {
            Ok(claims) => match &claims[0].0 {
                Claim::Order { limit, .. } => limit.symbols.iter().map(|(e, _)| *e).collect(),
                _ => Vec::new(),
            },
            Err(_) => Vec::new(),
        }
    };
    assert_eq!(limit_of("L(theta + d) = L(theta) + o(1)"), [eta]);
    assert_eq!(limit_of("L(theta) = L(theta) + o(1)"), []);
}

#[test]
fn problems_and_their_limits_are_claims_of_their_own() {
    claims(
        "-grad(L)/norm(grad(L)) = lim(1/epsilon*argmin(L(theta + d), d; norm(d) <= epsilon), epsilon -> 0)",
        "-grad(L(theta), theta)/sqrt(grad(L(theta), theta)'*grad(L(theta), theta)) = \
         lim 1/epsilon argmin [L(d + theta) over d st sqrt(d'*d) - epsilon <= 0]",
    );
    claims(
        "v = argmin(L(theta + d), d; norm(d) <= epsilon)",
        "v minimizes [L(d + theta) over d st sqrt(d'*d) - epsilon <= 0]",
    );
    claims("v = argmax(L(theta + d), d)", "v minimizes [-L(d + theta) over d]");
    claims("d = argmin(L(theta + d), d)", "");
    claims("2*d = argmin(L(theta + d), d)", "! needs-declaration");
    claims(
        "argmin(L(theta + d), d) ≈ argmin(L(theta) + grad(L)'*d, d)",
        "argmin [L(d + theta) over d] ~ argmin [L(theta) + grad(L(theta), theta)'*d over d]",
    );
    claims("argmin(L(theta + d), d) = argmin(L(theta), d)", "! needs-declaration");
    claims("d = argmax(L(theta + d) + d, d)", "! shape-mismatch ! shape-mismatch");
    claims("lim(norm(d), epsilon -> 0) = 0", "lim epsilon → 0 of sqrt(d'*d) = 0");
}

#[test]
fn a_derivative_that_is_zero_speaks_of_the_problem_before_it() {
    let mut world = World::article();
    let derivative = "0 = diff(L(theta) + grad(L)'*d + 1/2*lambda*d'*F*d - lambda*epsilon, d)";
    let equation = world.claim(derivative);
    assert!(equation.starts_with("0 = grad(") && !equation.contains("minimum"), "{equation}");
    world.value("argmin(L(theta) + grad(L)'*d + 1/2*lambda*d'*F*d - lambda*epsilon, d)");
    let stationary = world.claim(derivative);
    assert!(stationary.contains(" at the minimum of ["), "{stationary}");
    assert!(!world.claim("0 = diff(L(theta + v), v)").contains("minimum"));
}

#[test]
fn an_approximation_is_read_to_the_highest_power_kept_with_its_weight() {
    let fence = ARTICLE.replace("small d", "scale d ~ tau, lambda ~ 1/tau, epsilon ~ tau^2");
    let check = |text: &str, expected: &str| {
        let claim = World::of(&fence).claim(text);
        assert!(claim.ends_with(expected), "{text}: {claim}");
    };
    let lagrangian = "L(theta + d) + lambda*(KL(theta, theta + d) - epsilon)";
    check(&format!("{lagrangian} ≈ L(theta) + grad(L)'*d + 1/2*lambda*d'*F*d - lambda*epsilon"), " + o(1)");
    check("lambda*KL(theta, theta + d) ≈ 1/2*lambda*d'*F*d", " + o(1)");
    check("KL(theta, theta + d) ≈ 1/2*d'*F*d", " + o(2)");
    check("L(theta + d) = L(theta) + o(lambda*norm(d)^2)", " + o(1)");
    check("L(theta + d) = L(theta) + o(lambda*norm(d))", " + o(0)");
    check("L(theta + d) = L(theta) + O(1/lambda)", " + O(1)");
    check("L(theta + d) = L(theta) + o(lambda)", " + o(0) ! remainder-not-small");
    let small = |text: &str, said: &str, expected: &str| {
        let mut world = World::article();
        let chain = chain(text);
        let (directives, mistakes) = parse_directives(said, 0);
        assert!(mistakes.is_empty() && !directives.is_empty(), "{mistakes:?}");
        let claim = world.claim_of(&chain.first, chain.rest[0].0, &chain.rest[0].1, &directives);
        assert!(claim.ends_with(expected), "{text}: {claim}");
    };
    small("L(theta + d) ≈ L(theta + 2*d)", "order 1", " + o(1)");
    small("L(theta + eta*v) ≈ L(theta) + eta*grad(L)'*v", "where eta small", " + o(1)");
    small("L(theta + eta*v) ≈ L(theta) + eta*grad(L)'*v", "where eta > 0", "! needs-declaration");
    small("lambda = epsilon", "where thete > 0", "! unknown-name");
    small(
        "d = -1/lambda*F^(-1)*grad(L)",
        "minimizes grad(L)'*d + lambda/2*d'*F*d over d",
        "minimizes [lambda*(d'*fisher(p)(theta)*d)/2 + grad(L(theta), theta)'*d over d]",
    );
    small("v = eta*v", "minimizes norm(v) over v", "! needs-declaration");
    small("theta = eta*v", "minimizes norm(v) over v", "! needs-declaration");
}

#[test]
fn what_stands_under_a_brace_is_a_claim_a_label_or_an_order() {
    let brace = |body: &str, note: Note| at(Kind::Annotated(Box::new(tree(body)), Box::new(note)));
    let mut world = World::article();
    let negative = tree("-F");
    let reading = world.read(&brace("E[hess(log(p))]", Note::Claim(vec![(Relation::Equal, negative)])));
    let [inner] = &reading.inner[..] else { panic!("{reading:?}") };
    let (left, right) = (Reading::of(inner.left.clone()), Reading::of(inner.right.clone()));
    let step = step(&mut world.store, &world.words, &left, inner.relation, &right, &[], inner.span)
        .expect("a claim");
    assert_eq!(
        world.show(&step.claims[0].0),
        "E[hess(log(p(x, theta)), theta); p(theta)] = -fisher(p)(theta)"
    );
    let reading = world.read(&brace("grad(L)", Note::Formula(tree("g"))));
    assert_eq!(reading.inner[0].defines.as_deref(), Some("g"));
    let expansion = |text: &str| Note::Text(text.into(), Span::default());
    for (text, order) in [
        ("second order Taylor expansion", Some(2)),
        ("first-order", Some(1)),
        ("3rd order terms", Some(3)),
        ("to order 2", Some(2)),
        ("by the chain rule", None),
    ] {
        let reading = world.read(&brace("1/2*d'*F*d", expansion(text)));
        assert_eq!(reading.orders.first().map(|stated| stated.order), order, "{text}");
    }
    let right = brace("L(theta) + grad(L)'*d", expansion("second order"));
    let claim = world.claim_of(&tree("L(theta + d)"), Relation::Approximately, &right, &[]);
    assert!(claim.ends_with(" + o(2)"), "{claim}");
}

#[test]
fn declared_names_decide_between_two_readings() {
    let two = |first: &str, second: &str| at(Kind::Ambiguous(vec![tree(first), tree(second)]));
    let mut world = World::article();
    let mut check = |first: &str, second: &str, expected: &str| {
        assert_eq!(world.value_of(&two(first, second)), expected, "{first} or {second}");
    };
    check("lambda(eta + 1)", "lambda*(eta + 1)", "lambda*(eta + 1)");
    check("L(theta + d)", "L*(theta + d)", "L(d + theta)");
    check("F(theta)", "F*(theta)", "fisher(p)(theta)");
    check("F(theta + d)", "F*(theta + d)", "! two-readings");
    check("g(theta)", "g*(theta)", "! two-readings");
    check("L(thete)", "L*thete", "! unknown-name");
    check("lambda*eta", "eta*lambda", "eta*lambda");
    check("lambda*eta", "lambda + eta", "! two-readings");
    check("grad(L)*d", "grad(L)'*d", "grad(L(theta), theta)'*d");
    let mut world = World::article();
    let reading = world.read(&two("f(theta)", "f*theta"));
    let help = reading.lints[0].help().expect("help");
    assert_eq!(help, "declare it before: `function f(x)`, or `density f(x | theta)`");
    let inside = at(Kind::Product(vec![(Side::Over, tree("F")), (Side::Over, two("F(d)", "F*d"))]));
    assert_eq!(
        world.value_of(&at(Kind::Sum(vec![(Sign::Plus, inside), (Sign::Plus, tree("v"))]))),
        "v + fisher(p)(theta)*fisher(p)(theta)*d"
    );
    world.fence("write F(theta) for fisher(p)(theta)");
    assert_eq!(world.value_of(&two("F(theta + d)", "F*(theta + d)")), "fisher(p)(d + theta)");
    assert_eq!(world.value("F*d"), "fisher(p)(theta)*d");
    let (first, second) = ("L(theta) + o(norm(d))".to_owned(), "lambda(theta) + o(norm(d))".to_owned());
    assert_eq!(world.value_of(&two(&first, &second)), "L(theta)");
}

#[test]
fn a_first_equation_defines_and_stands_for_its_value() {
    let mut world = World::article();
    let iterate = |k: &str| at(Kind::Superscript(Box::new(tree("theta")), Box::new(tree(k))));
    let next = iterate("k + 1");
    assert_eq!(world.words.is_definition(&next, Relation::Equal).as_deref(), Some("theta^(k+1)"));
    let sum = vec![(Sign::Plus, iterate("k")), (Sign::Plus, tree("eta*v"))];
    let value = world.read(&at(Kind::Sum(sum))).value().expect("a value");
    assert!(world.words.define_side(&world.store, &next, value));
    assert_eq!(world.words.is_definition(&next, Relation::Equal), None);
    let loss = Kind::Call { name: "L".into(), name_span: Span::default(), arguments: vec![next] };
    assert_eq!(world.value_of(&at(loss)), "L(eta*v + theta^(k))");
    let check = |text: &str, expected: Option<&str>| {
        let chain = chain(text);
        let found = world.words.is_definition(&chain.first, chain.rest[0].0);
        assert_eq!(found.as_deref(), expected, "{text}");
    };
    check("d_star = 0", Some("d_star"));
    check("d = 0", None);
    check("F = E[hess(log(p))]", None);
    check("d_star ≈ 0", None);
    check("f(eta) = eta^2", Some("f"));
    check("L(theta) = 0", None);
    check("pi = 3", None);
    check("p_theta = 3", None);
    let value = world.read(&tree("eta^2")).value().expect("a value");
    assert!(world.words.define_side(&world.store, &tree("f(eta)"), value));
    assert_eq!(world.value("f(lambda + 1)"), "(lambda + 1)^2");
    assert_eq!(world.value("f(d)"), "! shape-mismatch");
}

#[test]
fn a_name_used_for_two_things_is_a_warning() {
    let mut world =
        World::of("vector theta in R^n\nfunction L(theta) smooth\nfunction gamma(t) in R^n\nscalar a, b");
    assert_eq!(world.value("L(gamma)"), "L(gamma) ! overloaded-name");
    assert_eq!(world.words.is_definition(&tree("L(gamma)"), Relation::Equal).as_deref(), Some("L(gamma)"));
    let speed = at(Kind::Norm(
        Box::new(at(Kind::Primed {
            name: "gamma".into(),
            name_span: Span::default(),
            primes: 1,
            arguments: vec![tree("x")],
        })),
        None,
    ));
    let length = at(Kind::Range {
        binder: Binder::Integral,
        body: Box::new(speed),
        variable: "x".into(),
        variable_span: Span::default(),
        from: Some(Box::new(tree("a"))),
        to: Some(Box::new(tree("b"))),
    });
    let shown = world.value_of(&length);
    assert_eq!(shown, "integral(sqrt(diff(gamma(t), t)'*diff(gamma(t), t)), t = a..b)");
    assert_eq!(world.value("L(gamma(a))"), "L(gamma(a))");
    assert_eq!(world.value("grad(L(gamma(a)))"), "grad(L(t), t) @ gamma(a)");
}

#[test]
fn gradients_are_rows_where_that_is_declared() {
    let mut world = World::article();
    world.fence("gradient row");
    assert_eq!(world.value("grad(L)*d"), "grad(L(theta), theta)'*d");
    assert_eq!(world.value("diff(L(theta), theta)*d"), "grad(L(theta), theta)'*d");
    assert_eq!(world.value("theta - grad(L)"), "! shape-mismatch");
    assert_eq!(world.value("d'*hess(L)*d"), "d'*hess(L(theta), theta)*d");
}

#[test]
fn declarations_that_contradict_are_reported_and_the_first_is_kept() {
    let said = |lines: &str| {
        let mut world = World::article();
        world.fence(lines);
        world.codes()
    };
    assert_eq!(said("vector d in R^n\nlet F = fisher(p)\ndensity p(x | theta) regular\nsmall d"), [""; 0]);
    assert_eq!(said("vector d in R^m"), ["contradictory-declaration"]);
    assert_eq!(said("scalar L"), ["contradictory-declaration"]);
    assert_eq!(said("let F = theta"), ["contradictory-declaration"]);
    assert_eq!(said("density p(x | theta) regular to order 1"), ["contradictory-declaration"]);
    assert_eq!(said("write p(theta) for p(x | theta + d)"), ["contradictory-declaration"]);
    assert_eq!(said("scale d ~ tau^2"), ["contradictory-declaration"]);
    assert_eq!(said("assume lambda < 0"), ["contradictory-declaration"]);
    assert_eq!(said("assume epsilon = 0"), ["contradictory-declaration"]);
    assert_eq!(said("small thete"), ["unknown-name"]);
    assert_eq!(said("assume thete symmetric"), ["unknown-name"]);
    assert_eq!(said("assume theta symmetric"), ["shape-mismatch"]);
    assert_eq!(said("let G = K(theta)"), ["unknown-function"]);
    assert_eq!(said("vector u in R^(1/2)"), ["syntax"]);
    assert_eq!(World::article().codes(), [""; 0]);
}

#[test]
fn assumptions_are_handed_on() {
    let mut world = World::article();
    world.fence("assume F nonsingular, norm(v) = 1, grad(L) != 0\nassume alpha >= eta\nmatrix A in R^(n x n) symmetric");
    assert!(world.said.is_empty(), "{:?}", world.said);
    let context = world.words.context();
    let shown: Vec<String> = context
        .assumptions
        .iter()
        .map(|one| match one {
            Assumption::Positive(e) => format!("{} > 0", display(&world.store, *e)),
            Assumption::NonNegative(e) => format!("{} >= 0", display(&world.store, *e)),
            Assumption::NonZero(e) => format!("{} != 0", display(&world.store, *e)),
            Assumption::Integer(e) => format!("{} integer", display(&world.store, *e)),
            Assumption::Property(e, property) => format!("{} {property:?}", display(&world.store, *e)),
            Assumption::Equal(a, b) => {
                format!("{} = {}", display(&world.store, *a), display(&world.store, *b))
            }
        })
        .collect();
    assert_eq!(
        shown,
        [
            "eta > 0",
            "epsilon > 0",
            "lambda > 0",
            "fisher(p)(theta) Nonsingular",
            "sqrt(v'*v) = 1",
            "grad(L(theta), theta) != 0",
            "alpha - eta >= 0",
            "A Symmetric",
        ]
    );
    assert_eq!(context.densities.len(), 1);
    assert_eq!(context.functions[0].smoothness, 3);
    assert_eq!(context.limit.symbols.len(), 1);
}

#[test]
fn what_nothing_uses_is_a_warning() {
    let mut world = World::article();
    let names = |world: &World| {
        let unused = world.words.unused();
        unused
            .iter()
            .map(|d| match &d.code {
                Code::UnusedDeclaration { name } => name.clone(),
                other => panic!("{other:?}"),
            })
            .collect::<Vec<_>>()
    };
    world.value("KL(p(theta), p(theta + d))");
    assert_eq!(names(&world), ["v", "eta", "epsilon", "lambda", "alpha", "L", "F"]);
    world.value("eta*lambda*F*v");
    assert_eq!(names(&world), ["epsilon", "alpha", "L"]);
}

#[test]
fn of_a_minimizer_only_what_it_minimizes_is_known() {
    let mut world = World::article();
    let star = tree("theta_star");
    let problem = world.read(&tree("argmin(L(theta), theta)"));
    let meaning = problem.meaning.expect("a problem");
    assert!(world.words.define_meaning(&mut world.store, &star, &meaning));
    assert_eq!(
        world.claim("grad(L(theta_star), theta) = 0"),
        "0 = grad(L(theta), theta) at the minimum of [L(theta) over theta]"
    );
    assert_eq!(world.claim("theta_star = d"), "d minimizes [L(theta) over theta]");
    assert_eq!(world.claim("theta_star + d = d"), "! needs-declaration");
    assert_eq!(world.claim("L(theta_star) <= L(theta)"), "! needs-declaration");
    assert_eq!(world.claim("hess(L(theta_star), theta) = 0"), "! needs-declaration");
}

#[test]
fn covariances_are_expectations() {
    let mut world = World::of(
        "vector theta in R^n\ndensity p(x | theta) regular\nfunction T(x) in R^n\nfunction A(theta) smooth",
    );
    assert_eq!(
        world.claim("Cov(T) = hess(A)"),
        "E[(T(x) - E[T(x_1); p(theta)])*(T(x) - E[T(x_1); p(theta)])'; p(theta)] = hess(A(theta), theta)"
    );
    assert_eq!(world.value("Var(A)"), "E[(A(theta) - E[A(theta); p(theta)])^2; p(theta)]");
    assert_eq!(world.value("Var(T)"), "! not-a-scalar");
    assert_eq!(world.claim("E[T] = grad(A)"), "E[T(x); p(theta)] = grad(A(theta), theta)");
    assert_eq!(world.claim("log(p) = T'*theta - A + 1"), "log(p(x, theta)) = T(x)'*theta - A(theta) + 1");
}

#[test]
fn a_family_gives_its_density() {
    let mut world = World::empty();
    let mut named = |name: &str| Parameter { name: name.to_owned(), symbol: world.store.scalar(name) };
    let (alpha, beta, x) = (named("alpha"), named("beta"), named("x"));
    let (facts, sample_facts) =
        (vec![Fact::Positive(alpha.symbol), Fact::Positive(beta.symbol)], vec![Fact::Positive(x.symbol)]);
    let log_density =
        formula(&mut world.store, "alpha*log(beta) - lgamma(alpha) + (alpha - 1)*log(x) - beta*x");
    let family = Family {
        name: "gamma".to_owned(),
        parameters: vec![alpha, beta],
        constants: Vec::new(),
        variables: vec![x],
        facts,
        sample_facts,
        log_density,
        atoms: Vec::new(),
        coordinates: Vec::new(),
        claims: Vec::new(),
    };
    world.words.declare_family(&world.store, &family);
    assert_eq!(
        world.claim("diff(log(p(x)), beta) = alpha/beta - x"),
        "diff(alpha*log(beta) - x*beta - lgamma(alpha) + (alpha - 1)*log(x), beta) = alpha/beta - x"
    );
    assert_eq!(world.value("p(2)"), "exp(alpha*log(beta) - 2*beta - lgamma(alpha) + (alpha - 1)*log(2))");
    assert_eq!(world.value("log(p(x | 1, beta))"), "log(beta) - beta*x - lgamma(1) + 0*log(x)");
    assert_eq!(
        world.value("log(2*p(x))"),
        "log(2*exp(alpha*log(beta) - beta*x - lgamma(alpha) + (alpha - 1)*log(x)))"
    );
    assert_eq!(world.value("E[x; p(x)]"), "! needs-declaration");
    assert_eq!(world.value("p(x, 1)"), "! wrong-arity");
    assert_eq!(world.words.context().assumptions.len(), 3);
}

#[test]
fn a_name_can_be_declared_anew_where_it_was_forgotten() {
    let mut world = World::article();
    let before = world.words.clone();
    for name in ["p", "L", "theta"] {
        world.words.forget(name);
    }
    world.fence("density p(y)\nscalar theta\nfunction L(y)");
    assert!(world.said.is_empty(), "{:?}", world.said);
    assert_eq!(world.value("E[L(y)*theta; p]"), "E[theta*L(x); p(0)]");
    assert_eq!(world.words.context().densities.len(), 1);
    world.words = before.restored(&world.words);
    assert_eq!(world.value("E[L(theta); p]"), "E[L(theta); p(theta)]");
    assert_eq!(world.value("theta^(k + 1)"), "theta^(k+1)");
}
