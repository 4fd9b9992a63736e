"""The network's gradient by PyTorch's autograd, its SGD with momentum as the inner loop, and one outer step of Reptile, in float64.

    python make.py > golden.json
"""
import json

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(7)
inputs, units, rows = 4, 3, 12
x = np.float32(rng.normal(size=(rows, inputs))).astype(float)
y = rng.normal(size=rows)
parameters = torch.tensor(0.6 * rng.normal(size=inputs + 1 + units * (2 + inputs)), requires_grad=True)
batches = [rng.integers(0, rows, size=5).tolist() for _ in range(6)]


def forward(theta, x):
    linear, bias, output, offsets, hidden = torch.split(theta, [inputs, 1, units, units, units * inputs])
    return x @ linear + bias + torch.tanh(x @ hidden.reshape(units, inputs).T + offsets) @ output / np.sqrt(units)


def loss(theta, chosen):
    return ((forward(theta, torch.tensor(x[chosen])) - torch.tensor(y[chosen])) ** 2).mean()


first = loss(parameters, batches[0])
(gradient,) = torch.autograd.grad(first, parameters)
moving = parameters.detach().clone().requires_grad_()
optimiser = torch.optim.SGD([moving], lr=0.05, momentum=0.5)
losses = []
for chosen in batches:
    optimiser.zero_grad()
    value = loss(moving, chosen)
    value.backward()
    optimiser.step()
    losses.append(value.item())
start, end = parameters.detach(), moving.detach()
_, _, _, offsets, hidden = (v.numpy() for v in torch.split(start, [inputs, 1, units, units, units * inputs]))
hidden = hidden.reshape(units, inputs)
probe = torch.zeros(1, inputs, requires_grad=True)
(slopes,) = torch.autograd.grad(forward(start, probe).sum(), probe)
seen = np.hstack([x, np.ones((rows, 1)), np.tanh(x @ hidden.T + offsets) / np.sqrt(units)])
print(json.dumps({
    "inputs": inputs, "units": units, "matrix": x.ravel().tolist(), "labels": y.tolist(), "batches": batches,
    "parameters": start.tolist(), "predictions": forward(start, torch.tensor(x)).tolist(),
    "loss": first.item(), "gradient": gradient.tolist(), "rate": 0.05, "losses": losses, "adapted": end.tolist(),
    "outerRate": 0.3, "moved": (start + 0.3 * (end - start)).tolist(), "curvature": float(np.linalg.eigvalsh(seen.T @ seen / rows)[-1]), "slopes": slopes.ravel().tolist(),
}))
