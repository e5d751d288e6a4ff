//! A chain of moves as the kernel's steps.
//!
//! The kernel's contexts have exactly one hole: where a move happens at several places at once, there is a step for each.

use crate::expr::{Expr, Store};
use crate::proof::{RuleId, Step, hole};

use super::chain::Link;
use super::moves::Micro;
use super::view::replace;

/// Deeper expressions are not split into contexts; the kernel would refuse them as well.
const DEEPEST: u32 = 300;

/// The kernel's steps of a chain beside a common part of both sides.
pub fn steps(store: &mut Store, links: &[Link], common: Expr) -> Vec<Step> {
    let mut list = Vec::new();
    for link in links {
        let mut own = Vec::new();
        for micro in &link.step.steps {
            let whole = replace(store, link.before, link.step.redex, micro.place);
            let whole = store.add(common, whole);
            one_by_one(store, whole, micro, &mut own);
        }
        if link.backwards {
            own.reverse();
            own.iter_mut().for_each(|step| step.backwards = !step.backwards);
        }
        list.append(&mut own);
    }
    list
}

/// A step for each hole: those before it are filled already, those after it not yet.
fn one_by_one(store: &mut Store, whole: Expr, micro: &Micro, list: &mut Vec<Step>) {
    if store.height(whole) > DEEPEST {
        return;
    }
    let shape = store.shape(micro.from);
    let hole = hole(store, shape);
    let mut at = 0;
    loop {
        let mut seen = 0;
        let context =
            Filling { hole, from: micro.from, to: micro.to, keep: at }.fill(store, whole, &mut seen);
        if at >= seen {
            return;
        }
        let with = micro.with.clone();
        list.push(Step { rule: RuleId(micro.rule), with, context, backwards: micro.backwards });
        at += 1;
    }
}

/// Fills all holes but one, in the order in which they stand.
struct Filling {
    hole: Expr,
    from: Expr,
    to: Expr,
    keep: usize,
}

impl Filling {
    fn fill(&self, store: &mut Store, e: Expr, seen: &mut usize) -> Expr {
        if e == self.hole {
            *seen += 1;
            return match (*seen - 1).cmp(&self.keep) {
                std::cmp::Ordering::Less => self.to,
                std::cmp::Ordering::Equal => self.hole,
                std::cmp::Ordering::Greater => self.from,
            };
        }
        if !store.mentions(e, &[self.hole]) {
            return e;
        }
        let children: Vec<Expr> = store[e].children().collect();
        let images: Vec<Expr> = children.into_iter().map(|child| self.fill(store, child, seen)).collect();
        store.rebuild(e, &mut |position, _| images[position])
    }
}
