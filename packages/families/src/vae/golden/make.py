"""PyTorch's losses and their parts over the first 8 AdamW steps of a VAE with a head, some labels unknown, beta rising: writes
golden.json beside this file. KL divergence and likelihood are those of torch.distributions."""

import json
import math
import pathlib
import sys

import torch
from torch.distributions import Normal, kl_divergence

sys.path.append(str(pathlib.Path(__file__).parents[3] / "test"))
from ansi_draws import Draws

FEATURES, UNITS, LATENTS, HEAD, BATCH, STEPS, PARTIAL_ROWS = 6, 8, 3, 4, 32, 8, 20
LABELLED_SHARE, LABEL_WEIGHT = 0.75, 0.4


class Vae(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(FEATURES, UNITS, bias=False)
        self.norm = torch.nn.BatchNorm1d(UNITS)
        self.mean = torch.nn.Linear(UNITS, LATENTS)
        self.log_variance = torch.nn.Linear(UNITS, LATENTS)
        self.decoder = torch.nn.Sequential(
            torch.nn.Linear(LATENTS, UNITS), torch.nn.ReLU(), torch.nn.Linear(UNITS, FEATURES)
        )
        self.log_noise = torch.nn.Parameter(torch.zeros(FEATURES))
        self.head = torch.nn.Sequential(torch.nn.Linear(LATENTS, HEAD), torch.nn.ReLU(), torch.nn.Linear(HEAD, 1))

    def ordered(self):
        encoder = [*self.hidden.parameters(), *self.norm.parameters()]
        latent = [*self.mean.parameters(), *self.log_variance.parameters()]
        return [*encoder, *latent, *self.decoder.parameters(), self.log_noise, *self.head.parameters()]

    def encode(self, x):
        h = torch.relu(self.norm(self.hidden(x)))
        return Normal(self.mean(h), torch.exp(self.log_variance(h) / 2))


draws = Draws(57)
model = Vae().double()
draws.start(model.ordered())
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, weight_decay=0.01)
losses, reconstructions, kls, errors = [], [], [], []
for step in range(1, STEPS + 1):
    x, y, noise = draws.array(BATCH, FEATURES), draws.array(BATCH), draws.array(BATCH, LATENTS)
    known = (torch.arange(BATCH) % 4 != 0).double()
    rows = slice(0, PARTIAL_ROWS if step == STEPS else BATCH)
    x, y, noise, known, beta = x[rows], y[rows], noise[rows], known[rows], step / STEPS
    latent = model.encode(x)
    z = latent.loc + latent.scale * noise
    decoded = Normal(model.decoder(z), torch.sqrt(torch.exp(model.log_noise) + 0.01))
    surprise = -(decoded.log_prob(x) + math.log(2 * math.pi) / 2).sum(dim=1).mean()
    kl = kl_divergence(latent, Normal(0.0, 1.0)).sum(dim=1).mean()
    error = (known * (model.head(z)[:, 0] - y) ** 2).mean()
    loss = (surprise + beta * kl) / FEATURES + LABEL_WEIGHT / LABELLED_SHARE * error
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
    reconstructions.append(((decoded.loc - x) ** 2).mean().item())
    kls.append(kl.item())
    errors.append(error.item())
model.eval()
x = draws.array(BATCH, FEATURES)
mean = model.encode(x).loc
outputs = torch.cat([model.head(mean), mean, model.decoder(mean)], dim=1)
golden = {
    "madeWith": f"PyTorch {torch.__version__}, float64",
    "losses": losses,
    "reconstructions": reconstructions,
    "kls": kls,
    "errors": errors,
    "outputs": outputs.flatten().tolist(),
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden, indent=1) + "\n")
