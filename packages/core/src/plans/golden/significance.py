"""Golden values of significance: python3 significance.py > significance.json, with scipy."""
import json
import numpy as np
from scipy import stats

tails = [
    {"t": t, "degrees": n, "tail": float(stats.t.sf(t, n))}
    for n in (1, 2, 3, 8, 38, 39, 198)
    for t in (-2.5, 0.0, 0.3, 1.7, 3.4, 6.0)
]
rng = np.random.default_rng(7)
families = []
for count, signals in ((1, 1), (5, 0), (12, 4), (40, 15)):
    p = rng.uniform(size=count)
    p[:signals] *= 1e-3
    # Adjusted p-values: those at or below the rate are discoveries; the least is Simes' p-value.
    adjusted = stats.false_discovery_control(p, method="bh")
    families.append({"ps": p.tolist(), "adjusted": adjusted.tolist()})
shifts = rng.normal(0.002, 0.01, size=39).tolist()
deviation = float(np.std(shifts, ddof=1))
ic = 0.028
t = (ic - float(np.mean(shifts))) / (deviation * np.sqrt(1 + 1 / 39))
one = {"ic": ic, "shifts": shifts, "deviation": deviation, "p": float(stats.t.sf(t, 38))}
print(json.dumps({"tails": tails, "families": families, "one": one}))
