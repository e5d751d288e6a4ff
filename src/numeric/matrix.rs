//! Dense square matrices as row-major slices: factor, solve, invert, eigenvalues.
//!
//! `[4, 2; 2, 3]` is `[4.0, 2.0, 2.0, 3.0]` of order 2; its Cholesky factor is `[2, 0; 1, √2]`.

use libm::{fabs, sqrt};

/// Σ aᵢbᵢ.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// √Σ aᵢ², without overflow or underflow on the way.
pub fn norm(a: &[f64]) -> f64 {
    let largest = a.iter().fold(0.0, |largest: f64, entry| largest.max(entry.abs()));
    if largest == 0.0 || !largest.is_finite() {
        // The maximum passes over NaN, the sum does not.
        return largest + a.iter().map(|entry| 0.0 * entry).sum::<f64>();
    }
    largest * sqrt(a.iter().map(|entry| (entry / largest) * (entry / largest)).sum())
}

/// Ax.
pub fn multiply(matrix: &[f64], x: &[f64]) -> Vec<f64> {
    matrix.chunks(x.len().max(1)).map(|row| dot(row, x)).collect()
}

/// xᵀAx.
pub fn quadratic_form(matrix: &[f64], x: &[f64]) -> f64 {
    dot(x, &multiply(matrix, x))
}

/// The lower triangular L with LLᵀ = A, or `None` where the symmetric A is not positive definite.
///
/// Reads the lower triangle only.
pub fn cholesky(matrix: &[f64], order: usize) -> Option<Vec<f64>> {
    let mut factor = vec![0.0; order * order];
    for i in 0..order {
        for j in 0..=i {
            let (row_i, row_j) = (i * order, j * order);
            let inner = dot(&factor[row_i..row_i + j], &factor[row_j..row_j + j]);
            let rest = matrix[row_i + j] - inner;
            factor[row_i + j] = if i != j {
                rest / factor[row_j + j]
            } else if rest > 0.0 && rest.is_finite() {
                sqrt(rest)
            } else {
                return None;
            };
        }
    }
    Some(factor)
}

/// A matrix factored as PA = LU with rows equilibrated and pivots chosen by column.
struct Factored {
    order: usize,
    entries: Vec<f64>,
    rows: Vec<usize>,
    odd: bool,
}

fn factor(matrix: &[f64], order: usize) -> Option<Factored> {
    let mut entries = matrix.to_vec();
    let mut rows: Vec<usize> = (0..order).collect();
    let mut odd = false;
    let scale: Vec<f64> = (0..order)
        .map(|i| matrix[i * order..(i + 1) * order].iter().fold(0.0, |s: f64, entry| s.max(entry.abs())))
        .collect();
    for k in 0..order {
        let size = |entries: &[f64], rows: &[usize], i: usize| fabs(entries[i * order + k]) / scale[rows[i]];
        let mut pivot = k;
        for i in k + 1..order {
            if size(&entries, &rows, i) > size(&entries, &rows, pivot) {
                pivot = i;
            }
        }
        if pivot != k {
            (0..order).for_each(|j| entries.swap(k * order + j, pivot * order + j));
            rows.swap(k, pivot);
            odd = !odd;
        }
        let diagonal = entries[k * order + k];
        if diagonal == 0.0 || !diagonal.is_finite() {
            return None;
        }
        for i in k + 1..order {
            let ratio = entries[i * order + k] / diagonal;
            entries[i * order + k] = ratio;
            for j in k + 1..order {
                entries[i * order + j] -= ratio * entries[k * order + j];
            }
        }
    }
    Some(Factored { order, entries, rows, odd })
}

impl Factored {
    fn solve(&self, right: &[f64]) -> Vec<f64> {
        let n = self.order;
        let mut x: Vec<f64> = self.rows.iter().map(|&row| right[row]).collect();
        for i in 0..n {
            x[i] -= dot(&self.entries[i * n..i * n + i], &x[..i]);
        }
        for i in (0..n).rev() {
            let above = dot(&self.entries[i * n + i + 1..(i + 1) * n], &x[i + 1..]);
            x[i] = (x[i] - above) / self.entries[i * n + i];
        }
        x
    }
}

