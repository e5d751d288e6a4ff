//! Every embedded family, densities typed in odd ways, and near misses: what is derived holds by every witness.

use referee::deck::{EMBEDDED, families};
use referee::expr::Store;
use referee::number::Rational;
use referee::stats::points::parameter_points;
use referee::stats::{Derivation, Family, Kind, Status, derive};
use referee::syntax::{read_document, read_plain};
use referee::verify::Verdict;
use referee::verify::statistical::claims::{ClaimChecker, ClaimError, check_claim};
use referee::verify::statistical::divergence::{Order, default_direction, divergence, moved};
use referee::verify::statistical::fit::{default_start, fit};
use referee::verify::statistical::invariance::invariance;
use referee::verify::statistical::normalization::{KnownBy, normalization};
use referee::verify::statistical::numeric::{Request, numeric};
use referee::verify::statistical::order::{order_check, order_lower_bound, theta_points};
use referee::verify::statistical::steepest::steepest;
use referee::verify::statistical::witnesses::witnesses;

#[track_caller]
fn read(store: &mut Store, text: &str) -> Family {
    let document = read_plain(text);
    let mut diagnostics = document.diagnostics.clone();
    let texts: Vec<_> = document.families().collect();
    let mut found = families(store, &texts, text, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    found.swap_remove(0)
}

/// Every embedded family with its derivation.
fn embedded(look: &dyn Fn(&mut Store, &Family, &Derivation)) {
    for entry in EMBEDDED {
        let mut store = Store::new();
        let document = read_document(entry.text);
        let mut diagnostics = document.diagnostics.clone();
        let texts: Vec<_> = document.families().collect();
        let found = families(&mut store, &texts, entry.text, &mut diagnostics);
        assert!(diagnostics.is_empty(), "{}: {diagnostics:?}", entry.name);
        for family in found {
            let derivation = derive(&mut store, &family);
            look(&mut store, &family, &derivation);
        }
    }
}

fn first_point(store: &mut Store, family: &Family) -> Vec<Rational> {
    parameter_points(store, family, 1).swap_remove(0)
}

fn refused(derivation: &Derivation) -> bool {
    derivation.status == Status::Refused
}

#[test]
fn every_claim_of_the_library_is_proved_and_every_faulty_one_refuted() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/derivations/faulty");
    let mut faulty: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| std::fs::read_to_string(e.unwrap().path()).unwrap())
        .collect();
    faulty.sort();
    let texts = EMBEDDED.iter().map(|e| e.text.to_owned()).chain(faulty);
    let mut counts = (0, 0);
    for text in texts {
        let mut store = Store::new();
        let document = read_document(&text);
        let texts: Vec<_> = document.families().collect();
        for family in families(&mut store, &texts, &text, &mut Vec::new()) {
            let mut checker = ClaimChecker::new(&family);
            for claim in &family.claims {
                let verdict = checker.check(&mut store, claim).unwrap();
                let expected = claim.expect.as_deref().unwrap_or("proved");
                if expected.starts_with("refuted") {
                    counts.1 += 1;
                    assert!(verdict.is_refuted(), "{}: {}: {verdict:?}", family.name, claim.text);
                } else if expected.starts_with("open") {
                    assert_eq!(verdict.name(), "open", "{}: {}", family.name, claim.text);
                } else {
                    counts.0 += 1;
                    assert!(verdict.is_proved(), "{}: {}: {verdict:?}", family.name, claim.text);
                }
            }
        }
    }
    assert!(counts.0 >= 140 && counts.1 >= 30, "{counts:?}");
}

#[test]
fn no_witness_speaks_against_a_family() {
    embedded(&|store, family, derivation| {
        if refused(derivation) {
            return;
        }
        let at = first_point(store, family);
        let found = witnesses(store, derivation, &at);
        for report in found.all() {
            let verdict = &report.verdict;
            assert!(verdict.is_proved() || verdict.name() == "supported", "{}: {report:?}", family.name);
            // On a finite sample space each is decided, not estimated.
            assert!(derivation.points.is_none() || verdict.is_proved(), "{}: {report:?}", family.name);
        }
        let mass = normalization(store, derivation).unwrap();
        let proved = derivation.points.is_some() || derivation.normalized_by.is_some();
        assert_eq!(mass.verdict.is_proved(), proved, "{}: {mass:?}", family.name);
        assert!(proved || mass.verdict.name() == "supported", "{}: {mass:?}", family.name);
    });
}

