//! What functions share: looking at arguments, the Cholesky decomposition and what it solves.

use super::module::{all_checks, parts};
use crate::emit::print::Printer;
use crate::emit::unit::{Check, Computation, Unit};

const ARE_FINITE: &str = "
/**
 * Whether the values are so many finite numbers, and nothing else.
 *
 * @param {ArrayLike<number>} values
 * @param {number} count
 * @returns {boolean}
 */
function are_finite(values, count) {
  if (values === null || values === undefined || values.length !== count) {
    return false;
  }
  for (let i = 0; i < count; i += 1) {
    if (!Number.isFinite(values[i])) {
      return false;
    }
  }
  return true;
}";

const LISTED: &str = "
/**
 * What can be iterated as it is, the elements of anything else as an array.
 *
 * @param {Iterable|ArrayLike} values
 * @returns {Iterable}
 */
function listed(values) {
  const has_elements = values !== null && values !== undefined;
  const is_iterable = has_elements && Symbol.iterator in Object(values);
  return is_iterable ? values : Array.from(has_elements ? values : []);
}";

const CHOLESKY: &str = "
/**
 * The lower factor of a symmetric matrix; NaN where it is not positive
 * definite, up to roundings.
 *
 * @param {number[][]} matrix
 * @returns {number[][]}
 */
function cholesky(matrix) {
  const factor = matrix.map((row) => new Array(row.length).fill(0));
  // The largest entry over its pivot: so many units are lost in what follows.
  let worst = 1;
  for (let i = 0; i < matrix.length; i += 1) {
    const whole = matrix[i][i];
    for (let j = 0; j <= i; j += 1) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k += 1) {
        rest -= factor[i][k] * factor[j][k];
      }
      if (j < i) {
        factor[i][j] = rest / factor[j][j];
      } else {
        factor[i][i] = rest > 1e-14 * worst * whole ? Math.sqrt(rest) : NaN;
        worst = Math.max(worst, whole / rest);
      }
    }
  }
  return factor;
}";

const SOLVE: &str = "
/**
 * The solution of F x = right, given the lower factor of F.
 *
 * @param {number[][]} factor
 * @param {ArrayLike<number>} right
 * @returns {number[]}
 */
function solve(factor, right) {
  const solution = Array.from(right);
  const size = factor.length;
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) {
      solution[i] -= factor[i][k] * solution[k];
    }
    solution[i] /= factor[i][i];
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) {
      solution[i] -= factor[k][i] * solution[k];
    }
    solution[i] /= factor[i][i];
  }
  return solution;
}";

const INVERT: &str = "
/**
 * The inverse of F, given its lower factor.
 *
 * @param {number[][]} factor
 * @returns {number[][]}
 */
function invert(factor) {
  return factor.map((_, i) => {
    const unit = factor.map((_, j) => (i === j ? 1 : 0));
    return solve(factor, unit);
  });
}";

/// Tools, as far as they are used.
pub(super) fn write_tools(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let invert = unit.computes(|c| matches!(c, Computation::Invert(_)));
    let solve = invert || unit.computes(|c| matches!(c, Computation::Solve(_)));
    let cholesky = solve || unit.computes(|c| matches!(c, Computation::LogDeterminant(_)));
    let is_vector = |check: Check| matches!(check, Check::Finite(parameter) if parameter.length.is_some());
    let are_finite = unit.predicates.iter().any(|q| parts(q).0.into_iter().any(is_vector))
        || unit.procedures.iter().any(|q| all_checks(q).into_iter().any(is_vector));
    let listed = unit.procedures.iter().any(|q| q.batch.is_some());
    let tools =
        [(are_finite, ARE_FINITE), (listed, LISTED), (cholesky, CHOLESKY), (solve, SOLVE), (invert, INVERT)];
    for (used, text) in tools {
        if used {
            p.lines(text.lines());
        }
    }
}
