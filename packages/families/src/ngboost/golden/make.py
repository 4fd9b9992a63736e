"""Natural gradient boosting of a Normal distribution by its definition (Duan et al. 2020), with scikit-learn's trees.

Run in this folder: python make.py    (scikit-learn 1.9, numpy 2)

Few distinct feature values, so that exact splits and splits between histogram bins are the same.
"""

import json

import numpy as np
from sklearn.tree import DecisionTreeRegressor

random = np.random.default_rng(3)
rows, train, rounds, rate, leaves, least = 600, 400, 12, 0.3, 4, 20
x = random.integers(0, 12, size=(rows, 3)).astype(np.float64)
y = 0.3 * x[:, 0] + np.exp(0.15 * x[:, 1] - 0.5) * random.normal(size=rows)
y = y.astype(np.float32).astype(np.float64)
center, spread = y[:train].mean(), y[:train].std()
outcome = (y - center) / spread


def nll(mean, log_deviation, value):
    return np.mean(log_deviation + 0.5 * ((value - mean) / np.exp(log_deviation)) ** 2 + 0.5 * np.log(2 * np.pi))


def line_search(present, after):
    scale = 1.0
    if after(scale) < present:
        while scale < 256 and after(2 * scale) < after(scale):
            scale *= 2
        return scale
    while scale > 2**-20:
        scale /= 2
        if after(scale) < present:
            return scale
    return 0.0


mean, log_deviation = np.zeros(rows), np.zeros(rows)
losses, scales = [], []
for _ in range(rounds):
    error = mean - outcome
    natural = [error, 0.5 * (1 - (error / np.exp(log_deviation)) ** 2)]
    steps = []
    for gradient in natural:
        tree = DecisionTreeRegressor(max_leaf_nodes=leaves, min_samples_leaf=least)
        steps.append(tree.fit(x[:train], gradient[:train]).predict(x))
    present = nll(mean[:train], log_deviation[:train], outcome[:train])
    scale = line_search(
        present,
        lambda s: nll(
            (mean - s * steps[0])[:train], (log_deviation - s * steps[1])[:train], outcome[:train]
        ),
    )
    mean = mean - rate * scale * steps[0]
    log_deviation = log_deviation - rate * scale * steps[1]
    scales.append(scale)
    losses.append(
        {
            "train": nll(mean[:train], log_deviation[:train], outcome[:train]) + np.log(spread),
            "validation": nll(mean[train:], log_deviation[train:], outcome[train:]) + np.log(spread),
        }
    )
golden = {
    "x": x.tolist(),
    "y": y.tolist(),
    "train": train,
    "rate": rate,
    "leaves": leaves,
    "least": least,
    "scales": scales,
    "losses": losses,
    "means": (center + spread * mean).tolist(),
    "deviations": (spread * np.exp(log_deviation)).tolist(),
}
with open("golden.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
