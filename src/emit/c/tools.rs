//! What functions of vectors and matrices share: filling with NaN, the Cholesky decomposition and what it solves.

use super::layout::head;
use super::module::out;
use crate::emit::print::Printer;
use crate::emit::unit::{Check, Computation, Procedure, Unit};

const FILL: &str = "
/** The same value in all places. */
static void PREFIX_fill(double *values, size_t count, double value) {
  for (size_t i = 0; i < count; i++) {
    values[i] = value;
  }
}";

const ALL_FINITE: &str = "
/** Whether all values are finite. */
static bool PREFIX_all_finite(const double *values, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(values[i])) {
      return false;
    }
  }
  return true;
}";

const CHOLESKY: &str = "
/**
 * The lower factor L of a symmetric n x n matrix F = L L', in its place; NaN
 * where F is not positive definite, up to roundings.
 */
static void PREFIX_cholesky(size_t n, double *l) {
  /* The largest F_ii over its pivot: so many units are lost in what follows. */
  double worst = 1.0;
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j <= i; j++) {
      double whole = l[n * i + j];
      double sum = whole;
      for (size_t k = 0; k < j; k++) {
        sum -= l[n * i + k] * l[n * j + k];
      }
      if (j < i) {
        l[n * i + j] = sum / l[n * j + j];
      } else {
        l[n * i + i] = sum > 1e-14 * worst * whole ? sqrt(sum) : NAN;
        worst = fmax(worst, whole / sum);
      }
    }
  }
}";

const SOLVE: &str = "
/** F^-1 v in the place of v, given the lower factor of F. */
static void PREFIX_solve(size_t n, const double *l, double *v) {
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < i; k++) {
      v[i] -= l[n * i + k] * v[k];
    }
    v[i] /= l[n * i + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; k++) {
      v[i] -= l[n * k + i] * v[k];
    }
    v[i] /= l[n * i + i];
  }
}";

const INVERT: &str = "
/** F^-1, given the lower factor of F. */
static void PREFIX_invert(size_t n, const double *l, double *inverse) {
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      inverse[n * i + j] = i == j ? 1.0 : 0.0;
    }
    PREFIX_solve(n, l, inverse + n * i);
  }
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < i; j++) {
      inverse[n * j + i] = inverse[n * i + j];
    }
  }
}";

/// Tools, as far as they are used.
pub(super) fn write_tools(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let invert = unit.computes(|c| matches!(c, Computation::Invert(_)));
    let solve = invert || unit.computes(|c| matches!(c, Computation::Solve(_)));
    let cholesky = solve || unit.computes(|c| matches!(c, Computation::LogDeterminant(_)));
    let leaves = |q: &Procedure<'_>| {
        let closed = !matches!(q.computation, Computation::Invert(_) | Computation::LogDeterminant(_));
        closed && !q.checks.is_empty() && (out(q.routine.result).is_some() || q.batch.is_some())
    };
    let fill = unit.procedures.iter().any(leaves);
    let vector = |c: &Check| matches!(c, Check::Finite(q) if q.length.is_some());
    let needs_finite = |q: &Procedure<'_>| {
        !matches!(q.computation, Computation::Invert(_) | Computation::LogDeterminant(_))
            && q.checks.iter().any(vector)
    };
    let all_finite = unit.procedures.iter().any(needs_finite);
    let tools =
        [(fill, FILL), (all_finite, ALL_FINITE), (cholesky, CHOLESKY), (solve, SOLVE), (invert, INVERT)];
    for (used, text) in tools {
        if used {
            text.replace("PREFIX", &unit.prefix).lines().for_each(|line| write_tool_line(p, line));
        }
    }
}

/// A line of a tool; its head is laid out anew, as the prefix may be long.
fn write_tool_line(p: &mut Printer<'_>, line: &str) {
    let parts = line.strip_prefix("static ").and_then(|rest| rest.split_once('('));
    let Some((before, rest)) = parts.filter(|_| !p.fits(line)) else { return p.line(line) };
    let (kind, name) = before.split_once(' ').expect("a type and a name");
    let items: Vec<String> = rest.trim_end_matches(") {").split(", ").map(str::to_owned).collect();
    let lines = head(p, &format!("static {kind}"), name, &items, ") {");
    p.lines(lines);
}
