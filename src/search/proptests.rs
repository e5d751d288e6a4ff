//! Random true identities: what random moves make of a random term is equal to it, and the kernel has to agree.

use proptest::prelude::*;

use super::chain::Link;
use super::engine::Engine;
use super::world::World;
use super::{Attempt, prove, steps};
use crate::claim::Claim;
use crate::expr::{Expr, Store};
use crate::proof::{Certificate, check};

/// Terms from which the random moves start.
#[rustfmt::skip]
const SEEDS: &[&str] = &[
    "KL(p(theta), p(phi))",
    "d'*F*d",
    "lambda*KL(p(theta), p(theta + d)) + L(theta)",
    "E[a*f(x) + b*g(x)*grad(log(p(x,theta)))'*d]",
    "E[hess(log(p(x,theta)))]",
    "grad(L(theta)*Psi(theta) + c'*theta)",
    "grad(lambda*KL(p(theta), p(phi)) + 1/2*phi'*A*phi, phi)",
    "integral(p(x,theta)*log(p(x,theta)^2/p(x,phi)), x)",
    "hess(L(theta) + 1/2*theta'*S*theta)",
    "E[(f(x) - E[f(x)])^2]*F",
    "u'*E[grad(log(p(x,theta)))*grad(log(p(x,theta)))']*v + E[log(p(x,theta))]",
];

/// Moves chosen by the numbers: the place, then the move.
fn walk(engine: &mut Engine, start: Expr, choices: &[(usize, usize)]) -> Vec<Link> {
    let mut state = start;
    let mut links = Vec::new();
    for (place, which) in choices {
        let mut all = Vec::new();
        for at in engine.places(state) {
            all.extend(engine.moves_at(at).iter().cloned());
        }
        if all.is_empty() {
            break;
        }
        let step = all[(place * 31 + which) % all.len()].clone();
        let Some(after) = engine.apply(state, &step) else { break };
        links.push(Link { before: state, after, step, backwards: false });
        state = after;
    }
    links
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_random_moves_reach_is_accepted_and_never_contradicted(
        seed in 0..SEEDS.len(),
        choices in prop::collection::vec((0..40_usize, 0..40_usize), 1..6),
        backwards in any::<bool>(),
    ) {
        let mut world = World::new();
        let start = world.read(SEEDS[seed]);
        let context = world.context.clone();
        let mut engine = Engine::new(&mut world.store, &context, None);
        let start = engine.normal(start).expect("within the budget");
        let mut links = walk(&mut engine, start, &choices);
        let end = links.last().map_or(start, |link| link.after);
        if backwards {
            links.reverse();
            links.iter_mut().for_each(|link| link.backwards = true);
        }
        let zero = zero_like(&mut world.store, start);
        let chain = steps::steps(&mut world.store, &links, zero);
        let (left, right) = if backwards { (end, start) } else { (start, end) };
        let claim = Claim::Equal { left, right };
        let checked = check(&mut world.store, &context, &claim, &Certificate::Chain(chain));
        prop_assert!(checked.is_ok(), "{}: {:?} after {:?}", SEEDS[seed], checked, names(&links));
        // Its negation must not be provable, and the search proves the identity where it is near.
        let one_more = world.store.scale(&crate::number::Rational::from(2), end);
        let twice = Claim::Equal { left: start, right: one_more };
        let trivial = end == zero;
        if !trivial {
            let attempt = prove(&mut world.store, &twice, &context, &[]);
            let proved = matches!(&attempt, Attempt::Proved { theorem, .. } if theorem.open_conditions().next().is_none());
            prop_assert!(!proved || vanishes(&mut world, start), "{}", SEEDS[seed]);
        }
        if links.len() <= 2 {
            let attempt = prove(&mut world.store, &claim, &context, &[]);
            prop_assert!(matches!(attempt, Attempt::Proved { .. }), "{}: {:?}", SEEDS[seed], names(&links));
        }
    }
}

fn zero_like(store: &mut Store, e: Expr) -> Expr {
    let shape = store.shape(e);
    store.zero(shape)
}

/// Twice a term is the term only where the term is 0.
fn vanishes(world: &mut World, e: Expr) -> bool {
    let zero = zero_like(&mut world.store, e);
    let context = world.context.clone();
    let claim = Claim::Equal { left: e, right: zero };
    matches!(prove(&mut world.store, &claim, &context, &[]), Attempt::Proved { .. })
}

fn names(links: &[Link]) -> Vec<&'static str> {
    links.iter().flat_map(|link| &link.step.steps).map(|micro| micro.rule).collect()
}