#[test]
fn double_differences_certify_the_number_of_statistics() {
    embedded(&|store, family, derivation| {
        if !refused(derivation) {
            let check = order_check(store, derivation);
            assert!(check.verdict.is_proved(), "{}: {check:?}", family.name);
            assert_eq!(Some(check.lower_bound), check.statistics);
        }
    });
}

#[test]
fn divergences_are_never_negative_and_their_quadratic_is_proved() {
    embedded(&|store, family, derivation| {
        if refused(derivation) {
            return;
        }
        let at = first_point(store, family);
        let size = family.parameters.len();
        for to in theta_points(store, family, &at[size..], 6) {
            let request = Request { at: &at, to: Some(&to), x: None, gradient: None, digits: 12 };
            let kl: f64 = numeric(store, derivation, request).kl.unwrap().parse().unwrap();
            // Softmax logits that differ by a constant are the same distribution.
            let same = to == at[..size];
            assert!(kl >= 0.0 && (kl == 0.0) == same, "{} at {to:?}: {kl}", family.name);
        }
        let report = divergence(store, derivation, &at, None);
        assert!(report.verdict.is_proved(), "{}: {:?}", family.name, report.verdict);
        assert!(
            matches!(report.order, Order::Coefficient(k) if k >= 3),
            "{}: {:?}",
            family.name,
            report.order
        );
        let gaps: Vec<f64> =
            report.rows.iter().map(|r| r.relative_gap.as_ref().unwrap().parse().unwrap()).collect();
        assert!(gaps[6].abs() < 1e-5 && gaps[6].abs() < gaps[3].abs(), "{}: {gaps:?}", family.name);
        for row in &report.rows[..5] {
            let closed: f64 = row.kl.as_ref().unwrap().parse().unwrap();
            let estimate = row.kl_estimate.unwrap();
            assert!((estimate / closed - 1.0).abs() < 1e-8, "{}: {row:?}", family.name);
        }
    });
}

#[test]
fn numerical_minimizers_find_the_natural_gradient() {
    embedded(&|store, family, derivation| {
        if refused(derivation) {
            return;
        }
        let at = first_point(store, family);
        let report = steepest(store, derivation, &at, None);
        assert_eq!(report.verdict.name(), "supported", "{}: {report:?}", family.name);
        let last = report.solutions.last().unwrap();
        assert!(last.relative_error < 1e-3 && report.solutions.len() == 7, "{}: {report:?}", family.name);
        assert!((last.lambda / last.lambda_expected - 1.0).abs() < 1e-2, "{}: {report:?}", family.name);
        assert!(report.solutions.iter().all(|s| s.confirmed.unwrap() < 1e-8), "{}: {report:?}", family.name);
    });
}

#[test]
fn a_wrong_metric_is_not_the_limit_of_steepest_descent() {
    let mut store = Store::new();
    let family = read(&mut store, NORMAL);
    let mut derivation = derive(&mut store, &family);
    let at = first_point(&mut store, &family);
    let four = store.integer(4);
    let fisher = derivation.fisher.as_mut().unwrap();
    fisher[1][1] = store.mul(fisher[1][1], four);
    let report = steepest(&mut store, &derivation, &at, None);
    assert_eq!(report.verdict.name(), "open", "{report:?}");
    let quadratic = divergence(&mut store, &derivation, &at, None);
    assert!(quadratic.verdict.is_refuted(), "{:?}", quadratic.verdict);
    let outer = witnesses(&mut store, &derivation, &at).outer_product;
    assert_eq!(outer.verdict.name(), "open", "{outer:?}");
}

