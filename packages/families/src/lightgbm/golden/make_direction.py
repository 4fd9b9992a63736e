"""Trains Python's LightGBM on the sign of the target of test/uniform_panel.py and writes the probabilities it gives.

Run in this folder: python make_direction.py    (lightgbm 4.7.0)
"""

import json
import sys

import lightgbm as lgb
import numpy as np
from sklearn.metrics import log_loss, roc_auc_score

sys.path.insert(0, "../../../test")
from uniform_panel import uniform_panel

x, y = uniform_panel(rows=1500, features=6, seed=11)
y = (np.asarray(y) > 0).astype(float)
parameters = {
    "objective": "binary",
    "metric": "binary_logloss",
    "learning_rate": 0.1,
    "num_leaves": 15,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "max_bin": 63,
    "seed": 5,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}
train = lgb.Dataset(x[:900], label=y[:900], params=parameters)
validation = lgb.Dataset(x[900:1200], label=y[900:1200], reference=train, params=parameters)
curves = {}
booster = lgb.train(
    parameters,
    train,
    num_boost_round=300,
    valid_sets=[train, validation],
    valid_names=["train", "validation"],
    callbacks=[lgb.early_stopping(20, verbose=False), lgb.record_evaluation(curves)],
)
p = booster.predict(x[1200:])
golden = {
    "lightgbm": lgb.__version__,
    "bestRound": booster.best_iteration,
    "trainLosses": curves["train"]["binary_logloss"],
    "validationLosses": curves["validation"]["binary_logloss"],
    "probabilities": p.tolist(),
    "logLoss": float(log_loss(y[1200:], p)),
    "auc": float(roc_auc_score(y[1200:], p)),
}
with open("direction.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
print(booster.best_iteration, golden["logLoss"], golden["auc"])
