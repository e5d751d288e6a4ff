//! Sums of logarithms of many factors → one logarithm of a product that may leave the range of floats.
//!
//! `log(trigamma_excess(alpha)) - 2*log(beta)` takes two numbers of 200 from each other where the first factor is about beta²:
//! `log_product(trigamma_excess(alpha), 1/beta, 1/beta, 1)` does not, and does not overflow either.

use super::walk::{Work, factors, powers, rewrite, terms};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Factors of one `log_product`.
const WIDTH: usize = 4;

/// Factors, counted with their powers, that are joined at most.
const MOST: i64 = 2 * WIDTH as i64;

/// The expressions with their logarithms of products in one.
pub(super) fn logarithms(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let mut work = Work::new(store, root, assumptions);
    rewrite(store, root, |store, e| match store[e] {
        Node::Sum(_) | Node::Call(..) => joined(store, &mut work, e).unwrap_or(e),
        _ => e,
    })
}

/// Logarithms of one cofactor.
struct Group {
    cofactor: Expr,
    /// The terms, each with the factors of what it is the logarithm of.
    members: Vec<(Rational, Expr, Logarithm)>,
}

/// c·Π bᵢ^nᵢ under a logarithm, c without a symbol.
struct Logarithm {
    constant: Expr,
    powers: Vec<(Expr, i64)>,
}

impl Logarithm {
    fn size(&self) -> i64 {
        self.powers.iter().map(|(_, n)| n.abs()).sum()
    }
}

fn joined(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let list = terms(store, e);
    let mut groups: Vec<Group> = Vec::new();
    for (c, term) in &list {
        let Some((cofactor, logarithm)) = read(store, work, *term) else { continue };
        let member = (c.clone(), *term, logarithm);
        match groups.iter_mut().find(|g| g.cofactor == cofactor) {
            Some(group) => group.members.push(member),
            None => groups.push(Group { cofactor, members: vec![member] }),
        }
    }
    let mut kept = list;
    let mut is_better = false;
    for group in groups {
        let Some((c, call)) = product(store, &group) else { continue };
        is_better = true;
        kept.retain(|(_, term)| !group.members.iter().any(|(_, member, _)| member == term));
        kept.push((c, store.mul(group.cofactor, call)));
    }
    is_better.then(|| store.linear(kept))
}

/// f·log(Π bᵢ^nᵢ) as f and its factors, which are positive each.
fn read(store: &mut Store, work: &mut Work, term: Expr) -> Option<(Expr, Logarithm)> {
    let list = factors(store, term);
    let is_log =
        |e: &Expr| matches!(&store[*e], Node::Call(f, _) if matches!(f.row().name, "log" | "log_product"));
    let at = list.iter().position(is_log)?;
    let Node::Call(_, arguments) = store[list[at]].clone() else { return None };
    let rest: Vec<Expr> = list.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| *f).collect();
    let mut found = Logarithm { constant: Store::ONE, powers: Vec::new() };
    for argument in arguments.iter() {
        let (c, body) = match &store[*argument] {
            Node::Number(q) => (q.clone(), Store::ONE),
            Node::Sum(terms) if terms.len() == 1 => terms[0].clone(),
            _ => (Rational::ONE, *argument),
        };
        found.constant = store.scale(&c, found.constant);
        for (base, n) in powers(store, body) {
            if stands_beside_constant(store, base) || !work.is_positive(store, base) {
                return None;
            }
            match store.free_symbols(&[base]).is_empty() {
                true => {
                    let own = store.powi(base, n);
                    found.constant = store.mul(found.constant, own);
                }
                false => found.powers.push((base, n)),
            }
        }
    }
    work.is_positive(store, found.constant).then(|| (store.product(rest), found))
}

/// Is it a sum with a constant? The logarithm of 1 − p is 0 where that of p is not.
fn stands_beside_constant(store: &Store, e: Expr) -> bool {
    matches!(store[e], Node::Sum(_)) && terms(store, e).iter().any(|(_, t)| *t == Store::ONE)
}

/// What the terms of a group have as their common multiple, and one logarithm; where that is better.
fn product(store: &mut Store, group: &Group) -> Option<(Rational, Expr)> {
    let least = group.members.iter().filter(|m| m.2.size() > 0).map(|m| m.0.abs()).min()?;
    let (mut constant, mut powers): (Expr, Vec<(Expr, i64)>) = (Store::ONE, Vec::new());
    for (c, _, logarithm) in &group.members {
        let n = (c * &least.recip()?).as_i64().filter(|n| n.abs() <= MOST)?;
        let own = store.powi(logarithm.constant, n);
        constant = store.mul(constant, own);
        for (base, m) in &logarithm.powers {
            match powers.iter_mut().find(|(known, _)| known == base) {
                Some((_, all)) => *all += m * n,
                None => powers.push((*base, m * n)),
            }
        }
    }
    powers.retain(|(_, n)| *n != 0);
    let size: i64 = powers.iter().map(|(_, n)| n.abs()).sum();
    let is_one = group.members.len() == 1;
    if powers.len() < 2 || size > MOST || (is_one && size < 3) {
        return None;
    }
    let sign = if powers.iter().all(|(_, n)| *n < 0) { -1 } else { 1 };
    let (mut over, mut under) = (Vec::new(), Vec::new());
    for (base, n) in powers {
        let side = if n * sign > 0 { &mut over } else { &mut under };
        side.extend(std::iter::repeat_n(base, n.unsigned_abs() as usize));
    }
    let constant = if sign < 0 { store.powi(constant, -1) } else { constant };
    over[0] = store.mul(constant, over[0]);
    let (roots, list) = arguments(store, &over, &under);
    let c = &least * &Rational::from(sign * roots);
    Some((c, store.call_named("log_product", list)))
}

/// The arguments of one `log_product`, and of which root of the product it is the logarithm.
fn arguments(store: &mut Store, over: &[Expr], under: &[Expr]) -> (i64, Vec<Expr>) {
    let count = over.len() + under.len();
    let inverses = |store: &mut Store| under.iter().map(|e| store.powi(*e, -1)).collect::<Vec<_>>();
    let (roots, mut list) = if count <= WIDTH {
        (1, [over.to_vec(), inverses(store)].concat())
    } else if over.len().max(under.len()) <= WIDTH {
        let ratio = |i: usize| (over.get(i).copied(), under.get(i).copied());
        let ratios = (0..over.len().max(under.len())).map(ratio);
        (1, ratios.map(|(a, b)| store.div(a.unwrap_or(Store::ONE), b.unwrap_or(Store::ONE))).collect())
    } else {
        // Two roots have a product that is a float.
        let all = [over.to_vec(), inverses(store)].concat();
        let roots: Vec<Expr> = all.iter().map(|f| store.call_named("sqrt", [*f])).collect();
        (2, roots.chunks(2).map(|pair| store.product(pair.iter().copied())).collect())
    };
    list.resize(WIDTH, Store::ONE);
    (roots, list)
}
