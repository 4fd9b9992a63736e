"""The Torch group's networks in PyTorch: losses of twenty AdamW steps and the gradient of the first batch.

Run in this folder: python make.py    (torch 2.13, numpy)
"""

import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
features, lookback, rows = 3, 6, 16


class Block(nn.Module):
    def __init__(self, channels, units, width, dilation, same):
        super().__init__()
        self.conv1 = nn.Conv1d(channels, units, width, dilation=dilation)
        self.conv2 = nn.Conv1d(units, units, width, dilation=dilation)
        if channels != units:
            self.downsample = nn.Linear(channels, units)
        reach = (width - 1) * dilation
        self.reach = (reach // 2, reach // 2) if same else (reach, 0)

    def forward(self, x):  # [batch, T, channels]
        def once(conv, value):
            return torch.relu(conv(functional.pad(value.transpose(1, 2), self.reach))).transpose(1, 2)

        around = self.downsample(x) if hasattr(self, "downsample") else x
        return torch.relu(around + once(self.conv2, once(self.conv1, x)))


class Cnn1d(nn.Module):
    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList([Block(features, 8, 3, 1, False), Block(8, 8, 3, 2, False)])
        self.head = nn.Linear(16, 1)

    def forward(self, window, _):
        for block in self.blocks:
            window = block(window)
        return self.head(torch.cat([window.mean(1), window.amax(1)], 1))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.ModuleList([nn.LSTM(features, 8, batch_first=True), nn.LSTM(8, 8, batch_first=True)])
        self.head = nn.Linear(8, 1)

    def forward(self, window, _):
        for layer in self.lstm:
            window = layer(window)[0]
        return self.head(window[:, -1])


def encoder_layer(width):
    return nn.TransformerEncoderLayer(
        width, 2, 12, dropout=0, activation="gelu", norm_first=True, batch_first=True
    )


class Encoder(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.ModuleList([encoder_layer(width), encoder_layer(width)])
        self.norm = nn.LayerNorm(width)


class Transformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Linear(features, 8)
        self.positions = nn.Parameter(torch.empty(lookback, 8))
        self.encoder = Encoder(8)
        self.head = nn.Linear(8, 1)

    def forward(self, window, _):
        mask = torch.triu(torch.full((lookback, lookback), float("-inf"), dtype=torch.float64), 1)
        x = self.embedding(window) + self.positions
        for layer in self.encoder.layers:
            x = layer(x, mask)
        return self.head(self.encoder.norm(x[:, -1]))


class Tokenizer(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(features, 8))
        self.bias = nn.Parameter(torch.empty(features, 8))
        self.cls = nn.Parameter(torch.empty(8))


class TabTransformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokenizer = Tokenizer()
        self.encoder = Encoder(8)
        self.head = nn.Linear(8, 1)

    def forward(self, _, row):
        tokens = row[:, :, None] * self.tokenizer.weight + self.tokenizer.bias
        x = torch.cat([tokens, self.tokenizer.cls.expand(row.shape[0], 1, -1)], 1)
        for layer in self.encoder.layers:
            x = layer(x)
        return self.head(torch.relu(self.encoder.norm(x[:, -1])))


class TabLstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Linear(features, 5)
        self.hidden, self.cell, self.gate = (nn.Linear(5, 8) for _ in range(3))
        self.lstm = nn.LSTM(features, 8, batch_first=True)
        self.head = nn.Linear(8, 1)

    def forward(self, window, row):
        embedding = torch.relu(self.embedding(row))
        start = (torch.tanh(self.hidden(embedding))[None], self.cell(embedding)[None])
        last = self.lstm(window, start)[0][:, -1]
        return self.head(last * torch.sigmoid(self.gate(embedding)))


class TabCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.order = nn.Linear(features, 5 * 4)
        self.blocks = nn.ModuleList([Block(4, 4, 3, 1, True)])
        self.head = nn.Linear(20, 1)

    def forward(self, _, row):
        x = torch.relu(self.order(row)).reshape(-1, 5, 4)
        for block in self.blocks:
            x = block(x)
        return self.head(x.flatten(1))


def short(tensor, digits=9):
    return [float(f"{value:.{digits}g}") for value in tensor.detach().reshape(-1).tolist()]


def golden(module):
    random = np.random.default_rng(11)
    module = module.double()
    with torch.no_grad():
        for name, parameter in module.named_parameters():
            if not name.endswith("norm.weight") and "norm1.weight" not in name and "norm2.weight" not in name:
                values = np.round(random.uniform(-0.5, 0.5, tuple(parameter.shape)) * 256) / 256
                parameter.copy_(torch.tensor(values))
    start = {name.replace("_l0", ""): short(value) for name, value in module.named_parameters()}
    batches = []
    for size in [rows, rows, 11]:
        window = np.round(random.normal(size=(size, lookback, features)) * 64) / 64
        row = np.round(random.normal(size=(size, features)) * 64) / 64
        target = np.round((window[:, 2, 0] + row[:, 1]) * 32) / 64
        batches.append([torch.tensor(value) for value in (window, row, target)])
    optimizer = torch.optim.AdamW(module.parameters(), lr=0.01, weight_decay=0.01)
    losses, gradient = [], None
    for step in range(20):
        window, row, target = batches[step % len(batches)]
        optimizer.zero_grad()
        loss = ((module(window, row)[:, 0] - target) ** 2).mean()
        loss.backward()
        if gradient is None:
            gradient = {name.replace("_l0", ""): short(p.grad) for name, p in module.named_parameters()}
        optimizer.step()
        losses.append(float(f"{loss.item():.12g}"))
    return {
        "start": start,
        "batches": [[short(value) for value in batch] for batch in batches],
        "losses": losses,
        "gradient": gradient,
    }


modules = {
    "CNN1D": Cnn1d,
    "LSTM": Lstm,
    "Transformer": Transformer,
    "TabCNN": TabCnn,
    "TabLSTM": TabLstm,
    "TabTransformer": TabTransformer,
}
torch.manual_seed(1)
with open("golden.json", "w") as file:
    json.dump({name: golden(module()) for name, module in modules.items()}, file, separators=(",", ":"))
    file.write("\n")
