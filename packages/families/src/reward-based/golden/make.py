"""Gradient of the recurrent policy's reward through time, and the differential Sharpe ratio, by PyTorch's autograd in float64.

    python make.py > golden.json
"""
import json

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(3)
bars, symbols, features, cost, rate = 12, 3, 4, 0.002, 0.25
x = np.float32(rng.normal(size=(bars, symbols, features))).astype(float)
r = 0.01 * rng.normal(size=(bars, symbols))
theta = torch.tensor(0.4 * rng.normal(size=features + 2), requires_grad=True)

rewards, gradients = [], []
position = torch.zeros(symbols)
for t in range(bars):
    now = torch.tanh(torch.tensor(x[t]) @ theta[:features] + theta[features] * position + theta[features + 1])
    reward = (now * torch.tensor(r[t]) - cost * (now - position).abs()).mean()
    (gradient,) = torch.autograd.grad(reward, theta, retain_graph=True)
    rewards.append(reward.item())
    gradients.append(gradient.tolist())
    position = now

# dD/dR of the differential Sharpe ratio: D(eta) by its definition, the derivative of the moving Sharpe ratio in eta at 0.
slopes = []
mean = square = 0.0
for n, reward in enumerate(rewards):
    if n * rate >= 1:
        value = torch.tensor(reward, requires_grad=True)
        eta = torch.tensor(0.0, requires_grad=True)
        a = mean + eta * (value - mean)
        b = square + eta * (value**2 - square)
        (differential,) = torch.autograd.grad(a / torch.sqrt(b - a**2), eta, create_graph=True)
        (slope,) = torch.autograd.grad(differential, value)
        slopes.append(slope.item())
    else:
        slopes.append(None)
    weight = max(rate, 1 / (n + 1))
    mean += weight * (reward - mean)
    square += weight * (reward**2 - square)

print(json.dumps({
    "features": x.reshape(-1, features).tolist(), "returns": r.ravel().tolist(), "theta": theta.tolist(),
    "cost": cost, "rate": rate, "bars": bars, "symbols": symbols,
    "rewards": rewards, "gradients": gradients, "slopes": slopes,
}))
