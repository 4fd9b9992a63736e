import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonPredictions } from '../../test/agreesWithPython.ts';
import { boostingSuite } from '../../test/boostingSuite.ts';
import { fit, fitInput, roundTrip, temporaryFolder, testInput } from '../../test/fitting.ts';
import { pythonWith } from '../../test/python.ts';
import { largestDifference, uniformPanel } from '../../test/simulatedPanel.ts';
import direction from './golden/direction.json' with { type: 'json' };
import golden from './golden/golden.json' with { type: 'json' };
import { trainer } from './trainer.ts';

const data = uniformPanel(1500, 6, 11);
const asGolden = {
  rounds: 300,
  learningRate: 0.1,
  leaves: 15,
  minLeafRows: 20,
  featureFraction: 0.7,
  baggingFraction: 0.8,
  lambdaL2: 1,
  maxBins: 63,
  patience: 20,
};

describe('LightGBM', () => {
  boostingSuite('LightGBM', trainer);

  it('trains what Python’s LightGBM trains from the same data and parameters', async () => {
    const { model, progress } = await fit(trainer, fitInput('LightGBM', data, asGolden));
    expect(progress.at(-1)!.bestStep).toBe(golden.bestRound);
    expect(progress).toHaveLength(golden.validationLosses.length);
    progress.forEach(({ trainLoss, validationLoss }, round) => {
      expect(trainLoss).toBeCloseTo(golden.trainLosses[round]!, 9);
      expect(validationLoss).toBeCloseTo(golden.validationLosses[round]!, 9);
    });
    const { values } = await model.predict(testInput(data));
    expect(largestDifference(values, golden.predictions)).toBeLessThan(1e-9);
    const total = golden.gains.reduce((sum, gain) => sum + gain, 0);
    for (const { feature, value } of model.importances!()) {
      expect(value).toBeCloseTo(golden.gains[Number(feature.split(' ')[1])]! / total, 9);
    }
  });

  it('saves exactly the best rounds, which Python loads and predicts the same', async () => {
    const { model, progress } = await fit(trainer, fitInput('LightGBM', data, asGolden));
    const folder = await temporaryFolder();
    await model.save(folder);
    const text = await readFile(path.join(folder, 'model.txt'), 'utf8');
    expect(text.match(/^Tree=\d+$/gm)).toHaveLength(progress.at(-1)!.bestStep!);
    expect(text).toContain('feature_names=feature_0 feature_1 feature_2 feature_3 feature_4 feature_5\n');
    const python = pythonWith('lightgbm');
    if (python === undefined) return;
    const test = testInput(data);
    const ours = (await model.predict(test)).values;
    const theirs = await pythonPredictions(python, 'lightgbm', model, test);
    expect(theirs).toHaveLength(ours.length);
    expect(largestDifference(ours, theirs)).toBeLessThan(1e-9);
  });

  it('gives the probabilities of a direction that Python’s LightGBM gives with its binary objective', async () => {
    const target = data.target.map((value) => (value > 0 ? 1 : 0));
    const targets = [{ name: 'fwd_dir_1b', values: target, labelBars: 1, direction: true }];
    const input = fitInput('LightGBM', { panel: data.panel, target }, asGolden, { targets });
    const { model, progress } = await fit(trainer, input);
    expect(progress.at(-1)!.bestStep).toBe(direction.bestRound);
    progress.forEach(({ trainLoss, validationLoss }, round) => {
      expect(trainLoss).toBeCloseTo(direction.trainLosses[round]!, 9);
      expect(validationLoss).toBeCloseTo(direction.validationLosses[round]!, 9);
    });
    const said = await model.predict(testInput(data));
    expect(said.probabilities).toBe(true);
    expect(largestDifference(said.values, direction.probabilities)).toBeLessThan(1e-9);
    expect(await roundTrip(trainer, model, testInput(data))).toEqual(said.values);
  });

  it('regresses a direction whose training rows hold one value only', async () => {
    const target = data.target.map(() => 1);
    const targets = [{ name: 'fwd_dir_1b', values: target, labelBars: 1, direction: true }];
    const { model } = await fit(trainer, fitInput('LightGBM', { panel: data.panel, target }, asGolden, { targets }));
    const { values, probabilities } = await model.predict(testInput(data));
    expect(probabilities).toBeUndefined();
    expect(values.every((value) => Math.abs(value - 1) < 1e-6)).toBe(true);
  });

  it('is the same to the bit with one thread and two', async () => {
    const large = uniformPanel(20_000, 6, 4);
    const predictions = [];
    for (const threads of [1, 2]) {
      const { model } = await fit(trainer, fitInput('LightGBM', large, { rounds: 20 }, { threads }));
      predictions.push((await model.predict({ ...testInput(large), threads })).values);
    }
    expect(predictions[1]).toEqual(predictions[0]);
  });

  it('names its engine', async () => {
    expect(await trainer.describe(2, 'cpu')).toMatch(/^LightGBM \S+.*, cpu, 2 threads$/);
  });
});
