"""Reference values of layers from PyTorch's own modules: python make_golden.py (torch 2.13, numpy)."""

import json
import pathlib
import sys

import torch
from torch.func import functional_call

here = pathlib.Path(__file__).parent
sys.path.insert(0, str(here.parent.parent / "golden"))
from make_golden import Cases  # noqa: E402

ENCODER = ["norm1.weight", "norm1.bias"]
ENCODER += [f"self_attn.{name}" for name in ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")]
ENCODER += ["norm2.weight", "norm2.bias", "linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"]


def causal(steps):
    return torch.triu(torch.full((steps, steps), float("-inf"), dtype=torch.float64), 1)


def attention(width, heads, is_causal, queries, with_weights):
    module = torch.nn.MultiheadAttention(width, heads).double()
    names = ["in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias"]

    def run(x, *values):
        mask = causal(x.shape[0])[-queries:] if is_causal else None
        arguments = (x[-queries:], x, x)
        options = {"attn_mask": mask, "average_attn_weights": False}
        output, weights = functional_call(module, dict(zip(names, values)), arguments, options)
        # [batch, heads, queries, T] here, batch and heads as one axis there.
        return [output, weights.flatten(0, 1)] if with_weights else output

    return run, [(3 * width, width), (3 * width,), (width, width), (width,)]


def encoder(width, heads, inner, is_causal, queries):
    module = torch.nn.TransformerEncoderLayer(width, heads, inner, activation="gelu", norm_first=True).double().eval()
    shapes = [tuple(module.get_parameter(name).shape) for name in ENCODER]

    def run(x, *values):
        mask = causal(x.shape[0]) if is_causal else None
        return functional_call(module, dict(zip(ENCODER, values)), (x, mask))[-queries:]

    return run, shapes


def tokens(x, weight, bias, cls):
    each = x.T[:, :, None] * weight[:, None, :] + bias[:, None, :]
    return torch.cat([each, cls.expand(1, x.shape[0], -1)])


def short(value):
    """Eleven digits are more than the tests ask for; the file stays small."""
    if isinstance(value, dict):
        return {key: short(item) for key, item in value.items()}
    if isinstance(value, list):
        return [short(item) for item in value]
    return float(f"{value:.12g}") if isinstance(value, float) else value


def main():
    cases = Cases()

    def add(name, x, built):
        run, shapes = built
        cases.add(name, run, x, *shapes)

    norm = lambda x, weight, bias: torch.nn.functional.layer_norm(x, (5,), weight, bias)  # noqa: E731
    add("positions", (3, 2, 4), (lambda x, p: x + p[:, None, :], [(3, 4)]))
    add("featureTokens", (3, 5), (tokens, [(5, 4), (5, 4), (4,)]))
    add("layerNormalisation", (3, 2, 5), (norm, [(5,), (5,)]))
    add("attention.all", (3, 2, 4), attention(4, 2, False, 3, True))
    add("attention.causal", (4, 2, 4), attention(4, 2, True, 4, True))
    add("attention.causalLast", (4, 2, 6), attention(6, 3, True, 2, False))
    add("encoder.all", (3, 2, 4), encoder(4, 2, 6, False, 3))
    add("encoder.causalLast", (4, 2, 4), encoder(4, 2, 6, True, 1))
    (here / "layers.json").write_text(json.dumps(short(cases.values), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
