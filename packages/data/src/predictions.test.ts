import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

function writeColumns(rows: number[], folds: number[], values: number[]): void {
  writeFileSync(join(training, trainingDirectory.predictionRows), Uint32Array.from(rows));
  writeFileSync(join(training, trainingDirectory.predictionFolds), Uint32Array.from(folds));
  writeFileSync(join(training, trainingDirectory.predictionValues), Float64Array.from(values));
}

describe('writePredictions', () => {
  it('writes symbol, time, fold, prediction and target in the order of the rows', async () => {
    writeColumns([100, 250, 149], [0, 0, 1], [0.001, Number.NaN, -1 / 3]);
    const path = await writePredictions(training, dataset, 'fwd_ret_1d');
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
    const path = await writePredictions(training, dataset, 'fwd_ret_1d');
    const db = await Database.open({ threads: 1 });
    const [sums] = await db.rows(
      `SELECT count(*) AS rows, sum(prediction) AS sum, max(fold) AS fold FROM read_parquet(${quoteText(path)})`,
    );
    db.close();
    expect(sums).toMatchObject({ rows: 6000, fold: 19 });
    expect(sums!.sum as number).toBeCloseTo((5999 * 6000) / 14, 5);
  });

  it.each([
    ['columns of different lengths', [1, 2], [0], [0.1, 0.2], /2 rows, 1 folds and 2 predictions/],
    ['a row that the dataset has not', [1, 300], [0, 0], [0.1, 0.2], /row 300 of a dataset with 300 rows/],
  ])('refuses %s and writes nothing', async (_, rows, folds, values, message) => {
    writeColumns(rows, folds, values);
    await expect(writePredictions(training, dataset, 'fwd_ret_1d')).rejects.toMatchObject({
      code: 'CORRUPT_DATASET',
      message: expect.stringMatching(message),
    });
    expect(readdirSync(training)).not.toContain('predictions.parquet');
  });

  it('refuses a target that the dataset has not, and columns that are not there', async () => {
    writeColumns([1], [0], [0.1]);
    await expect(writePredictions(training, dataset, 'y_x')).rejects.toMatchObject({ code: 'UNKNOWN_TARGET' });
    await expect(writePredictions(folder.path, dataset, 'fwd_ret_1d')).rejects.toMatchObject({
      code: 'CORRUPT_DATASET',
      message: expect.stringMatching(/prediction-row\.u32: cannot be read$/),
    });
  });
});
