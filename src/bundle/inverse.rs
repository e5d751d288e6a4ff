//! F⁻¹, F⁻¹g and log det F without a solve where the shape of F allows it.
//!
//! - Blocks that do not touch are inverted one by one: one row by its reciprocal, two and three by cofactors.
//! - D + c·u·uᵀ with diagonal D, as in the Dirichlet family, by Sherman and Morrison (1950):
//!   F⁻¹g = D⁻¹g − D⁻¹u·(uᵀD⁻¹g)/(1/c + uᵀD⁻¹u) and det F = det D·c·(1/c + uᵀD⁻¹u), of as many operations as u has
//!   entries.
//! - Anything else is left to a Cholesky decomposition in the generated code.

use super::wanted::BY_COFACTORS;
use crate::algebra::{Effort, Normalizer};
use crate::expr::{Expr, Store};
use crate::number::Rational;
use crate::stats::Derivation;
use crate::stats::exponential::tidy;
use crate::stats::matrix;

/// How F is inverted.
#[derive(Clone, Debug)]
pub(super) enum Inverted {
    /// By formulas.
    Closed(Closed),
    /// In floats.
    Numeric,
}

/// Formulas of what follows from F.
#[derive(Clone, Debug)]
pub(super) struct Closed {
    pub inverse: Vec<Vec<Expr>>,
    /// F⁻¹g.
    pub gradient: Vec<Expr>,
    pub determinant: Expr,
    /// log det F, the logarithm of each factor alone.
    pub log_determinant: Expr,
}

/// Inverts the F of a derivation by its shape.
pub(super) fn invert(store: &mut Store, derivation: &Derivation, fisher: &[Vec<Expr>]) -> Inverted {
    let size = fisher.len();
    let g = &derivation.gradient;
    let assumptions = derivation.family.parameter_assumptions(store);
    let mut present = Normalizer::new(assumptions, Effort::Present);
    let blocks = blocks(fisher);
    let largest = blocks.iter().map(Vec::len).max().unwrap_or(0);
    let mut whole = Closed {
        inverse: vec![vec![Store::ZERO; size]; size],
        gradient: vec![Store::ZERO; size],
        determinant: Store::ONE,
        log_determinant: Store::ZERO,
    };
    let by_cofactors = (&derivation.fisher_inverse, &derivation.natural_gradient, derivation.determinant);
    for block in &blocks {
        let part: Vec<Vec<Expr>> =
            block.iter().map(|i| block.iter().map(|j| fisher[*i][*j]).collect()).collect();
        let gradient: Vec<Expr> = block.iter().map(|i| g[*i]).collect();
        let closed = match block.len() {
            1.. if block.len() >= 3 => sherman_morrison(store, &mut present, &part, &gradient),
            _ => None,
        };
        let closed = match (closed, by_cofactors) {
            (Some(closed), _) => closed,
            (None, (Some(inverse), Some(natural), Some(determinant))) if blocks.len() == 1 => Closed {
                inverse: inverse.clone(),
                gradient: natural.clone(),
                determinant,
                log_determinant: log_of(store, &mut present, determinant),
            },
            (None, _) if largest <= BY_COFACTORS => match cofactors(store, &mut present, &part, &gradient) {
                Some(closed) => closed,
                None => return Inverted::Numeric,
            },
            _ => return Inverted::Numeric,
        };
        for (a, i) in block.iter().enumerate() {
            whole.gradient[*i] = closed.gradient[a];
            for (b, j) in block.iter().enumerate() {
                whole.inverse[*i][*j] = closed.inverse[a][b];
            }
        }
        whole.determinant = store.mul(whole.determinant, closed.determinant);
        whole.log_determinant = store.add(whole.log_determinant, closed.log_determinant);
    }
    Inverted::Closed(whole)
}

