"""PyTorch's losses of a conditional generator and a spectrally normalised discriminator over their first 6 turns by hinge loss, and
what the generator then draws: writes golden.json beside this file. The last batch is a partial one."""

import json
import pathlib
import sys

import torch
from torch.nn.functional import leaky_relu, relu

sys.path.append(str(pathlib.Path(__file__).parents[3] / "test"))
from ansi_draws import Draws

FEATURES, LATENTS, UNITS, LAYERS, BATCH, TURNS, PARTIAL_ROWS, STEEPNESS = 5, 2, 8, 2, 32, 6, 20, 10


class Network(torch.nn.Module):
    def __init__(self, inputs):
        super().__init__()
        widths = [inputs] + [UNITS] * LAYERS
        self.hidden = torch.nn.ModuleList(torch.nn.Linear(a, b) for a, b in zip(widths, widths[1:]))
        self.output = torch.nn.Linear(UNITS, 1)

    def forward(self, *inputs):
        h = torch.cat(inputs, dim=1)
        for layer in self.hidden:
            h = leaky_relu(layer(h), 0.2)
        return self.output(h)

    def layers(self):
        return [*self.hidden, self.output]


draws = Draws(83)
generator = Network(FEATURES + LATENTS).double()
discriminator = Network(FEATURES + 1).double()
draws.start(generator.parameters())
draws.start(discriminator.parameters())
for layer in discriminator.layers():
    torch.nn.utils.spectral_norm(layer)
    for vector in (layer.weight_u, layer.weight_v):
        vector.fill_(len(vector) ** -0.5)
settings = {"lr": 0.01, "weight_decay": 0.01, "betas": (0.0, 0.9)}
of_generator = torch.optim.AdamW(generator.parameters(), **settings)
of_discriminator = torch.optim.AdamW(discriminator.parameters(), **settings)
generator_losses, discriminator_losses = [], []
for turn in range(1, TURNS + 1):
    rows = slice(0, PARTIAL_ROWS if turn == TURNS else BATCH)
    x, y = draws.array(BATCH, FEATURES)[rows], draws.array(BATCH, 1)[rows]
    latent = draws.array(BATCH, LATENTS)[rows]
    drawn = generator(x, latent).detach()
    discriminator.train()
    scores = STEEPNESS * discriminator(torch.cat([x, x]), torch.cat([y, drawn]))
    real, fake = scores.chunk(2)
    loss = relu(1 - real).mean() + relu(1 + fake).mean()
    of_discriminator.zero_grad()
    loss.backward()
    of_discriminator.step()
    discriminator_losses.append(loss.item())

    discriminator.eval()
    loss = -(STEEPNESS * discriminator(x, generator(x, draws.array(BATCH, LATENTS)[rows]))).mean()
    of_generator.zero_grad()
    loss.backward()
    of_generator.step()
    generator_losses.append(loss.item())
golden = {
    "madeWith": f"PyTorch {torch.__version__}, float64",
    "discriminatorLosses": discriminator_losses,
    "generatorLosses": generator_losses,
    "drawn": generator(draws.array(BATCH, FEATURES), draws.array(BATCH, LATENTS)).flatten().tolist(),
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden, indent=1) + "\n")
