"""PyTorch's first AdamW steps of a network with torch.nn.utils.spectral_norm: writes spectral.json beside this file.

Everything is drawn by a generator that the test repeats, so that the file holds results only.
"""

import json
import pathlib

import numpy as np
import torch

FEATURES, UNITS, BATCH, STEPS = 6, 8, 16, 12


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


def main():
    draws = Draws(77)
    layers = [torch.nn.Linear(FEATURES, UNITS), torch.nn.Linear(UNITS, 1)]
    for layer in layers:
        layer.double()
        with torch.no_grad():
            layer.weight.copy_(draws.array(*layer.weight.shape).float().double())
            layer.bias.copy_(draws.array(*layer.bias.shape).float().double())
        torch.nn.utils.spectral_norm(layer)
        for vector in (layer.weight_u, layer.weight_v):
            vector.fill_(1 / np.sqrt(len(vector)))
    model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1])
    parameters = [p for layer in layers for p in (layer.weight_orig, layer.bias)]
    optimizer = torch.optim.AdamW(parameters, lr=0.01, weight_decay=0.01)
    losses = []
    for _ in range(STEPS):
        x, y = draws.array(BATCH, FEATURES), draws.array(BATCH)
        loss = torch.mean((model(x)[:, 0] - y) ** 2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    golden = {
        "madeWith": f"PyTorch {torch.__version__}, float64",
        "losses": losses,
        "state": torch.cat([v for layer in layers for v in (layer.weight_u, layer.weight_v)]).tolist(),
        "outputs": model(draws.array(BATCH, FEATURES))[:, 0].tolist(),
    }
    pathlib.Path(__file__).with_name("spectral.json").write_text(json.dumps(golden, indent=1) + "\n")


main()
