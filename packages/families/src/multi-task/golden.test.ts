import { adamWDefaults, adamWHyper } from '@twostage/engines/graph/adamw';
import { inferenceProgram, trainingProgram } from '@twostage/engines/graph/program';
import { createTensorFlowRuntime } from '@twostage/engines/graph/tensorflow/runtime';
import { expect, it } from 'vitest';
import { AnsiDraws } from '../../test/ansiDraws.ts';
import { featureInput } from '../neural/rows.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { multiTaskNetwork, taskWeights, uncertaintyWeighted } from './network.ts';

const [features, targets, batch, partialRows] = [6, 3, 32, 20] as const;

it('takes PyTorch’s first steps: losses, learned weights and errors agree, in a partial batch too', async () => {
  const network = multiTaskNetwork({ features, targets, hiddenUnits: 8, layers: 1, headUnits: 4, dropout: 0 });
  const training = trainingProgram(network, batch, {
    loss: uncertaintyWeighted(['a', 'b', 'c']),
    targetShape: [targets],
    optimizer: adamWDefaults,
    clipNorm: 0,
  });
  const draws = new AnsiDraws(31);
  const runtime = await createTensorFlowRuntime({
    training,
    inference: inferenceProgram(network, batch),
    weights: draws.start(training.spec),
    options: { threads: 1, device: 'cpu', note: () => {} },
  });
  const optimizer = { ...adamWDefaults, learningRate: 0.01, weightDecay: 0.01 };
  const steps = golden.losses.length;
  for (let step = 1; step <= steps; step++) {
    const [x, noise] = [draws.array(batch * features), draws.array(batch * targets)];
    const target = noise.map((value, i) => value + x[Math.floor(i / targets) * features + (i % targets)]!);
    const rowWeights = new Float32Array(batch).fill(1, 0, step === steps ? partialRows : batch);
    const terms = new Float32Array(2 * targets);
    const feeds = { [featureInput]: x, target, rowWeights };
    const loss = await runtime.step(feeds, adamWHyper(step, optimizer), terms);
    expect(Math.abs(loss / golden.losses[step - 1]! - 1), `loss of step ${step}`).toBeLessThan(1e-5);
    for (let k = 0; k < targets; k++) {
      expect(terms[2 * k], `weight ${k} of step ${step}`).toBeCloseTo(golden.weights[step - 1]![k]!, 5);
      expect(terms[2 * k + 1], `error ${k} of step ${step}`).toBeCloseTo(golden.errors[step - 1]![k]!, 4);
    }
  }
  // After the last step: another step further than the last one the reference shows.
  const last = taskWeights(training.spec, await runtime.weights());
  last.forEach((weight, k) => {
    expect(Math.abs(weight - golden.weights.at(-1)![k]!)).toBeLessThan(0.03);
  });
  await runtime.close();
});
