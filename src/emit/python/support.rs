//! What generated modules bring along beside special functions.

/// Arguments as arrays of floats.
pub(super) static FLOATS: &str = r#"
def _floats(values):
    """The values as floats; those that are masked are missing, NaN."""
    array = np.asanyarray(values)
    if array.dtype.kind == "c":
        raise TypeError("expected real numbers, found complex ones")
    if isinstance(array, np.ma.MaskedArray):
        array = array.astype(np.float64).filled(np.nan)
    return np.asarray(array, dtype=np.float64)
"#;

/// Arguments with components.
pub(super) static COLUMNS: &str = r#"
def _columns(values, size):
    """The components of points, which lie along the last axis, first."""
    array = _floats(values)
    points = np.atleast_1d(array)
    if points.shape[-1] != size:
        raise ValueError(f"expected shape (..., {size}), found {array.shape}")
    return points.transpose(points.ndim - 1, *range(points.ndim - 1))
"#;

/// Results of one float.
pub(super) static MASKED: &str = r#"
def _masked(valid, value):
    """The value in the shape of ``valid``, NaN where that does not hold."""
    if np.shape(value) == valid.shape and valid.all():
        return value
    return np.where(valid, value, np.nan)[()]
"#;

/// Results of several floats.
pub(super) static ARRANGED: &str = r#"
def _arranged(valid, shape, values):
    """The values along the last axes, NaN where ``valid`` does not hold."""
    result = np.zeros(valid.shape + (len(values),))
    for place, value in enumerate(values):
        if np.ndim(value) or value:
            result[..., place] = value
    if not valid.all():
        result[~valid] = np.nan
    return result.reshape(valid.shape + shape)
"#;

/// Lets functions of flat arrays take arrays of any shape, in blocks that stay in the cache.
pub(super) static ELEMENTWISE: &str = r#"
def _in_blocks(function, arrays):
    """The values of a function of flat arrays, in blocks that stay in the cache."""
    size = arrays[0].size
    results = ()
    # Blocks of 64 KiB.
    for k in range(0, size, 8192):
        values = function(*(np.ascontiguousarray(a[k : k + 8192]) for a in arrays))
        parts = values if isinstance(values, tuple) else (values,)
        results = results or tuple(np.empty(size) for _ in parts)
        for result, part in zip(results, parts):
            result[k : k + 8192] = part
    return results if isinstance(values, tuple) else results[0]


def _elementwise(function):
    """Let a function of flat arrays take what broadcasts."""

    @functools.wraps(function)
    def broadcast(*arguments):
        if len({np.shape(a) for a in arguments}) > 1:
            arguments = np.broadcast_arrays(*arguments)
        shape = np.shape(arguments[0])
        if len(shape) == 1 and shape[0] <= 8192:
            return function(*arguments)
        flat = [np.reshape(a, -1) for a in arguments]
        small = flat[0].size <= 8192
        values = function(*flat) if small else _in_blocks(function, flat)
        if isinstance(values, tuple):
            return tuple(v.reshape(shape)[()] for v in values)
        return values.reshape(shape)[()]

    return broadcast
"#;

/// Polynomials of flat arrays.
pub(super) static POLYNOMIAL: &str = r#"
def _polynomial(x, *coefficients):
    """The polynomial with these coefficients, that of the highest power first."""
    value = coefficients[0]
    for coefficient in coefficients[1:]:
        value = value * x + coefficient
    return value
"#;

/// For what has no closed form.
pub(super) static CHOLESKY: &str = r#"
def _cholesky(matrix):
    """Lower factors, NaN where a matrix is not positive definite, up to roundings."""
    factor = np.zeros_like(matrix)
    # The largest entry over its pivot: so many units are lost in what follows.
    worst = 1.0
    with np.errstate(all="ignore"):
        for k in range(matrix.shape[-1]):
            row = factor[..., k, :k]
            whole = matrix[..., k, k]
            pivot = whole - (row * row).sum(axis=-1)
            pivot = np.where(pivot > 1e-14 * worst * whole, pivot, np.nan)
            worst = np.maximum(worst, whole / pivot)
            pivot = np.sqrt(pivot)
            factor[..., k, k] = pivot
            rest = (factor[..., k + 1 :, :k] * row[..., None, :]).sum(axis=-1)
            rest = matrix[..., k + 1 :, k] - rest
            factor[..., k + 1 :, k] = rest / pivot[..., None]
    return factor
"#;

/// With the factor of [`CHOLESKY`].
pub(super) static SOLVE: &str = r#"
def _solve(factor, right):
    """Solutions of ``factor @ factor.T @ x = right``, column by column."""
    size = factor.shape[-1]
    shape = np.broadcast_shapes(factor.shape[:-2], right.shape[:-2])
    solution = np.array(np.broadcast_to(right, shape + right.shape[-2:]))
    with np.errstate(all="ignore"):
        for k in range(size):
            known = factor[..., k, :k, None] * solution[..., :k, :]
            solution[..., k, :] -= known.sum(axis=-2)
            solution[..., k, :] /= factor[..., k, k, None]
        for k in reversed(range(size)):
            known = factor[..., k + 1 :, k, None] * solution[..., k + 1 :, :]
            solution[..., k, :] -= known.sum(axis=-2)
            solution[..., k, :] /= factor[..., k, k, None]
    return solution
"#;
