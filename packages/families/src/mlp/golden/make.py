"""PyTorch's losses of the MLP's first 20 AdamW steps, and what it then predicts: writes golden.json beside this file.

Inputs, first weights and dropout masks are drawn by a generator that the test repeats, so that the file holds results only.
The sixth batch is a partial one.
"""

import json
import pathlib
import sys

import torch

sys.path.append(str(pathlib.Path(__file__).parents[3] / "test"))
from ansi_draws import Draws

FEATURES, UNITS, BATCH, STEPS, RATE = 24, (32, 16), 64, 20, 0.25
PARTIAL_STEP, PARTIAL_ROWS = 6, 40


def network():
    layers, width = [], FEATURES
    for units in UNITS:
        layers += [torch.nn.Linear(width, units, bias=False), torch.nn.BatchNorm1d(units), torch.nn.ReLU()]
        width = units
    return torch.nn.Sequential(*layers, torch.nn.Linear(width, 1)).double()


def forward(model, x, masks):
    masks = iter(masks)
    for layer in model:
        x = layer(x)
        if isinstance(layer, torch.nn.ReLU):
            x = x * next(masks)
    return x[:, 0]


def main():
    draws = Draws(2024)
    model = network()
    draws.start(model.parameters())
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.001, weight_decay=0.01)
    losses = []
    for step in range(1, STEPS + 1):
        x, y = draws.array(BATCH, FEATURES), draws.array(BATCH)
        y = (y * 0.1 + x[:, 0] * x[:, 1]).float().double()
        masks = [(draws.array(BATCH, units) >= 2 * RATE - 1).double() / (1 - RATE) for units in UNITS]
        rows = PARTIAL_ROWS if step == PARTIAL_STEP else BATCH
        loss = torch.mean((forward(model, x[:rows], [m[:rows] for m in masks]) - y[:rows]) ** 2)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    outputs = forward(model, draws.array(BATCH, FEATURES), [1.0] * len(UNITS)).tolist()
    state = torch.cat([s for m in model if isinstance(m, torch.nn.BatchNorm1d) for s in (m.running_mean, m.running_var)])
    golden = {
        "madeWith": f"PyTorch {torch.__version__}, float64",
        "losses": losses,
        "outputs": outputs,
        "state": state.tolist(),
    }
    pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden, indent=1) + "\n")


main()