#[test]
fn named_coordinates_transform_the_metric_and_keep_the_direction() {
    let counted = std::cell::Cell::new(0);
    embedded(&|store, family, derivation| {
        for found in invariance(store, family, derivation) {
            counted.set(counted.get() + 1);
            assert!(found.fisher.is_proved(), "{}: {found:?}", family.name);
            assert!(found.direction.is_proved(), "{}: {found:?}", family.name);
            for (own, other) in &found.measured {
                assert!((own - other).abs() <= 1e-12 * own.abs(), "{}: {found:?}", family.name);
            }
        }
    });
    assert!(counted.get() >= 8);
}

#[test]
fn natural_gradients_fit_in_fewer_iterations() {
    embedded(&|store, family, derivation| {
        if refused(derivation) {
            return;
        }
        let target = first_point(store, family);
        let start = default_start(store, derivation, &target);
        let report = fit(store, derivation, &target, &start).unwrap();
        let (natural, plain) = (&report.natural, &report.plain);
        assert!(natural.kl < 1e-12 && natural.distance < 1e-5, "{}: {report:?}", family.name);
        assert!(natural.iterations <= 40, "{}: {report:?}", family.name);
        assert!(natural.iterations <= plain.iterations, "{}: {report:?}", family.name);
    });
}

const NORMAL: &str = "family normal(mu real, sigma > 0)\nx real\n\
    log p(x) = -log(sigma) - log(2*pi)/2 - (x - mu)^2/(2*sigma^2)";

#[test]
fn the_quadratic_is_exact_for_the_normal_in_its_mean() {
    let mut store = Store::new();
    let family = read(&mut store, NORMAL);
    let derivation = derive(&mut store, &family);
    let at = [Rational::new(1, 3), Rational::new(2, 1)];
    let along_mean = [Rational::ONE, Rational::ZERO];
    let report = divergence(&mut store, &derivation, &at, Some(&along_mean));
    assert_eq!(report.order.text().as_deref(), Some("exact"));
    assert_eq!(report.rows[0].kl.as_deref(), Some("0.125000000000"));
}

#[test]
fn von_mises_deviates_at_the_fourth_order_in_its_angle() {
    let mut store = Store::new();
    let text = referee::deck::find("von-mises").unwrap().text;
    let document = read_document(text);
    let texts: Vec<_> = document.families().collect();
    let family = families(&mut store, &texts, text, &mut Vec::new()).swap_remove(0);
    let derivation = derive(&mut store, &family);
    let at = [Rational::new(1, 3), Rational::new(2, 1)];
    let along_angle = [Rational::ONE, Rational::ZERO];
    let report = divergence(&mut store, &derivation, &at, Some(&along_angle));
    assert_eq!(report.order, Order::Coefficient(4));
}

#[test]
fn numbers_are_rounded_correctly() {
    let mut store = Store::new();
    let family = read(
        &mut store,
        "family gamma(alpha > 0, beta > 0)\nx > 0\n\
         log p(x) = alpha*log(beta) - lgamma(alpha) + (alpha - 1)*log(x) - beta*x",
    );
    let derivation = derive(&mut store, &family);
    let q = |n| Rational::from(n);
    let (at, to, x, g) = ([q(2), q(3)], [q(2), q(4)], [q(1)], [q(0), q(1)]);
    let request = Request { at: &at, to: Some(&to), x: Some(&x), gradient: Some(&g), digits: 20 };
    let found = numeric(&mut store, &derivation, request);
    let text = |e: &Option<String>| e.clone().unwrap_or_default();
    // π²/6 − 1 = 0.644934066848226436472…; log(3/4) and 1/3 by hand.
    let fisher = found.fisher.unwrap();
    assert_eq!(text(&fisher[0][0]), "0.64493406684822643647");
    assert_eq!(text(&fisher[0][1]), "-0.33333333333333333333");
    // KL = α log(β/β') + α(β' − β)/β = 2·log(3/4) + 2/3 = 0.091302521763104839…
    assert!(text(&found.kl).starts_with("0.0913025217631048"), "{:?}", found.kl);
    // β-score α/β − x = −1/3.
    assert_eq!(text(&found.score.unwrap()[1]), "-0.33333333333333333333");
    // (F⁻¹g)₂ = ψ₁(2)/(det F) with det F = 2ψ₁(2)/9 − 1/9: 0.644934…/(0.143318…−0.111111…) = 20.0246…
    assert!(text(&found.natural_gradient.unwrap()[1]).starts_with("20.0"), "{:?}", found.fisher_inverse);
}

