"""Golden values of all 158 features, by the formulas that Qlib publishes for Alpha158, from numpy, pandas and scipy.

    python make_alpha158.py FOLDER

FOLDER holds DIS.csv, BA.csv and AAPL.csv (Date, Open, High, Low, Close, Volume of the Dow Jones stocks, 2006 to 2017). Writes
alpha158.json.gz: three slices of 400 real bars, with the holes that they have, and a made series with holes, flat stretches, bars
without volume, a spike of a thousand million shares and prices that hardly move; their inputs, and all features on chosen rows.

Every window is evaluated by itself on the values it holds (pandas' min_periods = 1), not by a running update, so no rounding is
carried from one bar to the next. Where pandas has the same statistic, the two are held against each other.
"""

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

here = Path(__file__).parent
market = Path(sys.argv[1])
windows = [5, 10, 20, 30, 60]
fields = ["open", "high", "low", "close", "volume"]


def real(symbol, first):
    frame = pd.read_csv(market / f"{symbol}.csv").iloc[first : first + 400]
    frame.columns = [name.lower() for name in frame.columns]
    return frame[fields].reset_index(drop=True).astype(float)


def made():
    rng = np.random.default_rng(158)
    n = 400
    close = 50 * np.exp(np.cumsum(0.02 * rng.standard_t(5, n)))
    close[90:165] = close[90]
    close[200:270] = 12345 + 1e-3 * rng.normal(size=70)
    open_ = close * np.exp(0.01 * rng.normal(size=n))
    high = np.maximum(open_, close) * np.exp(0.01 * rng.random(n))
    low = np.minimum(open_, close) * np.exp(-0.01 * rng.random(n))
    volume = np.floor(1e4 * np.exp(0.5 * rng.normal(size=n)))
    volume[170] = 1e9
    volume[[20, 21, 22, 250]] = 0
    volume[300:310] = 0
    volume[320:330] = 777
    frame = pd.DataFrame({"open": open_, "high": high, "low": low, "close": close, "volume": volume})
    frame.loc[120, ["open", "high", "low"]] = frame.loc[120, "close"]
    frame.loc[[0, 12, 190], ["open", "high", "low"]] = np.nan
    frame.loc[60, "high"] = np.nan
    frame.loc[180:187, "high"] = np.nan
    frame.loc[[2, 110, 111, 215], "volume"] = np.nan
    frame.loc[340:348, "volume"] = np.nan
    return frame


def rolling(d, function, *series):
    """NaN where the window holds no value; the function sees the values (of pairs, where both are there), oldest first."""
    columns = [np.asarray(x, float) for x in series]
    columns = [np.where(np.isinf(x), np.nan, x) for x in columns]
    out = np.full(len(columns[0]), np.nan)
    for i in range(len(out)):
        part = [x[max(0, i - d + 1) : i + 1] for x in columns]
        known = ~np.any([np.isnan(x) for x in part], axis=0)
        if known.any():
            out[i] = function(*[x[known] for x in part])
    return out


def std(y):
    return np.std(y, ddof=1) if len(y) > 1 else np.nan


def line(y):
    """Slope and value at the last bar of the least-squares line."""
    if len(y) < 2:
        return np.nan, np.nan
    slope, intercept = np.polyfit(np.arange(len(y)), y - y[-1], 1)
    return slope, y[-1] + intercept + slope * (len(y) - 1)


def still(*series):
    return [np.isclose(s, 0, atol=2e-5) for s in series]


def pearson(x, y):
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return np.nan
    return stats.pearsonr(x, y).statistic


def corr(d, x, y):
    out = rolling(d, pearson, x, y)
    flat_x, flat_y = still(rolling(d, std, x), rolling(d, std, y))
    out[flat_x | flat_y] = np.nan
    return out


def extreme_bar(d, series, take):
    """Bars into the window, from 1; bars without a value are passed over."""
    x = np.asarray(series, float)
    out = np.full(len(x), np.nan)
    for i in range(len(x)):
        part = x[max(0, i - d + 1) : i + 1]
        if not np.isnan(part).all():
            out[i] = take(part) + 1
    return out


