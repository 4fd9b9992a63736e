"""Reference values from PyTorch for the graph engine's tests: python make_golden.py (torch 2.13, numpy)."""

import json
import pathlib

import numpy as np
import torch

here = pathlib.Path(__file__).parent
torch.set_num_threads(1)


def flat(tensor):
    # Short and exact: the nearest float32 where float32 went in, 17 digits where float64 comes out.
    return {"shape": list(tensor.shape), "data": [float(v) for v in tensor.detach().reshape(-1).tolist()]}


class Cases:
    def __init__(self):
        self.random = np.random.default_rng(7)
        self.values = {}

    def tensor(self, shape, low=-1.5, high=1.5):
        # Rounded so that the file stays small, and exactly a float32.
        return torch.tensor(np.round(self.random.uniform(low, high, shape) * 64) / 64, dtype=torch.float64)

    def add(self, name, function, *shapes, low=-1.5, high=1.5):
        inputs = [self.tensor(shape, low, high) for shape in shapes]
        self.add_with(name, function, inputs)

    def add_with(self, name, function, inputs):
        for tensor in inputs:
            tensor.requires_grad_(True)
        outputs = function(*inputs)
        outputs = list(outputs) if isinstance(outputs, (tuple, list)) else [outputs]
        seeds = [self.tensor(tuple(output.shape)) for output in outputs]
        total = sum((output * seed).sum() for output, seed in zip(outputs, seeds))
        gradients = torch.autograd.grad(total, inputs, allow_unused=True)
        gradients = [torch.zeros_like(x) if g is None else g for x, g in zip(inputs, gradients)]
        lists = {"inputs": inputs, "seeds": seeds, "outputs": outputs, "gradients": gradients}
        self.values[name] = {key: [flat(t) for t in tensors] for key, tensors in lists.items()}


def lstm(returns):
    """Written out, so that it can be differentiated twice."""

    def run(x, wi, wh, b, *state):
        units = wh.shape[1]
        zeros = x.new_zeros(x.shape[1], units)
        h, c = state or (zeros, zeros)
        states = []
        for row in x:
            i, f, g, o = (row @ wi.T + h @ wh.T + b).chunk(4, dim=1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h)
        return states[-1] if returns == "last" else torch.stack(states)

    return run


def lstm_gradient(returns, input_gradient):
    def run(x, *others):
        operands = list(others[:-1])
        wanted = operands + ([x] if input_gradient else [])
        return torch.autograd.grad(lstm(returns)(x, *operands), wanted, others[-1], create_graph=True)

    return run


def conv1d(dilation):
    def run(x, weights, bias):
        reach = (weights.shape[2] - 1) * dilation
        padded = torch.nn.functional.pad(x.permute(1, 2, 0), (reach, 0))
        return torch.nn.functional.conv1d(padded, weights, bias, dilation=dilation).permute(2, 0, 1)

    return run


def conv1d_gradient(dilation, input_gradient):
    def run(x, weights, gradient):
        bias = torch.zeros(weights.shape[0], dtype=torch.float64, requires_grad=True)
        wanted = [weights, bias] + ([x] if input_gradient else [])
        return torch.autograd.grad(conv1d(dilation)(x, weights, bias), wanted, gradient, create_graph=True)

    return run


def check_against_torch_lstm():
    torch.manual_seed(3)
    layer = torch.nn.LSTM(3, 2).double()
    x = torch.randn(5, 4, 3, dtype=torch.float64)
    mine = lstm("sequence")(x, layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0 + layer.bias_hh_l0)
    torch.testing.assert_close(mine, layer(x)[0])
    state = torch.randn(2, 4, 2, dtype=torch.float64)
    mine = lstm("sequence")(x, layer.weight_ih_l0, layer.weight_hh_l0, layer.bias_ih_l0 + layer.bias_hh_l0, *state)
    torch.testing.assert_close(mine, layer(x, (state[:1], state[1:]))[0])


