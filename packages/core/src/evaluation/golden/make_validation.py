"""Golden values of directions as targets, of Platt's sigmoid and of backtest paths, from scikit-learn, scipy and numpy.

    python make_validation.py > validation.json

The sigmoid is Platt's likelihood maximised by scipy's BFGS and polished by Newton steps in extended precision.
"""

import numpy as np
import scipy
import sklearn
from scipy.optimize import minimize
from scipy.special import expit, logit
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss, roc_auc_score

from reference import clustered_error, write

rng = np.random.default_rng(20260314)


def direction_case(bars, symbols, label_bars, skill):
    n = bars * symbols
    at = np.repeat(np.arange(bars), symbols)
    scores = rng.normal(size=n)
    rose = (rng.random(n) < expit(0.1 + skill * scores)).astype(float)
    p = expit(0.05 + 0.7 * skill * scores)
    block = np.minimum(2, 3 * at // bars)
    train_mean = np.clip(0.52 + 0.05 * rng.normal(size=n), 0.05, 0.95)
    said = (p > 0.5).astype(float)
    loss = -np.where(rose == 1, np.log(p), np.log(1 - p))
    # Within three blocks, weighted by their pairs.
    pairs = [(rose[block == b] == 1).sum() * (rose[block == b] == 0).sum() for b in range(3)]
    auc, influence = 0.0, np.empty(n)
    for b in range(3):
        own, weight = block == b, pairs[b] / sum(pairs)
        up, down = own & (rose == 1), own & (rose == 0)
        psi = (scores[up][:, None] > scores[down][None, :]) + 0.5 * (scores[up][:, None] == scores[down][None, :])
        within = roc_auc_score(rose[own], scores[own])
        auc += weight * within
        influence[up] = weight * (psi.mean(axis=1) - within) * n / up.sum()
        influence[down] = weight * (psi.mean(axis=0) - within) * n / down.sum()
    observed, forecast = calibration_curve(rose, p, n_bins=20)
    counts = [int(((p > k / 20) & (p <= (k + 1) / 20)).sum()) for k in range(20)]
    counts = [count for count in counts if count > 0]
    right = (said == rose).astype(float)
    error = lambda values: clustered_error(at, values - values.mean(), label_bars)
    return {
        "symbols": symbols,
        "labelBars": label_bars,
        "target": rose.tolist(),
        "scores": scores.tolist(),
        "probabilities": p.tolist(),
        "trainMean": train_mean.tolist(),
        "blocks": block.tolist(),
        "expected": {
            "rows": n,
            "baseRate": float(rose.mean()),
            "auc": float(auc),
            "aucError": clustered_error(at, influence, label_bars),
            "logLoss": float(log_loss(rose, p)),
            "logLossError": error(loss),
            "baseLogLoss": float(log_loss(rose, train_mean)),
            "brier": float(brier_score_loss(rose, p)),
            "brierError": error((p - rose) ** 2),
            "baseBrier": float(brier_score_loss(rose, train_mean)),
            "accuracy": float(accuracy_score(rose, said)),
            "accuracyError": error(right),
            "baseAccuracy": float(accuracy_score(rose, train_mean > 0.5)),
            "calibrationError": float(np.sum(np.array(counts) / n * np.abs(observed - forecast))),
        },
        "calibration": {"rows": counts, "forecast": forecast.tolist(), "observed": observed.tolist()},
    }


def sigmoid_case(n, slope, unit):
    scores = unit * rng.normal(size=n)
    rose = (rng.random(n) < expit(0.3 + slope * scores / unit)).astype(float)
    ups = rose.sum()
    goal = np.where(rose == 1, (ups + 1) / (ups + 2), 1 / (n - ups + 2))
    x = scores / unit

    def loss(b):
        z = b[0] + b[1] * x
        return np.sum(np.logaddexp(0, z) - goal * z)

    b = minimize(loss, [0.0, 0.0], method="BFGS").x.astype(np.longdouble)
    design = np.stack([np.ones(n), x], axis=1).astype(np.longdouble)
    for _ in range(20):
        p = 1 / (1 + np.exp(-(design @ b)))
        hessian = (design.T * (p * (1 - p))) @ design
        gradient = design.T @ (p - goal)
        det = hessian[0, 0] * hessian[1, 1] - hessian[0, 1] ** 2
        b = b - np.array(
            [
                (hessian[1, 1] * gradient[0] - hessian[0, 1] * gradient[1]) / det,
                (hessian[0, 0] * gradient[1] - hessian[0, 1] * gradient[0]) / det,
            ]
        )
    assert float(b[1]) > 0
    return {
        "scores": scores.tolist(),
        "risen": rose.tolist(),
        "slope": float(b[1] / np.longdouble(unit)),
        "intercept": float(b[0]),
        "share": float(goal.mean()),
        "flat": float(logit(goal.mean())),
    }


def paths_case(n):
    ic, sharpe = 0.02 + 0.03 * rng.normal(size=n), 0.3 + 0.5 * rng.normal(size=n)
    ic_error, sharpe_error = 0.01 + 0.002 * rng.random(n), 0.2 + 0.02 * rng.random(n)

    def figure(values, errors):
        return {
            "mean": float(values.mean()),
            "standardError": float(errors.mean()),
            "deviation": float(values.std(ddof=1)),
            "low": float(np.quantile(values, 0.05)),
            "belowZero": float((values < 0).mean()),
        }

    return {
        "ic": ic.tolist(),
        "icError": ic_error.tolist(),
        "netSharpe": sharpe.tolist(),
        "netSharpeError": sharpe_error.tolist(),
        "expected": {
            "shown": int(np.argsort(ic)[(n - 1) // 2]),
            "ic": figure(ic, ic_error),
            "netSharpe": figure(sharpe, sharpe_error),
        },
    }


write(
    {
        "directions": {
            "8 symbols, five days": direction_case(60, 8, 6, 0.8),
            "one symbol": direction_case(250, 1, 2, 0.4),
        },
        "sigmoids": {"of numbers near 1": sigmoid_case(300, 0.8, 1.0), "of hundredths": sigmoid_case(120, 0.5, 0.013)},
        "paths": {"5 of them": paths_case(5), "an even number": paths_case(36)},
    },
    numpy=np,
    scipy=scipy,
    sklearn=sklearn,
)
