//! Expressions in words: domains of names, lines that say what is computed, closed forms.

use rustc_hash::FxHashMap;

use super::guards::independent;
use crate::emit::{Quantity, Shape};
use crate::expr::{Expr, Fact, Store};
use crate::print::domain::conditions;
use crate::print::{display, matrix_of_texts};
use crate::stats::family::fact_mentions;
use crate::stats::{Family, Parameter};

/// A name with the conditions that are on it alone, `alpha > 0`.
pub(super) fn quantity(store: &mut Store, p: &Parameter, facts: &[Fact], among: &[Expr]) -> Quantity {
    let own: Vec<Fact> = facts
        .iter()
        .filter(|f| {
            fact_mentions(store, f, p.symbol)
                && !among.iter().any(|s| *s != p.symbol && fact_mentions(store, f, *s))
        })
        .cloned()
        .collect();
    let mut own = independent(store, &own);
    own.retain(|fact| fact_mentions(store, fact, p.symbol));
    let domain = conditions(store, &own, &[p.symbol]).join(", ");
    let free = format!("{} real", p.name);
    Quantity { name: p.name.clone(), domain: if domain == free { String::new() } else { domain } }
}

/// The density, the sample space, the atoms, and what the parameters are in those of the family's file.
pub(super) fn density_lines(
    store: &mut Store,
    base: &Family,
    coordinates: &str,
    family: &Family,
    support: &str,
) -> Vec<String> {
    let names = |list: &[Parameter]| list.iter().map(|p| p.name.clone()).collect::<Vec<_>>().join(", ");
    let (x, theta) = (names(&family.variables), names(&family.parameters));
    let mut lines = vec![format!("log p({x} | {theta}) = {}", display(store, family.log_density))];
    for atom in &family.atoms {
        let point: Vec<String> = atom.point.iter().map(|e| display(store, *e)).collect();
        lines.push(format!(
            "log p({} | {theta}) = {}",
            point.join(", "),
            display(store, atom.log_probability)
        ));
    }
    if !support.is_empty() {
        lines.push(support.to_owned());
    }
    if let Some(chosen) = base.coordinates.iter().find(|c| c.name == coordinates) {
        for (p, value) in base.parameters.iter().zip(&chosen.map) {
            let line = format!("{} = {}", p.name, display(store, *value));
            if p.symbol != *value {
                lines.push(line);
            }
        }
    }
    lines
}

/// Longer formulas than this are left to the code.
const LONGEST: usize = 400;

/// The result as one formula, or entry by entry where that is too long.
pub(super) fn formulas(store: &Store, name: &str, result: Shape, outputs: &[Expr]) -> Vec<(String, String)> {
    let width = match result {
        Shape::Matrix(_, columns) => columns,
        Shape::Packed(_) | Shape::Truth => return Vec::new(),
        _ => 1,
    };
    if outputs.iter().any(|e| store.weight(*e) > 10 * LONGEST as u64) {
        return Vec::new();
    }
    if matches!(result, Shape::Scalar) {
        let text = display(store, outputs[0]);
        return if text.len() > LONGEST { Vec::new() } else { vec![(name.to_owned(), text)] };
    }
    // Matrices hold most of their entries twice.
    let mut known: FxHashMap<Expr, String> = FxHashMap::default();
    let mut text = |e: &Expr| known.entry(*e).or_insert_with(|| display(store, *e)).clone();
    let texts: Vec<String> = outputs.iter().map(&mut text).collect();
    let whole = matrix_of_texts(texts.chunks(width));
    if whole.len() <= 80 {
        return vec![(name.to_owned(), whole)];
    }
    let mut all = Vec::new();
    for (at, (e, text)) in outputs.iter().zip(texts).enumerate() {
        let (i, j) = (at / width + 1, at % width + 1);
        let is_mirrored = matches!(name, "fisher" | "fisher_inverse") && j > i;
        if *e == Store::ZERO || is_mirrored || text.len() > LONGEST {
            continue;
        }
        let left = if width == 1 { format!("{name}[{i}]") } else { format!("{name}[{i}, {j}]") };
        all.push((left, text));
    }
    all
}
