"""Non-negative least squares by scipy.

Run in this folder: python make.py    (scipy 1.17)
"""

import json

import numpy as np
from scipy.optimize import nnls

random = np.random.default_rng(7)
cases = []
for rows, columns, kind in [(30, 3, "plain"), (40, 6, "plain"), (50, 8, "alike"), (20, 4, "negative"), (12, 5, "exact")]:
    a = random.normal(size=(rows, columns))
    if kind == "alike":
        a[:, 1:] = 0.95 * a[:, :1] + 0.3 * a[:, 1:]
    b = a @ random.normal(size=columns) + 0.5 * random.normal(size=rows)
    if kind == "negative":
        b = -np.abs(a).sum(axis=1)
        a = np.abs(a)
    if kind == "exact":
        b = a @ np.array([0.5, 0, 1.25, 0, 2])
    x, norm = nnls(a, b)
    cases.append({"kind": kind, "a": a.tolist(), "b": b.tolist(), "x": x.tolist(), "norm": norm})
with open("golden.json", "w") as file:
    json.dump(cases, file)
    file.write("\n")
