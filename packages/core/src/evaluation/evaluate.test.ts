import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Panel } from '../panel/panel.ts';
import type { Metrics } from '../runs/training.ts';
import { pearson, spearman } from './correlation.ts';
import { meanEstimate, tValue } from './estimate.ts';
import { type EvaluationInput, evaluate } from './evaluate.ts';
import { icByBar } from './ic.ts';
import { neweyWestLags, slopeT } from './neweyWest.ts';
import { averageRanks } from './ranks.ts';

interface GoldenEvaluation {
  symbols: number;
  labelBars: number;
  trainMean: number;
  bar: number[];
  symbol: number[];
  prediction: number[];
  target: number[];
  lags: number;
  expected: Metrics;
}
const golden = JSON.parse(readFileSync(new URL('./golden/golden.json', import.meta.url), 'utf8')) as {
  ranks: { values: number[]; ranks: number[] }[];
  evaluations: Record<string, GoldenEvaluation>;
};

/** The golden rows are in time order; a panel holds them by symbol. */
function inputOf(given: Pick<GoldenEvaluation, 'symbols' | 'bar' | 'symbol' | 'prediction' | 'target'>) {
  const n = given.bar.length;
  const order = Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => given.symbol[a]! - given.symbol[b]! || given.bar[a]! - given.bar[b]!,
  );
  const rowOf = new Uint32Array(n);
  order.forEach((original, row) => {
    rowOf[original] = row;
  });
  const panel: Panel = {
    rows: n,
    symbols: Array.from({ length: given.symbols }, (_, i) => `S${i}`),
    featureNames: [],
    features: new Float32Array(0),
    symbolOf: Uint32Array.from(order, (i) => given.symbol[i]!),
    barOf: Uint32Array.from(order, (i) => given.bar[i]!),
    times: Float64Array.from({ length: Math.max(...given.bar) + 1 }, (_, i) => i * 86_400_000),
    close: new Float64Array(order.length).fill(1),
  };
  return {
    panel,
    target: Float64Array.from(order, (i) => given.target[i]!),
    rows: rowOf,
    predictions: Float64Array.from(given.prediction),
  } satisfies Partial<EvaluationInput>;
}

function small(overrides: Partial<EvaluationInput> = {}): EvaluationInput {
  const bar = [0, 0, 0, 1, 1, 1];
  const symbol = [0, 1, 2, 0, 1, 2];
  const given = { symbols: 3, bar, symbol, prediction: [1, 2, 3, 1, 2, 3], target: [0.1, 0.3, 0.2, 0.2, 0.1, 0.4] };
  return { ...inputOf(given), trainMean: 0, labelBars: 2, ...overrides };
}

describe('golden values of scipy, scikit-learn and numpy', () => {
  it.each(golden.ranks)('ranks $values', ({ values, ranks }) => {
    expect(Array.from(averageRanks(values))).toEqual(ranks);
  });

  for (const [name, given] of Object.entries(golden.evaluations)) {
    describe(name, () => {
      const metrics = evaluate({ ...inputOf(given), trainMean: given.trainMean, labelBars: given.labelBars });
      it.each(Object.keys(given.expected) as (keyof Metrics)[])('%s', (figure) => {
        const expected = given.expected[figure];
        if (typeof expected !== 'number') expect(metrics[figure]).toBe(expected);
        else
          expect(Math.abs((metrics[figure] as number) - expected)).toBeLessThanOrEqual(
            1e-12 * Math.max(1, Math.abs(expected)),
          );
      });
      it('lags', () => {
        const pairs = given.expected.icKind === 'timeSeries' ? given.bar.length : icCount(given);
        expect(neweyWestLags(pairs, given.labelBars)).toBe(given.lags);
      });
    });
  }
});

function icCount(given: GoldenEvaluation): number {
  return icByBar(given.bar, Float64Array.from(given.prediction), Float64Array.from(given.target), 'pearson').values
    .length;
}