#[test]
fn nothing_is_invented_where_the_information_is_singular_or_the_score_vanishes() {
    let mut store = Store::new();
    let text = referee::deck::find("softmax3").unwrap().text;
    let document = read_document(text);
    let texts: Vec<_> = document.families().collect();
    let family = families(&mut store, &texts, text, &mut Vec::new()).swap_remove(0);
    let derivation = derive(&mut store, &family);
    let zero = [Rational::ZERO, Rational::ZERO, Rational::ZERO];
    let request = Request { at: &zero, to: Some(&zero), x: None, gradient: Some(&zero), digits: 10 };
    let found = numeric(&mut store, &derivation, request);
    assert_eq!(found.kl.as_deref(), Some("0"));
    assert_eq!((found.fisher_inverse, found.natural_gradient), (None, None));
    assert_eq!(found.fisher.unwrap()[0][0].as_deref(), Some("0.2222222222"));
}

/// Densities that are not in the library, or are typed in unusual ways, with F worked out by hand.
#[rustfmt::skip]
const ODD: &[(&str, &str)] = &[
    ("gamma by log-shape and root of the rate", "family f(a real, b > 0)\nx > 0\n\
      log p(x) = exp(a)*log(b^2) - lgamma(exp(a)) + (exp(a) - 1)*log(x) - b^2*x\n\
      claim fisher = [exp(2*a)*trigamma(exp(a)), -2*exp(a)/b; -2*exp(a)/b, 4*exp(a)/b^2] source \"by hand\""),
    ("negative binomial by mean", "family f(m > 0; r > 0)\nx integer >= 0\n\
      log p(x) = lgamma(x + r) - lgamma(r) - log(x!) + r*log(r/(r + m)) + x*log(m/(r + m))\n\
      claim fisher = [r/(m*(r + m))] source \"by hand\""),
    ("normal by log-precision", "family f(mu real, t real)\nx real\n\
      log p(x) = t/2 - log(2*pi)/2 - exp(t)*(x - mu)^2/2\n\
      claim fisher = [exp(t), 0; 0, 1/2] source \"by hand\""),
    ("Rayleigh by mean", "family f(m > 0)\nx > 0\np(x) = pi*x/(2*m^2)*exp(-pi*x^2/(4*m^2))\n\
      claim fisher = [4/m^2] source \"by hand\""),
    ("Hardy and Weinberg's genotypes", "family f(q > 0, 1 - q > 0)\nx1 in {0, 1}, x2 in {0, 1}, x1 + x2 <= 1\n\
      log p(x1, x2) = 2*x1*log(q) + x2*log(2*q*(1 - q)) + 2*(1 - x1 - x2)*log(1 - q)\n\
      claim fisher = [2/(q*(1 - q))] source \"by hand\""),
    ("categorical by logits", "family f(a real, b real)\nx1 in {0, 1}, x2 in {0, 1}, x1 + x2 <= 1\n\
      log p(x1, x2) = a*x1 + b*x2 - log(1 + exp(a) + exp(b))\n\
      claim fisher = [exp(a)*(1 + exp(b))/(1 + exp(a) + exp(b))^2, -exp(a + b)/(1 + exp(a) + exp(b))^2; \
      -exp(a + b)/(1 + exp(a) + exp(b))^2, exp(b)*(1 + exp(a))/(1 + exp(a) + exp(b))^2] source \"by hand\""),
    ("Maxwell", "family f(a > 0)\nx > 0\np(x) = sqrt(2/pi)*x^2*exp(-x^2/(2*a^2))/a^3\n\
      claim fisher = [6/a^2] source \"by hand\""),
    ("half-normal", "family f(s > 0)\nx > 0\np(x) = sqrt(2/pi)/s*exp(-x^2/(2*s^2))\n\
      claim fisher = [2/s^2] source \"by hand\""),
    ("Wald by dispersion", "family f(m > 0, phi > 0)\nx > 0\n\
      p(x) = (2*pi*phi*x^3)^(-1/2)*exp(-(x - m)^2/(2*phi*m^2*x))\n\
      claim fisher = [1/(phi*m^3), 0; 0, 1/(2*phi^2)] source \"by hand\""),
    ("beta by mean and precision", "family f(0 < m < 1, phi > 0)\n0 < x < 1\n\
      log p(x) = lgamma(phi) - lgamma(m*phi) - lgamma((1 - m)*phi) + (m*phi - 1)*log(x) + ((1 - m)*phi - 1)*log(1 - x)\n\
      claim fisher = [phi^2*(trigamma(m*phi) + trigamma((1 - m)*phi)), phi*(m*trigamma(m*phi) - (1 - m)*trigamma((1 - m)*phi)); \
      phi*(m*trigamma(m*phi) - (1 - m)*trigamma((1 - m)*phi)), m^2*trigamma(m*phi) + (1 - m)^2*trigamma((1 - m)*phi) - trigamma(phi)] source \"by hand\""),
    ("trinomial with n known", "family f(p1 > 0, p2 > 0, p1 + p2 < 1; n integer >= 1)\nx1 in 0..n, x2 in 0..n, x1 + x2 <= n\n\
      log p(x1, x2) = log(n!) - log(x1!) - log(x2!) - log((n - x1 - x2)!) + x1*log(p1) + x2*log(p2) + (n - x1 - x2)*log(1 - p1 - p2)\n\
      claim fisher = [n/p1 + n/(1 - p1 - p2), n/(1 - p1 - p2); n/(1 - p1 - p2), n/p2 + n/(1 - p1 - p2)] source \"by hand\""),
    ("logarithmic series", "family f(0 < q < 1)\nx integer >= 1\np(x) = -q^x/(x*log(1 - q))\n\
      claim fisher = [-(log(1 - q) + q)/(q*(1 - q)^2*log(1 - q)^2)] source \"by hand\""),
    ("Bernoulli with the square of x", "family f(0 < q < 1)\nx in {0, 1}\n\
      log p(x) = x^2*log(q) + (1 - x^2)*log(1 - q)\n\
      claim fisher = [1/(q*(1 - q))] source \"by hand\""),
    ("Borel", "family f(0 < m < 1)\nx integer >= 1\np(x) = exp(-m*x)*(m*x)^(x - 1)/x!\n\
      claim fisher = [1/(m*(1 - m))] source \"by hand\""),
    ("exponential without the logarithm", "family f(lambda > 0)\nx > 0\np(x) = lambda*exp(-lambda*x)\n\
      claim fisher = [1/lambda^2] source \"by hand\""),
    ("normal of mean a + b and deviation b", "family f(a real, b > 0)\nx real\n\
      p(x) = exp(-(x - a - b)^2/(2*b^2))/sqrt(2*pi*b^2)\n\
      claim fisher = [1/b^2, 1/b^2; 1/b^2, 3/b^2] source \"by hand\""),
    ("waiting time with a lump at zero", "family f(0 < w < 1, r > 0)\nx > 0\nlog p(x) = log(1 - w) + log(r) - r*x\nlog p(0) = log(w)\n\
      claim fisher = [1/(w*(1 - w)), 0; 0, (1 - w)/r^2] source \"by hand\""),
    ("a direction on the sphere, pole known", "family f(kappa > 0)\n(x1, x2, x3) in sphere\n\
      log p(x1, x2, x3) = kappa*x3 + log(kappa) - log(4*pi*sinh(kappa))\n\
      claim fisher = [1/kappa^2 - 1/sinh(kappa)^2] source \"by hand\""),
];