def gradient_cases():
    cases = Cases()
    add = cases.add
    add("input.identity", lambda x: x + x, (2, 3))
    add("constant.scaled", lambda x: x * torch.arange(1.0, 7.0, dtype=torch.float64).reshape(2, 3), (2, 3))
    add("fill.scaled", lambda x: x * 2.5, (2, 3))
    add("add.row", torch.add, (2, 3), (3,))
    add("add.scalar", torch.add, (2, 3), ())
    add("subtract.column", torch.sub, (2, 3), (2, 1))
    add("multiply.outer", torch.mul, (3, 1), (1, 4))
    add("divide.row", torch.div, (2, 3), (3,), low=0.5, high=2.0)
    add("maximum.row", torch.maximum, (3, 4), (4,))
    add("addN.three", lambda a, b: a + b + a, (2, 3), (2, 3))
    add("negate.matrix", torch.neg, (2, 3))
    add("exp.matrix", torch.exp, (2, 3))
    add("log.positive", torch.log, (2, 3), low=0.25, high=3.0)
    add("sqrt.positive", torch.sqrt, (2, 3), low=0.25, high=3.0)
    add("square.matrix", torch.square, (2, 3))
    add("erf.matrix", torch.erf, (2, 3))
    add("relu.matrix", torch.relu, (4, 5))
    add("tanh.matrix", torch.tanh, (2, 3))
    add("sigmoid.matrix", torch.sigmoid, (2, 3))
    add("reluGradient.both", lambda d, y: torch.where(y > 0, d, 0.0), (4, 5), (4, 5))
    add("tanhGradient.both", lambda d, y: d * (1 - y * y), (2, 3), (2, 3))
    add("sigmoidGradient.both", lambda d, y: d * y * (1 - y), (2, 3), (2, 3))
    add("matmul.plain", lambda a, b: a @ b, (2, 3), (3, 4))
    add("matmul.transposeA", lambda a, b: a.mT @ b, (3, 2), (3, 4))
    add("matmul.transposeB", lambda a, b: a @ b.mT, (2, 3), (4, 3))
    add("matmul.transposeBoth", lambda a, b: a.mT @ b.mT, (3, 2), (4, 3))
    add("matmul.batched", lambda a, b: a @ b, (2, 2, 3), (2, 3, 4))
    add("matmul.batchedTransposeA", lambda a, b: a.mT @ b, (2, 3, 2), (2, 3, 4))
    add("matmul.batchedTransposeB", lambda a, b: a @ b.mT, (2, 2, 3), (2, 4, 3))
    add("matmul.shared", lambda a, b: a @ b + torch.tanh(a @ b) + (a * a) @ b, (2, 3), (3, 4))
    add("gemm.row", lambda a, b, c: a @ b + c, (2, 3), (3, 4), (4,))
    add("gemm.matrix", lambda a, b, c: a.mT @ b.mT + c, (3, 2), (4, 3), (2, 4))
    add("gemm.linear", torch.nn.functional.linear, (2, 2, 3), (4, 3), (4,))
    add("reshape.matrix", lambda x: x.reshape(3, 4), (2, 6))
    add("transpose.cycle", lambda x: x.permute(2, 0, 1), (2, 3, 4))
    add("slice.middle", lambda x: x[:, 1:3], (2, 4))
    add("pad.both", lambda x: torch.nn.functional.pad(x, (0, 1, 1, 2)), (2, 3))
    add("concat.columns", lambda a, b: torch.cat([a, b], 1), (2, 3), (2, 1))
    add("split.all", lambda x: x.split([1, 2, 3], 1), (2, 6))
    add("split.some", lambda x: x.split([1, 2, 3], 1)[1:2], (2, 6))
    add("broadcast.both", lambda x: x.expand(2, 3, 4), (3, 1))
    add("reduceSum.leading", lambda x: x.sum(0), (3, 4))
    add("reduceSum.kept", lambda x: x.sum((1, 2), keepdim=True), (2, 3, 4))
    add("reduceSum.all", torch.sum, (2, 3))
    add("reduceSum.wide", lambda x: x.expand(3000, 3).square().sum(0), (1, 3))
    add("reduceSum.mean", lambda x: x.mean(2), (2, 3, 4))
    add("softmax.matrix", lambda x: torch.softmax(x, -1), (3, 4))
    sizes = [(3, 2, 3), (8, 3), (8, 2), (8,)]
    add("lstm.last", lstm("last"), *sizes)
    add("lstm.sequence", lstm("sequence"), *sizes)

    def stacked(x, wi, wh, b):
        return lstm("last")(lstm("sequence")(x, wi, wh, b), wi, wh, b)

    add("lstm.stacked", stacked, (3, 2, 2), (8, 2), (8, 2), (8,))
    add("lstmGradient.last", lstm_gradient("last", True), *sizes, (2, 2))
    add("lstmGradient.sequence", lstm_gradient("sequence", False), *sizes, (3, 2, 2))
    state = [(2, 2), (2, 2)]
    add("lstm.lastFrom", lstm("last"), *sizes, *state)
    add("lstm.sequenceFrom", lstm("sequence"), *sizes, *state)
    add("lstmGradient.lastFrom", lstm_gradient("last", True), *sizes, *state, (2, 2))
    add("conv1d.plain", conv1d(1), (5, 2, 3), (4, 3, 3), (4,))
    add("conv1d.dilated", conv1d(2), (6, 2, 3), (2, 3, 3), (2,))
    add("conv1d.pointwise", conv1d(1), (3, 2, 3), (4, 3, 1), (4,))
    add("conv1d.beyond", conv1d(3), (3, 2, 2), (2, 2, 3), (2,))
    add("conv1dGradient.plain", conv1d_gradient(1, True), (5, 2, 3), (4, 3, 3), (5, 2, 4))
    add("conv1dGradient.dilated", conv1d_gradient(2, False), (6, 2, 3), (2, 3, 3), (6, 2, 2))
    add("scaledGelu.gelu", torch.nn.functional.gelu, (4, 5))
    add("scaledGelu.matrix", lambda x: x * (1 + torch.erf(x)), (4, 5))
    add("softmax.weights", lambda x, v: torch.softmax(x, -1) @ v, (2, 3, 4), (2, 4, 2))
    add("softmax.seenWeights", lambda x, v: (torch.softmax(x, -1), torch.softmax(x, -1) @ v), (3, 4), (4, 2))
    return cases.values


