"""Trains Python's LightGBM on the panel of test/uniform_panel.py and writes what it predicts.

Run in this folder: python make.py    (lightgbm 4.7.0)
"""

import json
import sys

import lightgbm as lgb

sys.path.insert(0, "../../../test")
from uniform_panel import uniform_panel

x, y = uniform_panel(rows=1500, features=6, seed=11)
parameters = {
    "objective": "regression",
    "metric": "l2",
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
golden = {
    "lightgbm": lgb.__version__,
    "bestRound": booster.best_iteration,
    "trainLosses": curves["train"]["l2"],
    "validationLosses": curves["validation"]["l2"],
    "predictions": booster.predict(x[1200:]).tolist(),
    "gains": booster.feature_importance("gain", iteration=booster.best_iteration).tolist(),
}
with open("golden.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
print(booster.best_iteration, len(curves["train"]["l2"]))
