//! Bundles of the catalogue.

use super::*;
use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::emit::{Reference, Work};
use crate::number::{Ball, Rational};
use crate::stats::coordinates::BUILT_IN;
use crate::stats::derive;
use crate::stats::standardized::Standardized;
use crate::syntax::read_document;

pub(super) fn families(store: &mut Store, text: &str) -> Vec<Family> {
    let document = read_document(text);
    let mut diagnostics = document.diagnostics.clone();
    let texts: Vec<_> = document.families().collect();
    let families = crate::deck::families(store, &texts, text, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    families
}

/// Everything of every embedded family in all of its coordinates.
fn each_bundle(check: impl Fn(&Made)) {
    for embedded in crate::deck::EMBEDDED {
        let mut store = Store::new();
        for family in families(&mut store, embedded.text) {
            let named = family.coordinates.iter().map(|c| c.name.as_str());
            for coordinates in named.chain(BUILT_IN) {
                if let Ok(made) = bundle(&mut store, &family, coordinates, &Wanted::All, None) {
                    check(&made);
                }
            }
        }
    }
}

/// What is printed computes what was derived: its tape in balls overlaps the enclosure at every point.
#[test]
fn tapes_agree_with_what_was_derived() {
    each_bundle(|made| {
        for (exact, routine) in made.exact.iter().zip(&made.bundle.routines) {
            let (Work::Closed { tape, .. } | Work::Cases { tape, .. }) = &routine.work else { continue };
            for seed in 1..=2 {
                let Some(inputs) = point(exact, seed, 1.0) else {
                    panic!("no point for {} of {}", routine.name, made.bundle.family)
                };
                let balls: Vec<_> = inputs.iter().map(|v| Ball::from_f64(*v, 256)).collect();
                let expected = enclosure(made, &routine.name, &inputs);
                for (value, expected) in tape.eval(&balls, 256).iter().zip(&expected) {
                    assert!(
                        value.overlaps(expected) && (value.is_narrow(20) || expected.is_zero()),
                        "{} of {} at {inputs:?}: {value:?} is not {expected:?}",
                        routine.name,
                        made.bundle.family
                    );
                }
            }
        }
    });
}

/// Two regressions in a chain, the normal distribution by its Cholesky factor, and one by precision and slope: in standard
/// normal variables as by statistics.
#[test]
fn standard_normal_variables_agree_with_statistics() {
    check_standardized(
        "family chain(a real, b real, s > 0, t > 0)
x real, y real
log p(x, y) = -log(2*pi) - log(s) - log(t) - (x - a)^2/(2*s^2) - (y - b*x)^2/(2*t^2)",
    );
    check_standardized(
        "family normal2(m1 real, m2 real, l11 > 0, l21 real, l22 > 0)
x1 real, x2 real
log p(x1, x2) = -log(2*pi) - log(l11) - log(l22) - ((x1 - m1)/l11)^2/2 - ((x2 - m2 - l21*((x1 - m1)/l11))/l22)^2/2",
    );
    check_standardized(
        "family precise(m real, c real, p > 0, q > 0)
y real, x real
log p(y, x) = -log(2*pi) + log(p)/2 + log(q)/2 - p*(x - m)^2/2 - q*(y - c*(x - m))^2/2",
    );
}

#[track_caller]
fn check_standardized(text: &str) {
    let mut store = Store::new();
    let family = families(&mut store, text).remove(0);
    let mut standardized = Standardized::new(&mut store, &family).expect("a density of this shape");
    let derivation = derive(&mut store, &family);
    let theta = family.theta();
    let others: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
    let images = theta.iter().copied().zip(others).collect();
    let mut facts = family.facts.clone();
    facts.extend(family.facts.iter().map(|f| derive::substitute_fact(&mut store, f, &images)));
    let known = Assumptions::new(&mut store, &facts);
    let mut pairs =
        vec![(standardized.divergence(&mut store, &images, &known), derivation.kl.expect("closed"))];
    let fisher = standardized.fisher(&mut store, &theta).concat();
    pairs.extend(fisher.into_iter().zip(derivation.fisher.expect("closed").concat()));
    let score = standardized.score(&mut store, &family);
    pairs.extend(score.into_iter().zip(derivation.score));
    let mut decide = Normalizer::new(known, Effort::Decide);
    for (one, other) in pairs {
        let difference = store.sub(one, other);
        assert_eq!(
            decide.is_zero(&mut store, difference),
            Ok(true),
            "{}",
            crate::print::display(&store, one)
        );
    }
}

/// What is not normalized, not triangular or not a square is not of this shape.
#[test]
fn other_densities_are_not_taken_for_normal_ones() {
    for density in [
        "-log(2*pi) - log(s) - (x - a)^2/(2*s^2) - (y - a*x)^2/(2*s^2)",
        "-log(2*pi) - 2*log(s) - (x - a*y)^2/(2*s^2) - (y - a*x)^2/(2*s^2)",
        "-log(2*pi) - 2*log(s) - (x - a)^4/(2*s^2) - (y - a*x)^2/(2*s^2)",
        "-log(2*pi) - 2*log(s) - (x - a)^2/(2*s^2) - (y - a*x^2)^2/(2*s^2)",
        // Steps, whose slope is 0 and whose mass is not that of a normal density.
        "-log(2*pi) - 2*log(s) - (x - sign(x - a))^2/(2*s^2) - (y - a*x)^2/(2*s^2)",
        "-log(2*pi) - 2*log(s) - (x - a)^2/(2*s^2) - (y - a*sign(x))^2/(2*s^2)",
    ] {
        let mut store = Store::new();
        let text = format!("family f(a real, s > 0)\nx real, y real\nlog p(x, y) = {density}");
        let family = families(&mut store, &text).remove(0);
        assert!(Standardized::new(&mut store, &family).is_none(), "{density}");
    }
}

/// log p of the normal distribution with a mean and a lower triangular factor of its covariance.
fn cholesky_normal(size: usize) -> String {
    let (mut parameters, mut z) = (Vec::new(), Vec::new());
    for i in 1..=size {
        let past: String = (1..i).map(|j| format!(" - l{i}{j}*({})", z[j - 1])).collect();
        z.push(format!("(x{i} - mu{i}{past})/l{i}{i}"));
        parameters.push(format!("mu{i} real"));
    }
    for i in 1..=size {
        parameters.extend((1..=i).map(|j| format!("l{i}{j} {}", if i == j { "> 0" } else { "real" })));
    }
    let x: Vec<String> = (1..=size).map(|i| format!("x{i}")).collect();
    let logs: String = (1..=size).map(|i| format!(" - log(l{i}{i})")).collect();
    let squares: String = z.iter().map(|z| format!(" - ({z})^2/2")).collect();
    format!(
        "family normal{size}({})\n{}\nlog p({}) = -{size}/2*log(2*pi){logs}{squares}",
        parameters.join(", "),
        x.iter().map(|x| format!("{x} real")).collect::<Vec<_>>().join(", "),
        x.join(", ")
    )
}

/// In five dimensions at an exact point: Σ⁻¹ for μ, and (Σ⁻¹)ᵢₖδⱼₗ + δ/lᵢᵢ² for lᵢⱼ and lₖₗ, where the last δ is 1 for equal
/// entries of the diagonal.
#[test]
fn the_normal_distribution_in_five_dimensions_is_what_a_hand_derives() {
    let mut store = Store::new();
    let family = families(&mut store, &cholesky_normal(5)).remove(0);
    let theta = family.theta();
    let mut standardized = Standardized::new(&mut store, &family).expect("a density of this shape");
    let fisher = standardized.fisher(&mut store, &theta).concat();
    let tape = Tape::new(&store, &theta, &fisher);
    let factor = |i: usize, j: usize| match i == j {
        true => Rational::new(i as i64 + 2, 3),
        false => Rational::new(2 * i as i64 - 3 * j as i64 + 1, 7),
    };
    let places: Vec<(usize, usize)> = (0..5).flat_map(|i| (0..=i).map(move |j| (i, j))).collect();
    let mut point = vec![Rational::new(1, 2); 5];
    point.extend(places.iter().map(|(i, j)| factor(*i, *j)));
    let inputs: Vec<_> = point.iter().map(|q| crate::tape::Enclosure::Exact(q.clone(), 256)).collect();
    let values: Vec<Rational> =
        tape.eval(&inputs, 256).iter().map(|v| v.exact().expect("rational arithmetic").clone()).collect();
    // M = L⁻¹ by forward substitution, column by column; Σ⁻¹ = MᵀM.
    let column = |j: usize| {
        let mut column = vec![Rational::ZERO; j];
        for i in j..5 {
            let start = if i == j { Rational::ONE } else { Rational::ZERO };
            let above = column.iter().enumerate().skip(j);
            let sum = above.fold(start, |sum, (k, m)| &sum - &(&factor(i, k) * m));
            column.push(&sum * &factor(i, i).recip().expect("not 0"));
        }
        column
    };
    let columns: Vec<Vec<Rational>> = (0..5).map(column).collect();
    let precision = |a: usize, b: usize| {
        columns[a].iter().zip(&columns[b]).fold(Rational::ZERO, |sum, (x, y)| &sum + &(x * y))
    };
    for a in 0..20_usize {
        for b in 0..20_usize {
            let expected = match (a.checked_sub(5).map(|a| places[a]), b.checked_sub(5).map(|b| places[b])) {
                (None, None) => precision(a, b),
                (Some((i, j)), Some((k, l))) if j == l => {
                    let own = if i == j && k == l && i == k {
                        &columns[i][i] * &columns[i][i]
                    } else {
                        Rational::ZERO
                    };
                    &precision(i, k) + &own
                }
                _ => Rational::ZERO,
            };
            assert_eq!(values[20 * a + b], expected, "entry {a}, {b}");
        }
    }
}

/// η(θ(m)) of the normal family is the inverse of m(η), though neither equation can be turned around by itself.
#[test]
fn conversions_there_and_back_are_the_identity() {
    check_inverse_maps("normal", "natural", "mean_from_natural", "natural_from_mean");
    check_inverse_maps("normal", "mean", "natural_from_mean", "mean_from_natural");
    check_inverse_maps("normal", "base", "natural_from_parameters", "parameters_from_natural");
    check_inverse_maps("binomial", "logit", "mean_from_logit", "logit_from_mean");
    check_inverse_maps("bivariate-normal", "base", "natural_from_parameters", "parameters_from_natural");
    check_inverse_maps("categorical3", "mean", "natural_from_mean", "mean_from_natural");
    check_inverse_maps("gamma", "mean_shape", "natural_from_mean_shape", "mean_shape_from_natural");
}

#[track_caller]
fn check_inverse_maps(family: &str, coordinates: &str, there: &str, back: &str) {
    let mut store = Store::new();
    let text = crate::deck::find(family).expect("embedded").text;
    let family = families(&mut store, text).remove(0);
    let made = bundle(&mut store, &family, coordinates, &Wanted::All, None).expect("a bundle");
    let find = |name: &str| {
        made.exact.iter().find(|e| e.routine == name).unwrap_or_else(|| panic!("{:?}", made.bundle.omitted))
    };
    let (size, exact) = (family.parameters.len(), find(there));
    for seed in 1..=3 {
        let inputs = point(exact, seed, 0.7).expect("a point");
        let balls: Vec<Ball> = inputs.iter().map(|v| Ball::from_f64(*v, 256)).collect();
        let mut values = exact.tape.eval(&balls, 256);
        values.extend(balls[size..].iter().cloned());
        for (again, first) in find(back).tape.eval(&values, 256).iter().zip(&balls) {
            assert!(again.overlaps(first) && again.is_narrow(30), "{again:?} is not {first:?}");
        }
    }
}

/// Conditions are plain, and none of them follows from others.
#[test]
fn conditions_are_plain() {
    check_condition("bernoulli", "parameters_from_natural", "");
    check_condition("geometric", "parameters_from_natural", "eta_1 < 0");
    check_condition("geometric/mean", "mean_from_natural", "eta_1 < 0");
    check_condition("normal", "parameters_from_mean", "m_1 real, m_2 > 0, m_2 > m_1^2");
    check_condition("normal", "parameters_from_natural", "eta_2 < 0");
    check_condition("pareto", "parameters_from_mean", "m_1 > log(xm), xm > 0");
    let range = "eta_3 < 0, eta_4 < 0, 4*eta_3*eta_4 > eta_5^2";
    check_condition("bivariate-normal", "parameters_from_natural", range);
    // What makes roots on the way defined is not asked again where the domain says it.
    let squares = |conditions: &str| {
        format!("family f(a real, b real, {conditions})\nx real\nlog p(x) = -log(2*pi)/2 - (x - a*b)^2/2")
    };
    check_condition(&squares("a + b > 0, a > 0, a^2 > b^2"), "in_domain", "a > 0, b real, a^2 > b^2");
    check_condition(&squares("a + b > 0, a^2 > b^2"), "in_domain", "a real, b real, a + b > 0, a^2 > b^2");
}

#[track_caller]
fn check_condition(family: &str, routine: &str, expected: &str) {
    let mut store = Store::new();
    let (name, coordinates) = family.split_once('/').unwrap_or((family, "base"));
    let (text, coordinates) = match crate::deck::find(name) {
        Some(entry) => (entry.text, coordinates),
        None => (family, "base"),
    };
    let family = families(&mut store, text).remove(0);
    let wanted = Wanted::Named(vec![routine.to_owned()]);
    let made = bundle(&mut store, &family, coordinates, &wanted, None).expect("a bundle");
    assert_eq!(made.exact[0].guards[0].text, expected);
}

/// What is left out says why.
#[test]
fn what_does_not_exist_is_omitted_with_its_reason() {
    check_omitted("uniform", "fisher", "the sample space depends on the parameter `theta`");
    check_omitted(
        "softmax3",
        "fisher_inverse",
        "F is singular everywhere: its rank is 2, and there are 3 parameters",
    );
    check_omitted("gamma", "parameters_from_mean", "the mean parameters have no closed inverse here");
}

#[track_caller]
fn check_omitted(family: &str, routine: &str, reason: &str) {
    let mut store = Store::new();
    let text = crate::deck::find(family).expect("embedded").text;
    let family = families(&mut store, text).remove(0);
    let made = bundle(&mut store, &family, "base", &Wanted::All, None).expect("a bundle");
    let omitted = made.bundle.omitted.iter().find(|(name, _)| name == routine).expect("omitted");
    assert!(omitted.1.starts_with(reason), "{}", omitted.1);
    assert!(made.bundle.routines.iter().all(|r| r.name != routine));
}

/// An unknown name is refused with the names there are.
#[test]
fn unknown_names_are_refused() {
    let mut store = Store::new();
    let family = families(&mut store, crate::deck::find("gamma").expect("embedded").text).remove(0);
    let of = |store: &mut Store, coordinates: &str, routine: &str| {
        bundle(store, &family, coordinates, &Wanted::Named(vec![routine.to_owned()]), None)
            .expect_err("refused")
    };
    assert_eq!(of(&mut store, "rate", "kl"), Refusal::Coordinates("rate".to_owned()));
    let Refusal::Routine { name, known } = of(&mut store, "scale", "hessian") else { panic!("a routine") };
    assert_eq!(name, "hessian");
    assert!(known.contains(&"scale_from_natural_jacobian".to_owned()));
}

/// The atom of a zero-inflated count has its own value, and needs not be in the sample space of the rest.
#[test]
fn atoms_have_their_own_values() {
    let mut store = Store::new();
    let text = crate::deck::find("zero-inflated-poisson").expect("embedded").text;
    let family = families(&mut store, text).remove(0);
    let made = bundle(&mut store, &family, "base", &Wanted::All, None).expect("a bundle");
    // log(1/4 + 3/4·e⁻²), and log(3/4) + log 2 − 2 at x = 1.
    let at = |x: f64| enclosure(&made, "log_density", &[x, 0.25, 2.0])[0].midpoint_f64();
    assert!((at(0.0) - libm::log(0.25 + 0.75 * libm::exp(-2.0))).abs() < 1e-15);
    assert!((at(1.0) - (libm::log(0.75) + libm::log(2.0) - 2.0)).abs() < 1e-15);
    assert!(at(-1.0).is_nan() && at(0.5).is_nan());
    let Work::Cases { atoms, .. } = &made.bundle.routines[1].work else { panic!("cases") };
    assert_eq!(atoms[0].0, [0.0]);
}

/// F·F⁻¹ = 1, F·F⁻¹g = g and log det F = log det F, for the inverses that use a shape of F.
#[test]
fn inverses_by_shape_are_inverses() {
    check_inverse(&cholesky_normal(3));
    check_inverse(
        "family dirichlet5(a1 > 0, a2 > 0, a3 > 0, a4 > 0, a5 > 0)
x1 > 0, x2 > 0, x3 > 0, x4 > 0, x1 + x2 + x3 + x4 < 1
log p(x1, x2, x3, x4) = lgamma(a1 + a2 + a3 + a4 + a5) - lgamma(a1) - lgamma(a2) - lgamma(a3) - lgamma(a4) - lgamma(a5) + (a1 - 1)*log(x1) + (a2 - 1)*log(x2) + (a3 - 1)*log(x3) + (a4 - 1)*log(x4) + (a5 - 1)*log(1 - x1 - x2 - x3 - x4)",
    );
    check_inverse(
        "family softmax4(t1 real, t2 real, t3 real)
x in 0..3
log p(x) = t1*x*(x - 2)*(x - 3)/2 - t2*x*(x - 1)*(x - 3)/2 + t3*x*(x - 1)*(x - 2)/6 - log(1 + exp(t1) + exp(t2) + exp(t3))",
    );
    check_inverse(crate::deck::find("bivariate-normal").expect("embedded").text);
}

#[track_caller]
fn check_inverse(text: &str) {
    let mut store = Store::new();
    let family = families(&mut store, text).remove(0);
    let made = bundle(&mut store, &family, "base", &Wanted::All, None).expect("a bundle");
    let is_closed = |name: &str| {
        made.bundle.routines.iter().any(|r| r.name == name && matches!(r.work, Work::Closed { .. }))
    };
    assert!(["fisher_inverse", "natural_gradient", "log_det_fisher"].into_iter().all(is_closed));
    let size = family.parameters.len();
    let exact = made.exact.iter().find(|e| e.routine == "natural_gradient").expect("closed");
    for seed in 1..=3 {
        let inputs = point(exact, seed, 0.7).expect("a point");
        let theta = &inputs[..size];
        let (fisher, inverse) =
            (enclosure(&made, "fisher", theta), enclosure(&made, "fisher_inverse", theta));
        let natural = enclosure(&made, "natural_gradient", &inputs);
        for i in 0..size {
            let row = |column: &dyn Fn(usize) -> Ball| {
                (0..size)
                    .fold(Ball::from_i64(0, 512), |sum, k| sum.add(&fisher[size * i + k].mul(&column(k))))
            };
            for j in 0..size {
                let product = row(&|k| inverse[size * k + j].clone());
                assert!(product.contains(&Rational::from(i64::from(i == j))), "{i} {j} {product:?}");
            }
            let product = row(&|k| natural[k].clone());
            assert!(product.overlaps(&Ball::from_f64(inputs[size + i], 512)), "{i} {product:?}");
        }
        let by_elimination = enclosure::log_determinant(&fisher);
        let closed = &enclosure(&made, "log_det_fisher", theta)[0];
        assert!(closed.overlaps(&by_elimination) && closed.is_narrow(15), "{closed:?} {by_elimination:?}");
    }
}

/// −1/β and α/β² of the gamma family are one and two roundings in floats; outside α, β > 0 every entry is NaN.
#[test]
fn references_are_rounded_values_inside_and_nan_outside() {
    let mut store = Store::new();
    let family = families(&mut store, crate::deck::find("gamma").expect("embedded").text).remove(0);
    let wanted = Wanted::Named(vec!["fisher".to_owned(), "in_domain".to_owned()]);
    let mut made = bundle(&mut store, &family, "base", &wanted, None).expect("a bundle");
    refer(&mut made);
    let (mut inside, mut outside) = (0, 0);
    for reference in &made.bundle.references {
        let (alpha, beta) = (reference.inputs[0], reference.inputs[1]);
        let belongs = alpha > 0.0 && beta > 0.0;
        if reference.routine == "in_domain" {
            assert_eq!(reference.outputs, [f64::from(u8::from(belongs))]);
        } else if belongs {
            inside += 1;
            assert_eq!(reference.outputs[1], -1.0 / beta);
            assert!((reference.outputs[3] / (alpha / (beta * beta)) - 1.0).abs() < 3.0 * f64::EPSILON);
            assert!(reference.ulps >= 32.0);
        } else {
            outside += 1;
            assert!(reference.outputs.len() == 4 && reference.outputs.iter().all(|v| v.is_nan()));
        }
    }
    assert!(inside >= 12 && outside == 2, "{inside} {outside}");
}

/// The terms that a triangular inverse leaves out are not written as 0·x.
#[test]
fn every_function_of_a_normal_distribution_in_three_variables_is_written() {
    let text = "family normal3(m1 real, m2 real, m3 real, l11 > 0, l21 real, l22 > 0, l31 real, l32 real, l33 > 0)
x1 real, x2 real, x3 real
log p(x1, x2, x3) = -3/2*log(2*pi) - log(l11) - log(l22) - log(l33) - ((x1 - m1)/l11)^2/2 - ((x2 - m2 - l21*((x1 - m1)/l11))/l22)^2/2 - ((x3 - m3 - l31*((x1 - m1)/l11) - l32*((x2 - m2 - l21*((x1 - m1)/l11))/l22))/l33)^2/2";
    let mut store = Store::new();
    let family = families(&mut store, text).remove(0);
    let made = bundle(&mut store, &family, "base", &Wanted::All, None).expect("its own coordinates");
    assert!(made.bundle.routines.iter().any(|routine| routine.name == "fisher_inverse"));
    let language = crate::emit::language("c").expect("a language");
    let files = crate::emit::generate(&made.bundle, language, &crate::emit::Options::default());
    assert!(files.is_ok(), "{files:?}");
}

#[test]
fn divergences_on_few_points_keep_their_digits() {
    let boltzmann = "family boltzmann(beta real)
x in {0, 1, 2}
log p(x) = -beta*x - log(1 + exp(-beta) + exp(-2*beta))";
    // Next to equal parameters, next to equal probabilities, and far from both.
    check_divergence(boltzmann, &[[0.5, 0.5 + 1e-9], [1e-30, 3e-30], [4e6, 5e-13], [-3.0, 800.0]]);
    let two_spins = "family two-spins(h real)
x in {-1, 1}, y in {-1, 1}
log p(x, y) = h*(x + y) - log(exp(2*h) + exp(-2*h) + 2)";
    check_divergence(two_spins, &[[0.5, 0.5 + 1e-9], [1e-30, 3e-30], [4e6, 5e-13], [-3.0, 800.0]]);
}

#[track_caller]
fn check_divergence(text: &str, points: &[[f64; 2]]) {
    let mut store = Store::new();
    let family = families(&mut store, text).remove(0);
    let wanted = Wanted::Named(vec!["kl".to_owned()]);
    let made = bundle(&mut store, &family, "base", &wanted, None).expect("a divergence");
    let Work::Closed { tape, .. } = &made.bundle.routines[0].work else { panic!("a closed form") };
    for point in points {
        let (value, exact) = (tape.eval(point, ())[0], &enclosure(&made, "kl", point)[0]);
        let kappa = condition(&made, "kl", point)[0];
        let error = ((value - exact.midpoint_f64()) / exact.midpoint_f64()).abs();
        assert!(error <= 32.0 * f64::EPSILON * (1.0 + kappa), "{point:?}: {value} is not {exact:?}");
    }
}

#[test]
fn parameters_without_a_statistic_have_no_natural_ones() {
    let text = "family direction(mu real; kappa > 0)
-1 < t < 1
log p(t) = log(kappa) - log(2*sinh(kappa)) + kappa*t";
    let mut store = Store::new();
    let family = families(&mut store, text).remove(0);
    let made = bundle(&mut store, &family, "base", &Wanted::All, None).expect("a bundle");
    let name = "natural_from_parameters";
    assert!(made.bundle.routines.iter().all(|r| r.name != name));
    let omitted = made.bundle.omitted.iter().find(|(omitted, _)| omitted == name);
    assert!(omitted.is_some_and(|(_, reason)| reason.contains("no natural parameters")), "{omitted:?}");
}

/// The code of a family in one language.
fn code(text: &str, language: &str) -> String {
    let mut store = Store::new();
    let family = families(&mut store, text).remove(0);
    let made = bundle(&mut store, &family, "base", &Wanted::All, None).expect("a bundle");
    let language = crate::emit::language(language).expect("a language");
    let files = crate::emit::generate(&made.bundle, language, &crate::emit::Options::default());
    files.expect("files").into_iter().map(|file| file.text).collect()
}

#[test]
fn names_and_masks_suit_their_language() {
    let cauchy = "family cauchy(x0 real, gamma > 0)
x real
log p(x) = -log(pi*gamma) - log(1 + ((x - x0)/gamma)^2)";
    let rust = code(cauchy, "rust");
    assert!(rust.contains("gamma_squared") && !rust.contains("gamma__squared"), "{rust}");
    // Arrays of constants may have more dimensions than those of parameters.
    let direction = "family direction(0 < mu < pi; kappa > 0)
-1 < t < 1
log p(t) = log(kappa) - log(2*sinh(kappa)) + kappa*t";
    let python = code(direction, "python");
    assert!(python.contains("valid = valid & ") && !python.contains("valid &="), "{python}");
}

/// Every routine of the catalogue is tested at points inside its domain; what no values are known of is named.
#[test]
fn every_routine_has_references() {
    each_bundle(|made| {
        let mut made = made.clone();
        assert_eq!(refer(&mut made), Vec::<String>::new());
        for routine in made.bundle.routines.iter().filter(|r| r.name != "in_domain") {
            let is_inside =
                |r: &&Reference| r.routine == routine.name && r.outputs.iter().all(|v| v.is_finite());
            let inside = made.bundle.references.iter().filter(is_inside).count();
            assert!(inside >= 3, "{} {}: {inside}", made.bundle.family, routine.name);
        }
    });
    let mut store = Store::new();
    let far = "family far(t > 0)\nx real\nlog p(x) = -log(2*pi)/2 - (x - 10^200*t)^2/2";
    let family = families(&mut store, far).remove(0);
    let mut made = bundle(&mut store, &family, "base", &Wanted::All, None).expect("a bundle");
    let untested = refer(&mut made);
    assert!(
        untested.iter().any(|name| name == "fisher") && !untested.iter().any(|name| name == "log_det_fisher")
    );
}