def adamw_trajectory():
    """Ten steps of AdamW, clipped, on a sum of squares: parameters after each."""
    p = torch.nn.Parameter(torch.tensor([1.0, -2.0, 0.5, 3.0], dtype=torch.float64))
    target = torch.tensor([0.25, 0.5, -1.0, 2.0], dtype=torch.float64)
    optimizer = torch.optim.AdamW([p], lr=0.05, weight_decay=0.1)
    steps = []
    for _ in range(10):
        optimizer.zero_grad()
        loss = ((p - target) ** 2).sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p], 2.0)
        optimizer.step()
        steps.append({"loss": loss.item(), "parameters": p.detach().tolist()})
    return {"start": [1.0, -2.0, 0.5, 3.0], "target": target.tolist(), "steps": steps}


class LstmNetwork(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first = torch.nn.LSTM(3, 5, batch_first=True)
        self.second = torch.nn.LSTM(5, 4, batch_first=True)
        self.head = torch.nn.Linear(4, 1)

    def forward(self, x):
        return self.head(self.second(self.first(x)[0])[0][:, -1])


def mlp_network():
    layers = [torch.nn.Linear(6, 16, bias=False), torch.nn.BatchNorm1d(16), torch.nn.ReLU()]
    layers += [torch.nn.Linear(16, 8), torch.nn.ReLU(), torch.nn.Linear(8, 1)]
    return torch.nn.Sequential(*layers)


def training(module, shape, clip_norm, learning_rate, weight_decay):
    """Twenty AdamW steps over five batches in turn, one of them partial; then a prediction."""
    rows = 16
    random = np.random.default_rng(11)
    module = module.double()
    with torch.no_grad():
        for parameter in module.parameters():
            # Exactly a float32, so that both start alike.
            parameter.copy_(parameter.float().double())
    start = torch.cat([p.detach().reshape(-1) for p in module.parameters()])
    optimizer = torch.optim.AdamW(module.parameters(), lr=learning_rate, weight_decay=weight_decay)
    batches = []
    for size in [rows, rows, 11, rows, rows]:
        x = torch.tensor(np.round(random.normal(0, 1, (size, *shape)) * 64) / 64, dtype=torch.float64)
        y = torch.round((x.reshape(size, -1)[:, :3].sum(1) * 0.5) * 64) / 64
        batches.append((x, y))
    losses = []
    module.train()
    for step in range(20):
        x, y = batches[step % len(batches)]
        optimizer.zero_grad()
        loss = ((module(x)[:, 0] - y) ** 2).mean()
        loss.backward()
        if clip_norm > 0:
            torch.nn.utils.clip_grad_norm_(module.parameters(), clip_norm)
        optimizer.step()
        losses.append(loss.item())
    module.eval()
    settings = {"clipNorm": clip_norm, "learningRate": learning_rate, "weightDecay": weight_decay}
    return {
        **settings,
        "batchSize": rows,
        "start": flat(start),
        "batches": [{"x": flat(x), "y": flat(y)} for x, y in batches],
        "losses": losses,
        "predictions": flat(module(batches[0][0])[:, 0]),
    }


def training_cases():
    torch.manual_seed(5)
    return {
        "lstm": training(LstmNetwork(), (7, 3), clip_norm=0.5, learning_rate=0.01, weight_decay=0.02),
        "mlp": training(mlp_network(), (6,), clip_norm=0.0, learning_rate=0.01, weight_decay=0.01),
    }


if __name__ == "__main__":
    check_against_torch_lstm()
    files = {"gradients": gradient_cases(), "adamw": adamw_trajectory(), "training": training_cases()}
    for name, values in files.items():
        (here / f"{name}.json").write_text(json.dumps(values, separators=(",", ":")) + "\n")
