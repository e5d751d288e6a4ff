//! The Cholesky decomposition of F and what it solves, for routines without a closed form.

use crate::emit::print::Printer;
use crate::emit::unit::{Computation, Unit};
use crate::program::Term;

const CHOLESKY: &str = "
/// The lower factor L of a symmetric matrix F = L Lᵀ; NaN where F is not positive definite, up to roundings.
fn cholesky<const P: usize>(f: &[[f64; P]; P]) -> [[f64; P]; P] {
    let mut l = *f;
    // The largest entry over its pivot: so many units are lost in what follows.
    let mut worst = 1.0_f64;
    for i in 0..P {
        for j in 0..=i {
            let dot: f64 = l[i][..j].iter().zip(&l[j][..j]).map(|(a, b)| a * b).sum();
            let whole = l[i][j];
            let rest = whole - dot;
            l[i][j] = if j < i {
                rest / l[j][j]
            } else if rest > 1e-14 * worst * whole {
                SQRT
            } else {
                f64::NAN
            };
            if j == i {
                worst = worst.max(whole / rest);
            }
        }
    }
    l
}";

const FORWARD: &str = "
/// L⁻¹g for a lower triangular matrix.
fn forward<const P: usize>(l: &[[f64; P]; P], g: &[f64; P]) -> [f64; P] {
    let mut v = *g;
    for i in 0..P {
        let dot: f64 = l[i][..i].iter().zip(&v).map(|(a, b)| a * b).sum();
        v[i] = (v[i] - dot) / l[i][i];
    }
    v
}";

const SOLVE: &str = "
/// F⁻¹g, given the lower factor of F.
fn solve<const P: usize>(l: &[[f64; P]; P], g: &[f64; P]) -> [f64; P] {
    let mut v = forward(l, g);
    for i in (0..P).rev() {
        let dot: f64 = (i + 1..P).map(|k| l[k][i] * v[k]).sum();
        v[i] = (v[i] - dot) / l[i][i];
    }
    v
}";

const INVERT: &str = "
/// F⁻¹, given the lower factor of F: the products of the columns of L⁻¹.
fn invert<const P: usize>(l: &[[f64; P]; P]) -> [[f64; P]; P] {
    let column = |i: usize| forward(l, &core::array::from_fn(|j| f64::from(i == j)));
    let columns: [[f64; P]; P] = core::array::from_fn(column);
    let dot = |a: &[f64; P], b: &[f64; P]| a.iter().zip(b).map(|(x, y)| x * y).sum();
    core::array::from_fn(|i| core::array::from_fn(|j| dot(&columns[i], &columns[j])))
}";

/// The decomposition, as far as it is used.
pub(super) fn write_decomposition(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let invert = unit.computes(|c| matches!(c, Computation::Invert(_)));
    let solve = unit.computes(|c| matches!(c, Computation::Solve(_)));
    let forward = solve || invert;
    let cholesky = forward || unit.computes(|c| matches!(c, Computation::LogDeterminant(_)));
    let root = p.call("sqrt", &[Term::Name("rest".to_owned())]);
    for (used, text) in [(cholesky, CHOLESKY), (forward, FORWARD), (solve, SOLVE), (invert, INVERT)] {
        if used {
            p.lines(text.replace("SQRT", &root).lines());
        }
    }
}
