"""PyTorch's losses, weights and errors of the first 12 AdamW steps of a network of 3 targets, weighted by learned uncertainty:
writes golden.json beside this file. The last batch is a partial one."""

import json
import pathlib
import sys

import torch

sys.path.append(str(pathlib.Path(__file__).parents[3] / "test"))
from ansi_draws import Draws

FEATURES, UNITS, HEAD, TARGETS, BATCH, STEPS, PARTIAL_ROWS = 6, 8, 4, 3, 32, 12, 20


class MultiTask(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(FEATURES, UNITS, bias=False)
        self.norm = torch.nn.BatchNorm1d(UNITS)
        self.heads = torch.nn.ModuleList(
            torch.nn.Sequential(torch.nn.Linear(UNITS, HEAD), torch.nn.ReLU(), torch.nn.Linear(HEAD, 1))
            for _ in range(TARGETS)
        )
        self.log_variances = torch.nn.Parameter(torch.zeros(TARGETS))

    def forward(self, x):
        trunk = torch.relu(self.norm(self.hidden(x)))
        return torch.cat([head(trunk) for head in self.heads], dim=1)


draws = Draws(31)
model = MultiTask().double()
# PyTorch lists a module's own parameters before those of its parts.
ordered = [p for name, p in model.named_parameters() if name != "log_variances"] + [model.log_variances]
draws.start(ordered)
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.01)
losses, weights, errors = [], [], []
for step in range(1, STEPS + 1):
    x, noise = draws.array(BATCH, FEATURES), draws.array(BATCH, TARGETS)
    y = (noise + x[:, :TARGETS]).float().double()
    rows = PARTIAL_ROWS if step == STEPS else BATCH
    error = ((model(x[:rows]) - y[:rows]) ** 2).mean(dim=0)
    weight = torch.exp(-model.log_variances)
    loss = (weight * error + model.log_variances).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    weights.append(weight.tolist())
    errors.append(error.tolist())
golden = {"madeWith": f"PyTorch {torch.__version__}, float64", "losses": losses, "weights": weights, "errors": errors}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden, indent=1) + "\n")
