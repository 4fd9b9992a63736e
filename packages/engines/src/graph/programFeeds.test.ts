import { describe, expect, it } from 'vitest';
import { adamWDefaults, adamWHyper } from './adamw.ts';
import { dense } from './layers/dense.ts';
import type { Network } from './network.ts';
import { frozenScope, inferenceProgram, type Loss, networkSpec, partProgram, trainingProgram } from './program.ts';
import type { RuntimeFactory } from './runtime.ts';
import { createTensorFlowRuntime } from './tensorflow/runtime.ts';
import { trainNetwork } from './train.ts';
import { initialWeights } from './weights.ts';

const batch = 8;
const other: Network = (scope) => dense(scope, 'other', scope.input('x', [2]), 1);
const otherSpec = networkSpec(other);

/** Output: x · weight + 3 · noise + what the other network says; exposed: the weight. */
const network: Network = (scope) => {
  const { builder } = scope;
  const x = scope.input('x', [2]);
  const own = dense(scope, 'own', x, 1, { bias: false });
  scope.expose('weight', scope.detached('own.weight'));
  if (scope.mode === 'inference') return own;
  const theirs = dense(frozenScope(scope, 'other', otherSpec), 'other', x, 1);
  return builder.addN([own, builder.multiply(scope.noise('jitter', [1]), 3), theirs]);
};
const loss: Loss = (builder, output, target, rowWeights, scope) => {
  const error = builder.square(builder.subtract(builder.reshape(output, target.shape), target));
  const mean = builder.divide(builder.reduceSum(builder.multiply(error, rowWeights)), builder.reduceSum(rowWeights));
  const size = builder.reduceSum(builder.square(scope.exposed('weight')));
  scope.term('error', mean);
  scope.term('size', size);
  return builder.add(mean, builder.multiply(scope.fed('strength', []), size));
};
const settings = { loss, targetShape: [], optimizer: adamWDefaults, clipNorm: 0 };
const training = trainingProgram(network, batch, settings);
const inference = inferenceProgram(network, batch);
const options = { threads: 1, device: 'cpu', note: () => {} } as const;
const start = () => initialWeights(training.spec, 1);
const theirs = Float32Array.of(0.5, -0.25, 0.125);

describe.each([['TensorFlow', createTensorFlowRuntime]] as [string, RuntimeFactory][])(
  'a training program on %s',
  (_, create) => {
    it('takes noise, tensors fed whole and a frozen network, and gives its terms beside the loss', async () => {
      const runtime = await create({ training, inference, weights: start(), options });
      const x = Float32Array.from({ length: 2 * batch }, (_, i) => Math.sin(i + 1));
      const jitter = Float32Array.from({ length: batch }, (_, i) => Math.cos(i));
      const target = Float32Array.from({ length: batch }, (_, i) => i / 4);
      const rowWeights = new Float32Array(batch).fill(1, 0, 6);
      const strength = Float32Array.of(0.7);
      const feeds = { x, jitter, target, rowWeights, strength, 'other.parameters': theirs };
      const terms = new Float32Array(2);
      const [first, second] = start().parameters;
      const value = await runtime.step(
        feeds,
        adamWHyper(1, { ...adamWDefaults, learningRate: 0.1, weightDecay: 0 }),
        terms,
      );
      let error = 0;
      let slope = 0;
      for (let row = 0; row < 6; row++) {
        const [a, b] = [x[2 * row]!, x[2 * row + 1]!];
        const output = a * first! + b * second! + 3 * jitter[row]! + a * theirs[0]! + b * theirs[1]! + theirs[2]!;
        error += (output - target[row]!) ** 2 / 6;
        slope += (2 * (output - target[row]!) * a) / 6;
      }
      expect(training.terms).toEqual(['error', 'size']);
      expect(terms[0]).toBeCloseTo(error, 5);
      expect(terms[1]).toBeCloseTo(first! ** 2 + second! ** 2, 5);
      expect(value).toBeCloseTo(error + 0.7 * terms[1]!, 5);
      // Adam's first step is of the learning rate's size against the gradient: of the error alone, the size being detached.
      const { parameters } = await runtime.weights();
      expect(parameters[0]! - first!).toBeCloseTo(-0.1 * Math.sign(slope), 4);
      expect(parameters).toHaveLength(2);
      await runtime.close();
    });

    it('is trained with what is fed at each step; noise comes from the seed, terms are means over the epoch', async () => {
      const rows = 12;
      const fill = (indices: Uint32Array, inputs: Record<string, Float32Array>) => {
        indices.forEach((row, i) => {
          inputs.x!.set([Math.sin(row), Math.cos(row)], 2 * i);
        });
      };
      const labelled = { rows, fill, targets: Float32Array.from({ length: rows }, (_, i) => i / rows) };
      const train = async (seed: number) => {
        const runtime = await create({ training, inference, weights: start(), options });
        const asked: number[] = [];
        const scalars: Record<string, number>[] = [];
        await trainNetwork({
          runtime,
          training,
          inference,
          train: labelled,
          validation: { ...labelled, rows: 0 },
          optimizer: { ...adamWDefaults, learningRate: 0.01, weightDecay: 0 },
          validationLoss: () => 0,
          epochs: 2,
          patience: 0,
          seed,
          fed: (step, totalSteps) => {
            asked.push(step / totalSteps);
            return { strength: Float32Array.of(0), 'other.parameters': theirs };
          },
          report: async (said) => void scalars.push({ loss: said.trainLoss!, ...said.scalars }),
        });
        const { parameters } = await runtime.weights();
        await runtime.close();
        return { asked, scalars, parameters };
      };
      const [first, again, different] = [await train(1), await train(1), await train(2)];
      expect(first.asked).toEqual([0.25, 0.5, 0.75, 1]);
      for (const { loss, error, size } of first.scalars) {
        expect(error).toBeCloseTo(loss!, 5);
        expect(size).toBeGreaterThan(0);
      }
      expect(again).toEqual(first);
      expect(different.parameters).not.toEqual(first.parameters);
    });
  },
);

describe('a network scope', () => {
  it('refuses noise and fed tensors in inference, and names that nobody declared', () => {
    expect(() => networkSpec((scope) => scope.noise('n', [1]))).toThrow(/"n": noise is there in training only/);
    expect(() => networkSpec((scope) => scope.fed('f', []))).toThrow(/"f": a fed tensor is there in training only/);
    expect(() => networkSpec((scope) => scope.detached('w'))).toThrow(/no parameter "w"/);
    const asks: Loss = (_builder, _output, _target, _rowWeights, scope) => scope.exposed('none');
    expect(() => trainingProgram(other, batch, { ...settings, loss: asks })).toThrow(/no tensor "none" was exposed/);
    const wide: Loss = (_builder, output, _target, _rowWeights, scope) => {
      scope.term('wide', output);
      return output;
    };
    expect(() => trainingProgram(other, batch, { ...settings, loss: wide })).toThrow(/term "wide" is a scalar/);
  });

  it('is not split into parts where its loss has terms', () => {
    const marked = trainingProgram(network, batch, { ...settings, loss: Object.assign(loss, { meanOverRows: true }) });
    expect(partProgram(marked, 2)).toBeNull();
  });
});
