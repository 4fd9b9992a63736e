import { DomainError } from '@twostage/core/errors';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Trainer } from '../src/trainer.ts';
import { fit, fitInput, roundTrip, testInput } from './fitting.ts';
import { ridgePredictions } from './leastSquares.ts';
import { panelOf, rowsBetween, rSquared, uniformPanel } from './simulatedPanel.ts';

/** What both boosting families promise, tested on the real library. */
export function boostingSuite(family: 'LightGBM' | 'XGBoost', trainer: Trainer): void {
  const small = uniformPanel(1500, 6, 3);
  const quick = { rounds: 40, learningRate: 0.2, maxBins: 63, ...smallLeaves(family) };

  it('learns an interaction that ridge cannot', async () => {
    const data = uniformPanel(6000, 6, 1);
    const input = fitInput(family, data, { ...smallLeaves(family), rounds: 200, learningRate: 0.1 });
    const { model } = await fit(trainer, input);
    const test = testInput(data);
    const { values } = await model.predict(test);
    expect(rSquared(data.target, test.rows, values)).toBeGreaterThan(0.7);
    expect(rSquared(data.target, test.rows, ridgePredictions(data, input.train, test.rows))).toBeLessThan(0.05);
    const [first, second] = model.importances!();
    expect([first!.feature, second!.feature].sort()).toEqual(['feature 0', 'feature 1']);
    expect(model.importances!().reduce((sum, { value }) => sum + value, 0)).toBeCloseTo(1, 6);
  });

  it('is the same to the bit with the same seed, and another with another', async () => {
    const predictions = [];
    for (const seed of [5, 5, 6]) {
      const { model } = await fit(trainer, fitInput(family, small, quick, { seed, threads: 2 }));
      predictions.push((await model.predict(testInput(small))).values);
    }
    expect(predictions[1]).toEqual(predictions[0]);
    expect(predictions[2]).not.toEqual(predictions[0]);
  });

  it('predicts the same to the bit once saved and loaded', async () => {
    const { model } = await fit(trainer, fitInput(family, small, quick));
    const test = testInput(small);
    expect(await roundTrip(trainer, model, test)).toEqual((await model.predict(test)).values);
  });

  it('predicts returns of a ten-thousandth as well as those of a hundred', async () => {
    const scores = [];
    for (const unit of [1e-4, 1, 100]) {
      const data = { panel: small.panel, target: small.target.map((value) => value * unit) };
      const { model, progress } = await fit(trainer, fitInput(family, data, quick));
      const test = testInput(data);
      const { values } = await model.predict(test);
      scores.push(rSquared(data.target, test.rows, values));
      const best = progress.at(-1)!.bestValidationLoss!;
      const validation = { ...test, rows: rowsBetween(900, 1200) };
      const onValidation = (await model.predict(validation)).values;
      const loss = onValidation.reduce((sum, value, i) => sum + (value - data.target[900 + i]!) ** 2, 0) / 300;
      expect(loss / best).toBeCloseTo(1, 5);
    }
    expect(scores[0]).toBeGreaterThan(0.6);
    expect(scores[0]).toBeCloseTo(scores[1]!, 2);
    expect(scores[2]).toBeCloseTo(scores[1]!, 2);
  });

  it('stops after `patience` rounds without a better validation loss, and reports each round', async () => {
    const { progress } = await fit(trainer, fitInput(family, small, { ...quick, rounds: 2000, patience: 10 }));
    const last = progress.at(-1)!;
    const losses = progress.map(({ validationLoss }) => validationLoss!);
    expect(progress.map(({ step }) => step)).toEqual(losses.map((_, index) => index + 1));
    expect(last.step).toBeLessThan(2000);
    expect(last.bestStep).toBe(losses.indexOf(Math.min(...losses)) + 1);
    expect(last.step - last.bestStep!).toBe(10);
    expect(last.trainLoss!).toBeLessThan(progress[0]!.trainLoss!);
  });

  it('trains without a validation block, every round kept', async () => {
    const input = fitInput(family, small, quick, { validation: new Uint32Array(0) });
    const { model, progress } = await fit(trainer, input);
    expect(progress.at(-1)).toMatchObject({ step: 40, bestStep: 40, validationLoss: null, bestValidationLoss: null });
    const test = testInput(small);
    expect(rSquared(small.target, test.rows, (await model.predict(test)).values)).toBeGreaterThan(0.5);
  });

  it('takes a feature that is always missing and one that never varies', async () => {
    const panel = panelOf(1500, 8, (row, column) => {
      if (column === 6) return Number.NaN;
      return column === 7 ? 3 : small.panel.features[column * 1500 + row]!;
    });
    const { model } = await fit(trainer, fitInput(family, { panel, target: small.target }, quick));
    const test = testInput({ panel, target: small.target });
    expect(rSquared(small.target, test.rows, (await model.predict(test)).values)).toBeGreaterThan(0.5);
    const useless = model.importances!().filter(({ feature }) => ['feature 6', 'feature 7'].includes(feature));
    expect(useless.map(({ value }) => value)).toEqual([0, 0]);
  });

  it('predicts the mean of a target that no feature explains, and of one that never varies', async () => {
    const panel = panelOf(300, 2, () => 1);
    const target = Float64Array.from({ length: 300 }, (_, row) => 0.01 + 0.001 * (row % 2));
    for (const [labels, mean] of [
      [target, 0.0105],
      [new Float64Array(300).fill(0.02), 0.02],
    ] as const) {
      const data = { panel, target: labels };
      const { model } = await fit(trainer, fitInput(family, data, quick));
      for (const value of (await model.predict(testInput(data))).values) expect(value).toBeCloseTo(mean, 5);
    }
  });

  it('stops when cancelled and frees what it held', async () => {
    const cancelled = new DomainError('CANCELLED', 'the run was cancelled');
    const report = async ({ step }: { step: number }) => {
      if (step === 2) throw cancelled;
    };
    const data = uniformPanel(10_000, 60, 2);
    const cancelledFits = async (times: number) => {
      for (let time = 0; time < times; time++) {
        await expect(trainer.fit(fitInput(family, data, quick, { report }))).rejects.toBe(cancelled);
      }
      return settledRss();
    };
    // The first ones fill the pools of the allocator and of the threads.
    const levels = [await cancelledFits(5)];
    for (let batch = 0; batch < 3; batch++) levels.push(await cancelledFits(10));
    // A fit holds 3 MB and more of bins, histograms and scores: kept ones would raise every level by 30 MB.
    const rises = levels.slice(1).map((level, batch) => level - levels[batch]!);
    expect(Math.min(...rises)).toBeLessThan(6e6);
  });

  it('refuses a panel with other features than it was trained on', async () => {
    const { model } = await fit(trainer, fitInput(family, small, quick));
    const { panel } = uniformPanel(50, 5, 1);
    const input = { panel, rows: rowsBetween(0, 10), lookback: 1, threads: 1, device: 'cpu' } as const;
    await expect(model.predict(input)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
    await expect(trainer.load('/nowhere', 1, 'cpu')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const none = fitInput(family, small, quick, { train: new Uint32Array(0) });
    await expect(trainer.fit(none)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
}

function smallLeaves(family: 'LightGBM' | 'XGBoost'): Record<string, number> {
  return family === 'LightGBM' ? { minLeafRows: 10, leaves: 15 } : { minChildWeight: 10, maxDepth: 4 };
}

/** Resident bytes without JavaScript's own garbage. */
async function settledRss(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Array buffers are given back a turn of the event loop after they are collected.
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return process.memoryUsage().rss - process.memoryUsage().arrayBuffers;
}
