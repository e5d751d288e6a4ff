//! A chain of moves from one expression to another: a short meeting first, then both sides to a common base form.
//!
//! `E[s s'] = −E[H]` meets at F(θ) after one move from each side; `KL(θ, θ+d) ≈ ½ d'Fd` needs the base form of
//! expectations: logarithms split, sums and constants outside, Taylor's formula last, what is too small dropped.

use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::expr::{Expr, Store};
use crate::number::Rational;

use super::engine::{Engine, Side};
use super::levels::{Level, next_move};
use super::moves::Move;

/// One move of a found chain; backwards it leads to `before`.
#[derive(Clone, Debug)]
pub struct Link {
    /// The state from which the move starts.
    pub before: Expr,
    /// The state to which it leads.
    pub after: Expr,
    /// The move.
    pub step: Rc<Move>,
    /// Taken from `after` to `before`.
    pub backwards: bool,
}

/// How far the short search goes.
const DEPTH: usize = 3;
/// Moves tried by the short search before the directed one.
const FIRST: usize = 120;
/// Moves tried by it after the directed one has failed.
const LAST: usize = 1_500;
/// Moves of one directed pass.
const DIRECTED: usize = 200;

/// A chain, or the two different forms at which the search ended.
pub type Found = Result<Vec<Link>, (Expr, Expr)>;

/// Looks for a chain between two expressions in normal form.
pub fn connect(engine: &mut Engine, left: Expr, right: Expr) -> Found {
    let mut sides = [Side::new(left), Side::new(right)];
    if left == right {
        return Ok(Vec::new());
    }
    let mut frontier = [0, 0];
    engine.short = true;
    let met = meet(engine, &mut sides, &mut frontier, FIRST);
    engine.short = false;
    if let Some(met) = met {
        return Ok(links(&sides, met));
    }
    let mut ends = [0, 0];
    if let Some(met) = both(engine, &mut sides, &mut ends, Level::Expectation) {
        return Ok(links(&sides, met));
    }
    if engine.order.as_ref().is_some_and(|order| order.has_moving_measure(engine.ring.store, &[left, right]))
    {
        // A divergence whose measure moves is expanded as a whole, before it is unfolded.
        let (mut sides, mut ends) = ([Side::new(left), Side::new(right)], [0, 0]);
        if let Some(met) = expand_both(engine, &mut sides, &mut ends, &mut false)
            .or_else(|| both(engine, &mut sides, &mut ends, Level::Integral))
        {
            return Ok(links(&sides, met));
        }
    }
    if let Some(met) = both(engine, &mut sides, &mut ends, Level::Integral) {
        return Ok(links(&sides, met));
    }
    let forms = (sides[0].states[ends[0]].expr, sides[1].states[ends[1]].expr);
    match meet(engine, &mut sides, &mut frontier, LAST) {
        Some(met) => Ok(links(&sides, met)),
        None => Err(forms),
    }
}

/// The base forms of one expression: of expectations, and of integrals.
pub fn forms(engine: &mut Engine, e: Expr) -> Vec<Expr> {
    let mut list = Vec::new();
    for level in [Level::Expectation, Level::Integral] {
        let (mut sides, mut ends) = ([Side::new(e), Side::default()], [0, 0]);
        directed(engine, &mut sides, &mut ends, 0, level);
        list.push(sides[0].states[ends[0]].expr);
    }
    list.dedup();
    list.retain(|form| *form != e);
    list
}

/// The base form of expectations of one expression.
pub fn mean_form(engine: &mut Engine, e: Expr) -> Expr {
    let (mut sides, mut ends) = ([Side::new(e), Side::default()], [0, 0]);
    directed(engine, &mut sides, &mut ends, 0, Level::Expectation);
    sides[0].states[ends[0]].expr
}

/// Where one expression ends in a search of an order.
pub fn model(engine: &mut Engine, e: Expr) -> Expr {
    // The other side is out of reach, so that nothing ends the search early.
    let (mut sides, mut ends) = ([Side::new(e), Side::new(Store::ONE)], [0, 0]);
    both(engine, &mut sides, &mut ends, Level::Expectation);
    sides[0].states[ends[0]].expr
}

/// The moves that bring an expression to the base form of expectations without folding scores and informations.
pub fn expanded(engine: &mut Engine, e: Expr) -> (Vec<(Expr, Rc<Move>)>, Expr) {
    let Some(start) = engine.normal(e) else { return (Vec::new(), e) };
    let before = std::mem::replace(&mut engine.expanding, true);
    let (mut sides, mut ends) = ([Side::new(start), Side::default()], [0, 0]);
    directed(engine, &mut sides, &mut ends, 0, Level::Expectation);
    engine.expanding = before;
    (sides[0].path(ends[0]), sides[0].states[ends[0]].expr)
}

/// Breadth first from both sides, to a depth and a number of moves.
fn meet(
    engine: &mut Engine,
    sides: &mut [Side; 2],
    next: &mut [usize; 2],
    budget: usize,
) -> Option<(usize, usize)> {
    let end = engine.tried + budget;
    loop {
        // The side whose next state is shallower goes first; equal depths take turns.
        let depth = |side: usize, at: usize| sides[side].path(at).len();
        let next_depth =
            |side: usize| (next[side] < sides[side].states.len()).then(|| depth(side, next[side]));
        let side = match (next_depth(0), next_depth(1)) {
            (Some(a), Some(b)) => usize::from(b < a || (a == b && next[1] < next[0])),
            (Some(_), None) => 0,
            (None, Some(_)) => 1,
            (None, None) => return None,
        };
        if engine.tried >= end {
            return None;
        }
        let at = next[side];
        next[side] += 1;
        if depth(side, at) >= DEPTH {
            continue;
        }
        let state = sides[side].states[at].expr;
        for step in every_move(engine, state) {
            let Some(expr) = engine.apply(state, &step) else { continue };
            if let Some(new) = sides[side].reach(expr, Some((at, step)))
                && let Some(other) = sides[1 - side].find(expr)
            {
                return Some(if side == 0 { (new, other) } else { (other, new) });
            }
            if engine.tried >= end {
                // The rest of its moves are left for a later call.
                next[side] = at;
                return None;
            }
        }
    }
}

