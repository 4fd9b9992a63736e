import { describe, expect, it } from 'vitest';
import { adamWDefaults } from './adamw.ts';
import { dense } from './layers/dense.ts';
import { meanSquaredError, meanSquaredErrorOf } from './losses.ts';
import type { Network } from './network.ts';
import { inferenceProgram, trainingProgram } from './program.ts';
import type { Feeds, StepRuntime } from './runtime.ts';
import { batchPredictor, predictRows, type TrainInput, type TrainProgress, trainNetwork } from './train.ts';
import { fillDropoutMask, initialWeights } from './weights.ts';
import { Random } from '@twostage/core/random';
import { createOnnxRuntime } from './onnx/runtime.ts';

const network: Network = (scope) => dense(scope, 'head', scope.dropout(scope.input('x', [2]), 0.25), 1);
const batchSize = 8;
const settings = { loss: meanSquaredError, targetShape: [], optimizer: adamWDefaults, clipNorm: 0 };
const training = trainingProgram(network, batchSize, settings);
const inference = inferenceProgram(network, batchSize);

function rows(count: number, seed: number) {
  const random = new Random(seed);
  const x = Float32Array.from({ length: 2 * count }, () => random.normal());
  const targets = Float32Array.from({ length: count }, (_, i) => 2 * x[2 * i]! - x[2 * i + 1]!);
  const fill = (indices: Uint32Array, inputs: Record<string, Float32Array>) => {
    indices.forEach((row, i) => {
      inputs.x!.set(x.subarray(2 * row, 2 * row + 2), 2 * i);
    });
  };
  return { rows: count, fill, targets };
}

/** A runtime that notes what it is fed. */
function noting(runtime: StepRuntime): { runtime: StepRuntime; fed: Feeds[] } {
  const fed: Feeds[] = [];
  const noted: StepRuntime = {
    description: runtime.description,
    several: null,
    step: (feeds, hyper) => {
      fed.push(Object.fromEntries(Object.entries(feeds).map(([name, data]) => [name, data.slice()])));
      return runtime.step(feeds, hyper);
    },
    predict: (feeds) => runtime.predict(feeds),
    weights: () => runtime.weights(),
    setWeights: (weights) => runtime.setWeights(weights),
    close: () => runtime.close(),
  };
  return { runtime: noted, fed };
}

async function train(overrides: Partial<TrainInput> = {}) {
  const options = { threads: 1, device: 'cpu', note: () => {} } as const;
  const start = initialWeights(training.spec, 1);
  const { runtime, fed } = noting(await createOnnxRuntime({ training, inference, weights: start, options }));
  const progress: TrainProgress[] = [];
  const result = await trainNetwork({
    runtime,
    training,
    inference,
    train: rows(20, 1),
    validation: rows(10, 2),
    optimizer: { ...adamWDefaults, learningRate: 0.05, weightDecay: 0 },
    validationLoss: meanSquaredErrorOf,
    epochs: 4,
    patience: 0,
    seed: 9,
    report: async (said) => void progress.push(said),
    ...overrides,
  });
  return { runtime, fed, progress, result };
}

describe('trainNetwork', () => {
  it('visits every row once an epoch, in another order each time, and marks the padding', async () => {
    const { fed, progress } = await train();
    expect(fed.length).toBe(4 * 3);
    expect(fed.map(({ rowWeights }) => rowWeights!.reduce((sum, w) => sum + w, 0))).toEqual(
      Array(4).fill([8, 8, 4]).flat(),
    );
    const epochs = [0, 3, 6, 9].map((start) =>
      fed
        .slice(start, start + 3)
        .flatMap(({ target, rowWeights }) => [...target!].filter((_, i) => rowWeights![i] === 1)),
    );
    const all = [...rows(20, 1).targets].sort();
    for (const epoch of epochs) expect([...epoch].sort()).toEqual(all);
    expect(epochs[0]).not.toEqual(epochs[1]);
    expect(progress.filter(({ validationLoss }) => validationLoss !== null).map(({ step }) => step)).toEqual([
      3, 6, 9, 12,
    ]);
  });

  it('draws new dropout masks each step, from the seed', async () => {
    const [first, again, other] = [await train(), await train(), await train({ seed: 10 })];
    const masks = first.fed.map(({ dropout0 }) => dropout0!);
    expect(new Set(masks.map((mask) => mask.join())).size).toBeGreaterThan(8);
    expect(again.fed).toEqual(first.fed);
    expect(other.fed).not.toEqual(first.fed);
    expect(await again.runtime.weights()).toEqual(await first.runtime.weights());
  });

  it('stops after `patience` epochs without a better loss and goes back to the best weights', async () => {
    const losses = [3, 1, 2, 2, 5, 0];
    const seen: number[] = [];
    const kept: Float32Array[] = [];
    const { runtime, result, progress } = await train({
      epochs: 6,
      patience: 3,
      validationLoss: (predictions) => {
        kept.push(predictions.slice());
        seen.push(losses[seen.length]!);
        return seen.at(-1)!;
      },
    });
    expect(seen).toEqual([3, 1, 2, 2, 5]);
    expect(result).toEqual({ steps: 15, bestStep: 6, bestValidationLoss: 1 });
    expect(progress.at(-1)!.bestStep).toBe(6);
    expect(await predictRows(batchPredictor(runtime, inference), rows(10, 2))).toEqual(kept[1]);
  });

  it('takes no more steps than it may, judges where it ends, and moves as far as the schedule lets it', async () => {
    const scales: [number, number][] = [];
    const learningRateScale = (step: number, totalSteps: number) => {
      scales.push([step, totalSteps]);
      return step <= 2 ? 1 : 0;
    };
    const { result, progress, runtime } = await train({ maxSteps: 4, learningRateScale });
    expect(scales).toEqual([1, 2, 3, 4].map((step) => [step, 4]));
    expect(result.steps).toBe(4);
    expect(progress.at(-1)).toMatchObject({ step: 4, totalSteps: 4 });
    expect(progress.at(-1)!.validationLoss).not.toBeNull();
    const { runtime: short } = await train({ maxSteps: 2 });
    expect((await runtime.weights()).parameters).toEqual((await short.weights()).parameters);
  });

  it('learns', async () => {
    const { progress } = await train({ epochs: 60 });
    expect(progress.at(-1)!.bestValidationLoss!).toBeLessThan(0.5 * progress[0]!.validationLoss!);
  });

  it('keeps the last weights where there is nothing to validate on', async () => {
    const { result, progress } = await train({ validation: rows(0, 1) });
    expect(result).toEqual({ steps: 12, bestStep: null, bestValidationLoss: null });
    expect(progress.at(-1)!.validationLoss).toBeNull();
  });

  it('says so when the loss ceases to be a number, and when there is no row', async () => {
    const broken = { ...rows(20, 1), targets: new Float32Array(20).fill(Number.NaN) };
    await expect(train({ train: broken })).rejects.toThrow(/the loss is NaN at step 1/);
    await expect(train({ train: rows(0, 1) })).rejects.toThrow(/at least 1 training row/);
  });
});

describe('fillDropoutMask', () => {
  it('silences the share it is told to and keeps the mean', () => {
    const mask = new Float32Array(100_001);
    fillDropoutMask(mask, 0.3, new Random(1));
    const silent = mask.filter((value) => value === 0).length / mask.length;
    expect(silent).toBeCloseTo(0.3, 2);
    expect(mask.reduce((sum, value) => sum + value, 0) / mask.length).toBeCloseTo(1, 2);
    expect(new Set(mask).size).toBe(2);
  });
});