#[test]
fn densities_in_odd_parametrizations_are_derived_as_by_hand() {
    for (name, text) in ODD {
        let mut store = Store::new();
        let family = read(&mut store, text);
        let derivation = derive(&mut store, &family);
        assert_eq!(derivation.status, Status::ClosedForm, "{name}: {:?}", derivation.reason);
        let verdict = check_claim(&mut store, &family, &family.claims[0]).unwrap();
        assert!(verdict.is_proved(), "{name}: {verdict:?}");
        let mass = normalization(&mut store, &derivation).unwrap();
        assert!(mass.verdict.is_proved() || mass.verdict.name() == "supported", "{name}: {mass:?}");
        let at = first_point(&mut store, &family);
        for report in witnesses(&mut store, &derivation, &at).all() {
            let verdict = &report.verdict;
            assert!(verdict.is_proved() || verdict.name() == "supported", "{name}: {report:?}");
        }
        let kl = derivation.kl.unwrap();
        let fisher = derivation.fisher.clone().unwrap();
        let quadratic =
            referee::verify::statistical::divergence::taylor_verdict(&mut store, &derivation, kl, &fisher);
        assert!(quadratic.is_proved(), "{name}: {quadratic:?}");
        let steepest = steepest(&mut store, &derivation, &at, None);
        assert_eq!(steepest.verdict.name(), "supported", "{name}: {steepest:?}");
    }
}

