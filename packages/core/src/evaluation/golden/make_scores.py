"""Golden values of standard errors, IC by horizon, quantile returns and autocorrelation of scores, from scipy, pandas and numpy.

    python make_scores.py > scores.json

Errors of means over rows are sandwiches with clusters by bar; that of the share explained is the ratio's, from the covariance of
its two means; that of a correlation over time is the gradient times the covariance of its five moments.
"""

import numpy as np
import pandas as pd
import scipy
import scipy.signal
from scipy.stats import pearsonr, rankdata, spearmanr

from reference import (
    clustered_error,
    closes_of,
    lags_of,
    long_run_covariance,
    mean_estimate,
    quantile_slots,
    ratio_of_moments,
    table,
    write,
)

rng = np.random.default_rng(20250203)


def correlation_over_time(x, y, label_bars):
    """rho = (E xy - E x E y) / (sd x sd y), a function of five means."""
    moments = np.column_stack([x, y, x * x, y * y, x * y])
    m = moments.mean(axis=0)
    s = long_run_covariance(moments - m, lags_of(len(x), label_bars))
    vx, vy, cov = m[2] - m[0] ** 2, m[3] - m[1] ** 2, m[4] - m[0] * m[1]
    root = np.sqrt(vx * vy)
    rho = cov / root
    gradient = np.array(
        [
            -m[1] / root + rho * m[0] / vx,
            -m[0] / root + rho * m[1] / vy,
            -rho / (2 * vx),
            -rho / (2 * vy),
            1 / root,
        ]
    )
    return {"value": float(rho), "standardError": float(np.sqrt(gradient @ s @ gradient / len(x)))}


def ic_of(bars, x, y, label_bars, one_symbol):
    if one_symbol:
        # Around the means, so that the moments keep their digits.
        return {
            "ic": correlation_over_time(x - x.mean(), y - y.mean(), label_bars),
            "rankIc": correlation_over_time(
                rankdata(x) - (len(x) + 1) / 2, rankdata(y) - (len(y) + 1) / 2, label_bars
            ),
            "icir": {"value": None, "standardError": None},
        }
    series = {"ic": [], "rankIc": []}
    for bar in np.unique(bars):
        own = bars == bar
        if own.sum() >= 2 and np.ptp(x[own]) > 0 and np.ptp(y[own]) > 0:
            series["ic"].append(pearsonr(x[own], y[own]).statistic)
            series["rankIc"].append(spearmanr(x[own], y[own]).statistic)
    icir = ratio_of_moments(series["ic"], lags_of(len(series["ic"]), label_bars))
    return {**{name: mean_estimate(values, label_bars) for name, values in series.items()}, "icir": icir}


def errors_of(bars, p, y, train_mean, label_bars):
    squared, total = (y - p) ** 2, (y - train_mean) ** 2
    both = np.array([[squared[bars == bar].sum(), total[bars == bar].sum(), (bars == bar).sum()] for bar in np.unique(bars)])
    ratio = squared.mean() / total.mean()
    # Sums by bar, less what their number of rows explains; then the ratio of the two means by its gradient.
    sums = both[:, :2] - np.outer(both[:, 2], [squared.mean(), total.mean()])
    s = long_run_covariance(sums, lags_of(len(sums), label_bars)) * len(sums) / len(y) ** 2
    gradient = np.array([-1 / total.mean(), ratio / total.mean()])
    judged = y != 0
    hits = (np.sign(p) == np.sign(y))[judged].astype(float)
    return {
        "mse": clustered_error(bars, squared - squared.mean(), label_bars),
        "mae": clustered_error(bars, abs(y - p) - abs(y - p).mean(), label_bars),
        "r2": float(np.sqrt(gradient @ s @ gradient)),
        "hitRate": clustered_error(bars[judged], hits - hits.mean(), label_bars),
    }


def quantiles_of(bars, x, y, quantiles, label_bars, one_symbol):
    if one_symbol:
        shares = quantile_slots(x, quantiles)
        means = shares @ y
        influence = len(x) * shares * (y - means[:, None])
        return {
            "quantiles": [
                {"value": float(m), "standardError": clustered_error(bars, i, label_bars)} for m, i in zip(means, influence)
            ],
            "spread": {
                "value": float(means[-1] - means[0]),
                "standardError": clustered_error(bars, influence[-1] - influence[0], label_bars),
            },
            "monotonicity": float(spearmanr(range(quantiles), means).statistic),
            "bars": len(x),
            "barsLeftOut": 0,
        }
    means, left_out = [], 0
    for bar in np.unique(bars):
        own = bars == bar
        if own.sum() < quantiles:
            left_out += 1
            continue
        means.append(quantile_slots(x[own], quantiles) @ y[own])
    means = np.array(means)
    return {
        "quantiles": [mean_estimate(column, label_bars) for column in means.T],
        "spread": mean_estimate(means[:, -1] - means[:, 0], label_bars),
        "monotonicity": float(spearmanr(range(quantiles), means.mean(axis=0)).statistic),
        "bars": len(means),
        "barsLeftOut": left_out,
    }


def autocorrelation(scores, lag):
    earlier = pd.DataFrame(scores).shift(lag).to_numpy()
    known = ~np.isnan(scores) & ~np.isnan(earlier)
    bars = np.nonzero(known)[0]
    found = ic_of(bars, scores[known], earlier[known], lag + 1, scores.shape[1] == 1)
    return {"lagBars": lag, "correlation": found["rankIc"], "rows": int(known.sum())}


def forward(closes, horizon):
    """Of each symbol's own rows, from the next row on."""

    def of(column):
        own = column.dropna()
        return own.shift(-1 - horizon) / own.shift(-1) - 1

    return pd.DataFrame(closes).apply(of).reindex(range(len(closes))).to_numpy()


def case(bars, symbols, holes, quantiles, ties):
    closes = closes_of(rng, bars, symbols, holes)
    returns = {horizon: forward(closes, horizon) for horizon in (1, 5, 10)}
    slow = scipy.signal.lfilter([1], [1, -0.9], rng.normal(size=(bars, symbols)), axis=0)
    scores = 0.01 * slow + 0.3 * np.nan_to_num(returns[5])
    scores = np.round(scores, 2) if ties else scores
    scores[np.isnan(closes) | (rng.random((bars, symbols)) < holes)] = np.nan
    expected = {"decay": []}
    for horizon, y in returns.items():
        known = ~np.isnan(scores) & ~np.isnan(y)
        at = np.nonzero(known)[0]
        found = ic_of(at, scores[known], y[known], horizon + 1, symbols == 1)
        expected["decay"].append({"name": f"fwd_ret_{horizon}b", "rows": int(known.sum()), **found})
        if horizon == 5:
            expected["standardErrors"] = {
                **{name: value["standardError"] for name, value in found.items()},
                **errors_of(at, scores[known], y[known], 0.001, 6),
            }
            expected["quantileReturns"] = quantiles_of(at, scores[known], y[known], quantiles, 6, symbols == 1)
    expected["autocorrelation"] = [autocorrelation(scores, lag) for lag in (1, 3, 10)]
    return {"closes": table(closes), "scores": table(scores), "quantiles": quantiles, "expected": expected}


write(
    {
        "cases": {
            "15 symbols": case(70, 15, 0.0, 5, False),
            "8 symbols with holes": case(90, 8, 0.15, 4, False),
            "6 symbols that tie": case(80, 6, 0.05, 5, True),
            "one symbol": case(160, 1, 0.05, 5, False),
        }
    },
    numpy=np,
    pandas=pd,
    scipy=scipy,
)
