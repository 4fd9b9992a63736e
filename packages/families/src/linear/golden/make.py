"""Ridge regression by scikit-learn on columns standardised as the family's preprocessing does it.

    python make.py > golden.json
"""
import json

import numpy as np
from sklearn.linear_model import Ridge

rng = np.random.default_rng(11)
rows, features = 90, 5
x = np.float32(rng.normal(size=(rows, features)) * [1, 20, 0.01, 3, 1] + [0, 5, 1, -2, 0])
x[:, 4] = 0.7 * x[:, 0] + 0.3 * x[:, 4]
x[rng.random(x.shape) < 0.08] = np.nan
y = 0.3 + np.nan_to_num(x[:, 0]) - 0.05 * np.nan_to_num(x[:, 1]) + 0.5 * rng.normal(size=rows)
w = rng.uniform(0, 2, size=rows)

mean, deviation = np.nanmean(x.astype(float), axis=0), np.nanstd(x.astype(float), axis=0)
z = np.float32(np.nan_to_num(np.clip((x - mean) / deviation, -5, 5))).astype(float)


def fit(alpha, weights=None):
    ridge = Ridge(alpha=alpha, solver="cholesky").fit(z, y, sample_weight=weights)
    return {"lambda": alpha, "weighted": weights is not None, "intercept": ridge.intercept_,
            "weights": ridge.coef_.tolist(), "predictions": ridge.predict(z).tolist()}


print(json.dumps({
    "rows": [[None if np.isnan(v) else float(v) for v in row] for row in x],
    "target": y.tolist(), "sampleWeights": w.tolist(),
    "fits": [fit(a, s) for a in (1e-8, 0.5, 40.0, 5000.0) for s in (None, w)],
}))
