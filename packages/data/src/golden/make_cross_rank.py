"""Golden values of the cross-sectional rank of one bar, from scipy.

    python make_cross_rank.py > cross_rank.json
"""

import json

import numpy as np
import scipy
from scipy.stats import rankdata

rng = np.random.default_rng(12)


def score(values):
    x = np.array([np.nan if v is None else v for v in values])
    known = ~np.isnan(x)
    if known.sum() < 5:
        return [None] * len(x)
    out = np.full(len(x), np.nan)
    out[known] = ((rankdata(x[known]) - 0.5) / known.sum() - 0.5) * np.sqrt(12)
    return [None if np.isnan(v) else float(v) for v in out]


cross_sections = [
    rng.normal(size=31).tolist(),
    rng.standard_t(1, size=12).tolist(),
    [None, 1.0, 2.0, None, 4.0, 8.0, 16.0],
    [1.0, 1.0, 1.0, 1.0, 1.0, 2.0, 5.0],
    [3.0] * 6,
    [1.0, 2.0, 3.0, 4.0],
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