/// Parameters that are connected by entries of F that are not 0, each block in order.
fn blocks(fisher: &[Vec<Expr>]) -> Vec<Vec<usize>> {
    let mut open: Vec<usize> = (0..fisher.len()).collect();
    let mut found = Vec::new();
    while let Some(first) = open.first().copied() {
        let mut block = vec![first];
        let mut at = 0;
        while at < block.len() {
            let i = block[at];
            let linked: Vec<usize> =
                open.iter().copied().filter(|j| fisher[i][*j] != Store::ZERO && !block.contains(j)).collect();
            block.extend(linked);
            at += 1;
        }
        block.sort_unstable();
        open.retain(|i| !block.contains(i));
        found.push(block);
    }
    found
}

/// By cofactors in lowest terms; `None` when a limit is met or F is singular.
fn cofactors(store: &mut Store, present: &mut Normalizer, part: &[Vec<Expr>], g: &[Expr]) -> Option<Closed> {
    let forms = present.normal_all(store, &part.concat()).ok()?;
    let forms: matrix::Matrix = forms.chunks(part.len()).map(<[_]>::to_vec).collect();
    let determinant = matrix::determinant(present, &forms).ok()?;
    let determinant = present.present(store, &determinant);
    let inverse = matrix::inverse(present, &forms).ok()??;
    let inverse: Vec<Vec<Expr>> =
        inverse.iter().map(|row| row.iter().map(|e| present.present(store, e)).collect()).collect();
    let gradient = inverse
        .iter()
        .map(|row| {
            let terms: Vec<Expr> = row.iter().zip(g).map(|(f, g)| store.mul(*f, *g)).collect();
            let raw = store.sum(terms);
            tidy(store, present, raw)
        })
        .collect();
    let log_determinant = log_of(store, present, determinant);
    Some(Closed { inverse, gradient, determinant, log_determinant })
}

/// log of a positive expression: the sum of the logarithms of its factors, where their signs are known. The sign of one
/// that is not known is that of the product of the others.
fn log_of(store: &mut Store, present: &mut Normalizer, e: Expr) -> Expr {
    let whole = store.call_named("log", [e]);
    let Ok(form) = present.normal(store, e) else { return whole };
    let Ok((content, factors)) = present.factors_of(store, &form) else { return whole };
    let mut is_negative = content.is_negative();
    let (mut terms, mut open) = (Vec::new(), None);
    for (factor, power) in factors {
        let minus = store.neg(factor);
        if present.assumptions.is_positive(store, factor) {
            terms.push((Rational::from(power), factor));
        } else if present.assumptions.is_positive(store, minus) {
            terms.push((Rational::from(power), minus));
            is_negative ^= power % 2 != 0;
        } else if open.is_none() && power % 2 != 0 {
            open = Some((factor, power));
        } else {
            return whole;
        }
    }
    if let Some((factor, power)) = open {
        let factor = if is_negative { store.neg(factor) } else { factor };
        terms.push((Rational::from(power), factor));
    }
    let content = store.number(content.abs());
    terms.push((Rational::ONE, content));
    let terms: Vec<(Rational, Expr)> = terms
        .into_iter()
        .filter(|(_, factor)| *factor != Store::ONE)
        .map(|(power, factor)| (power, store.call_named("log", [factor])))
        .collect();
    store.linear(terms)
}

/// F = diag(d) + c·u·uᵀ, where it is of this shape.
struct RankOne {
    d: Vec<Expr>,
    c: Expr,
    u: Vec<Expr>,
}

