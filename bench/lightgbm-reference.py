"""Python's side of bench/lightgbm.ts: trains with the LightGBM package on the same arrays and parameters.

    python lightgbm-reference.py FOLDER

FOLDER holds job.json, features.f32 (column-major, as a dataset on disk has it), target.f64 and rows.u32, the fold's rows. Answers each line `fit` on stdin with one JSON line {"seconds": ...};
A fit begins, like ours,
with taking the fold's rows out of the columns. `predict` writes predictions.f64 for the rows after the validation block, and
the loss curve comes with its answer.
"""

import json
import os
import sys
import time

import lightgbm as lgb
import numpy as np

folder = sys.argv[1]
with open(os.path.join(folder, "job.json")) as file:
    job = json.load(file)
columns = np.fromfile(os.path.join(folder, "features.f32"), dtype=np.float32).reshape(job["columns"], job["rows"])
target = np.fromfile(os.path.join(folder, "target.f64"), dtype=np.float64)
order = np.fromfile(os.path.join(folder, "rows.u32"), dtype=np.uint32)
train_rows, validation_rows, test_rows = np.split(order, [job["trainEnd"], job["validationEnd"]])


def block(rows):
    """[rows, columns], column-major, which LightGBM reads without a copy."""
    return columns[:, rows].T


def fit():
    parameters = dict(job["parameters"])
    train = lgb.Dataset(block(train_rows), label=target[train_rows], params=parameters)
    validation = lgb.Dataset(
        block(validation_rows), label=target[validation_rows], reference=train, params=parameters
    )
    curves = {}
    booster = lgb.train(
        parameters,
        train,
        num_boost_round=job["rounds"],
        valid_sets=[train, validation],
        valid_names=["train", "validation"],
        callbacks=[lgb.record_evaluation(curves)],
    )
    return booster, curves


booster, curves = None, None
print(json.dumps({"version": lgb.__version__}), flush=True)
for line in sys.stdin:
    if line.strip() == "fit":
        started = time.perf_counter()
        booster, curves = fit()
        print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)
    elif line.strip() == "predict":
        validation_losses = curves["validation"]["l2"]
        best = int(np.argmin(validation_losses)) + 1
        booster.predict(block(test_rows), num_iteration=best).tofile(os.path.join(folder, "predictions.f64"))
        print(json.dumps({"bestRound": best, "validationLosses": validation_losses}), flush=True)
