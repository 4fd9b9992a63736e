import { describe, expect, it, onTestFinished } from 'vitest';
import { XgboostBooster } from './booster.ts';
import { XgboostMatrix } from './matrix.ts';
import { rescaleModel } from './rescale.ts';

const rows = 400;
const columns = 3;
const values = Float32Array.from({ length: rows * columns }, (_, index) =>
  index % 17 === 0 ? Number.NaN : Math.fround(Math.sin(index * 12.9898)),
);
const label = Float32Array.from({ length: rows }, (_, row) => {
  const product = values[row * columns]! * values[row * columns + 1]!;
  return Number.isNaN(product) ? 0.5 : product;
});
const parameters = {
  tree_method: 'hist',
  max_depth: 4,
  base_score: 0.125,
  eval_metric: 'rmse',
  nthread: 1,
  verbosity: 0,
};
const names = ['open', 'close', 'volume'];

function matrix(): XgboostMatrix {
  const created = XgboostMatrix.create(values, rows, columns, { label, threads: 1 });
  onTestFinished(() => created.close());
  return created;
}

function trained(data: XgboostMatrix, rounds = 20): XgboostBooster {
  const booster = XgboostBooster.create([data], parameters, names);
  onTestFinished(() => booster.close());
  for (let round = 0; round < rounds; round++) booster.update(round, data);
  return booster;
}

function fromJson(json: string): XgboostBooster {
  const booster = XgboostBooster.fromJson(json, 1);
  onTestFinished(() => booster.close());
  return booster;
}

describe('XgboostBooster', () => {
  it('scores a matrix as its predictions do', () => {
    const data = matrix();
    const booster = trained(data);
    const predicted = booster.predict(data);
    const loss = predicted.reduce((sum, value, row) => sum + (value - label[row]!) ** 2, 0) / rows;
    const [rmse, again] = booster.evaluate(20, [data, data]);
    expect(rmse! ** 2).toBeCloseTo(loss, 6);
    expect(again).toBe(rmse);
    expect(loss).toBeLessThan(0.03);
  });

  it('writes the first rounds only, and a JSON that reads back to the bit', () => {
    const data = matrix();
    const booster = trained(data, 7);
    expect(fromJson(booster.toJson(5)).predict(data)).toEqual(trained(data, 5).predict(data));
    expect(fromJson(booster.toJson(7)).predict(data)).toEqual(booster.predict(data));
    expect(JSON.parse(booster.toJson(7)).learner.feature_names).toEqual(names);
  });

  it('sums gains by feature name', () => {
    const gains = trained(matrix()).totalGains();
    expect([...gains.keys()].every((name) => names.includes(name))).toBe(true);
    expect(gains.get('open')! + gains.get('close')!).toBeGreaterThan(2 * (gains.get('volume') ?? 0));
  });

  it('passes XGBoost’s own message on, one line of it', () => {
    const data = matrix();
    const booster = XgboostBooster.create([data], { ...parameters, max_depth: -3 });
    onTestFinished(() => booster.close());
    expect(() => booster.update(0, data)).toThrow(
      expect.objectContaining({
        code: 'ENGINE_FAILED',
        message: expect.stringMatching(/^XGBoost: .*max_depth[^\n]*$/),
      }),
    );
    expect(() => XgboostBooster.fromJson('{"learner"', 1)).toThrow(expect.objectContaining({ code: 'ENGINE_FAILED' }));
  });

  it('refuses wrong shapes and closed handles', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    expect(() => XgboostMatrix.create(values, rows + 1, columns, { threads: 1 })).toThrow(mismatch);
    expect(() => XgboostMatrix.create(values, rows, columns, { label: label.subarray(1), threads: 1 })).toThrow(
      mismatch,
    );
    const booster = trained(matrix(), 1);
    booster.close();
    booster.close();
    expect(() => booster.toJson(1)).toThrow(expect.objectContaining({ code: 'ENGINE_FAILED' }));
  });
});

describe('rescaleModel', () => {
  it('scales every prediction exactly, and back to the bit', () => {
    const data = matrix();
    const json = trained(data).toJson(20);
    const predicted = fromJson(json).predict(data);
    for (const scale of [2 ** -7, 1, 2 ** 20]) {
      const rescaled = rescaleModel(json, scale);
      expect(fromJson(rescaled).predict(data)).toEqual(predicted.map((value) => value * scale));
      expect(fromJson(rescaleModel(rescaled, 1 / scale)).predict(data)).toEqual(predicted);
    }
  });

  it('scales gains by the square and leaves counts and thresholds', () => {
    const json = trained(matrix(), 2).toJson(2);
    const tree = (text: string) => JSON.parse(text).learner.gradient_booster.model.trees[1];
    const [before, after] = [tree(json), tree(rescaleModel(json, 0.25))];
    expect(after.loss_changes[0]).toBeCloseTo(before.loss_changes[0] / 16, 6);
    expect(after.sum_hessian).toEqual(before.sum_hessian);
    expect(after.split_conditions[0]).toBe(before.split_conditions[0]);
  });

  it('reads the base score of one output as XGBoost 3.1 writes it', () => {
    const json = trained(matrix(), 1)
      .toJson(1)
      .replace(/"base_score":"([^"]*)"/, '"base_score":"[$1]"');
    expect(rescaleModel(json, 4)).toContain('"base_score":"[5E-1]"');
  });

  it('refuses what is no tree model, and a scale that would round', () => {
    expect(() => rescaleModel('{"learner":{}}', 2)).toThrow(expect.objectContaining({ code: 'ENGINE_FAILED' }));
    expect(() => rescaleModel(trained(matrix(), 1).toJson(1), 3)).toThrow(/power of two/);
  });
});
