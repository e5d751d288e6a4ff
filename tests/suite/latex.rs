//! What is derived, printed in LaTeX, is read again by our own reader of LaTeX as the same mathematics.

use referee::bundle;
use referee::deck::{EMBEDDED, families};
use referee::expr::{Expr, Fact, Scope, Store, formula_in};
use referee::function::FunctionId;
use referee::meaning::{Meaning, Vocabulary, side};
use referee::print::{display, latex};
use referee::stats::coordinates::derive_in;
use referee::stats::{Derivation, derive};
use referee::syntax::{Macros, Relation, read_display, read_document};
use referee::verify::prove;

use super::support::*;

/// Notations of special functions that an article must declare before they are read, and the names of their rows.
#[rustfmt::skip]
const NOTATIONS: &[(&str, &str)] = &[
    (r"\psi'", r"\operatorname{trigamma}"),
    (r"\log\mathrm{B}", r"\operatorname{lbeta}"),
    (r"\log\Gamma", r"\operatorname{lgamma}"),
    (r"\frac{I_{1}(\kappa)}{I_{0}(\kappa)}", r"\operatorname{bessel-ratio}(0, \kappa)"),
    (r"I_{0}(", r"\operatorname{besseli}(0, "),
];

/// The expression of a text in LaTeX, where the symbols of `known` are declared.
fn read(store: &mut Store, text: &str, known: &[Expr]) -> Result<Expr, String> {
    let text = NOTATIONS.iter().fold(text.to_owned(), |text, (written, read)| text.replace(written, read));
    let mut words = Vocabulary::new();
    words.read_latex(true);
    for symbol in known {
        let id = store.as_symbol(*symbol).expect("a symbol");
        let name = store.symbol_of(id).name.clone();
        words.define(&name, *symbol);
        // Digits behind a letter stand below it.
        let letters = name.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        if letters > 0 && !name[..letters].ends_with('_') {
            words.define(&format!("{}_{}", &name[..letters], &name[letters..]), *symbol);
        }
    }
    let rows = read_display(&text, 0, &Macros::default());
    let [row] = rows.as_slice() else { return Err(format!("{} rows", rows.len())) };
    let Some(tree) = row.first.as_ref().filter(|_| row.diagnostics.is_empty() && row.rest.is_empty()) else {
        return Err(format!("{:?}", row.diagnostics));
    };
    let reading = side(store, &mut words, tree);
    match reading.meaning {
        Some(Meaning::Value { expr, remainder: None }) => Ok(expr),
        _ => Err(format!("{:?}", reading.lints)),
    }
}

/// Every expression of a derivation, with what it is.
fn expressions(derivation: &Derivation) -> Vec<(&'static str, Expr)> {
    let mut all = vec![("log density", derivation.family.log_density)];
    let mut list = |name, list: &[Expr]| all.extend(list.iter().map(|e| (name, *e)));
    list("score", &derivation.score);
    for rows in derivation.fisher.iter() {
        list("Fisher information", &rows.concat());
    }
    for rows in derivation.fisher_inverse.iter() {
        list("inverse", &rows.concat());
    }
    list("natural gradient", derivation.natural_gradient.as_deref().unwrap_or_default());
    list("divergence", derivation.kl.as_slice());
    list("determinant", derivation.determinant.as_slice());
    list("mean", derivation.mean.as_deref().unwrap_or_default());
    if let Some(form) = &derivation.exponential {
        list("natural parameter", &form.natural);
        list("statistic", &form.statistics);
        list("log-partition", &[form.log_partition, form.log_base_measure]);
    }
    all
}

/// What is known of the names of a derivation.
fn facts(derivation: &Derivation) -> Vec<Fact> {
    derivation.family.facts.iter().chain(&derivation.family.sample_facts).cloned().collect()
}

