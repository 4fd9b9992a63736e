import { adamWHyper } from '@twostage/engines/graph/adamw';
import { describe, expect, it } from 'vitest';
import { openTorchNetwork, optimizer, torchNetworks } from '../../test/torchNetworks.ts';
import golden from './golden/golden.json' with { type: 'json' };

const options = { threads: 1, device: 'cpu', note: () => {} } as const;

describe.each(torchNetworks)('%s', (name) => {
  it("has PyTorch's losses over twenty AdamW steps, to 1e-5, some batches partial", async () => {
    const { runtime, feeds } = await openTorchNetwork(name, options);
    for (const [i, expected] of golden[name].losses.entries()) {
      const loss = await runtime.step(feeds[i % feeds.length]!, adamWHyper(i + 1, optimizer));
      expect(Math.abs(loss / expected - 1), `step ${i + 1}`).toBeLessThan(1e-5);
    }
  });

  it("has PyTorch's gradient, to 1e-5", async () => {
    const { runtime, training, weights, feeds } = await openTorchNetwork(name, options);
    // With an epsilon that dwarfs every gradient, a step goes as far as its size over it, times the gradient.
    const [factor, epsilon] = [2 ** 12, 2 ** 40];
    await runtime.step(feeds[0]!, Float32Array.of(1, factor * epsilon, epsilon));
    const { parameters } = await runtime.weights();
    const expected = golden[name].gradient as Record<string, number[]>;
    let [difference, size] = [0, 0];
    for (const { name: parameter, offset } of training.spec.parameters) {
      for (const [i, value] of expected[parameter]!.entries()) {
        const gradient = (weights.parameters[offset + i]! - parameters[offset + i]!) / factor;
        difference += (gradient - value) ** 2;
        size += value ** 2;
      }
    }
    expect(Math.sqrt(difference / size)).toBeLessThan(1e-5);
  });
});