/// Densities that are off: what is known of their mass at the first point.
#[rustfmt::skip]
const NEAR: &[(&str, KnownBy, &str)] = &[
    ("the rate is missing in A", KnownBy::KnownIntegral, "family f(rate > 0)\nx > 0\nlog p(x) = -rate*x"),
    ("twice the density", KnownBy::KnownIntegral, "family f(mu real, sigma > 0)\nx real\n\
      log p(x) = log(2) - log(sigma) - log(2*pi)/2 - (x - mu)^2/(2*sigma^2)"),
    ("the sign of log sigma", KnownBy::KnownIntegral, "family f(mu real, sigma > 0)\nx real\n\
      log p(x) = log(sigma) - log(2*pi)/2 - (x - mu)^2/(2*sigma^2)"),
    ("the same probability twice", KnownBy::FiniteSum, "family f(0 < q < 1)\nx in {0, 1}\nlog p(x) = x*log(q) + (1 - x)*log(q)"),
    ("Poisson without exp(-lambda)", KnownBy::KnownIntegral, "family f(lambda > 0)\nx integer >= 0\nlog p(x) = x*log(lambda) - log(x!)"),
    ("gamma without its gamma function", KnownBy::KnownIntegral, "family f(alpha > 0, beta > 0)\nx > 0\n\
      log p(x) = alpha*log(beta) + (alpha - 1)*log(x) - beta*x"),
    ("twice the logistic density", KnownBy::Estimate, "family f(mu real, s > 0)\nx real\n\
      p(x) = 2*exp(-(x - mu)/s)/(s*(1 + exp(-(x - mu)/s))^2)"),
    ("an atom that is too small", KnownBy::Estimate, "family f(0 < w < 1, lambda > 0)\nx integer >= 1\n\
      log p(x) = log(1 - w) + x*log(lambda) - lambda - log(x!)\nlog p(0) = log(w)"),
    ("binomial without its coefficient", KnownBy::FiniteSum, "family f(0 < q < 1; n integer >= 2)\nx in 0..n\n\
      log p(x) = x*log(q) + (n - x)*log(1 - q)"),
    ("a density that grows", KnownBy::KnownIntegral, "family f(a > 0)\nx > 0\nlog p(x) = log(a) + a*x"),
];

#[test]
fn a_density_that_does_not_integrate_to_one_is_an_error() {
    for (name, known_by, text) in NEAR {
        let mut store = Store::new();
        let family = read(&mut store, text);
        let derivation = derive(&mut store, &family);
        let wrong = normalization(&mut store, &derivation).expect_err(name);
        assert_eq!(wrong.known_by, *known_by, "{name}: {wrong:?}");
        let value: f64 = wrong.value.as_deref().unwrap_or("inf").parse().unwrap();
        assert!((value - 1.0).abs() > 1e-6, "{name}: {wrong:?}");
    }
}

