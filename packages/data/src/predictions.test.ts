import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PredictionLayout } from '@twostage/core/runs/predictionColumns';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Database, quoteText } from './database.ts';
import { openDataset } from './openDataset.ts';
import { writePredictions } from './predictions.ts';
import { plainCsv, prepare, temporaryFolder, writeFiles } from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
let training: string;
let dataset: string;
beforeEach(async () => {
  folder = temporaryFolder();
  training = join(folder.path, 'training');
  dataset = join(folder.path, 'dataset');
  mkdirSync(join(folder.path, 'market'));
  mkdirSync(training);
  writeFiles(join(folder.path, 'market'), { 'AAA.csv': plainCsv(150), 'BBB.csv': plainCsv(150, 4) });
  await prepare(join(folder.path, 'market'), dataset);
});
afterEach(() => folder.remove());

const prediction = { name: 'prediction', perRow: 1, outcome: { target: 'fwd_ret_1d', name: 'target' } };

function writeColumns(
  rows: number[],
  folds: number[],
  values: number[],
  columns: (PredictionLayout['columns'][number] & { values?: number[] })[] = [prediction],
): void {
  writeFileSync(join(training, trainingDirectory.predictionRows), Uint32Array.from(rows));
  writeFileSync(join(training, trainingDirectory.predictionFolds), Uint32Array.from(folds));
  writeFileSync(join(training, trainingDirectory.predictionLayout), JSON.stringify({ rows: rows.length, columns }));
  for (const column of columns) {
    const file = join(training, trainingDirectory.predictionValues(column.name));
    writeFileSync(file, Float64Array.from(column.values ?? values));
  }
}

describe('writePredictions', () => {
  it('writes symbol, time, fold, prediction and target in the order of the rows', async () => {
    writeColumns([100, 250, 149], [0, 0, 1], [0.001, Number.NaN, -1 / 3]);
    const path = await writePredictions(training, dataset);
    expect(path).toBe(join(training, 'predictions.parquet'));
    const { panel, target } = openDataset(dataset);
    const targets = target('fwd_ret_1d');
    const db = await Database.open({ threads: 1 });
    const rows = await db.rows(
      `SELECT symbol, epoch_ms(time) AS time, fold, prediction, target, typeof(time) AS type FROM read_parquet(${quoteText(path)})`,
    );
    db.close();
    const type = 'TIMESTAMP';
    expect(rows).toEqual([
      { symbol: 'AAA', time: panel.times[100], fold: 0, prediction: 0.001, target: targets[100], type },
      { symbol: 'BBB', time: panel.times[100], fold: 0, prediction: null, target: targets[250], type },
      { symbol: 'AAA', time: panel.times[149], fold: 1, prediction: -1 / 3, target: null, type },
    ]);
    expect(readdirSync(training).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('keeps every row of many', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => i);
    const many = Array.from({ length: 20 }, () => rows).flat();
    writeColumns(
      many,
      many.map((_, i) => Math.floor(i / 300)),
      many.map((_, i) => i / 7),
    );
    const path = await writePredictions(training, dataset);
    const db = await Database.open({ threads: 1 });
    const [sums] = await db.rows(
      `SELECT count(*) AS rows, sum(prediction) AS sum, max(fold) AS fold FROM read_parquet(${quoteText(path)})`,
    );
    db.close();
    expect(sums).toMatchObject({ rows: 6000, fold: 19 });
    expect(sums!.sum as number).toBeCloseTo((5999 * 6000) / 14, 5);
  });

  it.each([
    ['columns of different lengths', [1, 2], [0], [0.1, 0.2], /there are 2 rows and 1 folds/],
    ['too few numbers', [1, 2], [0, 0], [0.1], /prediction has 1 numbers for 2 rows of 1/],
    ['a row that the dataset has not', [1, 300], [0, 0], [0.1, 0.2], /row 300 of a dataset with 300 rows/],
  ])('refuses %s and writes nothing', async (_, rows, folds, values, message) => {
    writeColumns(rows, folds, values);
    await expect(writePredictions(training, dataset)).rejects.toMatchObject({
      code: 'CORRUPT_DATASET',
      message: expect.stringMatching(message),
    });
    expect(readdirSync(training)).not.toContain('predictions.parquet');
  });

  it('writes quantiles, draws and further targets in columns of their own', async () => {
    await prepare(join(folder.path, 'market'), join(folder.path, 'two'), { targets: ['fwd_ret_1d', 'fwd_ret_5d'] });
    const second = {
      name: 'prediction_fwd_ret_5d',
      perRow: 1,
      outcome: { target: 'fwd_ret_5d', name: 'target_fwd_ret_5d' },
    };
    writeColumns(
      [100, 250],
      [0, 0],
      [0.1, Number.NaN],
      [
        prediction,
        { name: 'q0.1', perRow: 1, values: [-0.1, Number.NaN] },
        { name: 'draws', perRow: 3, values: [1, 2, 3, Number.NaN, Number.NaN, Number.NaN] },
        { ...second, values: [0.5, 0.6] },
      ],
    );
    const path = await writePredictions(training, join(folder.path, 'two'));
    const later = openDataset(join(folder.path, 'two')).target('fwd_ret_5d');
    const db = await Database.open({ threads: 1 });
    const rows = await db.rows(
      `SELECT prediction, "q0.1", list_sum(draws) AS sum, prediction_fwd_ret_5d, target_fwd_ret_5d FROM read_parquet(${quoteText(path)})`,
    );
    db.close();
    expect(rows).toEqual([
      { prediction: 0.1, 'q0.1': -0.1, sum: 6, prediction_fwd_ret_5d: 0.5, target_fwd_ret_5d: later[100] },
      { prediction: null, 'q0.1': null, sum: null, prediction_fwd_ret_5d: 0.6, target_fwd_ret_5d: later[250] },
    ]);
  });

  it('refuses a target that the dataset has not, and columns that are not there', async () => {
    writeColumns([1], [0], [0.1], [{ ...prediction, outcome: { target: 'y_x', name: 'target' } }]);
    await expect(writePredictions(training, dataset)).rejects.toMatchObject({ code: 'UNKNOWN_TARGET' });
    await expect(writePredictions(folder.path, dataset)).rejects.toMatchObject({
      code: 'CORRUPT_DATASET',
      message: expect.stringMatching(/prediction-row\.u32: cannot be read$/),
    });
  });
});
