"""The generator of ansiDraws.ts: both languages draw the same inputs, so that golden files hold results only."""

import numpy as np
import torch


class Draws:
    """The linear congruential generator of ANSI C, 31 bits; numbers in [-1, 1)."""

    def __init__(self, seed):
        self.state = seed

    def array(self, *shape):
        values = []
        for _ in range(int(np.prod(shape))):
            self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
            values.append((self.state >> 7) / 2**23 - 1)
        return torch.tensor(values, dtype=torch.float64).reshape(shape)

    def start(self, parameters):
        """Matrices within ±0.25, vectors within 1 ± 0.25, each in its order; float32 numbers."""
        with torch.no_grad():
            for parameter in parameters:
                value = self.array(*parameter.shape) * 0.25
                parameter.copy_((value + 1 if parameter.ndim == 1 else value).float().double())
