"""PyTorch's side of graph-onnx.ts: python graph-onnx.py DIR THREADS STEPS COMPARED NETWORK BATCH. Reads and writes files in DIR."""

import pathlib
import sys
import time

import numpy as np
import torch

directory = pathlib.Path(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
steps, compared, name, rows = int(sys.argv[3]), int(sys.argv[4]), sys.argv[5], int(sys.argv[6])


def mlp():
    layers = [torch.nn.Linear(64, 256), torch.nn.ReLU(), torch.nn.Linear(256, 128), torch.nn.ReLU()]
    return torch.nn.Sequential(*layers, torch.nn.Linear(128, 1))


class Transformer(torch.nn.Module):
    def __init__(self):
        super().__init__()
        settings = {"dropout": 0.0, "activation": "gelu", "batch_first": True, "norm_first": True}
        self.embedding = torch.nn.Linear(32, 64)
        self.encoder = torch.nn.ModuleList(torch.nn.TransformerEncoderLayer(64, 4, 128, **settings) for _ in range(2))
        self.head = torch.nn.Linear(64, 1)

    def parameters(self, recurse=True):
        """In the order in which the layers are passed, not declared."""
        parts = [[block.norm1, block.self_attn, block.norm2, block.linear1, block.linear2] for block in self.encoder]
        for part in [self.embedding, *sum(parts, []), self.head]:
            yield from part.parameters()

    def forward(self, x):
        x = self.embedding(x)
        for layer in self.encoder:
            x = layer(x)
        return self.head(x.mean(1))


class Cnn(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.Conv1d(32, 64, 3)
        self.second = torch.nn.Conv1d(64, 64, 3)
        self.head = torch.nn.Linear(64, 1)

    def forward(self, x):
        x = x.transpose(1, 2)
        for convolution in [self.first, self.second]:
            x = torch.relu(convolution(torch.nn.functional.pad(x, (2, 0))))
        return self.head(x.mean(2))


class Lstm(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(32, 64, batch_first=True)
        self.head = torch.nn.Linear(64, 1)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


networks = {"mlp": (mlp, (64,)), "transformer": (Transformer, (32, 32)), "cnn": (Cnn, (32, 32)), "lstm": (Lstm, (32, 32))}


def read(suffix, shape):
    return torch.from_numpy(np.fromfile(directory / f"{name}.{rows}.{suffix}", dtype=np.float32).reshape(shape))


def write(suffix, values):
    np.array(values).tofile(directory / f"{name}.{rows}.{suffix}")


def run(dtype, count):
    create, shape = networks[name]
    module = create()
    torch.nn.utils.vector_to_parameters(read("start", (-1,)), module.parameters())
    module = module.to(dtype)
    optimizer = torch.optim.AdamW(module.parameters(), lr=1e-3, weight_decay=1e-2, fused=True)
    x = read("x", (-1, rows, *shape)).to(dtype)
    y = read("y", (-1, rows)).to(dtype)
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


if compared > 0:
    write("losses", run(torch.float64, compared)[0])
write("times", run(torch.float32, steps)[1][steps // 4 :])
