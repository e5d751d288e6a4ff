//! Conditions of proofs.

use super::kit::Kit;
use crate::claim::{Assumption, Property};
use crate::instance::{Standing, satisfiable};

#[test]
fn a_condition_that_nobody_can_meet_voids_a_proof() {
    let mut k = Kit::new();
    let p = k.p(k.theta);
    let negative = k.store.neg(p);
    let fisher = k.fisher();
    let conditions = [
        Assumption::Positive(p),
        Assumption::Positive(negative),
        Assumption::Property(fisher, Property::Nonsingular),
    ];
    let found = satisfiable(&mut k.store, &conditions, &k.context);
    assert!(found.is_void() && found.together.is_none());
    assert!(matches!(found.each[0], Standing::Always { instances } if instances > 8), "{found:?}");
    assert!(
        matches!(&found.each[1], Standing::Never { fails, .. } if fails == "Bernoulli, theta = 3/10"),
        "{found:?}"
    );
    assert!(
        matches!(&found.each[2], Standing::Sometimes { fails, .. } if fails.starts_with("Bernoulli with probability 2*theta_1 + theta_2")),
        "{found:?}"
    );
}
