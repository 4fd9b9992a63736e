"""Python's side of bench/alpha158.ts: the 158 features with pandas' rolling windows, and numpy where pandas has no such window.

    python alpha158.py FOLDER

FOLDER holds open.f64, high.f64, low.f64, close.f64, volume.f64 (all symbols' bars, one after the other) and counts.json (bars by
symbol). Answers each line with one JSON line {"seconds", "means"}: the mean of every feature, in Qlib's order.
"""
import json
import os
import sys
import time
import warnings

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view

warnings.simplefilter("ignore")
windows = [5, 10, 20, 30, 60]


def padded(x, d):
    """[bars, d] windows; NaN before the first bar."""
    return sliding_window_view(np.concatenate([np.full(d - 1, np.nan), x]), d)


def line(c, d):
    """Slope, R² and residual of the last bar, over windows that begin with what bars there are."""
    n = np.minimum(np.arange(1, len(c) + 1), d).astype(float)
    shifted = c - c.iloc[0]
    over = shifted.rolling(d, min_periods=1)
    total, squares = over.sum().to_numpy(), (shifted**2).rolling(d, min_periods=1).sum().to_numpy()
    position = np.arange(len(c), dtype=float)
    weighted = (shifted * position).rolling(d, min_periods=1).sum().to_numpy() - (position - n + 1) * total
    middle, spread = (n - 1) / 2, n * (n**2 - 1) / 12
    products = weighted - middle * total
    slope = products / spread
    around = squares - total**2 / n
    fitted = total / n + slope * middle
    return slope, products**2 / (spread * around), shifted.to_numpy() - fitted


def argument(x, d, take, missing):
    """Bars into the window of its extreme, from 1."""
    part = padded(x.to_numpy(), d)
    position = take(np.where(np.isnan(part), missing, part), axis=1)
    early = np.maximum(d - 1 - np.arange(len(x)), 0)
    return np.where(np.isnan(part).all(axis=1), np.nan, position - early + 1)


def still(x, d):
    return np.isclose(x.rolling(d, min_periods=1).std(), 0, atol=2e-5)


def corr(x, y, d):
    out = x.rolling(d, min_periods=1).corr(y).to_numpy(copy=True)
    out[still(x, d) | still(y, d)] = np.nan
    return out


def alpha158(f):
    o, h, l, c, v = f.open, f.high, f.low, f.close, f.volume
    before, volume_before = c.shift(1), v.shift(1)
    top, bottom, width = np.maximum(o, c), np.minimum(o, c), h - l + 1e-12
    out = [(c - o) / o, (h - l) / o, (c - o) / width, (h - top) / o, (h - top) / width, (bottom - l) / o, (bottom - l) / width]
    out += [(2 * c - h - l) / o, (2 * c - h - l) / width, o / c, h / c, l / c, (h + l + c) / 3 / c]
    over = {d: {name: x.rolling(d, min_periods=1) for name, x in {"h": h, "l": l, "c": c, "v": v}.items()} for d in windows}
    highs, lows = {d: over[d]["h"].max() for d in windows}, {d: over[d]["l"].min() for d in windows}
    lines = {d: line(c, d) for d in windows}
    imax = {d: argument(h, d, np.argmax, -np.inf) / d for d in windows}
    imin = {d: argument(l, d, np.argmin, np.inf) / d for d in windows}
    log_volume, ratio = np.log(v + 1), c / before
    log_ratio = np.log(v / volume_before + 1).replace([np.inf, -np.inf], np.nan)
    rises, falls = (c > before).astype(float), (c < before).astype(float)
    weighted = (ratio - 1).abs() * v

    def shares(diff):
        sums = lambda x, d: x.rolling(d, min_periods=1).sum()
        gains, losses, moves = diff.clip(lower=0), (-diff).clip(lower=0), diff.abs()
        up, down, total = ({d: sums(x, d) for d in windows} for x in (gains, losses, moves))
        for part in (lambda d: up[d], lambda d: down[d], lambda d: up[d] - down[d]):
            yield from (part(d) / (total[d] + 1e-12) for d in windows)

    mean = lambda x, d: x.rolling(d, min_periods=1).mean()
    out += [c.shift(d) / c for d in windows]
    out += [over[d]["c"].mean() / c for d in windows]
    out += [over[d]["c"].std() / c for d in windows]
    out += [lines[d][0] / c for d in windows]
    out += [np.where(still(c, d), np.nan, lines[d][1]) for d in windows]
    out += [lines[d][2] / c for d in windows]
    out += [highs[d] / c for d in windows]
    out += [lows[d] / c for d in windows]
    out += [over[d]["c"].quantile(0.8) / c for d in windows]
    out += [over[d]["c"].quantile(0.2) / c for d in windows]
    out += [over[d]["c"].rank(pct=True) for d in windows]
    out += [(c - lows[d]) / (highs[d] - lows[d] + 1e-12) for d in windows]
    out += [imax[d] for d in windows]
    out += [imin[d] for d in windows]
    out += [imax[d] - imin[d] for d in windows]
    out += [corr(c, log_volume, d) for d in windows]
    out += [corr(ratio, log_ratio, d) for d in windows]
    out += [mean(rises, d) for d in windows]
    out += [mean(falls, d) for d in windows]
    out += [mean(rises, d) - mean(falls, d) for d in windows]
    out += [*shares(c - before)]
    out += [over[d]["v"].mean() / (v + 1e-12) for d in windows]
    out += [over[d]["v"].std() / (v + 1e-12) for d in windows]
    out += [weighted.rolling(d, min_periods=1).std() / (mean(weighted, d) + 1e-12) for d in windows]
    out += [*shares(v - volume_before)]
    return np.array([np.asarray(column, float) for column in out])


folder = sys.argv[1]
with open(os.path.join(folder, "counts.json")) as file:
    ends = np.cumsum(json.load(file))
columns = {name: np.fromfile(os.path.join(folder, f"{name}.f64")) for name in ["open", "high", "low", "close", "volume"]}
frame = pd.DataFrame(columns)
frames = [frame.iloc[end - count : end].reset_index(drop=True) for end, count in zip(ends, np.diff(ends, prepend=0))]
print(json.dumps({"version": f"pandas {pd.__version__}"}), flush=True)
for _ in sys.stdin:
    started = time.perf_counter()
    made = [alpha158(each) for each in frames]
    seconds = time.perf_counter() - started
    together = np.concatenate(made, axis=1)
    print(json.dumps({"seconds": seconds, "means": np.nanmean(together, axis=1).tolist()}), flush=True)
