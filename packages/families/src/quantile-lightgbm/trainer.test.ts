import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { scoreUncertainty } from '@twostage/core/evaluation/scoreUncertainty';
import { describe, expect, it } from 'vitest';
import { pythonPredictions } from '../../test/agreesWithPython.ts';
import { fit, fitInput, temporaryFolder, testInput } from '../../test/fitting.ts';
import { pythonWith } from '../../test/python.ts';
import { largestDifference, normals, panelOf, rowsBetween, type Simulated } from '../../test/simulatedPanel.ts';
import type { QuantileModel } from './model.ts';
import { trainer } from './trainer.ts';

/** Mean 0.4 · x0, standard deviation exp(0.6 · x1), both times a hundredth. */
function spreadingPanel(rows: number): Simulated {
  const normal = normals(2);
  const panel = panelOf(rows, 4, () => normal());
  const at = (row: number, column: number) => panel.features[column * rows + row]!;
  const target = Float64Array.from(
    { length: rows },
    (_, row) => 0.01 * (0.4 * at(row, 0) + Math.exp(0.6 * at(row, 1)) * normal()),
  );
  return { panel, target };
}
const data = spreadingPanel(6000);
const quick = { rounds: 80, learningRate: 0.1, leaves: 8, minLeafRows: 50 };
const outcomesOf = (rows: Uint32Array) => Float64Array.from(rows, (row) => data.target[row]!);

/** What an interval of one width would do: quantiles of the training rows' distance to the overall mean. */
function constantQuantiles(levels: readonly number[], train: Uint32Array): number[] {
  const sorted = outcomesOf(train).sort();
  return levels.map((level) => sorted[Math.round(level * (sorted.length - 1))]!);
}

describe('QuantileLightGBM', () => {
  it('holds 80 % of the outcomes between its outer quantiles, with less pinball loss than one width for all', async () => {
    const input = fitInput('QuantileLightGBM', data, quick);
    const { model, progress } = await fit(trainer, input);
    const asked = testInput(data);
    const { values, uncertainty } = await model.predict(asked);
    if (uncertainty?.kind !== 'quantiles') throw new Error('expected quantiles');
    expect(uncertainty.levels).toEqual([0.1, 0.5, 0.9]);
    const target = outcomesOf(asked.rows);
    const scored = scoreUncertainty({ target, values, uncertainty });
    expect(scored.interval!.coverage).toBeGreaterThan(0.77);
    expect(scored.interval!.coverage).toBeLessThan(0.83);
    const constant = constantQuantiles(uncertainty.levels, input.train);
    const rival = scoreUncertainty({
      target,
      values: values.map(() => constant[1]!),
      uncertainty: { ...uncertainty, values: uncertainty.values.map((_, i) => constant[i % 3]!) },
    });
    scored.pinball.forEach(({ loss }, i) => {
      expect(loss!).toBeLessThan(rival.pinball[i]!.loss! * 0.98);
    });
    const wide = (row: number) => uncertainty.values[row * 3 + 2]! - uncertainty.values[row * 3]!;
    const spread = asked.rows.reduce((best, row, i) => {
      return data.panel.features[6000 + row]! > data.panel.features[6000 + asked.rows[best]!]! ? i : best;
    }, 0);
    const calm = asked.rows.reduce((best, row, i) => {
      return data.panel.features[6000 + row]! < data.panel.features[6000 + asked.rows[best]!]! ? i : best;
    }, 0);
    expect(wide(spread)).toBeGreaterThan(3 * wide(calm));
    expect(progress.at(-1)!.bestValidationLoss!).toBeLessThan(progress[0]!.validationLoss!);
  });

  it('reports the mean pinball loss of its own forecasts', async () => {
    const input = fitInput('QuantileLightGBM', data, { ...quick, rounds: 5, patience: 0 });
    const { model, progress } = await fit(trainer, input);
    const { values, uncertainty } = await model.predict({ ...testInput(data), rows: input.validation });
    const { pinball } = scoreUncertainty({ target: outcomesOf(input.validation), values, uncertainty: uncertainty! });
    const mean = pinball.reduce((sum, { loss }) => sum + loss!, 0) / pinball.length;
    // Labels are float32 in the library, and quantiles that cross are put in order only in forecasts.
    expect(progress.at(-1)!.bestValidationLoss! / mean).toBeCloseTo(1, 3);
  });

  it('never lets quantiles cross, whatever the levels', async () => {
    const levels = '0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9';
    const small = { panel: data.panel, target: data.target };
    const changed = { train: rowsBetween(0, 300), validation: rowsBetween(300, 400) };
    const given = { ...quick, minLeafRows: 5, rounds: 40, levels };
    const { model } = await fit(trainer, fitInput('QuantileLightGBM', small, given, changed));
    const { values, uncertainty } = await model.predict(testInput(data));
    if (uncertainty?.kind !== 'quantiles') throw new Error('expected quantiles');
    const raw = await Promise.all((model as QuantileModel).models.map((each) => each.predict(testInput(data))));
    const crossed = values.filter((_, row) =>
      raw.some((each, i) => i > 0 && each.values[row]! < raw[i - 1]!.values[row]!),
    );
    expect(crossed.length, 'there is something to mend').toBeGreaterThan(0);
    expect(uncertainty.values.every((value, i) => i % 9 === 0 || value >= uncertainty.values[i - 1]!)).toBe(true);
    expect(values).toEqual(values.map((_, row) => uncertainty.values[row * 9 + 4]!));
  });

  it('is the same with one thread and with two', async () => {
    const forecasts = [];
    for (const threads of [1, 2]) {
      const { model } = await fit(trainer, fitInput('QuantileLightGBM', data, { ...quick, rounds: 5 }, { threads }));
      forecasts.push((await model.predict(testInput(data))).uncertainty);
    }
    expect(forecasts[1]).toEqual(forecasts[0]);
  });

  it('saves LightGBM models', async () => {
    const { model } = await fit(trainer, fitInput('QuantileLightGBM', data, { ...quick, rounds: 5 }));
    const folder = await temporaryFolder();
    await model.save(folder);
    const text = await readFile(path.join(folder, 'quantile-0.9/model.txt'), 'utf8');
    expect(text).toMatch(/^objective=quantile/m);
    await expect(trainer.load('/nowhere', 1, 'cpu')).rejects.toMatchObject({ code: 'BAD_FILE' });
  });

  it.skipIf(!pythonWith('lightgbm'))('that Python loads and predicts the same', async () => {
    const { model } = await fit(trainer, fitInput('QuantileLightGBM', data, { ...quick, rounds: 20 }));
    const highest = (model as QuantileModel).models[2]!;
    const { values } = await highest.predict(testInput(data));
    const theirs = await pythonPredictions(pythonWith('lightgbm')!, 'lightgbm', highest, testInput(data));
    expect(largestDifference(values, theirs)).toBe(0);
  });
});
