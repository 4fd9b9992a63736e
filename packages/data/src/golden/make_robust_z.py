"""Golden values of the robust z-score of one bar, from scipy.

    python make_robust_z.py > robust_z.json
"""

import json

import numpy as np
import scipy
from scipy.stats import median_abs_deviation

rng = np.random.default_rng(31)
clip = 5


def score(values):
    x = np.array([np.nan if v is None else v for v in values])
    known = x[~np.isnan(x)]
    if len(known) < 5:
        return [None] * len(x)
    center = np.median(known)
    scale = median_abs_deviation(known, scale="normal")
    if scale == 0:
        scale = np.mean(np.abs(known - center)) * np.sqrt(np.pi / 2)
    z = np.zeros_like(x) if scale == 0 else np.clip((x - center) / scale, -clip, clip)
    return [None if np.isnan(v) else float(s) for v, s in zip(x, z)]


cross_sections = [
    rng.normal(size=31).tolist(),
    rng.normal(size=30).tolist(),
    rng.standard_t(1, size=12).tolist(),
    [None, 1.0, 2.0, None, 4.0, 8.0, 16.0],
    [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 5.0],
    [3.0] * 6,
    [1.0, 2.0, 3.0, 4.0],
    [1.0, 2.0, 3.0, 4.0, None, None],
    rng.integers(0, 3, size=9).astype(float).tolist(),
]
print(
    json.dumps(
        {
            "madeWith": {"scipy": scipy.__version__, "numpy": np.__version__},
            "cases": [{"values": v, "scores": score(v)} for v in cross_sections],
        }
    )
)
