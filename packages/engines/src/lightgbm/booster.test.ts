import { describe, expect, it, onTestFinished } from 'vitest';
import { LightgbmBooster } from './booster.ts';
import { LightgbmDataset, type Matrix } from './dataset.ts';
import { formatParameters } from './parameters.ts';

const rows = 400;
const columns = 3;
const rowMajor = Float32Array.from({ length: rows * columns }, (_, index) => Math.fround(Math.sin(index * 12.9898)));
const label = Float32Array.from({ length: rows }, (_, row) => rowMajor[row * columns]! * rowMajor[row * columns + 1]!);
const parameters = {
  objective: 'regression',
  metric: 'l2',
  is_provide_training_metric: true,
  min_data_in_leaf: 5,
  deterministic: true,
  force_row_wise: true,
  num_threads: 1,
  verbosity: -1,
};
const matrix: Matrix = { values: rowMajor, rows, columns, layout: 'rowMajor' };

function trained(data: Matrix, rounds = 20): LightgbmBooster {
  const dataset = LightgbmDataset.create(data, label, parameters);
  onTestFinished(() => dataset.close());
  const booster = LightgbmBooster.create(dataset, [], parameters);
  onTestFinished(() => booster.close());
  for (let round = 0; round < rounds; round++) booster.update();
  return booster;
}

function predictions(booster: LightgbmBooster, data: Matrix): Float64Array {
  const out = new Float64Array(data.rows);
  booster.predict(data, out, 1);
  return out;
}

describe('LightgbmBooster', () => {
  it('reads the same matrix from rows, columns, float32 and float64', () => {
    const byColumn = new Float64Array(rows * columns);
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++)
        byColumn[column * rows + row] = rowMajor[row * columns + column]!;
    }
    const transposed: Matrix = { values: byColumn, rows, columns, layout: 'columnMajor' };
    const expected = predictions(trained(matrix), matrix);
    expect(predictions(trained(transposed), matrix)).toEqual(expected);
    expect(predictions(trained(matrix), transposed)).toEqual(expected);
  });

  it('scores the training block as its predictions do', () => {
    const booster = trained(matrix);
    const loss = predictions(booster, matrix).reduce((sum, value, row) => sum + (value - label[row]!) ** 2, 0) / rows;
    expect(booster.evaluate(0)).toBeCloseTo(loss, 9);
    expect(loss).toBeLessThan(0.03);
  });

  it('writes the first rounds only, on demand, and a text that reads back to the bit', () => {
    const booster = trained(matrix, 7);
    const five = LightgbmBooster.fromText(booster.toText(5));
    const all = LightgbmBooster.fromText(booster.toText());
    onTestFinished(() => {
      five.close();
      all.close();
    });
    expect(booster.toText(5).match(/^Tree=/gm)).toHaveLength(5);
    expect(predictions(five, matrix)).toEqual(predictions(trained(matrix, 5), matrix));
    expect(predictions(all, matrix)).toEqual(predictions(booster, matrix));
  });

  it('grows by given derivatives what it grows by itself for the same loss', () => {
    const dataset = LightgbmDataset.create(matrix, label, parameters);
    const settings = { ...parameters, objective: 'none', metric: 'none', is_provide_training_metric: false };
    const booster = LightgbmBooster.create(dataset, [dataset], settings);
    onTestFinished(() => {
      booster.close();
      dataset.close();
    });
    const scores = new Float64Array(rows);
    const hessians = new Float32Array(rows).fill(1);
    const mean = label.reduce((sum, value) => sum + value, 0) / rows;
    for (let round = 0; round < 20; round++) {
      expect(
        booster.updateBy(
          Float32Array.from(scores, (score, row) => mean + score - label[row]!),
          hessians,
        ),
      ).toBe(true);
      booster.scores(0, scores);
    }
    expect(booster.rounds).toBe(20);
    const expected = predictions(trained(matrix), matrix);
    for (const [row, score] of scores.entries()) expect(mean + score).toBeCloseTo(expected[row]!, 6);
    const beside = new Float64Array(rows);
    booster.scores(1, beside);
    expect(beside).toEqual(scores);
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => booster.updateBy(hessians.subarray(1), hessians)).toThrow(mismatch);
    expect(() => booster.scores(1, new Float64Array(1))).toThrow(mismatch);
  });

  it('counts splits and gains by feature', () => {
    const booster = trained(matrix);
    const splits = booster.importances(columns, 'split');
    expect(splits.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(20);
    const gains = booster.importances(columns, 'gain');
    expect(gains[0]! + gains[1]!).toBeGreaterThan(10 * gains[2]!);
  });

  it('passes LightGBM’s own message on', () => {
    const dataset = LightgbmDataset.create(matrix, label, parameters);
    onTestFinished(() => dataset.close());
    expect(() => LightgbmBooster.create(dataset, [], { ...parameters, num_leaves: 1 })).toThrow(
      expect.objectContaining({ code: 'ENGINE_FAILED', message: expect.stringContaining('num_leaves') }),
    );
    expect(() => LightgbmBooster.fromText('tree\nversion=v4\n')).toThrow(/not whole/);
  });

  it('refuses wrong shapes and closed handles', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => LightgbmDataset.create({ ...matrix, rows: rows + 1 }, label, parameters)).toThrow(mismatch);
    expect(() => LightgbmDataset.create(matrix, label.subarray(1), parameters)).toThrow(mismatch);
    const booster = trained(matrix, 1);
    expect(() => booster.predict(matrix, new Float64Array(1), 1)).toThrow(mismatch);
    booster.close();
    booster.close();
    expect(() => booster.update()).toThrow(expect.objectContaining({ code: 'ENGINE_FAILED' }));
  });

  it('formats parameters as the C API reads them', () => {
    expect(formatParameters({ num_leaves: 31, deterministic: true, metric: 'l2' })).toBe(
      'num_leaves=31 deterministic=true metric=l2',
    );
  });
});
