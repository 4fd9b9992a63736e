"""Python's side of bench/lightgbm.ts: trains with the LightGBM package on the same arrays and parameters.

    python lightgbm-reference.py FOLDER

FOLDER holds job.json, x.f32 (row-major) and y.f64. Answers each line `fit` on stdin with one JSON line {"seconds": ...};
`predict` writes predictions.f64 for the rows after the validation block, and the loss curves come with its answer.
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
x = np.fromfile(os.path.join(folder, "x.f32"), dtype=np.float32).reshape(job["rows"], job["columns"])
y = np.fromfile(os.path.join(folder, "y.f64"), dtype=np.float64)
train_end, validation_end = job["trainEnd"], job["validationEnd"]


def fit():
    parameters = dict(job["parameters"])
    train = lgb.Dataset(x[:train_end], label=y[:train_end], params=parameters)
    validation = lgb.Dataset(
        x[train_end:validation_end], label=y[train_end:validation_end], reference=train, params=parameters
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
        booster.predict(x[validation_end:], num_iteration=best).tofile(os.path.join(folder, "predictions.f64"))
        print(json.dumps({"bestRound": best, "validationLosses": validation_losses}), flush=True)
