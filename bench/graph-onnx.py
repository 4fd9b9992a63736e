"""PyTorch's side of graph-onnx.ts: python graph-onnx.py DIR THREADS STEPS. Reads and writes float32 files in DIR."""

import pathlib
import sys
import time

import numpy as np
import torch

directory = pathlib.Path(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
steps = int(sys.argv[3])


class Lstm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(32, 64, batch_first=True)
        self.head = torch.nn.Linear(64, 1)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


def mlp():
    layers = [torch.nn.Linear(64, 256), torch.nn.ReLU(), torch.nn.Linear(256, 128), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(128, 1))


networks = {"lstm": (Lstm, (256, 32, 32)), "mlp": (mlp, (256, 64))}


def read(name, shape):
    return torch.from_numpy(np.fromfile(directory / name, dtype=np.float32).reshape(shape))


def load(module, name):
    start = torch.from_numpy(np.fromfile(directory / f"{name}.start", dtype=np.float32))
    torch.nn.utils.vector_to_parameters(start, module.parameters())
    return module


def run(name, dtype, count):
    create, shape = networks[name]
    module = load(create(), name).to(dtype)
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3, weight_decay=1e-2, fused=True)
    x = read(f"{name}.x", (-1, *shape)).to(dtype)
    y = read(f"{name}.y", (-1, shape[0])).to(dtype)
    losses, times = [], []
    for step in range(count):
        begin = time.perf_counter()
        batch = step % len(x)
        optimizer.zero_grad()
        loss = ((module(x[batch])[:, 0] - y[batch]) ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        times.append((time.perf_counter() - begin) * 1e3)
    return losses, times


for name in networks:
    losses, _ = run(name, torch.float64, 20)
    np.array(losses).tofile(directory / f"{name}.losses")
    _, times = run(name, torch.float32, steps)
    np.array(times[steps // 4 :]).tofile(directory / f"{name}.times")
