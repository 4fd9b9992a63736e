"""Golden values of the scores of uncertain forecasts, from mpmath, scipy, scikit-learn and numerical integration.

    python make_uncertainty.py > uncertainty.json

CRPS is the integral of (F(x) - 1{x >= y})^2 over x for the Normal, the plain double sum over pairs for draws, and the integral
of the pinball loss over all levels for quantiles, apart from the TypeScript, which uses the closed and the sorted form.
"""

import json
import sys

import mpmath
import numpy as np
import scipy
import sklearn
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.metrics import mean_pinball_loss

rng = np.random.default_rng(20240811)
stored = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95]


def crps_integral(y, mean, deviation):
    # 12 deviations hold all but 1e-32.
    low, high = min(y, mean) - 12 * deviation, max(y, mean) + 12 * deviation
    below = quad(lambda x: norm.cdf(x, mean, deviation) ** 2, low, y, epsabs=1e-14, epsrel=1e-13, limit=200)[0]
    above = quad(lambda x: norm.sf(x, mean, deviation) ** 2, y, high, epsabs=1e-14, epsrel=1e-13, limit=200)[0]
    return below + above


def crps_of_quantiles(y, quantiles, levels):
    """Twice the integral of the pinball loss over all levels, of a quantile function linear between the given ones."""

    def loss(level):
        above = y - np.interp(level, levels, quantiles)
        return (level - (above < 0)) * above

    kinks = np.concatenate([[0], levels, [np.interp(y, quantiles, levels), 1]])
    pieces = np.unique(kinks)
    return 2 * sum(quad(loss, a, b, epsabs=1e-15, epsrel=1e-13)[0] for a, b in zip(pieces, pieces[1:]))


def pinballs(y, quantiles, levels):
    return [
        {"level": level, "loss": float(mean_pinball_loss(y, quantiles[:, j], alpha=level))}
        for j, level in enumerate(levels)
    ]


def interval(y, low, high, nominal):
    return {
        "nominal": nominal,
        "coverage": float(np.mean((y >= low) & (y <= high))),
        "meanWidth": float(np.mean(high - low)),
    }


def normal_case(n):
    mean = rng.normal(size=n) * 0.01
    deviation = 0.02 * np.exp(rng.normal(size=n) * 0.5)
    y = mean + deviation * rng.standard_t(5, size=n)
    pit = np.histogram(norm.cdf(y, mean, deviation), bins=10, range=(0, 1))[0] / n
    return {
        "target": y.tolist(),
        "values": mean.tolist(),
        "deviations": deviation.tolist(),
        "quantiles": norm.ppf(stored, mean[:, None], deviation[:, None]).ravel().tolist(),
        "expected": {
            "pinball": pinballs(y, norm.ppf(stored, mean[:, None], deviation[:, None]), stored),
            "crps": float(np.mean([crps_integral(*row) for row in zip(y, mean, deviation)])),
            "interval": interval(y, norm.ppf(0.1, mean, deviation), norm.ppf(0.9, mean, deviation), 0.8),
            "nll": float(-np.mean(norm.logpdf(y, mean, deviation))),
            "pit": pit.tolist(),
        },
    }


def spread_pit(y, draws):
    """Czado, Gneiting and Held (2009): a uniform distribution over [F(y-), F(y)] of the rank among m + 1, cell by cell."""
    m = draws.shape[1]
    edges = np.linspace(0, 1, 11)
    total = np.zeros(10)
    for outcome, row in zip(y, draws):
        start = np.sum(row < outcome) / (m + 1)
        end = (np.sum(row <= outcome) + 1) / (m + 1)
        distribution = np.clip((edges - start) / (end - start), 0, 1)
        total += np.diff(distribution)
    return (total / len(y)).tolist()


