import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonPredictions } from '../../test/agreesWithPython.ts';
import { boostingSuite } from '../../test/boostingSuite.ts';
import { fit, fitInput, roundTrip, temporaryFolder, testInput } from '../../test/fitting.ts';
import { pythonWith } from '../../test/python.ts';
import { largestDifference, panelOf, uniformPanel } from '../../test/simulatedPanel.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { targetScale } from './settings.ts';
import { trainer } from './trainer.ts';

const { panel, target } = uniformPanel(1500, 6, 11);
const data = { panel, target: target.map((value) => value * 1.5) };
const asGolden = {
  rounds: 300,
  learningRate: 0.1,
  maxDepth: 4,
  minChildWeight: 20,
  subsample: 1,
  columnFraction: 1,
  lambda: 1,
  maxBins: 64,
  patience: 20,
};

describe('XGBoost', () => {
  boostingSuite('XGBoost', trainer);

  it('trains what Python’s XGBoost trains from the same data and parameters', async () => {
    expect(targetScale(golden.targetDeviation)).toBe(1);
    const { model, progress } = await fit(trainer, fitInput('XGBoost', data, asGolden));
    expect(progress.at(-1)!.bestStep).toBe(golden.bestRound);
    expect(progress).toHaveLength(golden.validationLosses.length);
    progress.forEach(({ trainLoss, validationLoss }, round) => {
      expect(trainLoss).toBeCloseTo(golden.trainLosses[round]!, 5);
      expect(validationLoss).toBeCloseTo(golden.validationLosses[round]!, 5);
    });
    const { values } = await model.predict(testInput(data));
    expect(largestDifference(values, golden.predictions)).toBeLessThan(1e-5);
  });

  it('saves exactly the best rounds in the target’s unit, which Python loads and predicts the same to the bit', async () => {
    const returns = { panel, target: target.map((value) => value * 0.01) };
    const { model, progress } = await fit(trainer, fitInput('XGBoost', returns, { ...asGolden, subsample: 0.8 }));
    const folder = await temporaryFolder();
    await model.save(folder);
    const { learner } = JSON.parse(await readFile(path.join(folder, 'model.json'), 'utf8'));
    expect(learner.gradient_booster.model.trees).toHaveLength(progress.at(-1)!.bestStep!);
    expect(learner.feature_names).toEqual([0, 1, 2, 3, 4, 5].map((column) => `feature_${column}`));
    const python = pythonWith('xgboost');
    if (python === undefined) return;
    const test = testInput(returns);
    const theirs = await pythonPredictions(python, 'xgboost', model, test);
    expect(theirs).toEqual((await model.predict(test)).values);
  });

  it('gives probabilities of a direction: one stump is Newton’s step from the base rate', async () => {
    const target = data.target.map((value, row) => (value + (panel.features[row]! > 0.5 ? 1 : 0) > 0.5 ? 1 : 0));
    const split = panelOf(panel.rows, 1, (row) => (panel.features[row]! > 0.5 ? 1 : 0));
    const targets = [{ name: 'fwd_dir_1b', values: target, labelBars: 1, direction: true }];
    const stump = { rounds: 1, learningRate: 1, maxDepth: 1, minChildWeight: 1, subsample: 1, lambda: 0, alpha: 0 };
    const input = fitInput('XGBoost', { panel: split, target }, stump, { targets, validation: new Uint32Array(0) });
    const { model, progress } = await fit(trainer, input);
    const asked = testInput({ panel: split, target });
    const said = await model.predict(asked);
    expect(said.probabilities).toBe(true);
    const mean = (rows: Uint32Array) => rows.reduce((sum, row) => sum + target[row]!, 0) / rows.length;
    const base = mean(input.train);
    const newton = (side: number) => {
      const share = mean(input.train.filter((row) => split.features[row] === side));
      return 1 / (1 + Math.exp(-(Math.log(base / (1 - base)) + (share - base) / (base * (1 - base)))));
    };
    asked.rows.forEach((row, i) => {
      expect(said.values[i]).toBeCloseTo(newton(split.features[row]!), 6);
    });
    const losses = Array.from(input.train, (row) => {
      const p = newton(split.features[row]!);
      return -Math.log(target[row] === 1 ? p : 1 - p);
    });
    expect(progress[0]!.trainLoss).toBeCloseTo(losses.reduce((a, b) => a + b) / losses.length, 5);
    expect(await roundTrip(trainer, model, asked)).toEqual(said.values);
  });

  it('takes the nearest power of two as the unit of training', () => {
    expect([0.01, 0.02, 1, 100].map(targetScale)).toEqual([2 ** -7, 2 ** -6, 1, 128]);
  });

  it('names its engine and its version', async () => {
    expect(await trainer.describe(1, 'cpu')).toMatch(/^XGBoost \d+\.\d+\.\d+, cpu, 1 thread$/);
  });
});
