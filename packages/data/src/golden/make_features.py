"""Golden values of the built-in features, from numpy and pandas by the formulas that Qlib publishes for Alpha158.

    python make_features.py

writes GOLD.csv (one symbol's bars, with holes, a flat stretch, a bar without volume) and features.json. Every window is
evaluated by itself with numpy, not by a running update, so no rounding is carried from one bar to the next.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd

here = Path(__file__).parent
rng = np.random.default_rng(158)
bars = 130

close = 50 * np.exp(np.cumsum(0.02 * rng.standard_t(5, bars)))
close[70:98] = close[70]
open_ = close * np.exp(0.01 * rng.normal(size=bars))
high = np.maximum(open_, close) * np.exp(0.01 * rng.random(bars))
low = np.minimum(open_, close) * np.exp(-0.01 * rng.random(bars))
volume = np.floor(1e6 * np.exp(0.5 * rng.normal(size=bars)))
open_[85] = high[85] = low[85] = close[85]
frame = pd.DataFrame(
    {
        "Date": pd.bdate_range("2019-01-01", periods=bars).strftime("%Y-%m-%d"),
        "Open": open_.round(4),
        "High": (high + 0.0001).round(4),
        "Low": (low - 0.0001).round(4),
        "Close": close.round(4),
        "Volume": volume,
    }
)
frame.loc[85, ["Open", "High", "Low"]] = frame.loc[85, "Close"]
frame.loc[12, ["Open", "High", "Low"]] = np.nan
frame.loc[105, "High"] = np.nan
frame.loc[20, "Volume"] = 0
frame.loc[110, "Volume"] = np.nan
frame.to_csv(here / "GOLD.csv", index=False)

o, h, l, c, v = (frame[name].to_numpy(float) for name in ["Open", "High", "Low", "Close", "Volume"])
lag = lambda x, d: pd.Series(x).shift(d).to_numpy()


def rolling(d, function, *series):
    """NaN unless all d bars of every series are there."""
    out = np.full(bars, np.nan)
    for i in range(d - 1, bars):
        window = [x[i - d + 1 : i + 1] for x in series]
        if not any(np.isnan(x).any() for x in window):
            out[i] = function(*window)
    return out


def moving(x):
    return np.std(x, ddof=1) > 1e-9 * abs(x[-1])


def line(y):
    return np.polyfit(np.arange(len(y)), y, 1)


def rsquare(y):
    return np.corrcoef(np.arange(len(y)), y)[0, 1] ** 2 if moving(y) else np.nan


def corr(x, y):
    return np.corrcoef(x, y)[0, 1] if moving(x) and moving(y) else np.nan


def residual(y):
    return y[-1] - np.polyval(line(y), len(y) - 1)


def of_range(x):
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(h == l, 0.0 * x, x / (h - l))


def divide(x, y):
    return np.divide(x, y, out=np.full(bars, np.nan), where=(y != 0))


top, bottom = np.maximum(o, c), np.minimum(o, c)
r = c / lag(c, 1)
dc = c - lag(c, 1)
lv = np.log(v + 1)
lr = np.log(divide(v, lag(v, 1)) + 1)
features = {
    "KMID": (c - o) / o,
    "KLEN": (h - l) / o,
    "KMID2": of_range(c - o),
    "KUP": (h - top) / o,
    "KUP2": of_range(h - top),
    "KLOW": (bottom - l) / o,
    "KLOW2": of_range(bottom - l),
    "KSFT": (2 * c - h - l) / o,
    "KSFT2": of_range(2 * c - h - l),
}
for d in [5, 10, 20, 60]:
    features[f"ROC{d}"] = lag(c, d) / c
for d in [5, 20, 60]:
    features[f"MA{d}"] = rolling(d, np.mean, c) / c
    features[f"STD{d}"] = rolling(d, lambda y: np.std(y, ddof=1), c) / c
    features[f"BETA{d}"] = rolling(d, lambda y: line(y)[0], c) / c
    features[f"RSQR{d}"] = rolling(d, rsquare, c)
for d in [5, 20]:
    features[f"RESI{d}"] = rolling(d, residual, c) / c
    low_d, high_d = rolling(d, np.min, l), rolling(d, np.max, h)
    features[f"RSV{d}"] = divide(c - low_d, high_d - low_d)
    features[f"VMA{d}"] = divide(rolling(d, np.mean, v), v)
for d in [20, 60]:
    features[f"MAX{d}"] = rolling(d, np.max, h) / c
    features[f"MIN{d}"] = rolling(d, np.min, l) / c
features["QTLU20"] = rolling(20, lambda y: np.quantile(y, 0.8), c) / c
features["QTLD20"] = rolling(20, lambda y: np.quantile(y, 0.2), c) / c
features["CORR20"] = rolling(20, corr, c, lv)
features["CORD20"] = rolling(20, corr, r, lr)
features["CNTD20"] = rolling(20, lambda x: np.mean(x > 1) - np.mean(x < 1), r)
features["SUMD20"] = divide(rolling(20, np.sum, dc), rolling(20, lambda x: np.sum(np.abs(x)), dc))
features["VSTD20"] = divide(rolling(20, lambda x: np.std(x, ddof=1), v), v)
weighted = np.abs(r - 1) * v
features["WVMA20"] = divide(
    rolling(20, lambda x: np.std(x, ddof=1), weighted), rolling(20, np.mean, weighted)
)

result = {
    "madeWith": {"numpy": np.__version__, "pandas": pd.__version__},
    "features": {
        name: [None if np.isnan(x) else float(x) for x in values] for name, values in features.items()
    },
    "forwardReturns": {
        str(k): [None if np.isnan(x) else float(x) for x in lag(c, -1 - k) / lag(c, -1) - 1] for k in [1, 5]
    },
}
(here / "features.json").write_text(json.dumps(result) + "\n")
