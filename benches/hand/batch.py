"""Generated NumPy code against careful vectorized code.

``batch.py FOLDER rows``: a million observations of gamma, each with parameters of its
own. ``batch.py FOLDER one`` and ``batch.py FOLDER one reused``: the log-densities of
gamma and beta for 100,000 observations and one theta, in a new process, and after
large arrays came and went: since then, allocations reuse memory. By hand once with
NumPy's vectorized logarithms, once with ``xlogy`` as in SciPy.

Prints, for each function, the medians of the processor seconds that the generated and
the hand-written version take in turn, and the largest relative difference.
"""

import statistics
import sys
import time

import numpy as np
from scipy import special

sys.path.insert(0, sys.argv[1])
import beta  # noqa: E402
import gamma  # noqa: E402

ROWS = 1_000_000
ROUNDS = 7
ONE = 100_000


def hand_log_density(x, theta):
    a, b = theta[..., 0], theta[..., 1]
    with np.errstate(all="ignore"):
        value = special.xlogy(a, b * x) - np.log(x) - b * x - special.gammaln(a)
    return np.where((x > 0) & (a > 0) & (b > 0), value, np.nan)


def hand_score(x, theta):
    a, b = theta[..., 0], theta[..., 1]
    out = np.empty(np.broadcast(x, a).shape + (2,))
    with np.errstate(all="ignore"):
        np.subtract(np.log(b * x), special.digamma(a), out=out[..., 0])
        np.subtract(a / b, x, out=out[..., 1])
    out[~((x > 0) & (a > 0) & (b > 0))] = np.nan
    return out


def hand_fisher(theta):
    a, b = theta[..., 0], theta[..., 1]
    out = np.empty(a.shape + (2, 2))
    with np.errstate(all="ignore"):
        r = 1 / b
        out[..., 0, 0] = special.zeta(2.0, a)
        out[..., 0, 1] = out[..., 1, 0] = -r
        out[..., 1, 1] = a * r * r
    out[~((a > 0) & (b > 0))] = np.nan
    return out


def masked(value, valid):
    if not valid.all():
        value[~valid] = np.nan
    return value


def hand_gamma(x, theta):
    """Logarithms of NumPy, in place."""
    a, b = theta
    if not (a > 0 and b > 0):
        return np.full(x.shape, np.nan)
    with np.errstate(all="ignore"):
        value = np.log(x)
        value *= a - 1
        value -= b * x
        value += a * np.log(b) - special.gammaln(a)
        return masked(value, x > 0)


def scipy_gamma(x, theta):
    """As SciPy has it."""
    a, b = theta
    if not (a > 0 and b > 0):
        return np.full(x.shape, np.nan)
    with np.errstate(all="ignore"):
        y = b * x
        value = special.xlogy(a - 1, y) - y - special.gammaln(a) + np.log(b)
        return masked(value, x > 0)


def hand_beta(x, theta):
    """Logarithms of NumPy, in place."""
    a, b = theta
    if not (a > 0 and b > 0):
        return np.full(x.shape, np.nan)
    with np.errstate(all="ignore"):
        value = np.log(x)
        value *= a - 1
        other = np.log1p(-x)
        other *= b - 1
        value += other
        value -= special.betaln(a, b)
        return masked(value, (x > 0) & (x < 1))


def scipy_beta(x, theta):
    """As SciPy has it."""
    a, b = theta
    if not (a > 0 and b > 0):
        return np.full(x.shape, np.nan)
    with np.errstate(all="ignore"):
        value = special.xlog1py(b - 1, -x) + special.xlogy(a - 1, x)
        value -= special.betaln(a, b)
        return masked(value, (x > 0) & (x < 1))


def compare(name, generated, hand, arguments, rounds):
    times = ([], [])
    for _ in range(rounds):
        for side, function in enumerate([generated, hand]):
            start = time.process_time()
            result = function(*arguments)
            times[side].append(time.process_time() - start)
            if side == 0:
                first = result
    worst = np.max(np.abs(first - result) / np.maximum(np.abs(result), 1e-3))
    print(name, *(statistics.median(t) for t in times), f"{worst:.1e}", sep="\t")


def rows():
    random = np.random.default_rng(7)
    theta = np.exp(random.uniform(-1, 3, size=(ROWS, 2)))
    x = np.exp(random.uniform(-2, 2, size=ROWS))
    for name, hand, arguments in [
        ("log_density", hand_log_density, (x, theta)),
        ("score", hand_score, (x, theta)),
        ("fisher", hand_fisher, (theta,)),
    ]:
        generated = getattr(gamma, name)
        compare(f"gamma {name}, a million rows", generated, hand, arguments, ROUNDS)


def one(memory):
    random = np.random.default_rng(7)
    if memory == "reused":
        large = [np.ones(3 * ROWS) for _ in range(3)]
        del large
    theta = np.array([2.5, 1.5])
    for generated, x, hands in [
        (gamma, random.gamma(2.5, 1 / 1.5, ONE), [hand_gamma, scipy_gamma]),
        (beta, random.beta(2.5, 1.5, ONE), [hand_beta, scipy_beta]),
    ]:
        for hand, how in zip(hands, ["log", "xlogy"]):
            function = f"{generated.__name__} log_density"
            name = f"{function} at one theta, {memory} memory, against {how}"
            compare(name, generated.log_density, hand, (x, theta), 7 * ROUNDS)


if __name__ == "__main__":
    if sys.argv[2] == "rows":
        rows()
    else:
        one(sys.argv[3] if len(sys.argv) > 3 else "new")
