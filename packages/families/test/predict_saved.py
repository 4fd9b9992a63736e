"""Predicts with a saved model in its own library: python predict_saved.py lightgbm|xgboost MODEL FEATURES ROWS COLUMNS OUT

FEATURES: raw float32, row-major. OUT: raw float64.
"""

import sys

import numpy as np

library, model, features, rows, columns, out = sys.argv[1:]
x = np.fromfile(features, dtype=np.float32).reshape(int(rows), int(columns))
if library == "lightgbm":
    import lightgbm

    predictions = lightgbm.Booster(model_file=model).predict(x)
else:
    import xgboost

    booster = xgboost.Booster(model_file=model)
    predictions = booster.predict(xgboost.DMatrix(x, feature_names=booster.feature_names))
np.asarray(predictions, dtype=np.float64).tofile(out)