fn every_move(engine: &mut Engine, state: Expr) -> Vec<Rc<Move>> {
    let mut list: Vec<Rc<Move>> = engine.drop(state).map(Rc::new).into_iter().collect();
    let blocked = match &engine.order {
        Some(order) => order.below_moving_measures(engine.ring.store, state),
        None => Vec::new(),
    };
    for place in engine.places(state) {
        let moves = engine.moves_at(place);
        let taylor = |step: &Move| step.steps[0].rule.starts_with("taylor-");
        list.extend(moves.iter().filter(|step| !taylor(step) || !blocked.contains(&place)).cloned());
    }
    list
}

/// Both sides to the base form of a level: equality rules to the end, then Taylor, then equality rules again.
fn both(
    engine: &mut Engine,
    sides: &mut [Side; 2],
    ends: &mut [usize; 2],
    level: Level,
) -> Option<(usize, usize)> {
    for round in 0..4 {
        for side in 0..2 {
            if let Some(met) = directed(engine, sides, ends, side, level) {
                return Some(met);
            }
        }
        if engine.order.is_none() || round == 3 {
            return None;
        }
        let mut moved = false;
        if let Some(met) = expand_both(engine, sides, ends, &mut moved) {
            return Some(met);
        }
        if !moved {
            return None;
        }
    }
    None
}

/// Taylor's formula wherever it applies on both sides.
fn expand_both(
    engine: &mut Engine,
    sides: &mut [Side; 2],
    ends: &mut [usize; 2],
    moved: &mut bool,
) -> Option<(usize, usize)> {
    for side in 0..2 {
        for step in expansions(engine, sides[side].states[ends[side]].expr) {
            if let Some(met) = advance(engine, sides, ends, side, step, moved) {
                return Some(met);
            }
        }
    }
    None
}

/// One side by the moves of a level, innermost first, until none is left.
fn directed(
    engine: &mut Engine,
    sides: &mut [Side; 2],
    ends: &mut [usize; 2],
    side: usize,
    level: Level,
) -> Option<(usize, usize)> {
    let mut seen = FxHashSet::default();
    for _ in 0..DIRECTED {
        let state = sides[side].states[ends[side]].expr;
        if !seen.insert(state) {
            return None;
        }
        let step = next_move(engine, state, level)?;
        let mut moved = false;
        if let Some(met) = advance(engine, sides, ends, side, step, &mut moved) {
            return Some(met);
        }
        if !moved {
            return None;
        }
    }
    None
}

/// Takes a move at the end of a side.
fn advance(
    engine: &mut Engine,
    sides: &mut [Side; 2],
    ends: &mut [usize; 2],
    side: usize,
    step: Rc<Move>,
    moved: &mut bool,
) -> Option<(usize, usize)> {
    let at = ends[side];
    let state = sides[side].states[at].expr;
    let expr = engine.apply(state, &step)?;
    let new = match sides[side].reach(expr, Some((at, step.clone()))) {
        Some(new) => new,
        // Reached before: this way there is the more natural one.
        None if expr == state => return None,
        None => {
            let known = sides[side].find(expr)?;
            sides[side].reroute(known, (at, step));
            known
        }
    };
    ends[side] = new;
    *moved = true;
    let other = sides[1 - side].find(expr)?;
    Some(if side == 0 { (new, other) } else { (other, new) })
}

/// Taylor's formula at every place of a state where something small stands.
fn expansions(engine: &mut Engine, state: Expr) -> Vec<Rc<Move>> {
    let Some(order) = engine.order.clone() else { return Vec::new() };
    let mut list = Vec::new();
    let degree = order.degree();
    let context = engine.context;
    let mut covered = order.below_moving_measures(engine.ring.store, state);
    // Outermost first: log p as a whole before the p inside of it.
    for place in engine.places(state).into_iter().rev() {
        if covered.contains(&place) {
            continue;
        }
        if let Some(step) = order.taylor(engine.ring.store, context, place, degree) {
            covered.extend(engine.ring.store.post_order(&[place]));
            list.push(Rc::new(step));
        }
    }
    list
}

/// The found chain: the left side's moves forwards, the right side's backwards.
fn links(sides: &[Side; 2], (left, right): (usize, usize)) -> Vec<Link> {
    let forward = |side: &Side, end: usize| -> Vec<(Expr, Expr, Rc<Move>)> {
        let path = side.path(end);
        let last = side.states[end].expr;
        let afters = path.iter().skip(1).map(|(e, _)| *e).chain([last]).collect::<Vec<_>>();
        path.into_iter().zip(afters).map(|((before, step), after)| (before, after, step)).collect()
    };
    let there = forward(&sides[0], left).into_iter();
    let back = forward(&sides[1], right).into_iter().rev();
    let link = |backwards| move |(before, after, step)| Link { before, after, step, backwards };
    there.map(link(false)).chain(back.map(link(true))).collect()
}

/// The least whole number of powers that a remainder of this order needs.
pub fn whole(order: &Rational) -> u32 {
    let mut n = 0;
    while n < 9 && Rational::from(i64::from(n)) < *order {
        n += 1;
    }
    n
}