describe('evaluate', () => {
  it('is null, never NaN, where a figure is not defined', () => {
    const nothing = evaluate(small({ predictions: new Float64Array(6).fill(Number.NaN) }));
    expect(nothing).toMatchObject({ rows: 0, bars: 0, ic: null, rankIc: null, icir: null, icT: null });
    expect(nothing).toMatchObject({ mse: null, mae: null, r2: null, hitRate: null });
    const constant = evaluate(small({ predictions: new Float64Array(6).fill(0.1) }));
    expect(constant).toMatchObject({ rows: 6, ic: null, rankIc: null, icir: null, icT: null });
    expect(constant.mse).toBeGreaterThan(0);
    for (const metrics of [nothing, constant]) expect(JSON.stringify(metrics)).not.toContain('NaN');
  });

  it('has no ICIR and no t value where each bar’s IC is 1 but for rounding', () => {
    const input = small();
    const target = input.target.map((value, i) => value + Math.sin(i) / 3);
    const predictions = Float64Array.from(input.rows, (row) => 0.7 * target[row]! + 0.1);
    expect(evaluate({ ...input, target, predictions })).toMatchObject({
      icir: null,
      icT: null,
      ic: expect.closeTo(1, 12),
    });
  });

  it('leaves out pairs that were not predicted or whose target is not known', () => {
    const { target } = small();
    const predictions = Float64Array.of(Number.NaN, 2, 3, 1, 2, 3);
    expect(evaluate(small({ predictions })).rows).toBe(5);
    const holed = target.slice();
    holed[0] = Number.NaN;
    expect(evaluate(small({ target: holed })).rows).toBe(5);
  });

  it('measures R² against the training mean, one a row where folds are pooled', () => {
    const { target, rows } = small();
    const trainMean = Float64Array.from(rows, (_, i) => (i < 3 ? 0.1 : 0.5));
    const predictions = trainMean.slice();
    expect(evaluate(small({ predictions, trainMean })).r2).toBeCloseTo(0, 15);
    const perfect = Float64Array.from(rows, (row) => target[row]!);
    expect(evaluate(small({ predictions: perfect, trainMean })).r2).toBe(1);
  });

  it('counts a prediction of 0 as a miss and leaves targets of 0 out of the hit rate', () => {
    const target = Float64Array.of(0, 0.1, -0.1, 0.1, -0.1, 0.1);
    const predictions = Float64Array.of(1, 1, 1, 0, 1, -1);
    const rows = Uint32Array.of(0, 2, 4, 1, 3, 5);
    // judged: rows 2 (−, +), 4 (−, +), 1 (+, 0), 3 (+, +), 5 (+, −)
    expect(evaluate(small({ target, rows, predictions })).hitRate).toBe(1 / 5);
  });

  it('says timeSeries when only one symbol is left', () => {
    const input = small();
    const rows = Uint32Array.of(0, 1);
    const metrics = evaluate({ ...input, rows, predictions: Float64Array.of(1, 2) });
    expect(metrics).toMatchObject({ icKind: 'timeSeries', icir: null });
    expect(metrics.ic).toBeCloseTo(1, 12);
  });

  it('refuses arrays that do not fit together and rows out of time order', () => {
    expect(() => evaluate(small({ predictions: new Float64Array(5) }))).toThrow(/expected 6 targets and 6 predictions/);
    expect(() => evaluate(small({ rows: Uint32Array.of(5, 0, 1, 2, 3, 4) }))).toThrow(/time order/);
  });
});

describe('correlations', () => {
  it('of constant values are NaN even where their mean has no exact form', () => {
    expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toBeNaN();
    expect(pearson([1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3], [1, 2, 3, 4, 5, 6, 7])).toBeNaN();
    for (const n of [100, 1000, 30_011]) {
      const varying = Float64Array.from({ length: n }, (_, i) => i);
      for (const value of [0.1, 1 / 3, -1e-9, 12345.678])
        expect(
          pearson(
            varying.map(() => value),
            varying,
          ),
        ).toBeNaN();
    }
    expect(spearman([5, 5], [1, 2])).toBeNaN();
    expect(pearson([1], [1])).toBeNaN();
  });

  it('keep their digits far from zero', () => {
    expect(pearson([1e9 + 1, 1e9 + 2, 1e9 + 4], [1, 2, 4])).toBeCloseTo(1, 12);
  });

  it('of ranks do not move under a monotone change of scale', () => {
    const x = [0.3, -1, 2, 0.7, 0.1];
    const y = [1, 0, 3, 2, 5];
    expect(spearman(x.map(Math.exp), y)).toBe(spearman(x, y));
  });
});

describe('Newey–West', () => {
  it('with no lag is the textbook t value over n', () => {
    const series = [0.1, 0.3, -0.1, 0.2, 0.05];
    const center = series.reduce((a, b) => a + b) / 5;
    const variance = series.reduce((sum, value) => sum + (value - center) ** 2, 0) / 5;
    expect(tValue(meanEstimate(series, 0))).toBeCloseTo(center / Math.sqrt(variance / 5), 12);
  });

  it('takes at least the overlap of the labels, and never more lags than there are', () => {
    expect(neweyWestLags(100, 2)).toBe(4);
    expect(neweyWestLags(100, 21)).toBe(20);
    expect(neweyWestLags(3, 21)).toBe(2);
    expect(neweyWestLags(0, 2)).toBe(0);
  });

  it('has no value without variance', () => {
    expect(meanEstimate([0.5], 0)).toEqual({ value: 0.5, standardError: null });
    expect(tValue(meanEstimate([1, 1, 1], 1))).toBeNull();
    expect(slopeT([1, 1, 1], [1, 2, 3], 1)).toBeNaN();
  });
});