def draws_case(n, m, ties):
    centre = rng.choice([-1.0, 1.0], size=(n, m)) + 0.3 * rng.normal(size=(n, m))
    y = rng.choice([-1.0, 1.0], size=n) + 0.4 * rng.normal(size=n)
    if ties:
        centre, y = np.round(centre, 1), np.round(y, 1)
    draws = np.sort(centre, axis=1)
    pairs = np.abs(draws[:, :, None] - draws[:, None, :]).sum(axis=(1, 2))
    crps = np.abs(draws - y[:, None]).mean(axis=1) - pairs / (2 * m * (m - 1))
    quantiles = np.quantile(draws, stored, axis=1).T
    low, high = np.quantile(draws, [0.1, 0.9], axis=1)
    return {
        "target": y.tolist(),
        "values": draws.mean(axis=1).tolist(),
        "perRow": m,
        "draws": draws.ravel().tolist(),
        "quantiles": quantiles.ravel().tolist(),
        "expected": {
            "pinball": pinballs(y, quantiles, stored),
            "crps": float(crps.mean()),
            "interval": interval(y, low, high, 0.8),
            "nll": None,
            "pit": spread_pit(y, draws),
        },
    }


def quantiles_case(n, levels, nominal):
    mean = rng.normal(size=n)
    deviation = np.exp(0.3 * rng.normal(size=n))
    quantiles = norm.ppf(levels, mean[:, None], deviation[:, None])
    y = mean + 1.2 * deviation * rng.normal(size=n)
    losses = pinballs(y, quantiles, levels)
    tail = (1 - nominal) / 2
    low = quantiles[:, int(np.argmin(np.abs(np.array(levels) - tail)))]
    high = quantiles[:, int(np.argmin(np.abs(np.array(levels) - (1 - tail))))]
    whole = len(levels) >= 9
    places = (y[:, None] > quantiles).sum(axis=1)
    return {
        "target": y.tolist(),
        "values": mean.tolist(),
        "levels": levels,
        "numbers": quantiles.ravel().tolist(),
        "quantiles": np.array(
            [np.interp(stored, levels, row, left=np.nan, right=np.nan) for row in quantiles]
        ).ravel().tolist(),
        "expected": {
            "pinball": losses,
            "crps": float(np.mean([crps_of_quantiles(*row, levels) for row in zip(y, quantiles)])),
            "interval": interval(y, low, high, nominal),
            "nll": None,
            "pit": (np.bincount(places, minlength=10) / n).tolist() if whole else None,
        },
    }


mpmath.mp.dps = 400


def exact_quantile(p):
    """By Newton's rule in 400 digits, from scipy's."""
    chance, z = mpmath.mpf(p), mpmath.mpf(float(norm.ppf(p)))
    for _ in range(8):
        z -= (mpmath.ncdf(z) - chance) / mpmath.npdf(z)
    return float(z)


points = np.concatenate([np.linspace(-9, 9, 181), [-37.5, -30.0, -20.0, 1e-9, -1e-300, 0.7071, 1.4142135, 15.0]])
chances = np.concatenate([np.linspace(0.001, 0.999, 333), [1e-300, 1e-40, 1e-15, 1e-6, 0.5, 1 - 1e-6, 1 - 1e-12]])
result = {
    "madeWith": {"mpmath": mpmath.__version__, "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__},
    "normal": {
        "points": points.tolist(),
        "pdf": [float(mpmath.npdf(z)) for z in points],
        "cdf": [float(mpmath.ncdf(z)) for z in points],
        "chances": chances.tolist(),
        "quantiles": [exact_quantile(p) for p in chances],
    },
    "cases": {
        "normal": normal_case(120),
        "draws": draws_case(60, 25, False),
        "draws with ties": draws_case(60, 12, True),
        "three quantiles": quantiles_case(80, [0.1, 0.5, 0.9], 0.8),
        "nine quantiles": quantiles_case(80, [round(0.1 * k, 1) for k in range(1, 10)], 0.8),
        "wide quantiles": quantiles_case(50, [0.05, 0.5, 0.95], 0.9),
    },
}
# JSON has no NaN.
for case in result["cases"].values():
    case["quantiles"] = [None if np.isnan(value) else value for value in case["quantiles"]]
json.dump(result, sys.stdout)
print()