/// x with Ax = b, or `None` where elimination meets a pivot that is zero.
pub fn solve(matrix: &[f64], right: &[f64]) -> Option<Vec<f64>> {
    let x = factor(matrix, right.len())?.solve(right);
    x.iter().all(|entry| entry.is_finite()).then_some(x)
}

/// A⁻¹, or `None` where elimination meets a pivot that is zero.
pub fn inverse(matrix: &[f64], order: usize) -> Option<Vec<f64>> {
    let factored = factor(matrix, order)?;
    let mut inverse = vec![0.0; order * order];
    for j in 0..order {
        let mut unit = vec![0.0; order];
        unit[j] = 1.0;
        for (i, entry) in factored.solve(&unit).into_iter().enumerate() {
            inverse[i * order + j] = entry;
        }
    }
    Some(inverse)
}

/// det A, 0 where elimination meets a pivot that is zero.
pub fn determinant(matrix: &[f64], order: usize) -> f64 {
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return f64::NAN;
    }
    let Some(factored) = factor(matrix, order) else { return 0.0 };
    let product: f64 = (0..order).map(|i| factored.entries[i * order + i]).product();
    if factored.odd { -product } else { product }
}

/// Eigenvalues of a symmetric matrix, ascending (Jacobi's rotations; NaN where an entry is not finite).
pub fn symmetric_eigenvalues(matrix: &[f64], order: usize) -> Vec<f64> {
    if matrix.iter().any(|entry| !entry.is_finite()) {
        return vec![f64::NAN; order];
    }
    let mut a = matrix.to_vec();
    // Convergence is quadratic; six to ten sweeps are the rule.
    for _ in 0..60 {
        let mut rotated = false;
        for p in 0..order {
            for q in p + 1..order {
                rotated |= rotate(&mut a, order, p, q);
            }
        }
        if !rotated {
            break;
        }
    }
    let mut values: Vec<f64> = (0..order).map(|i| a[i * order + i]).collect();
    values.sort_by(f64::total_cmp);
    values
}

/// Annihilates the entries (p, q) and (q, p); false where they are already nothing beside the diagonal.
fn rotate(a: &mut [f64], order: usize, p: usize, q: usize) -> bool {
    let (app, aqq, apq) = (a[p * order + p], a[q * order + q], a[p * order + q]);
    if fabs(apq) <= 0.125 * f64::EPSILON * sqrt(fabs(app)) * sqrt(fabs(aqq)) || fabs(apq) < f64::MIN_POSITIVE
    {
        return false;
    }
    // tan of the angle: the smaller root of t² + 2θt − 1 = 0 (Golub and Van Loan, 8.5.2).
    let theta = (aqq - app) / (2.0 * apq);
    let t = 1.0_f64.copysign(theta) / (fabs(theta) + libm::hypot(theta, 1.0));
    let c = 1.0 / libm::hypot(t, 1.0);
    let s = t * c;
    for k in 0..order {
        let (akp, akq) = (a[k * order + p], a[k * order + q]);
        a[k * order + p] = c * akp - s * akq;
        a[k * order + q] = s * akp + c * akq;
    }
    for k in 0..order {
        let (apk, aqk) = (a[p * order + k], a[q * order + k]);
        a[p * order + k] = c * apk - s * aqk;
        a[q * order + k] = s * apk + c * aqk;
    }
    (a[p * order + q], a[q * order + p]) = (0.0, 0.0);
    true
}

