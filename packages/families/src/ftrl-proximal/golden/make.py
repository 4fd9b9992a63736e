"""Algorithm 1 of McMahan et al. 2013 (squared loss in place of the logistic one), written from the paper, row by row.

Weights are computed from z and n whenever they are needed, as the paper does. Run in this folder: python make.py
"""

import json
import math

ALPHA, BETA, L1, L2 = 0.3, 1.0, 0.4, 0.5

# x = 0 stands for a feature that is absent in a row: the paper's set I leaves it out.
ROWS = [
    ([1.0, 0.0, -2.0], 1.0),
    ([0.5, 1.5, 0.0], -0.5),
    ([-1.0, 0.25, 1.0], 2.0),
    ([0.0, -1.0, 0.5], 0.25),
    ([2.0, 1.0, -1.0], -1.5),
    ([1.0, -0.5, 0.75], 0.5),
    ([-0.25, 0.125, 1.25], 1.0),
    ([0.75, 2.0, 0.0], -1.0),
]
FEATURES = 3
BIAS = FEATURES


def weight(z, n, i):
    l1, l2 = (0.0, 0.0) if i == BIAS else (L1, L2)
    if abs(z[i]) <= l1:
        return 0.0
    sign = -1.0 if z[i] < 0 else 1.0
    return -(z[i] - sign * l1) / ((BETA + math.sqrt(n[i])) / ALPHA + l2)


z = [0.0] * (FEATURES + 1)
n = [0.0] * (FEATURES + 1)
trace = []
for x, y in ROWS:
    values = dict(enumerate(x))
    present = {i: v for i, v in values.items() if v != 0.0}
    present[BIAS] = 1.0
    w = {i: weight(z, n, i) for i in present}
    p = sum(w[i] * present[i] for i in present)
    for i, v in present.items():
        g = (p - y) * v
        sigma = (math.sqrt(n[i] + g * g) - math.sqrt(n[i])) / ALPHA
        z[i] += g - sigma * w[i]
        n[i] += g * g
    trace.append({"x": x, "y": y, "prediction": p, "weights": [weight(z, n, i) for i in range(FEATURES + 1)]})

with open("golden.json", "w") as file:
    json.dump({"alpha": ALPHA, "beta": BETA, "l1": L1, "l2": L2, "trace": trace}, file, indent=1)
    file.write("\n")
