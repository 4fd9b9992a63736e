"""What the golden values of several figures share: Newey-West in matrix form, quantiles by repetition, random panels."""

import json
import sys

import numpy as np


def lags_of(n, label_bars):
    return max(0, min(n - 1, max(int(np.floor(4 * (n / 100) ** (2 / 9))), label_bars - 1)))


def long_run_covariance(moments, lags):
    """moments [n, k], mean removed; S = G_0 + sum_j w_j (G_j + G_j') over n, Bartlett weights."""
    moments = np.atleast_2d(moments.T).T
    n = len(moments)
    s = moments.T @ moments / n
    for lag in range(1, lags + 1):
        g = moments[lag:].T @ moments[:-lag] / n
        s += (1 - lag / (lags + 1)) * (g + g.T)
    return s


def error_of_mean(series, label_bars):
    series = np.asarray(series, float)
    if len(series) < 2:
        return None
    variance = long_run_covariance(series - series.mean(), lags_of(len(series), label_bars))[0, 0]
    return float(np.sqrt(variance / len(series))) if variance > 0 else None


def mean_estimate(series, label_bars):
    return {"value": float(np.mean(series)), "standardError": error_of_mean(series, label_bars)}


def ratio_of_moments(series, lags):
    """Mean over sample deviation; its error is the sandwich of the two moments' covariance matrix (Lo 2002)."""
    series = np.asarray(series, float)
    center, sigma = series.mean(), series.std()
    s = long_run_covariance(np.column_stack([series - center, (series - center) ** 2 - sigma**2]), lags)
    gradient = np.array([1 / sigma, -center / (2 * sigma**3)])
    return {
        "value": float(center / series.std(ddof=1)),
        "standardError": float(np.sqrt(gradient @ s @ gradient / len(series))),
    }


def clustered_error(bars, influence, label_bars):
    """Sandwich of a mean over rows, with clusters by bar and Newey-West over the clusters."""
    bars, influence = np.asarray(bars), np.asarray(influence, float)
    sums = np.array([influence[bars == bar].sum() for bar in np.unique(bars)])
    variance = long_run_covariance(sums, lags_of(len(sums), label_bars))[0, 0] * len(sums)
    return float(np.sqrt(variance) / len(influence)) if variance > 0 else None


def quantile_slots(scores, quantiles):
    """Every score repeated `quantiles` times and sorted: each quantile is n slots, and ties share theirs. [quantiles, n] shares."""
    scores = np.asarray(scores, float)
    n = len(scores)
    slots = np.sort(np.repeat(scores, quantiles)).reshape(quantiles, n)
    shares = np.zeros((quantiles, n))
    for quantile in range(quantiles):
        for value in np.unique(slots[quantile]):
            tied = scores == value
            shares[quantile, tied] = (slots[quantile] == value).sum() / tied.sum() / n
    return shares


def table(values):
    """Rows of numbers, None for NaN."""
    return [[None if np.isnan(value) else float(value) for value in row] for row in values]


def closes_of(rng, bars, symbols, holes):
    closes = 50 * np.exp(np.cumsum(0.015 * rng.standard_t(4, size=(bars, symbols)), axis=0))
    closes[rng.random((bars, symbols)) < holes] = np.nan
    return closes


def write(content, **modules):
    json.dump({"madeWith": {name: module.__version__ for name, module in modules.items()}, **content}, sys.stdout)
    print()
