"""Optimal segmentations by plain dynamic programming, and Bayesian online change point detection by its definition in the
log domain with SciPy's Student t.

    python make.py > golden.json
"""
import json

import numpy as np
from scipy.special import gammaln, logsumexp
from scipy.stats import t as student

rng = np.random.default_rng(17)


def segment(signal, penalty, minimum):
    """Exact: best[t] over every admissible last segment; breaks as `ruptures` lists them, with the length last."""
    n = len(signal)
    cost = lambda s, t: float(((signal[s:t] - signal[s:t].mean(axis=0)) ** 2).sum())
    best, last = [-penalty] + [np.inf] * n, [0] * (n + 1)
    for end in range(minimum, n + 1):
        for start in [0, *range(minimum, end - minimum + 1)] if end >= 2 * minimum else [0]:
            value = best[start] + cost(start, end) + penalty
            if value < best[end]:
                best[end], last[end] = value, start
    breaks, end = [n], last[n]
    while end > 0:
        breaks.insert(0, end)
        end = last[end]
    return {"breaks": breaks, "cost": best[n]}


def steps(levels, lengths, dimensions, noise):
    mean = np.repeat(np.array(levels, dtype=float).reshape(len(levels), -1), lengths, axis=0)
    return mean + noise * rng.normal(size=(len(mean), dimensions))


pelt = []
signals = [
    (steps([0, 3, -1, 2], [30, 25, 40, 20], 1, 1.0), 3 * np.log(115)),
    (steps([[0, 0], [2, -1], [2, 2]], [40, 30, 50], 2, 0.8), 3 * np.log(120)),
    (rng.normal(size=(80, 3)), 4 * np.log(80)),
    (np.cumsum(rng.normal(size=(70, 1)), axis=0), 6.0),
    (steps([0, 4, 0, 4, 0], [5, 4, 6, 3, 30], 1, 0.7), 2.0),
]
for signal, penalty in signals:
    for minimum in (1, 2, 5, 12):
        pelt.append({"signal": signal.ravel().tolist(), "dimensions": signal.shape[1], "penalty": penalty,
                     "minimumLength": minimum, **segment(signal, penalty, minimum)})


def online(data, hazard, mean, kappa, alpha, beta):
    """Run length posterior after each observation: each run's predictive from its raw observations, nothing updated in place."""
    n, d = data.shape
    log_joint = np.array([0.0])  # over run lengths 0 … t
    history = []
    for t in range(n):
        predictive = np.zeros(t + 1)
        for run in range(t + 1):
            seen = data[t - run:t]
            k, a = kappa + run, alpha + run / 2
            average = seen.mean(axis=0) if run else np.zeros(d)
            m = (kappa * mean + run * average) / k
            b = beta + 0.5 * ((seen - average) ** 2).sum(axis=0) + kappa * run * (average - mean) ** 2 / (2 * k)
            predictive[run] = student.logpdf(data[t], 2 * a, m, np.sqrt(b * (k + 1) / (a * k))).sum()
        grown = log_joint + predictive + np.log(1 - hazard)
        broken = logsumexp(log_joint + predictive) + np.log(hazard)
        log_joint = np.concatenate([[broken], grown])
        history.append(np.exp(log_joint - logsumexp(log_joint)).tolist())
    return history


data = steps([[0, 1], [2, 1], [2, -1.5]], [15, 12, 13], 2, 0.7)
settings = {"hazard": 0.04, "mean": [0.2, 0.1], "kappa": 0.5, "alpha": 1.5, "beta": [0.6, 0.9]}
posterior = online(data, settings["hazard"], np.array(settings["mean"]), settings["kappa"], settings["alpha"], np.array(settings["beta"]))
points = [0.01, 0.5, 1, 1.5, 3.7, 11.9, 12.1, 250.5]
print(json.dumps({
    "pelt": pelt, "online": {**settings, "data": data.ravel().tolist(), "posterior": posterior},
    "logGamma": [[x, float(gammaln(x))] for x in points],
}))
