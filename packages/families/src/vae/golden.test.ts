import { adamWDefaults, adamWHyper } from '@twostage/engines/graph/adamw';
import { inferenceProgram, trainingProgram } from '@twostage/engines/graph/program';
import { createTensorFlowRuntime } from '@twostage/engines/graph/tensorflow/runtime';
import { expect, it } from 'vitest';
import { AnsiDraws } from '../../test/ansiDraws.ts';
import { largestDifference } from '../../test/simulatedPanel.ts';
import { featureInput } from '../neural/rows.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { betaFeed, terms as names, vaeLoss, vaeNetwork } from './network.ts';

const [features, latents, batch, partialRows] = [6, 3, 32, 20] as const;

it('takes PyTorch’s first steps: loss, reconstruction and KL divergence agree, and what it then gives', async () => {
  const size = { features, latents, hiddenUnits: 8, layers: 1, headUnits: 4, dropout: 0 };
  const network = vaeNetwork(size);
  const training = trainingProgram(network, batch, {
    loss: vaeLoss(size, 0.75, 0.4),
    targetShape: [2],
    optimizer: adamWDefaults,
    clipNorm: 0,
  });
  expect(training.terms).toEqual([names.reconstruction, names.kl, names.labelErrors, names.labelled]);
  const draws = new AnsiDraws(57);
  const runtime = await createTensorFlowRuntime({
    training,
    inference: inferenceProgram(network, batch),
    weights: draws.start(training.spec),
    options: { threads: 1, device: 'cpu', note: () => {} },
  });
  const optimizer = { ...adamWDefaults, learningRate: 0.01, weightDecay: 0.01 };
  const steps = golden.losses.length;
  for (let step = 1; step <= steps; step++) {
    const x = draws.array(batch * features);
    const target = new Float32Array(2 * batch);
    draws.array(batch).forEach((label, i) => {
      target.set([label, i % 4 === 0 ? 0 : 1], 2 * i);
    });
    const feeds = {
      [featureInput]: x,
      target,
      draws: draws.array(batch * latents),
      [betaFeed]: Float32Array.of(step / steps),
      rowWeights: new Float32Array(batch).fill(1, 0, step === steps ? partialRows : batch),
    };
    const terms = new Float32Array(4);
    const loss = await runtime.step(feeds, adamWHyper(step, optimizer), terms);
    const at = (values: number[]) => values[step - 1]!;
    const theirs = [at(golden.losses), at(golden.reconstructions), at(golden.kls), at(golden.errors)];
    [loss, ...terms.subarray(0, 3)].forEach((value, i) => {
      expect(Math.abs(value / theirs[i]! - 1), `step ${step}, ${i}`).toBeLessThan(2e-5);
    });
  }
  const outputs = await runtime.predict({ [featureInput]: draws.array(batch * features) });
  expect(largestDifference(outputs, golden.outputs)).toBeLessThan(1e-4);
  await runtime.close();
});
