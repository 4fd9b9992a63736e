"""Gaussian mixtures by scikit-learn from a given start, and the forward recursion of a hidden Markov model in NumPy.

    python make.py > golden.json
"""
import json
import warnings

import numpy as np
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore", ConvergenceWarning)
rng = np.random.default_rng(5)
rows, dimensions, components = 240, 3, 3
centres = np.array([[0, 0, 0], [3, -1, 2], [-2, 3, 0.5]])
mixing = rng.normal(size=(components, dimensions, dimensions))
label = rng.integers(0, components, size=rows)
data = centres[label] + np.einsum("rij,rj->ri", mixing[label], rng.normal(size=(rows, dimensions)))
means = centres + rng.normal(size=centres.shape)
weights = np.array([0.2, 0.5, 0.3])

cases = []
for kind in ("full", "diag"):
    spread = rng.uniform(0.5, 2, size=(components, dimensions))
    precisions = np.stack([np.diag(1 / s) for s in spread]) if kind == "full" else 1 / spread
    covariances = np.stack([np.diag(s) for s in spread]) if kind == "full" else spread
    for iterations, tolerance in ((1, 0.0), (7, 0.0), (500, 1e-7)):
        model = GaussianMixture(components, covariance_type=kind, tol=tolerance, max_iter=iterations, reg_covar=1e-6,
                                weights_init=weights, means_init=means, precisions_init=precisions).fit(data)
        cases.append({
            "covariance": kind, "maxIterations": iterations, "tolerance": tolerance,
            "startCovariances": covariances.ravel().tolist(),
            "logLikelihood": model.score(data) * rows, "iterations": model.n_iter_, "converged": bool(model.converged_),
            "bic": model.bic(data), "weights": model.weights_.tolist(), "means": model.means_.ravel().tolist(),
            "covariances": model.covariances_.ravel().tolist(),
            "posteriors": model.predict_proba(data[:10]).ravel().tolist(),
        })

transitions = np.array([[0.9, 0.07, 0.03], [0.1, 0.8, 0.1], [0.02, 0.08, 0.9]])
full = cases[2]
span = 4
emissions = np.stack([
    multivariate_normal(np.array(full["means"]).reshape(components, -1)[k],
                        np.array(full["covariances"]).reshape(components, dimensions, dimensions)[k]).pdf(data) ** (1 / span)
    for k in range(components)], axis=1)
filtered = np.zeros((rows, components))
for t in range(rows):
    expected = np.array(full["weights"]) if t == 0 else filtered[t - 1] @ transitions
    filtered[t] = expected * emissions[t] / (expected * emissions[t]).sum()

print(json.dumps({
    "data": data.ravel().tolist(), "dimensions": dimensions, "components": components,
    "startMeans": means.ravel().tolist(), "startWeights": weights.tolist(), "cases": cases,
    "chain": {"transitions": transitions.ravel().tolist(), "span": span, "filtered": filtered.ravel().tolist()},
}))
