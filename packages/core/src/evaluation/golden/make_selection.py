"""Golden values of what choosing among trials does, from scipy and numpy.

    python make_selection.py > selection.json

Cross-validation is done here on the returns themselves, joined block by block, apart from the TypeScript, which adds up sums of blocks.
"""

from itertools import combinations

import numpy as np
import scipy
from scipy.stats import kurtosis, linregress, norm, rankdata, skew

from reference import write

rng = np.random.default_rng(20250311)


def probabilistic(sharpe, n, skewness, kurt, benchmark):
    error = np.sqrt((1 - skewness * sharpe + (kurt - 1) / 4 * sharpe**2) / (n - 1))
    return float(norm.sf(benchmark, loc=sharpe, scale=error))


def deflated(returns):
    sharpes = returns.mean(axis=0) / returns.std(axis=0, ddof=1)
    trials = len(sharpes)
    correlations = np.corrcoef(returns.T)[np.triu_indices(trials, 1)]
    worth = correlations.mean() + (1 - correlations.mean()) * trials if correlations.mean() > 0 else trials
    maximum = np.sqrt(sharpes.var(ddof=1)) * (
        (1 - np.euler_gamma) * norm.ppf(1 - 1 / worth) + np.euler_gamma * norm.ppf(1 - 1 / (worth * np.e))
    )
    chosen = int(sharpes.argmax())
    own = returns[:, chosen]
    moments = len(own), skew(own), kurtosis(own, fisher=False)
    return {
        "chosen": chosen,
        "sharpe": float(sharpes[chosen]),
        "expectedMaximum": float(maximum),
        "probabilistic": probabilistic(sharpes[chosen], *moments, 0),
        "deflated": probabilistic(sharpes[chosen], *moments, maximum),
        "trials": trials,
        "effectiveTrials": float(worth),
    }


def overfitting(returns, blocks):
    known = ~np.isnan(returns).any(axis=1)
    r = returns[known]
    edges = [i * len(r) // blocks for i in range(blocks + 1)]
    parts = [r[edges[i] : edges[i + 1]] for i in range(blocks)]
    logits, inside, outside = [], [], []
    for split in combinations(range(blocks), blocks // 2):
        mine = np.vstack([parts[i] for i in split])
        rest = np.vstack([parts[i] for i in range(blocks) if i not in split])
        a, b = mine.mean(axis=0) / mine.std(axis=0, ddof=1), rest.mean(axis=0) / rest.std(axis=0, ddof=1)
        best = a.argmax()
        omega = rankdata(b)[best] / (len(b) + 1)
        logits.append(float(np.log(omega / (1 - omega))))
        inside.append(float(a[best]))
        outside.append(float(b[best]))
    line = linregress(inside, outside)
    return {
        "probability": float(np.mean(np.array(logits) <= 0)),
        "logits": logits,
        "inSample": inside,
        "outOfSample": outside,
        "degradation": {"slope": line.slope, "intercept": line.intercept, "r2": line.rvalue**2},
        "probabilityOfLoss": float(np.mean(np.array(outside) < 0)),
        "trials": r.shape[1],
        "blocks": blocks,
        "bars": len(r),
        "leftOut": int((~known).sum()),
    }


def trials(bars, count, edge, shared):
    common = rng.standard_t(5, size=(bars, 1))
    returns = 0.01 * (shared * common + rng.standard_t(4, size=(bars, count))) + 0.0003
    returns[:, 0] += edge
    return returns


independent, related = trials(90, 5, 0.002, 0.0), trials(103, 6, 0.0, 0.7)
holed = related.copy()
holed[rng.integers(0, 103, 4), rng.integers(0, 6, 4)] = np.nan

write(
    {
        "deflated": [
            {"trials": returns.T.tolist(), "expected": deflated(returns)} for returns in (independent, related)
        ],
        "overfitting": [
            {
                "trials": [[None if np.isnan(v) else float(v) for v in trial] for trial in returns.T],
                "expected": overfitting(returns, blocks),
            }
            for returns, blocks in ((independent, 6), (holed, 8))
        ],
    },
    numpy=np,
    scipy=scipy,
)
