"""Python's side of bench/gmm.ts: scikit-learn's Gaussian mixture from a given start.

    python gmm.py FOLDER

FOLDER holds job.json and data.f64. Answers each line, the index of a case, with one JSON line {"seconds", "logLikelihood", "iterations"}.
"""
import json
import os
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

warnings.simplefilter("ignore", ConvergenceWarning)
folder = sys.argv[1]
with open(os.path.join(folder, "job.json")) as file:
    job = json.load(file)
print(json.dumps({"version": sklearn.__version__}), flush=True)
for line in sys.stdin:
    index = int(line)
    case = job[index]
    data = np.fromfile(os.path.join(folder, f"data{index}.f64")).reshape(-1, case["dimensions"])
    shape = (case["components"], case["dimensions"])
    covariances = np.array(case["covariances"]).reshape(shape + ((case["dimensions"],) if case["covariance"] == "full" else ()))
    precisions = np.linalg.inv(covariances) if case["covariance"] == "full" else 1 / covariances
    model = GaussianMixture(
        case["components"], covariance_type=case["covariance"], tol=case["tolerance"], max_iter=case["maxIterations"],
        reg_covar=case["regularisation"], weights_init=case["weights"], means_init=np.array(case["means"]).reshape(shape),
        precisions_init=precisions)
    started = time.perf_counter()
    model.fit(data)
    seconds = time.perf_counter() - started
    answer = {"seconds": seconds, "logLikelihood": model.score(data) * len(data), "iterations": model.n_iter_}
    print(json.dumps(answer), flush=True)
