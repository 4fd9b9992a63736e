"""Golden values of the long-short portfolio and of the figures of a series of returns, from pandas, scipy and numpy.

    python make_portfolio.py > portfolio.json

The portfolio is kept here as a table of sub-portfolios by bar and symbol, apart from the TypeScript, which adds up what comes and
goes.
"""

import numpy as np
import pandas as pd
import scipy
import scipy.signal
from scipy.stats import kurtosis, skew

from reference import clustered_error, closes_of, error_of_mean, lags_of, long_run_covariance, quantile_slots, ratio_of_moments, table, write

rng = np.random.default_rng(20250117)


def weights_of(scores, quantiles):
    weights = np.zeros_like(scores)
    for bar, own in enumerate(scores):
        known = ~np.isnan(own)
        n = known.sum()
        if n == 1:
            weights[bar, known] = np.sign(own[known])
        elif n > 1:
            shares = quantile_slots(own[known], min(quantiles, n))
            weights[bar, known] = shares[-1] - shares[0]
    return weights


def portfolio(closes, scores, label_bars, quantiles, cost):
    bars, symbols = closes.shape
    held_for = max(1, label_bars - 1)
    lag = label_bars - held_for
    weights = weights_of(scores, quantiles)
    decided = ~np.isnan(closes).all(axis=1)
    returns = pd.DataFrame(closes).apply(lambda column: column.dropna().pct_change()).reindex(range(bars)).to_numpy()
    # holdings[b]: what is held during bar b, from the close before it to its own.
    holdings = np.zeros((bars + 1, symbols))
    live = np.zeros(bars + 1, bool)
    for bar in range(bars):
        if decided[bar]:
            first, last = bar + lag + 1, min(bar + label_bars, bars - 1)
            holdings[first : last + 1] += weights[bar] / held_for
            live[first : last + 1] = True
    kept = {"bars": [], "gross": [], "net": [], "turnover": []}
    missing = 0
    for bar in range(bars):
        after = holdings[bar + 1] if bar + 1 < bars else np.zeros(symbols)
        traded = float(np.abs(after - holdings[bar]).sum())
        traded = 0.0 if traded < 1e-12 else traded
        invested = np.abs(holdings[bar]) > 1e-12
        missing += int((invested & np.isnan(returns[bar])).sum())
        if not live[bar] and traded == 0:
            continue
        gross = float(np.nansum(holdings[bar] * returns[bar]))
        kept["bars"].append(bar)
        kept["gross"].append(gross)
        kept["turnover"].append(traded)
        kept["net"].append(gross - cost / 1e4 * traded)
    return {**kept, "missingReturns": missing}


def scale_of(q, rhos):
    return q / np.sqrt(q + 2 * sum((q - k) * rho for k, rho in enumerate(rhos, 1) if k < q))


def performance(returns, per_year):
    r = np.array(returns)
    n = len(r)
    lags = lags_of(n, 1)
    center, sigma = r.mean(), r.std()
    variance_of_variance = long_run_covariance((r - center) ** 2 - sigma**2, lags)[0, 0]
    rhos = [np.sum((r[k:] - center) * (r[:-k] - center)) / np.sum((r - center) ** 2) for k in range(1, lags + 1)]
    equity = np.concatenate([[1], np.cumprod(1 + r)])
    peaks = np.maximum.accumulate(equity)
    to = int(np.argmax(1 - equity / peaks))
    start = int(np.flatnonzero(equity[: to + 1] == peaks[to])[-1])
    back = np.flatnonzero(equity[to:] >= peaks[to])
    recovered = int(back[0] + to) if len(back) else None
    moved = r[r != 0]
    sharpe = ratio_of_moments(r, lags)
    return {
        "bars": n,
        "totalReturn": float(equity[-1] - 1),
        "annualReturn": float(equity[-1] ** (per_year / n) - 1),
        "annualMean": {"value": float(center * per_year), "standardError": error_of_mean(r, 1) * per_year},
        "annualVolatility": {
            "value": float(r.std(ddof=1) * np.sqrt(per_year)),
            "standardError": float(np.sqrt(variance_of_variance / n) / (2 * sigma) * np.sqrt(per_year)),
        },
        "sharpe": {name: value * np.sqrt(per_year) for name, value in sharpe.items()},
        "sharpeAdjusted": float(sharpe["value"] * scale_of(per_year, rhos)),
        "skewness": float(skew(r)),
        "kurtosis": float(kurtosis(r, fisher=False)),
        "maxDrawdown": {
            "depth": float(1 - equity[to] / peaks[to]),
            # Places in the series of returns: one less than in the curve, which begins with 1.
            "from": start - 1,
            "to": to - 1,
            "recovered": None if recovered is None else recovered - 1,
            "lengthBars": (n if recovered is None else recovered) - start,
        },
        "hitRate": {
            "value": float((moved > 0).mean()),
            "standardError": clustered_error(np.arange(len(moved)), (moved > 0) - (moved > 0).mean(), 1),
        },
    }


def case(bars, symbols, label_bars, holes, ties, quantiles, cost):
    closes = closes_of(rng, bars, symbols, holes)
    scores = rng.normal(size=(bars, symbols))
    scores = np.round(scores, 0) if ties else scores
    scores[np.isnan(closes) | (rng.random((bars, symbols)) < holes)] = np.nan
    kept = portfolio(closes, scores, label_bars, quantiles, cost)
    return {
        "closes": table(closes),
        "scores": table(scores),
        "labelBars": label_bars,
        "quantiles": quantiles,
        "costBasisPoints": cost,
        "expected": {
            "portfolio": kept,
            "gross": performance(kept["gross"], 252),
            "net": performance(kept["net"], 252),
            "meanTurnover": float(np.mean(kept["turnover"])),
        },
    }


write(
    {
        "cases": {
            "20 symbols, one day": case(60, 20, 2, 0.0, False, 5, 10),
            "13 symbols with holes, five days, thirds": case(80, 13, 6, 0.15, False, 3, 5),
            "7 symbols that tie, ten days": case(70, 7, 11, 0.1, True, 5, 20),
            "3 symbols, fewer than quantiles": case(60, 3, 4, 0.2, False, 5, 10),
            "one symbol, its sign": case(90, 1, 3, 0.05, False, 5, 10),
            "label at the next close": case(50, 8, 1, 0.0, False, 4, 10),
        },
        "series": {
            name: {"returns": list(map(float, returns)), "barsPerYear": per_year, "expected": performance(returns, per_year)}
            for name, returns, per_year in [
                ("independent", 0.0005 + 0.01 * rng.normal(size=500), 252),
                ("trending, by week", scipy.signal.lfilter([1], [1, -0.4], 0.002 + 0.02 * rng.standard_t(5, size=300)), 52),
                ("falling", -0.002 + 0.005 * rng.normal(size=200), 365),
            ]
        },
    },
    numpy=np,
    pandas=pd,
    scipy=scipy,
)