#[test]
fn what_is_no_exponential_family_is_estimated_and_says_so() {
    let pi = std::f64::consts::PI;
    // F of the location and scale families, by hand: Cauchy 1/(2g²); logistic 1/(3s²), (3 + π²)/(9s²).
    let cases: [(&str, [f64; 2], &str); 2] = [
        ("g/(pi*(g^2 + (x - mu)^2))", [0.5, 0.5], "g"),
        ("exp(-(x - mu)/s)/(s*(1 + exp(-(x - mu)/s))^2)", [1.0 / 3.0, (3.0 + pi * pi) / 9.0], "s"),
    ];
    for (density, diagonal, scale) in cases {
        let mut store = Store::new();
        let family = read(&mut store, &format!("family f(mu real, {scale} > 0)\nx real\np(x) = {density}"));
        let derivation = derive(&mut store, &family);
        assert_eq!(derivation.kind, Kind::No);
        let at = [Rational::new(1, 2), Rational::new(2, 1)];
        let request = Request { at: &at, to: Some(&at), x: None, gradient: None, digits: 8 };
        let found = numeric(&mut store, &derivation, request);
        assert!(found.estimated);
        let fisher = found.fisher.unwrap();
        for (i, expected) in diagonal.into_iter().enumerate() {
            let value: f64 = fisher[i][i].as_ref().unwrap().parse().unwrap();
            assert!((value - expected / 4.0).abs() < 1e-8, "{density}: {fisher:?}");
        }
        let check = order_check(&mut store, &derivation);
        assert!(check.verdict.is_proved() && check.lower_bound == 9, "{check:?}");
        for report in witnesses(&mut store, &derivation, &at).all() {
            assert_eq!(report.verdict.name(), "supported", "{density}: {report:?}");
        }
        let quadratic = divergence(&mut store, &derivation, &at, None);
        assert_eq!((quadratic.verdict.name(), quadratic.closed_form), ("supported", false));
        assert_eq!(steepest(&mut store, &derivation, &at, None).verdict.name(), "supported");
    }
}

#[test]
fn the_hessian_form_fails_where_the_score_jumps() {
    let mut store = Store::new();
    let family =
        read(&mut store, "family laplace(mu real, b > 0)\nx real\nlog p(x) = -log(2*b) - abs(x - mu)/b");
    let derivation = derive(&mut store, &family);
    let at = [Rational::new(1, 2), Rational::new(2, 1)];
    let found = witnesses(&mut store, &derivation, &at);
    assert_eq!(found.outer_product.verdict.name(), "supported", "{:?}", found.outer_product);
    assert!((found.outer_product.value[0] - 0.25).abs() < 1e-9);
    let Verdict::Refuted(witness) = &found.hessian.verdict else { panic!("{:?}", found.hessian) };
    // p(mu)·(2/b)·1 = 1/b² = 1/4.
    assert_eq!(witness.left, "F[1,1] − 0.250000000000");
    let quadratic = divergence(&mut store, &derivation, &at, None);
    assert_eq!(quadratic.verdict.name(), "supported");
}

#[test]
fn a_claim_of_another_shape_is_an_error() {
    let mut store = Store::new();
    let family =
        read(&mut store, &format!("{NORMAL}\nclaim fisher = [1/sigma^2, 2/sigma^2] source \"wrong shape\""));
    let shape = check_claim(&mut store, &family, &family.claims[0]);
    assert_eq!(shape, Err(ClaimError::ShapeMismatch { claimed: (2, 1), derived: (2, 2) }));
}

#[test]
fn directions_stay_inside_the_domain() {
    embedded(&|store, family, derivation| {
        let at = first_point(store, family);
        let size = family.parameters.len();
        let to = moved(&at[..size], &default_direction(store, derivation, &at), &Rational::ONE);
        let symbols: Vec<_> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
        let there = [to.as_slice(), &at[size..]].concat();
        assert!(
            referee::stats::points::facts_hold(store, &family.facts, &symbols, &there),
            "{}",
            family.name
        );
        assert_ne!(to, at[..size]);
    });
}

#[test]
fn a_family_of_two_statistics_does_not_look_like_one_of_three() {
    let mut store = Store::new();
    let family = read(&mut store, NORMAL);
    assert_eq!(order_lower_bound(&mut store, &family), 2);
}
