//! What an author writes beside a step, as rules of the kernel.
//!
//! `by linearity` allows the sum and constant rules of ∫, E and ∇; `by log-product` that rule and, since log(u/v) is meant as
//! well, `log-power`. A reason that names no rule restricts nothing.

use crate::proof::rules;

/// Words of reasons, and the rules they stand for.
#[rustfmt::skip]
const WORDS: &[(&str, &[&str])] = &[
    ("linear", &["e-sum", "e-constant", "int-sum", "int-constant", "e-one", "grad-sum", "grad-scale", "hess-sum", "hess-scale"]),
    ("definition", &["def-kl", "def-e", "def-fisher", "given", "hess-jacobian"]),
    ("taylor", &["taylor-0", "taylor-1", "taylor-2", "drop"]),
    ("expansion", &["taylor-0", "taylor-1", "taylor-2", "drop"]),
    ("leibniz", &["exchange", "exchange-2", "exchange-e", "exchange-e-2"]),
    ("exchange", &["exchange", "exchange-2", "exchange-e", "exchange-e-2"]),
    ("under the", &["exchange", "exchange-2", "exchange-e", "exchange-e-2"]),
    ("chain rule", &["grad-chain", "grad-shift", "hess-shift", "jacobian-linear", "grad-identity"]),
    ("product rule", &["grad-product", "hess-product"]),
    ("log-derivative", &["grad-log", "hess-log"]),
    ("logarithm", &["log-product", "log-power", "log-one", "log-exp", "exp-log"]),
    ("normaliz", &["normalized", "e-one", "grad-constant", "hess-constant"]),
    ("score", &["score-mean", "grad-constant"]),
    ("information", &["information", "def-fisher"]),
    ("fisher", &["information", "def-fisher"]),
    ("assum", &["given"]),
    ("given", &["given"]),
    ("hypothes", &["given"]),
    ("algebra", &[]),
    ("arithmetic", &[]),
];

/// Words behind which every rule of differentiation stands.
const CALCULUS: &[&str] = &["differentiat", "calculus", "derivative", "gradient"];

/// The rules that the reasons name; `None` when some reason names none that is known.
pub fn named(reasons: &[String]) -> Option<Vec<&'static str>> {
    if reasons.is_empty() {
        return None;
    }
    let mut list: Vec<&'static str> = Vec::new();
    for reason in reasons {
        let reason = reason.trim().to_lowercase();
        let found = of(&reason)?;
        list.extend(found);
    }
    list.sort_unstable();
    list.dedup();
    Some(list)
}

fn of(reason: &str) -> Option<Vec<&'static str>> {
    if let Some(row) = rules().find(|row| row.name == reason) {
        let mut list = vec![row.name];
        list.extend_from_slice(companions(row.name));
        return Some(list);
    }
    let under = reason.contains("under the") || reason.contains("log-");
    if CALCULUS.iter().any(|word| reason.contains(word)) && !under {
        let calculus = |name: &str| {
            name.starts_with("grad-") || name.starts_with("hess-") || name.starts_with("jacobian-")
        };
        return Some(rules().map(|row| row.name).filter(|name| calculus(name)).collect());
    }
    let rows: Vec<_> = WORDS.iter().filter(|(word, _)| reason.contains(word)).collect();
    (!rows.is_empty()).then(|| rows.iter().flat_map(|(_, list)| list.iter().copied()).collect())
}

/// Rules that go without saying beside a named one.
fn companions(name: &str) -> &'static [&'static str] {
    match name {
        "log-product" => &["log-power"],
        "taylor-1" | "taylor-2" => &["drop"],
        "e-sum" => &["e-constant", "e-one"],
        "e-constant" => &["e-one"],
        "int-sum" => &["int-constant"],
        "grad-sum" => &["grad-constant", "grad-scale"],
        "hess-sum" => &["hess-constant", "hess-scale"],
        "grad-chain" => &["jacobian-linear", "grad-identity", "grad-constant", "grad-sum"],
        "normalized" => &["e-one", "grad-constant", "hess-constant"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reason: &str, expected: Option<&[&str]>) {
        let found = named(&[reason.to_owned()]);
        match expected {
            None => assert_eq!(found, None, "{reason}"),
            Some(rules) => {
                let found = found.unwrap_or_default();
                assert!(rules.iter().all(|rule| found.contains(rule)), "{reason}: {found:?}");
            }
        }
    }

    #[test]
    fn words_and_names_stand_for_rules() {
        check("log-product", Some(&["log-product", "log-power"]));
        check("linearity", Some(&["e-sum", "int-constant"]));
        check("by Taylor's formula", Some(&["taylor-2", "drop"]));
        check("differentiation under the integral", Some(&["exchange"]));
        check("differentiation", Some(&["grad-log", "hess-quadratic"]));
        check("obviously", None);
    }

    #[test]
    fn every_word_stands_for_rules_of_the_table() {
        for (word, list) in WORDS {
            for name in *list {
                assert!(rules().any(|row| row.name == *name), "{word}: {name}");
            }
        }
    }
}
