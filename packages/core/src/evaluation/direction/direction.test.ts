import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { expectClose } from '../testing/expectClose.ts';
import { panelOf, rowsInTime } from '../testing/panelOf.ts';
import type { Uncertainty } from '../uncertainty.ts';
import { evaluateDirection } from './evaluateDirection.ts';
import { probabilityOfRise } from './probabilityOfRise.ts';
import { rocArea } from './rocArea.ts';

interface GoldenCase {
  symbols: number;
  labelBars: number;
  bins: number;
  /** In time order. */
  target: number[];
  probabilities: number[];
  expected: object;
}
const golden = JSON.parse(readFileSync(new URL('../golden/direction.json', import.meta.url), 'utf8')) as {
  cases: Record<string, GoldenCase>;
};

/** Targets and predictions in time order, as a panel holds them. */
function inputOf(symbols: number, target: ArrayLike<number>, predictions: ArrayLike<number>) {
  const bars = target.length / symbols;
  const panel = panelOf(Array.from({ length: bars }, () => Array.from({ length: symbols }, () => 1)));
  const byRow = new Float64Array(target.length);
  const rows = rowsInTime(panel);
  rows.forEach((row, i) => {
    byRow[row] = target[i]!;
  });
  return { panel, rows, target: byRow, predictions: Float64Array.from(predictions), labelBars: 2 };
}

describe('direction, against scikit-learn, scipy and numpy', () => {
  it.each(Object.entries(golden.cases))('%s', (_, { symbols, target, probabilities, expected, ...settings }) => {
    const input = { ...inputOf(symbols, target, probabilities), ...settings };
    expectClose(evaluateDirection({ ...input, kind: 'probabilities' }), expected);
    const { auc, probabilities: none } = evaluateDirection({ ...input, kind: 'scores' });
    expect(none).toBeUndefined();
    expectClose(auc, (expected as { auc: object }).auc);
  });
});

describe('area under the ROC curve', () => {
  const random = new Random(9);
  const bars = Array.from({ length: 300 }, (_, i) => Math.floor(i / 3));
  const scores = Float64Array.from(bars, () => random.normal());
  const risen = Uint8Array.from(scores, (score) => (score + random.normal() > 0 ? 1 : 0));

  it('goes by rank: a monotone change leaves it, the negated score mirrors it', () => {
    const plain = rocArea(bars, scores, risen, 3);
    expectClose(rocArea(bars, scores.map(Math.exp), risen, 3), plain);
    const negated = rocArea(
      bars,
      scores.map((score) => -score),
      risen,
      3,
    );
    expectClose(negated, { ...plain, value: 1 - plain.value! });
  });

  it('is a half for a score that never changes, and nothing without rises and falls', () => {
    const none = { value: null, standardError: null, deLongError: null };
    expect(rocArea(bars, new Float64Array(300), risen, 1)).toEqual({ ...none, value: 0.5 });
    expect(rocArea(bars, scores, new Uint8Array(300), 1)).toEqual(none);
    expect(rocArea([], new Float64Array(0), new Uint8Array(0), 1)).toEqual(none);
    expect(rocArea([0, 1], Float64Array.of(1, 2), Uint8Array.of(0, 1), 1)).toMatchObject({
      value: 1,
      deLongError: null,
    });
  });

  it('has a wider error by bars than for independent rows where rows of a bar are one and the same', () => {
    const repeat = <T extends Float64Array | Uint8Array>(values: T) =>
      values.map((_, i) => values[3 * Math.floor(i / 3)]!) as T;
    const { standardError, deLongError } = rocArea(bars, repeat(scores), repeat(risen), 1);
    expect(standardError! / deLongError!).toBeGreaterThan(1.4);
  });
});

describe('evaluateDirection', () => {
  it('leaves out what is not known or does not move, and counts both', () => {
    const input = inputOf(2, [0.1, -0.1, 0, 0.2, Number.NaN, -0.3], [0.6, 0.4, 0.5, Number.NaN, 0.5, 0.3]);
    expect(evaluateDirection({ ...input, kind: 'probabilities' })).toMatchObject({
      rows: 3,
      unchanged: 1,
      leftOut: 2,
      auc: { value: 1 },
      probabilities: { rows: 3, baseRate: expect.closeTo(1 / 3, 12) },
    });
    expect(() => evaluateDirection({ ...inputOf(1, [1, -1], [0.5, 1.2]), kind: 'probabilities' })).toThrow(
      /expected probabilities from 0 to 1, got 1.2/,
    );
    const nothing = evaluateDirection({ ...inputOf(1, [0, 0], [0.5, 0.5]), kind: 'probabilities' });
    expect(nothing.probabilities).toMatchObject({
      baseRate: null,
      brierSkill: null,
      decomposition: null,
      calibration: [],
    });
    expect(JSON.stringify(nothing)).not.toContain('NaN');
  });
});

describe('probabilityOfRise', () => {
  const levels = [0.1, 0.5, 0.9];
  it.each<[string, number[], Uncertainty, number[]]>([
    [
      'a Normal',
      [0, 1, Number.NaN],
      { kind: 'normal', deviations: Float64Array.of(1, 1, 1) },
      [0.5, 0.8413447460685429, Number.NaN],
    ],
    ['draws', [0, 0], { kind: 'draws', perRow: 4, draws: Float64Array.of(-1, 0, 1, 2, -4, -3, -2, -1) }, [0.625, 0]],
    [
      'quantiles',
      [0, 0, 0, 0],
      { kind: 'quantiles', levels, values: Float64Array.of(-1, 1, 2, 1, 2, 3, -3, -2, -1, 0, 0, 1) },
      [0.7, 0.95, 0.05, 0.7],
    ],
    [
      'quantiles that miss one',
      [0],
      { kind: 'quantiles', levels, values: Float64Array.of(-1, Number.NaN, 2) },
      [Number.NaN],
    ],
  ])('of %s', (_, values, uncertainty, expected) => {
    const found = probabilityOfRise(Float64Array.from(values), uncertainty);
    found.forEach((value, i) => {
      if (Number.isNaN(expected[i]!)) expect(value).toBeNaN();
      else expect(value).toBeCloseTo(expected[i]!, 12);
    });
    expect(found).toHaveLength(expected.length);
  });
});