def features(frame):
    o, h, l, c, v = (frame[name] for name in fields)
    with np.errstate(divide="ignore", invalid="ignore"):
        before = c.shift(1)
        ratio, diff = c / before, c - before
        log_volume = np.log(v + 1)
        log_ratio = np.log(v / v.shift(1) + 1)
    volume_diff = v - v.shift(1)
    weighted = np.abs(ratio - 1) * v
    top, bottom = np.maximum(o, c), np.minimum(o, c)
    out = {
        "KMID": (c - o) / o,
        "KLEN": (h - l) / o,
        "KMID2": (c - o) / (h - l + 1e-12),
        "KUP": (h - top) / o,
        "KUP2": (h - top) / (h - l + 1e-12),
        "KLOW": (bottom - l) / o,
        "KLOW2": (bottom - l) / (h - l + 1e-12),
        "KSFT": (2 * c - h - l) / o,
        "KSFT2": (2 * c - h - l) / (h - l + 1e-12),
        "OPEN0": o / c,
        "HIGH0": h / c,
        "LOW0": l / c,
        "VWAP0": (h + l + c) / 3 / c,
    }
    sums = lambda d, x: rolling(d, np.sum, x)
    share = lambda d, x: (
        sums(d, np.maximum(x, 0)),
        sums(d, np.maximum(-x, 0)),
        sums(d, np.abs(x)) + 1e-12,
    )
    risen, fallen = (c > before).astype(float), (c < before).astype(float)
    by_kind = {
        "ROC": lambda d: c.shift(d) / c,
        "MA": lambda d: rolling(d, np.mean, c) / c,
        "STD": lambda d: rolling(d, std, c) / c,
        "BETA": lambda d: rolling(d, lambda y: line(y)[0], c) / c,
        "RSQR": lambda d: np.where(
            still(rolling(d, std, c))[0], np.nan, rolling(d, lambda y: pearson(np.arange(len(y)), y) ** 2, c)
        ),
        "RESI": lambda d: rolling(d, lambda y: y[-1] - line(y)[1], c) / c,
        "MAX": lambda d: rolling(d, np.max, h) / c,
        "MIN": lambda d: rolling(d, np.min, l) / c,
        "QTLU": lambda d: rolling(d, lambda y: np.quantile(y, 0.8), c) / c,
        "QTLD": lambda d: rolling(d, lambda y: np.quantile(y, 0.2), c) / c,
        "RANK": lambda d: rolling(d, lambda y: stats.rankdata(y)[-1] / len(y), c),
        "RSV": lambda d: (c - rolling(d, np.min, l)) / (rolling(d, np.max, h) - rolling(d, np.min, l) + 1e-12),
        "IMAX": lambda d: extreme_bar(d, h, np.nanargmax) / d,
        "IMIN": lambda d: extreme_bar(d, l, np.nanargmin) / d,
        "IMXD": lambda d: (extreme_bar(d, h, np.nanargmax) - extreme_bar(d, l, np.nanargmin)) / d,
        "CORR": lambda d: corr(d, c, log_volume),
        "CORD": lambda d: corr(d, ratio, log_ratio),
        "CNTP": lambda d: rolling(d, np.mean, risen),
        "CNTN": lambda d: rolling(d, np.mean, fallen),
        "CNTD": lambda d: rolling(d, np.mean, risen) - rolling(d, np.mean, fallen),
        "SUMP": lambda d: share(d, diff)[0] / share(d, diff)[2],
        "SUMN": lambda d: share(d, diff)[1] / share(d, diff)[2],
        "SUMD": lambda d: (share(d, diff)[0] - share(d, diff)[1]) / share(d, diff)[2],
        "VMA": lambda d: rolling(d, np.mean, v) / (v + 1e-12),
        "VSTD": lambda d: rolling(d, std, v) / (v + 1e-12),
        "WVMA": lambda d: rolling(d, std, weighted) / (rolling(d, np.mean, weighted) + 1e-12),
        "VSUMP": lambda d: share(d, volume_diff)[0] / share(d, volume_diff)[2],
        "VSUMN": lambda d: share(d, volume_diff)[1] / share(d, volume_diff)[2],
        "VSUMD": lambda d: (share(d, volume_diff)[0] - share(d, volume_diff)[1]) / share(d, volume_diff)[2],
    }
    for kind, make in by_kind.items():
        for d in windows:
            out[f"{kind}{d}"] = make(d)
    return {name: np.asarray(values, float) for name, values in out.items()}


def agrees_with_pandas(frame, values):
    """On real bars pandas' running updates are good to some digits."""
    c, h, v = frame.close, frame.high, frame.volume
    for d in windows:
        over = lambda x: x.rolling(d, min_periods=1)
        peers = {
            f"MA{d}": over(c).mean() / c,
            f"STD{d}": over(c).std() / c,
            f"MAX{d}": over(h).max() / c,
            f"QTLU{d}": over(c).quantile(0.8) / c,
            f"RANK{d}": over(c).rank(pct=True),
            f"CORR{d}": over(c).corr(np.log(v + 1)),
            f"CNTP{d}": over((c > c.shift(1)).astype(float)).mean(),
            f"VSTD{d}": over(v).std() / (v + 1e-12),
        }
        for name, peer in peers.items():
            np.testing.assert_allclose(values[name], peer.to_numpy(), rtol=1e-6, atol=1e-8, err_msg=name)


def chosen_rows(frame):
    """The first windows, the neighbourhood of every oddity, and each seventh row."""
    n = len(frame)
    odd = frame.isna().any(axis=1) | (frame.volume == 0) | (frame.volume > 5e8)
    near = {i + k for i in np.flatnonzero(odd) for k in (-1, 0, 1, 4, 5, 19, 20, 59, 60)}
    return sorted(int(i) for i in {*range(64), *range(0, n, 7), *near, n - 1} if 0 <= i < n)


def number(x):
    return None if np.isnan(x) else float(f"{x:.13g}")


panels = {"DIS": real("DIS", 1560), "BA": real("BA", 2620), "AAPL": real("AAPL", 900), "MADE": made()}
result = {"madeWith": {"numpy": np.__version__, "pandas": pd.__version__}, "series": []}
for name, frame in panels.items():
    values = features(frame)
    assert len(values) == 158
    if name != "MADE":
        agrees_with_pandas(frame, values)
    rows = chosen_rows(frame)
    result["series"].append(
        {
            "name": name,
            "bars": {field: [None if np.isnan(x) else float(x) for x in frame[field]] for field in fields},
            "rows": rows,
            "features": {key: [number(column[i]) for i in rows] for key, column in values.items()},
        }
    )
    print(name, len(frame), "bars,", int(frame.isna().sum().sum()), "holes,", len(rows), "rows kept")
(here / "alpha158.json.gz").write_bytes(gzip.compress(json.dumps(result, separators=(",", ":")).encode(), 9, mtime=0))
