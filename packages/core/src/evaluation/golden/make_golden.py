"""Golden values of the evaluation, from scipy, scikit-learn and numpy.

    python make_golden.py > golden.json

Newey-West is written out here as the sandwich of White's and Newey and West's papers (matrix form), apart from the
TypeScript, which uses the scalar form.
"""

import json
import sys

import numpy as np
import scipy
import sklearn
from scipy.stats import pearsonr, rankdata, spearmanr
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score

rng = np.random.default_rng(20240607)


def newey_west_covariance(design, residuals, lags):
    """(X'X)^-1 S (X'X)^-1 with S = sum_j w_j (G_j + G_j'), G_j = sum_t u_t u_{t-j} x_t x_{t-j}', no small-sample factor."""
    scores = design * residuals[:, None]
    s = scores.T @ scores
    for lag in range(1, lags + 1):
        g = scores[lag:].T @ scores[:-lag]
        s += (1 - lag / (lags + 1)) * (g + g.T)
    bread = np.linalg.inv(design.T @ design)
    return bread @ s @ bread


def lags_of(n, label_bars):
    return max(0, min(n - 1, max(int(np.floor(4 * (n / 100) ** (2 / 9))), label_bars - 1)))


def t_of_mean(series, lags):
    design = np.ones((len(series), 1))
    return float(series.mean() / np.sqrt(newey_west_covariance(design, series - series.mean(), lags)[0, 0]))


def t_of_slope(x, y, lags):
    model = LinearRegression().fit(x[:, None], y)
    design = np.column_stack([np.ones_like(x), x])
    residuals = y - model.predict(x[:, None])
    return float(model.coef_[0] / np.sqrt(newey_west_covariance(design, residuals, lags)[1, 1]))


def errors(y, p, train_mean):
    judged = y != 0
    # r2_score measures against the mean of y; against the training mean it is the ratio of two squared errors.
    against_train = 1 - mean_squared_error(y, p) / mean_squared_error(y, np.full_like(y, train_mean))
    assert abs(r2_score(y, p) - (1 - mean_squared_error(y, p) / np.var(y))) < 1e-12
    return {
        "mse": mean_squared_error(y, p),
        "mae": mean_absolute_error(y, p),
        "r2": against_train,
        "hitRate": float(np.mean(np.sign(p[judged]) == np.sign(y[judged]))),
    }


def cross_section(bars, symbols, label_bars, holes, ties):
    signal = rng.normal(size=(bars, symbols))
    target = 0.3 * signal * 0.02 + 0.02 * rng.standard_t(4, size=(bars, symbols))
    prediction = 0.01 * signal + 0.004 * rng.normal(size=(bars, symbols))
    if ties:
        prediction = np.round(prediction, 2)
        target = np.round(target, 2)
    keep = rng.random((bars, symbols)) >= holes
    rows = [(b, s) for b in range(bars) for s in range(symbols) if keep[b, s]]
    ics, rank_ics = [], []
    for b in range(bars):
        p, y = prediction[b, keep[b]], target[b, keep[b]]
        if len(p) < 2 or np.ptp(p) == 0 or np.ptp(y) == 0:
            continue
        ics.append(pearsonr(p, y).statistic)
        rank_ics.append(spearmanr(p, y).statistic)
    ics = np.array(ics)
    lags = lags_of(len(ics), label_bars)
    y = np.array([target[b, s] for b, s in rows])
    p = np.array([prediction[b, s] for b, s in rows])
    train_mean = 0.0007
    return {
        "symbols": symbols,
        "labelBars": label_bars,
        "trainMean": train_mean,
        "bar": [b for b, _ in rows],
        "symbol": [s for _, s in rows],
        "prediction": p.tolist(),
        "target": y.tolist(),
        "lags": lags,
        "expected": {
            "icKind": "crossSectional",
            "rows": len(rows),
            "bars": len({b for b, _ in rows}),
            "ic": float(ics.mean()),
            "rankIc": float(np.mean(rank_ics)),
            "icir": float(ics.mean() / ics.std(ddof=1)),
            "icT": t_of_mean(ics, lags),
            **errors(y, p, train_mean),
        },
    }


def one_symbol(bars, label_bars):
    noise = rng.normal(size=bars + label_bars)
    target = 0.01 * np.convolve(noise, np.ones(label_bars), "valid")[:bars]
    prediction = 0.2 * target + 0.005 * rng.normal(size=bars) + 1e-4
    lags = lags_of(bars, label_bars)
    train_mean = -0.0003
    return {
        "symbols": 1,
        "labelBars": label_bars,
        "trainMean": train_mean,
        "bar": list(range(bars)),
        "symbol": [0] * bars,
        "prediction": prediction.tolist(),
        "target": target.tolist(),
        "lags": lags,
        "expected": {
            "icKind": "timeSeries",
            "rows": bars,
            "bars": bars,
            "ic": pearsonr(prediction, target).statistic,
            "rankIc": spearmanr(prediction, target).statistic,
            "icir": None,
            "icT": t_of_slope(prediction, target, lags),
            **errors(target, prediction, train_mean),
        },
    }


def ranks():
    lists = [
        rng.normal(size=9).tolist(),
        rng.integers(0, 4, size=25).astype(float).tolist(),
        [1.0] * 6,
        [0.0, -0.0, 1.0],
        [3.0],
    ]
    return [{"values": values, "ranks": rankdata(values).tolist()} for values in lists]


json.dump(
    {
        "madeWith": {
            "numpy": np.__version__,
            "scipy": scipy.__version__,
            "scikit-learn": sklearn.__version__,
        },
        "ranks": ranks(),
        "evaluations": {
            "30 symbols, one day": cross_section(40, 30, 2, 0.0, False),
            "12 symbols with holes, five days": cross_section(60, 12, 6, 0.2, False),
            "ties in both": cross_section(50, 8, 2, 0.1, True),
            "2 symbols": cross_section(80, 2, 2, 0.0, False),
            "one symbol, ten days": one_symbol(150, 11),
        },
    },
    sys.stdout,
)
print()
