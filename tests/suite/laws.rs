//! Laws of expressions: printing and reading, constructors, order, substitution, evaluation, normal forms.

use proptest::prelude::*;
use referee::algebra::{Effort, Normalizer};
use referee::number::{Ball, Definedness};
use referee::print::display;
use referee::expr::{Expr, Store};

use super::support::*;

/// Wherever both are defined the two have a common value: at each point of the domain.
#[track_caller]
fn check_values_agree(store: &mut Store, domain: &Domain, before: Expr, after: Expr, what: &str) {
    for point in &domain.points {
        let values = enclosures(store, &[before, after], point, 96);
        let (left, right) = (values[0].to_ball(), values[1].to_ball());
        assert!(
            !left.is_disjoint(&right),
            "{what}: `{}` and `{}` where `{}` at {point:?}: {left:?} and {right:?}",
            display(store, before),
            display(store, after),
            domain.conditions,
        );
    }
}

fn check_normal_form_keeps_values(recipe: &Recipe, position: usize) {
    let domain = &DOMAINS[position];
    let mut store = Store::new();
    let e = recipe.build(&mut store);
    for effort in [Effort::Decide, Effort::Present] {
        let assumptions = domain.assumptions(&mut store);
        let mut normalizer = Normalizer::new(assumptions, effort);
        let Ok(form) = normalizer.normal(&mut store, e) else { continue };
        let presented = normalizer.present(&mut store, &form);
        check_values_agree(&mut store, domain, e, presented, "present");
        let Ok(expanded) = normalizer.expand(&mut store, e) else { continue };
        check_values_agree(&mut store, domain, e, expanded, "expand");
    }
}

#[test]
fn normal_forms_keep_values_of_elementary_expressions() {
    check(400, (recipes(4, 20, elementary), 0..DOMAINS.len()), |(recipe, domain)| {
        check_normal_form_keeps_values(&recipe, domain);
    });
}

#[test]
fn normal_forms_keep_values_of_all_functions() {
    check(200, (recipes(3, 12, any_function), 0..DOMAINS.len()), |(recipe, domain)| {
        check_normal_form_keeps_values(&recipe, domain);
    });
}
