"""Golden values of direction and probability scores, from scikit-learn, scipy and numpy.

    python make_direction.py > direction.json

DeLong's covariance is the plain double sum over pairs; bins of the calibration are cut by comparison.
"""

import numpy as np
import scipy
import sklearn
from scipy.stats import norm
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from reference import clustered_error, write

rng = np.random.default_rng(20250402)


def kernel(x, y):
    return (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])


def area(bars, scores, risen, label_bars):
    up, down = scores[risen == 1], scores[risen == 0]
    psi = kernel(up, down)
    v10, v01 = psi.mean(axis=1), psi.mean(axis=0)
    auc = roc_auc_score(risen, scores)
    influence = np.empty(len(scores))
    influence[risen == 1] = (v10 - auc) * len(scores) / len(up)
    influence[risen == 0] = (v01 - auc) * len(scores) / len(down)
    return {
        "value": float(auc),
        "standardError": clustered_error(bars, influence, label_bars),
        "deLongError": float(np.sqrt(v10.var(ddof=1) / len(up) + v01.var(ddof=1) / len(down))),
    }


def probability_scores(bars, p, risen, label_bars, bins):
    clipped = np.clip(p, np.finfo(float).eps, 1 - np.finfo(float).eps)
    losses = -np.where(risen == 1, np.log(clipped), np.log(1 - clipped))
    squares = (p - risen) ** 2
    brier = brier_score_loss(risen, p)
    n, base = len(p), risen.mean()
    calibration, parts = [], dict(reliability=0.0, resolution=0.0, uncertainty=float(base * (1 - base)), withinBins=0.0)
    for k in range(bins):
        own = (p > k / bins) & (p <= (k + 1) / bins) | ((k == 0) & (p == 0))
        if not own.any():
            continue
        forecast, observed, share = p[own].mean(), risen[own].mean(), own.sum() / n
        parts["reliability"] += share * (forecast - observed) ** 2
        parts["resolution"] += share * (observed - base) ** 2
        parts["withinBins"] += share * (p[own].var() - 2 * np.mean((p[own] - forecast) * (risen[own] - observed)))
        influence = np.where(own, (risen - observed) * n / own.sum(), 0)
        calibration.append(
            {
                "from": k / bins,
                "to": (k + 1) / bins,
                "rows": int(own.sum()),
                "forecast": float(forecast),
                "observed": float(observed),
                "standardError": clustered_error(bars, influence, label_bars),
            }
        )
    observed, forecast = calibration_curve(risen, p, n_bins=bins)
    assert np.allclose([b["observed"] for b in calibration], observed, atol=1e-14)
    assert np.allclose([b["forecast"] for b in calibration], forecast, atol=1e-14)
    total = parts["reliability"] - parts["resolution"] + parts["uncertainty"] + parts["withinBins"]
    assert abs(total - brier) < 1e-14
    return {
        "rows": n,
        "baseRate": float(base),
        "logLoss": {
            "value": float(log_loss(risen, p)),
            "standardError": clustered_error(bars, losses - losses.mean(), label_bars),
        },
        "brier": {
            "value": float(brier),
            "standardError": clustered_error(bars, squares - squares.mean(), label_bars),
        },
        "brierSkill": float(1 - brier / parts["uncertainty"]),
        "decomposition": {name: float(value) for name, value in parts.items()},
        "calibration": calibration,
        "calibrationError": float(sum(b["rows"] / n * abs(b["forecast"] - b["observed"]) for b in calibration)),
    }


def case(bars, symbols, label_bars, rounded, bins):
    n = bars * symbols
    at = np.repeat(np.arange(bars), symbols)
    target = 0.01 * rng.normal(size=n)
    target[rng.random(n) < 0.05] = 0
    p = norm.cdf(0.6 * target / 0.01 + 0.8 * rng.normal(size=n))
    p = np.round(p, 1) if rounded else p
    moved = target != 0
    risen = (target > 0).astype(float)
    given = at[moved], p[moved], risen[moved], label_bars
    return {
        "symbols": symbols,
        "labelBars": label_bars,
        "bins": bins,
        "target": target.tolist(),
        "probabilities": p.tolist(),
        "expected": {
            "rows": int(moved.sum()),
            "leftOut": 0,
            "unchanged": int((~moved).sum()),
            "auc": area(*given),
            "probabilities": probability_scores(*given, bins),
        },
    }


write(
    {
        "cases": {
            "8 symbols, five days": case(60, 8, 6, False, 10),
            "rounded to tenths, 0 and 1 among them": case(50, 6, 2, True, 10),
            "one symbol, wide bins": case(200, 1, 4, False, 4),
        }
    },
    numpy=np,
    scipy=scipy,
    sklearn=sklearn,
)
