"""The panel of `uniformPanel` in simulatedPanel.ts, made with the same integer generator: both languages get the same bits."""

import numpy as np


def uniform_panel(rows, features, seed):
    state = seed
    draws = np.empty(rows * (features + 1), dtype=np.float64)
    for i in range(draws.size):
        state = (1664525 * state + 1013904223) % 2**32
        draws[i] = state / 2**32
    table = draws.reshape(rows, features + 1)
    x = table[:, :features].astype(np.float32)
    centred = x.astype(np.float64) - 0.5
    target = 8 * centred[:, 0] * centred[:, 1] + (table[:, features] - 0.5)
    # One cell in ten of the third feature is missing.
    missing = x[:, 2] < np.float32(0.1)
    x[missing, 2] = np.nan
    return x, target
