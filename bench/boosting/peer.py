"""Python's side of bench/boosting.ts: trains with a family's own package on the same arrays and parameters.

    python peer.py FOLDER

FOLDER holds job.json, features.f32 (column-major, as a dataset on disk has it), target.f64 and rows.u32, the fold's rows. Answers each line `fit` on stdin with one JSON line {"seconds": ...};
a fit begins, like ours, with taking the fold's rows out of the columns. `predict` writes predictions.f64 for the rows after the
validation block by the rounds that did best on that block, and answers with the least validation loss.
"""

import json
import os
import sys
import time

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


class LightGbm:
    def __init__(self, levels=(None,)):
        import lightgbm

        self.lightgbm, self.levels = lightgbm, levels
        self.version = f"Python's LightGBM {lightgbm.__version__}"

    def fit(self):
        base = {key: value for key, value in job["parameters"].items() if key != "levels"}
        train = self.lightgbm.Dataset(block(train_rows), label=target[train_rows], params=base, free_raw_data=False)
        validation = self.lightgbm.Dataset(
            block(validation_rows), label=target[validation_rows], reference=train, params=base, free_raw_data=False
        )
        self.boosters, self.curves = [], []
        for level in self.levels:
            curves = {}
            parameters = dict(base) if level is None else {**base, "alpha": level}
            booster = self.lightgbm.train(
                parameters,
                train,
                num_boost_round=job["rounds"],
                valid_sets=[train, validation],
                valid_names=["train", "validation"],
                callbacks=[self.lightgbm.record_evaluation(curves)],
            )
            self.boosters.append(booster)
            self.curves.append(next(iter(curves["validation"].values())))

    def predict(self):
        rows = block(test_rows)
        best = [int(np.argmin(curve)) + 1 for curve in self.curves]
        each = [booster.predict(rows, num_iteration=count) for booster, count in zip(self.boosters, best)]
        return np.sort(each, axis=0)[len(each) // 2], float(np.mean([min(curve) for curve in self.curves]))


class XgBoost:
    def __init__(self):
        import xgboost

        self.xgboost = xgboost
        self.version = f"Python's XGBoost {xgboost.__version__}"

    def fit(self):
        parameters = dict(job["parameters"])
        self.unit = parameters.pop("unit")
        matrices = [
            self.xgboost.DMatrix(block(rows), label=target[rows] * self.unit, nthread=parameters["nthread"])
            for rows in (train_rows, validation_rows)
        ]
        curves = {}
        self.booster = self.xgboost.train(
            parameters,
            matrices[0],
            num_boost_round=job["rounds"],
            evals=list(zip(matrices, ["train", "validation"])),
            evals_result=curves,
            verbose_eval=False,
        )
        self.curve = curves["validation"]["rmse"]

    def predict(self):
        best = int(np.argmin(self.curve)) + 1
        predictions = self.booster.predict(self.xgboost.DMatrix(block(test_rows)), iteration_range=(0, best))
        return predictions.astype(np.float64) / self.unit, (min(self.curve) / self.unit) ** 2


class NgBoost:
    """Natural gradient boosting of a Normal distribution (Duan et al. 2020), with scikit-learn's trees."""

    def __init__(self):
        import sklearn

        self.version = f"natural gradient boosting with scikit-learn {sklearn.__version__}'s trees"

    def fit(self):
        from sklearn.tree import DecisionTreeRegressor

        settings = job["parameters"]
        x, held = np.ascontiguousarray(block(train_rows)), np.ascontiguousarray(block(validation_rows))
        self.center, self.spread = target[train_rows].mean(), target[train_rows].std()
        y, held_y = ((target[rows] - self.center) / self.spread for rows in (train_rows, validation_rows))
        state, held_state = np.zeros((2, len(y))), np.zeros((2, len(held_y)))
        self.trees, self.curve = [], []
        for _ in range(job["rounds"]):
            error = state[0] - y
            natural = [error, 0.5 * (1 - (error * np.exp(-state[1])) ** 2)]
            trees = [
                DecisionTreeRegressor(max_leaf_nodes=settings["leaves"], min_samples_leaf=settings["minLeafRows"]).fit(
                    x, gradient
                )
                for gradient in natural
            ]
            steps = np.array([tree.predict(x) for tree in trees])
            factor = settings["learningRate"] * self.line_search(state, steps, y)
            state = state - factor * steps
            held_state = held_state - factor * np.array([tree.predict(held) for tree in trees])
            self.trees.append((trees, factor))
            self.curve.append(self.nll(held_state, held_y) + np.log(self.spread))

    @staticmethod
    def nll(state, y):
        return np.mean(state[1] + 0.5 * ((y - state[0]) * np.exp(-state[1])) ** 2) + 0.5 * np.log(2 * np.pi)

    def line_search(self, state, steps, y):
        present, scale = self.nll(state, y), 1.0
        after = lambda s: self.nll(state - s * steps, y)  # noqa: E731
        if after(scale) < present:
            while scale < 256 and after(2 * scale) < after(scale):
                scale *= 2
            return scale
        while scale > 2**-20:
            scale /= 2
            if after(scale) < present:
                return scale
        return 0.0

    def predict(self):
        rows = np.ascontiguousarray(block(test_rows))
        best = int(np.argmin(self.curve)) + 1
        mean = -sum(factor * trees[0].predict(rows) for trees, factor in self.trees[:best])
        return self.center + self.spread * mean, float(min(self.curve))


peers = {
    "LightGBM": LightGbm,
    "QuantileLightGBM": lambda: LightGbm(job["parameters"]["levels"]),
    "XGBoost": XgBoost,
    "NGBoost": NgBoost,
}
peer = peers[job["family"]]()
print(json.dumps({"version": peer.version}), flush=True)
for line in sys.stdin:
    if line.strip() == "fit":
        started = time.perf_counter()
        peer.fit()
        print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)
    elif line.strip() == "predict":
        predictions, loss = peer.predict()
        np.asarray(predictions, dtype=np.float64).tofile(os.path.join(folder, "predictions.f64"))
        print(json.dumps({"loss": loss}), flush=True)
