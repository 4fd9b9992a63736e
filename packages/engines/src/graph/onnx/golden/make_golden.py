"""Reference values from PyTorch at widths that are whole blocks of channels: python make_golden.py (torch 2.13, numpy)."""

import json
import pathlib
import sys

import numpy as np
import torch

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "golden"))
from make_golden import Cases, check_against_torch_lstm, conv1d, lstm  # noqa: E402

rows = 64


def short(value):
    """Nine digits say a float32; the files stay small."""
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [short(item) for item in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def flat(tensor):
    return {"shape": list(tensor.shape), "data": tensor.detach().reshape(-1).tolist()}


def gradient_cases():
    cases = Cases()
    # Features that fill no whole block, and features that do.
    cases.add("lstm.last", lstm("last"), (3, 32, 16), (64, 16), (64, 16), (64,))
    cases.add("lstm.sequence", lstm("sequence"), (3, 16, 5), (64, 5), (64, 16), (64,))
    cases.add("lstm.lastFrom", lstm("last"), (3, 32, 5), (64, 5), (64, 16), (64,), (32, 16), (32, 16))
    cases.add("conv1d.whole", conv1d(2), (6, 16, 16), (16, 16, 3), (16,))
    cases.add("conv1d.padded", conv1d(1), (5, 16, 6), (16, 6, 2), (16,))
    weights = [(16, 16, 2), (16,)]

    def block(x, w1, b1, w2, b2, mask):
        hidden = torch.relu(conv1d(1)(x, w1, b1)) * mask
        return torch.relu(x + torch.tanh(conv1d(2)(hidden, w2, b2)) - 0.5 * hidden).mean(0)

    # Small enough that tanh does not saturate: a ReLU of exactly 0 has no one gradient.
    cases.add("conv1d.block", block, (5, 16, 16), *weights, *weights, (1, 16, 16), low=-0.45, high=0.45)
    return cases.values


class LstmNetwork(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.LSTM(5, 16, batch_first=True)
        self.second = torch.nn.LSTM(16, 16, batch_first=True)
        self.head = torch.nn.Linear(16, 1)

    def forward(self, x):
        return self.head(self.second(self.first(x)[0])[0][:, -1])


def training(module, shape, clip_norm, learning_rate, weight_decay):
    """Twenty AdamW steps over batches of all rows, of more than half of them, and of less; then a prediction."""
    random = np.random.default_rng(12)
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            # Exactly a float32, so that both start alike.
            parameter.copy_(parameter.float().double())
    start = torch.cat([p.detach().reshape(-1) for p in module.parameters()])
    optimizer = torch.optim.AdamW(module.parameters(), lr=learning_rate, weight_decay=weight_decay)
    batches = []
    for size in [rows, 41, 19]:
        x = torch.tensor(np.round(random.normal(0, 1, (size, *shape)) * 64) / 64, dtype=torch.float64)
        y = torch.round((x.reshape(size, -1)[:, :3].sum(1) * 0.5) * 64) / 64
        batches.append((x, y))
    losses = []
    for step in range(20):
        x, y = batches[step % len(batches)]
        optimizer.zero_grad()
        loss = ((module(x)[:, 0] - y) ** 2).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(module.parameters(), clip_norm)
        optimizer.step()
        losses.append(loss.item())
    return {
        "clipNorm": clip_norm,
        "learningRate": learning_rate,
        "weightDecay": weight_decay,
        "batchSize": rows,
        "start": flat(start),
        "batches": [{"x": flat(x), "y": flat(y)} for x, y in batches],
        "losses": losses,
        "predictions": flat(module(batches[0][0])[:, 0]),
    }


def training_cases():
    torch.manual_seed(6)
    return {"lstm": training(LstmNetwork(), (4, 5), clip_norm=0.5, learning_rate=0.01, weight_decay=0.02)}


if __name__ == "__main__":
    check_against_torch_lstm()
    for name, values in {"gradients": gradient_cases(), "training": training_cases()}.items():
        (here / f"{name}.json").write_text(json.dumps(short(values), separators=(",", ":")) + "\n")
