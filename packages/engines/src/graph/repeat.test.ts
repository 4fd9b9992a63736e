import { Random } from '@twostage/core/random';
import { afterEach, describe, expect, it } from 'vitest';
import { adamWDefaults, adamWHyper, hyperLength } from './adamw.ts';
import { sizeOf } from './ir.ts';
import { batchNormalisation } from './layers/batchNormalisation.ts';
import { dense } from './layers/dense.ts';
import type { Network } from './network.ts';
import { createOnnxRuntime } from './onnx/runtime.ts';
import { feeds as names, inferenceProgram, type Loss, trainingProgram } from './program.ts';
import { repeatedSteps } from './repeat.ts';
import type { Feeds, RuntimeFactory, StepRuntime } from './runtime.ts';
import { createTensorFlowRuntime } from './tensorflow/runtime.ts';
import { meanSquaredErrorOf } from './losses.ts';
import { trainNetwork } from './train.ts';
import { initialWeights } from './weights.ts';

const batch = 16;
/** With all that a step may be fed and give: state, a mask, noise, a weight fed whole, terms. */
const network: Network = (scope) => {
  const { builder } = scope;
  const hidden = batchNormalisation(scope, 'norm', dense(scope, 'hidden', scope.input('x', [3]), 8, { bias: false }));
  const output = dense(scope, 'head', scope.dropout(builder.relu(hidden), 0.25), 1);
  return scope.mode === 'inference' ? output : builder.add(output, builder.multiply(scope.noise('jitter', [1]), 0.1));
};
const loss: Loss = (builder, output, target, rowWeights, scope) => {
  const error = builder.square(builder.subtract(builder.reshape(output, target.shape), target));
  const mean = builder.divide(builder.reduceSum(builder.multiply(error, rowWeights)), builder.reduceSum(rowWeights));
  scope.term('error', mean);
  return builder.multiply(mean, scope.fed('strength', []));
};
const training = trainingProgram(network, batch, { loss, targetShape: [], optimizer: adamWDefaults, clipNorm: 1 });
const inference = inferenceProgram(network, batch);
const optimizer = { ...adamWDefaults, learningRate: 0.01, weightDecay: 0.01 };
const fed = [...training.graph.inputs].filter(
  ([name]) =>
    ![names.parameters, names.firstMoment, names.secondMoment, names.state, names.hyper].includes(name as never),
);

const open: StepRuntime[] = [];
afterEach(async () => {
  for (const runtime of open.splice(0)) await runtime.close();
});
async function opened(create: RuntimeFactory, oneByOne = false): Promise<StepRuntime> {
  const options = { threads: 2, device: 'cpu', note: () => {} } as const;
  const runtime = await create({ training, inference, weights: initialWeights(training.spec, 3), options, oneByOne });
  open.push(runtime);
  return runtime;
}

function feedsOf(seed: number): Feeds {
  const random = new Random(seed);
  return Object.fromEntries(
    fed.map(([name, { shape }]) => [name, Float32Array.from({ length: sizeOf(shape) }, () => 0.1 + random.uniform())]),
  );
}

describe.each<[string, RuntimeFactory]>([
  ['ONNX Runtime', createOnnxRuntime],
  ['TensorFlow', createTensorFlowRuntime],
])('several steps by one call of %s', (_, create) => {
  it('are the same to the bit as step by step: losses, terms, parameters, state', async () => {
    const [one, all] = [await opened(create, true), await opened(create)];
    expect(one.several).toBeNull();
    const { count, step: stepAll } = all.several!;
    for (const round of [0, 1]) {
      const numbers = Array.from({ length: count }, (__, i) => round * count + i + 1);
      const [losses, terms] = [new Float32Array(count), new Float32Array(count)];
      for (const [i, number] of numbers.entries()) {
        const term = terms.subarray(i, i + 1);
        losses[i] = await one.step(feedsOf(number), adamWHyper(number, optimizer), term);
      }
      const stacked = Object.fromEntries(
        fed.map(([name]) => [name, Float32Array.from(numbers.flatMap((number) => [...feedsOf(number)[name]!]))]),
      );
      const hyper = Float32Array.from(numbers.flatMap((number) => [...adamWHyper(number, optimizer)]));
      expect(hyper).toHaveLength(count * hyperLength);
      const together = new Float32Array(count);
      expect(await stepAll(stacked, hyper, together)).toEqual(losses);
      expect(together).toEqual(terms);
      expect(new Set(losses).size).toBe(count);
    }
    expect(await all.weights()).toEqual(await one.weights());
  });

  it('train a network to the same weights and progress, whatever the epoch leaves over', async () => {
    const ends = [];
    for (const oneByOne of [true, false]) {
      const runtime = await opened(create, oneByOne);
      const random = new Random(5);
      // 11 batches an epoch, the last of 3 rows: neither count divides them.
      const rows = 10 * batch + 3;
      const x = Float32Array.from({ length: 3 * rows }, () => random.normal());
      const source = {
        rows,
        targets: Float32Array.from({ length: rows }, (__, row) => x[3 * row]! - 2 * x[3 * row + 1]!),
        fill: (indices: Uint32Array, inputs: Record<string, Float32Array>) => {
          for (const [i, row] of indices.entries()) inputs.x!.set(x.subarray(3 * row, 3 * row + 3), 3 * i);
        },
      };
      const epochs: object[] = [];
      const result = await trainNetwork({
        runtime,
        training,
        inference,
        train: source,
        validation: source,
        optimizer,
        validationLoss: meanSquaredErrorOf,
        epochs: 3,
        maxSteps: 29,
        patience: 0,
        seed: 7,
        fed: (step) => ({ strength: Float32Array.of(1 / step) }),
        learningRateScale: (step, total) => 1 - step / (2 * total),
        report: async ({ validationLoss, trainLoss, scalars }) => {
          if (validationLoss !== null) epochs.push({ validationLoss, trainLoss, scalars });
        },
      });
      ends.push({ result, epochs, weights: await runtime.weights() });
    }
    expect(ends[0]!.epochs).toHaveLength(3);
    expect(ends[1]).toEqual(ends[0]);
  });
});

describe('a step that takes long', () => {
  it('is not worth repeating in one graph', () => {
    const wide: Network = (scope) => dense(scope, 'wide', dense(scope, 'first', scope.input('x', [1000]), 1000), 1);
    expect(repeatedSteps(trainingProgram(wide, 512, { ...settingsOf, loss }), 4)).toBeNull();
    expect(repeatedSteps(training, 4)).not.toBeNull();
  });
});
const settingsOf = { targetShape: [], optimizer: adamWDefaults, clipNorm: 0 };
