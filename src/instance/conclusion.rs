//! From equations to an equation: the given ones are solved on the instance, then the conclusion is looked at.
//!
//! `λFd = −∇L ⇒ d = λF⁻¹∇L` is refuted where the solution d of the left side is −677/4000 and the right side 677/4000.

use super::assume::vanishes;
use super::build::{Setting, revised};
use super::check::Check;
use super::equal;
use super::linear;
use super::survey::Role;
use super::world::World;
use crate::expr::{Expr, SymbolId};

/// The given equations imply left = right.
pub(super) fn conclusion(
    setting: &Setting,
    world: &World,
    given: &[(Expr, Expr)],
    (left, right): (Expr, Expr),
) -> Check {
    let mut why = "the given equations hold on no instance".to_owned();
    for unknown in unknowns(setting, given, (left, right)) {
        let solution = match linear::solution(setting, world, given, unknown) {
            Ok(Some(solution)) => solution,
            Ok(None) => continue,
            Err(failure) => {
                why = failure.text();
                continue;
            }
        };
        let Some(solved) = revised(setting, world, unknown, &solution) else { continue };
        return match equal::equal(setting.store, &solved, left, right) {
            Check::Fails(mut fails) => {
                fails.world = Some(Box::new(solved));
                Check::Fails(fails)
            }
            other => other,
        };
    }
    // Equations that hold without being solved.
    match linear::residual(setting, world, given) {
        Ok(rest) if vanishes(&rest) == Some(true) => equal::equal(setting.store, world, left, right),
        _ => Check::Skip(why),
    }
}

/// Symbols for which the given equations may be solved: first a lone side of the conclusion, then free ones.
fn unknowns(setting: &Setting, given: &[(Expr, Expr)], (left, right): (Expr, Expr)) -> Vec<SymbolId> {
    let roots: Vec<Expr> = given.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let occurring = setting.survey.all_symbols(setting.store, &roots);
    let lone: Vec<SymbolId> = [left, right].iter().filter_map(|e| setting.store.as_symbol(*e)).collect();
    let mut unknowns: Vec<(usize, SymbolId)> = setting
        .survey
        .symbols
        .iter()
        .filter(|(symbol, shape, _)| {
            occurring.contains(symbol) && shape.columns == crate::expr::Dimension::Fixed(1)
        })
        .map(|(symbol, shape, role)| {
            let rank = match role {
                _ if lone.contains(symbol) => 0,
                Role::Free if !shape.is_scalar() => 1,
                Role::Free => 2,
                Role::Place => 3,
                Role::Parameter(_) => 4,
                Role::Sample => 5,
            };
            (rank, *symbol)
        })
        .filter(|(rank, _)| *rank < 5)
        .collect();
    unknowns.sort_by_key(|(rank, _)| *rank);
    unknowns.into_iter().map(|(_, symbol)| symbol).collect()
}
