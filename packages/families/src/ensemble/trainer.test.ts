import { describe, expect, it } from 'vitest';
import { fit, fitInput, roundTrip, testInput } from '../../test/fitting.ts';
import { normals, panelOf, rowsBetween, rSquared, type Simulated } from '../../test/simulatedPanel.ts';
import { baseNames, predictBases } from './bases.ts';
import type { EnsembleModel } from './model.ts';
import { timeBlocks } from './timeBlocks.ts';
import { trainer } from './trainer.ts';

/** Lines, one product and one step: trees see the last two, ridge the first. */
function mixedPanel(rows: number): Simulated {
  const normal = normals(3);
  const panel = panelOf(rows, 8, () => normal());
  const at = (row: number, column: number) => panel.features[column * rows + row]!;
  const target = Float64Array.from({ length: rows }, (_, row) => {
    const lines = 0.5 * (at(row, 0) - at(row, 1) + at(row, 2) - at(row, 3));
    return lines + 0.8 * at(row, 4) * at(row, 5) + (at(row, 6) > 0.8 ? 1.2 : -0.3) + 1.5 * normal();
  });
  return { panel, target };
}
const quick = { rounds: 120, learningRate: 0.1, forestTrees: 30, blocks: 3, minLeafRows: 20 };

describe('Ensemble', () => {
  it('is as good as its best base and better than the others, and says how it weighs them and why', async () => {
    const data = mixedPanel(5000);
    const { model, progress } = await fit(trainer, fitInput('Ensemble', data, quick));
    const ensemble = model as EnsembleModel;
    const test = testInput(data);
    const scoreOf = (values: Float64Array) => rSquared(data.target, test.rows, values);
    const stacked = scoreOf((await model.predict(test)).values);
    const bases = await predictBases(ensemble.bases, test);
    const scores = baseNames.map((name) => scoreOf(bases[name])).sort((a, b) => a - b);
    // Of 1,000 rows: a difference of a hundredth is within chance.
    expect(stacked).toBeGreaterThan(scores[2]! - 0.01);
    expect(stacked).toBeGreaterThan(scores[1]! + 0.05);
    const { weights, heldLosses } = ensemble.data;
    expect(Math.min(weights.boosting, weights.ridge)).toBeGreaterThan(0.1);
    for (const name of baseNames) expect(heldLosses!.stack).toBeLessThan(heldLosses![name]);
    expect(progress.at(-1)!.trainLoss).toBe(heldLosses!.stack);
    const [bars, table] = await model.figures!(undefined as never);
    if (bars?.kind !== 'bars' || table?.kind !== 'table') throw new Error('expected bars and a table');
    expect(bars.items.map(({ value }) => value)).toEqual(Object.values(weights).sort((a, b) => b - a));
    expect(table.rows).toHaveLength(5);
    expect(await roundTrip(trainer, model, test)).toEqual((await model.predict(test)).values);
  });

  it('is the same with one thread and with two', async () => {
    const data = mixedPanel(800);
    const values = [];
    for (const threads of [1, 2]) {
      const { model } = await fit(
        trainer,
        fitInput('Ensemble', data, { ...quick, rounds: 10, forestTrees: 5 }, { threads }),
      );
      values.push((await model.predict(testInput(data))).values);
    }
    expect(values[1]).toEqual(values[0]);
  });

  const noise = (seed: number): Simulated => {
    const normal = normals(seed);
    const panel = panelOf(3000, 4, () => normal());
    return { panel, target: Float64Array.from({ length: 3000 }, () => 0.02 + 0.01 * normal()) };
  };

  it('trusts no base where there is nothing to find', async () => {
    const { panel, target } = noise(8);
    const { model } = await fit(trainer, fitInput('Ensemble', { panel, target }, quick));
    const { values } = await model.predict(testInput({ panel, target }));
    expect(rSquared(target, testInput({ panel, target }).rows, values)).toBeGreaterThan(-0.02);
  });

  it('says so where its forecast is the mean of the training window', async () => {
    const data = noise(5);
    const input = fitInput('Ensemble', data, quick);
    const { model, notes } = await fit(trainer, input);
    expect(notes).toEqual([
      'Ensemble: no base forecasts held out rows better than the training mean, so that mean is the forecast',
    ]);
    const mean = input.train.reduce((sum, row) => sum + data.target[row]!, 0) / input.train.length;
    const { values } = await model.predict(testInput(data));
    expect(new Set(values)).toEqual(new Set([mean]));
  });

  it('counts its bases alike where no block can be held out', async () => {
    const data = mixedPanel(400);
    const targets = [{ name: 'target', values: data.target, labelBars: 300 }];
    const { model, notes } = await fit(trainer, fitInput('Ensemble', data, quick, { targets }));
    expect((model as EnsembleModel).data.weights).toEqual({ boosting: 1 / 3, forest: 1 / 3, ridge: 1 / 3 });
    expect(notes).toEqual(['Ensemble: too few bars to hold any out: the bases count alike']);
  });
});

describe('time blocks', () => {
  const { panel } = mixedPanel(100);

  it('hold out what comes later, block by block, with nothing in sight that is known only later', () => {
    const blocks = timeBlocks(panel, rowsBetween(0, 100), 4, 3);
    expect(blocks.map(({ held }) => [held[0], held.at(-1)])).toEqual([
      [40, 54],
      [55, 69],
      [70, 84],
      [85, 99],
    ]);
    for (const { train, validation, held } of blocks) {
      // A label looks 3 bars ahead.
      expect(train.at(-1)! + 3).toBeLessThan(validation[0]!);
      expect(validation.at(-1)! + 3).toBeLessThan(held[0]!);
      expect(train[0]).toBe(0);
    }
  });

  it('are left out where nothing is left to learn from', () => {
    expect(timeBlocks(panel, rowsBetween(0, 100), 4, 30)).toHaveLength(2);
    expect(timeBlocks(panel, new Uint32Array(0), 4, 1)).toEqual([]);
  });
});