#[test]
fn every_derived_expression_reads_as_printed() {
    let (mut count, mut proved, mut failures) = (0, 0, Vec::new());
    for entry in EMBEDDED {
        let mut store = Store::new();
        let document = read_document(entry.text);
        let texts: Vec<_> = document.families().collect();
        for family in families(&mut store, &texts, entry.text, &mut Vec::new()) {
            let mut derivations = vec![derive(&mut store, &family)];
            for coordinates in &family.coordinates {
                derivations.extend(derive_in(&mut store, &family, &coordinates.name));
            }
            for derivation in &derivations {
                for (what, e) in expressions(derivation) {
                    let known: Vec<Expr> = store
                        .free_symbols(&[e])
                        .into_iter()
                        .map(|id| {
                            let symbol = store.symbol_of(id).clone();
                            store.symbol(symbol)
                        })
                        .collect();
                    let text = latex::display(&store, e);
                    count += 1;
                    match read(&mut store, &text, &known) {
                        Ok(again) if again == e => {}
                        Ok(again) => {
                            let verdict = prove(&mut store, e, Relation::Equal, again, &facts(derivation));
                            proved += 1;
                            if !verdict.is_proved() {
                                let again = display(&store, again);
                                failures
                                    .push(format!("{}: {what}: {text}\n  is read as {again}", entry.name));
                            }
                        }
                        Err(why) => failures.push(format!("{}: {what}: {text}\n  {why}", entry.name)),
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    assert!(count > 700 && proved < count / 20, "{count} expressions, {proved} of them read in another form");
}

/// The fragment of an article for each family in each of its coordinates.
fn fragments(mut look: impl FnMut(&str, &str)) {
    for entry in EMBEDDED {
        let mut store = Store::new();
        let document = read_document(entry.text);
        let texts: Vec<_> = document.families().collect();
        for family in families(&mut store, &texts, entry.text, &mut Vec::new()) {
            let derivation = derive(&mut store, &family);
            look(&family.name, &bundle::latex::latex(&mut store, &derivation));
            for coordinates in &family.coordinates {
                let name = format!("{}-{}", family.name, coordinates.name);
                let derivation =
                    derive_in(&mut store, &family, &coordinates.name).expect("its own coordinates");
                look(&name, &bundle::latex::latex(&mut store, &derivation));
            }
        }
    }
}

/// What stands between `begin` and `end`, each time.
fn between<'a>(text: &'a str, begin: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(begin).skip(1).map(move |rest| &rest[..rest.find(end).expect("an end")])
}

#[test]
fn every_display_of_a_fragment_is_read() {
    let mut displays = 0;
    fragments(|name, text| {
        for display in between(text, "\\begin{align*}", "\\end{align*}") {
            displays += 1;
            for row in read_display(display, 0, &Macros::default()) {
                assert!(row.diagnostics.is_empty(), "{name}: {display}\n{:?}", row.diagnostics);
            }
        }
        for formula in text.split('$').skip(1).step_by(2).filter(|formula| !formula.contains("\\in ")) {
            for row in read_display(formula, 0, &Macros::default()) {
                assert!(row.diagnostics.is_empty(), "{name}: {formula}\n{:?}", row.diagnostics);
            }
        }
    });
    assert!(displays > 200, "{displays}");
}

/// Of families that `sources` does not show.
#[test]
fn fragments_read_as_their_snapshots() {
    fragments(|name, text| {
        if ["bernoulli-logit", "von-mises"].contains(&name) {
            insta::with_settings!({ omit_expression => true }, {
                let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
                insta::assert_snapshot!(format!("latex-{name}"), text);
            });
        }
    });
}

/// Functions whose notation needs no declaration.
fn has_a_notation(f: FunctionId) -> bool {
    let name = f.row().name;
    matches!(
        name,
        "exp" | "log" | "sqrt" | "abs" | "sin" | "cos" | "tanh" | "log1p" | "binomial" | "factorial" | "pi"
    )
}

#[test]
fn random_expressions_read_as_printed() {
    check(400, recipes(4, 24, has_a_notation), |recipe| {
        let mut store = Store::new();
        let e = recipe.build(&mut store);
        let known = symbols(&mut store);
        let text = latex::display(&store, e);
        let again = read(&mut store, &text, &known).unwrap_or_else(|why| panic!("{text}: {why}"));
        if again != e {
            for domain in &DOMAINS {
                for point in &domain.points {
                    let values = enclosures(&mut store, &[e, again], point, 200);
                    let (a, b) = (values[0].to_ball(), values[1].to_ball());
                    assert!(!a.is_disjoint(&b), "{text} is read as {}", display(&store, again));
                }
            }
        }
    });
}

#[track_caller]
fn check_latex(plain: &str, expected: &str) {
    let mut store = Store::new();
    let e = formula_in(&mut store, &mut Scope::lenient(), plain);
    assert_eq!(latex::display(&store, e), expected, "{plain}");
}

#[test]
fn formulas_are_written_as_in_books() {
    check_latex(
        "-(x - mu)^2/(2*sigma^2) - log(sigma)",
        r"-\log(\sigma) - \frac{(x - \mu)^{2}}{2 \sigma^{2}}",
    );
    check_latex("alpha*log(beta) - lgamma(alpha)", r"\alpha \log(\beta) - \log\Gamma(\alpha)");
    check_latex("trigamma(mu1)^2*log(x)^2", r"(\log(x))^{2} \psi'(\mu_{1})^{2}");
    check_latex("n/2*log(2*pi)", r"\frac{n}{2} \log(2 \pi)");
    check_latex("log(x/y)", r"\log\left(\frac{x}{y}\right)");
    check_latex("y*2^n*2^x", r"y \cdot 2^{n} \cdot 2^{x}");
    check_latex("(x + y)^-1", r"\frac{1}{x + y}");
    check_latex("bessel_ratio(0, kappa)/kappa", r"\frac{1}{\kappa} \frac{I_{1}(\kappa)}{I_{0}(\kappa)}");
    check_latex("logaddexp(x - y, 0)", r"\log\left(e^{x - y} + e^{0}\right)");
    check_latex("expm1_excess(x - y)", r"\left(e^{x - y} - 1 - (x - y)\right)");
    check_latex("factorial(n)/factorial(n + 1)", r"\frac{n!}{\left(n + 1\right)!}");
    check_latex("sum(x^k/k, k = 1..n) + 1", r"\left(\sum_{k = 1}^{n} \frac{x^{k}}{k}\right) + 1");
}
