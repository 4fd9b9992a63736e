"""Trains Python's XGBoost on the panel of test/uniform_panel.py and writes what it predicts.

No sampling of rows and columns: its draws differ between XGBoost's versions.
Run in this folder: python make.py    (xgboost 1.7.4)
"""

import json
import sys

import numpy as np
import xgboost as xgb

sys.path.insert(0, "../../../test")
from uniform_panel import uniform_panel

x, y = uniform_panel(rows=1500, features=6, seed=11)
# A standard deviation of 1 to 1.4: the family's own scaling is then by 1.
y = y * 1.5
label = y.astype(np.float32)
train = xgb.DMatrix(x[:900], label=label[:900])
validation = xgb.DMatrix(x[900:1200], label=label[900:1200])
parameters = {
    "objective": "reg:squarederror",
    "eval_metric": "rmse",
    "tree_method": "hist",
    "eta": 0.1,
    "max_depth": 4,
    "min_child_weight": 20,
    "lambda": 1,
    "alpha": 0,
    "max_bin": 64,
    "base_score": float(np.mean(y[:900])),
    "seed": 5,
    "nthread": 1,
    "verbosity": 0,
}
curves = {}
booster = xgb.train(
    parameters,
    train,
    num_boost_round=300,
    evals=[(train, "train"), (validation, "validation")],
    early_stopping_rounds=20,
    evals_result=curves,
    verbose_eval=False,
)
best = booster.best_iteration + 1
golden = {
    "xgboost": xgb.__version__,
    "targetDeviation": float(np.std(y[:900])),
    "bestRound": best,
    "trainLosses": [rmse**2 for rmse in curves["train"]["rmse"]],
    "validationLosses": [rmse**2 for rmse in curves["validation"]["rmse"]],
    "predictions": booster.predict(xgb.DMatrix(x[1200:]), iteration_range=(0, best)).astype(float).tolist(),
}
with open("golden.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
print(best, len(curves["train"]["rmse"]), golden["targetDeviation"])