/// The rank of a positive semidefinite matrix, estimated: eigenvalues above `tolerance` times the largest.
///
/// The diagonal is scaled to one first, so that units of the parameters do not count as singularity.
pub fn semidefinite_rank(matrix: &[f64], order: usize, tolerance: f64) -> usize {
    let scale: Vec<f64> = (0..order)
        .map(|i| matrix[i * order + i])
        .map(|diagonal| if diagonal > 0.0 { 1.0 / sqrt(diagonal) } else { 0.0 })
        .collect();
    let scaled: Vec<f64> =
        matrix.iter().enumerate().map(|(k, entry)| entry * scale[k / order] * scale[k % order]).collect();
    let values = symmetric_eigenvalues(&scaled, order);
    let largest = values.last().copied().unwrap_or(0.0);
    values.iter().filter(|&&value| value > tolerance * largest).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    fn hilbert(order: usize) -> Vec<f64> {
        (0..order * order).map(|k| 1.0 / (1 + k / order + k % order) as f64).collect()
    }

    #[test]
    fn cholesky_factors_what_is_positive_definite_and_nothing_else() {
        let factor = cholesky(&[4.0, 2.0, 2.0, 3.0], 2).unwrap();
        assert_eq!(factor, [2.0, 0.0, 1.0, 2.0_f64.sqrt()]);
        assert_eq!(cholesky(&[1.0, 2.0, 2.0, 1.0], 2), None);
        assert_eq!(cholesky(&[1.0, 1.0, 1.0, 1.0], 2), None);
        assert_eq!(cholesky(&[f64::NAN], 1), None);
    }

    #[test]
    fn solutions_inverses_and_determinants_agree() {
        // det of the Hilbert matrix of order 5 is 1/266716800000.
        let matrix = hilbert(5);
        assert_relative_eq!(determinant(&matrix, 5), 1.0 / 266_716_800_000.0, max_relative = 1e-10);
        let inverse = inverse(&matrix, 5).unwrap();
        assert_relative_eq!(inverse[0], 25.0, max_relative = 1e-10);
        assert_relative_eq!(inverse[24], 44_100.0, max_relative = 1e-10);
        let x = solve(&matrix, &multiply(&matrix, &[1.0, -2.0, 3.0, -4.0, 5.0])).unwrap();
        assert_relative_eq!(x.as_slice(), [1.0, -2.0, 3.0, -4.0, 5.0].as_slice(), max_relative = 1e-9);
        assert_eq!(determinant(&[0.0, 1.0, 1.0, 0.0], 2), -1.0);
        assert_eq!(solve(&[1.0, 2.0, 2.0, 4.0], &[1.0, 1.0]), None);
        assert_eq!(determinant(&[1.0, 2.0, 2.0, 4.0], 2), 0.0);
    }

    #[test]
    fn jacobi_finds_eigenvalues_of_very_different_size() {
        // The second difference matrix of order 6: 2 − 2cos(kπ/7).
        let mut matrix = vec![0.0; 36];
        for i in 0..6 {
            matrix[i * 6 + i] = 2.0;
            if i > 0 {
                (matrix[i * 6 + i - 1], matrix[(i - 1) * 6 + i]) = (-1.0, -1.0);
            }
        }
        let values = symmetric_eigenvalues(&matrix, 6);
        for (k, value) in (1..).zip(values) {
            let exact = 2.0 - 2.0 * libm::cos(f64::from(k) * std::f64::consts::PI / 7.0);
            assert_relative_eq!(value, exact, max_relative = 1e-14);
        }
        // 1 ± √2 in the last block; the smallest of the graded one is 10⁻¹²·¾ to first order.
        assert_relative_eq!(
            symmetric_eigenvalues(&[1.0, 0.5e-6, 0.5e-6, 1e-12], 2)[0],
            0.75e-12,
            max_relative = 1e-10
        );
    }

    #[test]
    fn rank_is_blind_to_units() {
        assert_eq!(semidefinite_rank(&[1e12, 0.0, 0.0, 1e-12], 2, 1e-10), 2);
        assert_eq!(semidefinite_rank(&[1e12, 1.0, 1.0, 1e-12], 2, 1e-10), 1);
        assert_eq!(semidefinite_rank(&[0.0; 9], 3, 1e-10), 0);
    }

    #[test]
    fn norms_do_not_overflow() {
        assert_relative_eq!(norm(&[3e200, 4e200]), 5e200, max_relative = 1e-15);
        assert_eq!(norm(&[0.0, 0.0]), 0.0);
        assert!(norm(&[0.0, f64::NAN]).is_nan());
    }
}