fn sherman_morrison(
    store: &mut Store,
    present: &mut Normalizer,
    part: &[Vec<Expr>],
    g: &[Expr],
) -> Option<Closed> {
    let RankOne { d, c, u } = rank_one(store, present, part)?;
    let size = d.len();
    // v = D⁻¹u; κ = 1/c + uᵀv.
    let v: Vec<Expr> = (0..size).map(|i| store.div(u[i], d[i])).collect();
    let mut terms = vec![store.powi(c, -1)];
    terms.extend((0..size).map(|i| store.mul(u[i], v[i])));
    let kappa = store.sum(terms);
    // Where c < 0, so is κ: 1/|κ| and the sign, so that what is added to D⁻¹ is seen to be positive.
    let is_negative = {
        let minus = store.neg(c);
        present.assumptions.is_positive(store, minus)
    };
    let sign = if is_negative { Rational::MINUS_ONE } else { Rational::ONE };
    let size_of_kappa = store.scale(&sign, kappa);
    let over = store.powi(size_of_kappa, -1);
    let mut inverse = vec![vec![Store::ZERO; size]; size];
    for i in 0..size {
        for j in 0..=i {
            let product = store.product([v[i], v[j], over]);
            let correction = store.scale(&-&sign, product);
            inverse[i][j] = if i == j {
                let first = store.powi(d[i], -1);
                store.add(first, correction)
            } else {
                correction
            };
            inverse[j][i] = inverse[i][j];
        }
    }
    let products: Vec<Expr> = (0..size).map(|i| store.mul(v[i], g[i])).collect();
    let along = store.sum(products);
    let share = store.mul(along, over);
    let gradient = (0..size)
        .map(|i| {
            let pulled = store.mul(u[i], share);
            let rest = store.linear([(Rational::ONE, g[i]), (-&sign, pulled)]);
            store.div(rest, d[i])
        })
        .collect();
    let sign_and_rest = store.mul(c, kappa);
    let determinant = store.product(d.iter().copied().chain([sign_and_rest]));
    let mut logs: Vec<Expr> = d.iter().map(|d| log_of(store, present, *d)).collect();
    let size_of_c = store.scale(&sign, c);
    if present.assumptions.is_positive(store, size_of_c) {
        logs.push(log_of(store, present, size_of_c));
        logs.push(store.call_named("log", [size_of_kappa]));
    } else {
        logs.push(store.call_named("log", [sign_and_rest]));
    }
    let log_determinant = store.sum(logs);
    Some(Closed { inverse, gradient, determinant, log_determinant })
}

/// All entries beside the diagonal equal, or each the product uᵢuⱼ/κ of the entries of its row and column.
fn rank_one(store: &mut Store, present: &mut Normalizer, part: &[Vec<Expr>]) -> Option<RankOne> {
    let size = part.len();
    let first = part[0][1];
    let beside = |i: usize| (0..size).filter(move |j| *j != i);
    let (c, u) = if (0..size).all(|i| beside(i).all(|j| part[i][j] == first)) {
        (first, vec![Store::ONE; size])
    } else {
        // Entry (i, j) = F₁ᵢF₁ⱼ/κ with κ = F₁₂F₁₃/F₂₃, and u = (κ, F₁₂, F₁₃, …), c = 1/κ. Three rows always are of this
        // shape, and their differences Fᵢᵢ − uᵢ²/κ cancel: cofactors in lowest terms are better.
        if size == 3 || (0..size).any(|i| beside(i).any(|j| part[i][j] == Store::ZERO)) {
            return None;
        }
        let over = store.powi(part[1][2], -1);
        let kappa = store.product([part[0][1], part[0][2], over]);
        let kappa = tidy(store, present, kappa);
        for i in 1..size {
            for j in i + 1..size {
                let left = store.mul(part[i][j], kappa);
                let right = store.mul(part[0][i], part[0][j]);
                let difference = store.sub(left, right);
                if present.is_zero(store, difference) != Ok(true) {
                    return None;
                }
            }
        }
        let mut u = part[0].clone();
        u[0] = kappa;
        (store.powi(kappa, -1), u)
    };
    let mut d = Vec::with_capacity(size);
    for i in 0..size {
        let square = store.powi(u[i], 2);
        let own = store.mul(c, square);
        let rest = store.linear([(Rational::ONE, part[i][i]), (Rational::MINUS_ONE, own)]);
        let rest =
            if u[i] == Store::ONE { store.without_zero_terms(rest) } else { tidy(store, present, rest) };
        // D must be invertible on the whole domain.
        if !present.assumptions.is_nonzero(store, rest) {
            return None;
        }
        d.push(rest);
    }
    Some(RankOne { d, c, u })
}
