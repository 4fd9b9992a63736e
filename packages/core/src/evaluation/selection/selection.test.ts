import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { expectClose } from '../testing/expectClose.ts';
import { type BacktestOverfitting, backtestOverfitting } from './backtestOverfitting.ts';
import { combinations } from './combinations.ts';
import { deflateSharpe, effectiveTrials, expectedMaximumSharpe } from './deflatedSharpe.ts';
import { minimumTrackRecord, probabilisticSharpe } from './probabilisticSharpe.ts';
import { onCommonBars } from './trials.ts';

const golden = JSON.parse(readFileSync(new URL('../golden/selection.json', import.meta.url), 'utf8')) as {
  deflated: { trials: number[][]; expected: object }[];
  overfitting: { trials: (number | null)[][]; expected: BacktestOverfitting }[];
};
const trialsOf = (table: (number | null)[][]) =>
  table.map((trial) => Float64Array.from(trial, (value) => value ?? Number.NaN));

/** Returns of trials without skill, but for what `edge` adds to each bar of the first. */
function noise(seed: number, trials: number, bars: number, edge = 0): Float64Array[] {
  const random = new Random(seed);
  return Array.from({ length: trials }, (_, trial) =>
    Float64Array.from({ length: bars }, () => random.normal() + (trial === 0 ? edge : 0)),
  );
}

describe('against scipy and numpy', () => {
  it.each(golden.deflated)('deflated Sharpe ratio: %#', ({ trials, expected }) => {
    expectClose(deflateSharpe(trialsOf(trials)), expected);
  });
  it.each(golden.overfitting)('backtest overfitting: %#', ({ trials, expected }) => {
    expectClose(backtestOverfitting(trialsOf(trials), expected.blocks), expected);
  });
});

describe('probabilistic Sharpe ratio', () => {
  it('has the printed probabilities of Bailey & López de Prado (2012) for two years of a hedge fund by month', () => {
    const record = { sharpe: 0.458, observations: 24 };
    expect(probabilisticSharpe({ ...record, skewness: 0, kurtosis: 3 })).toBeCloseTo(0.982, 3);
    expect(probabilisticSharpe({ ...record, skewness: -2.448, kurtosis: 10.164 })).toBeCloseTo(0.913, 3);
  });

  it('has their printed track records for a Sharpe ratio of 2 a year to be above 1: by day, week and month', () => {
    for (const [perYear, years] of [
      [252, 2.73],
      [52, 2.83],
      [12, 3.24],
    ] as const) {
      const record = { sharpe: 2 / Math.sqrt(perYear), skewness: 0, kurtosis: 3 };
      const observations = minimumTrackRecord(record, 1 / Math.sqrt(perYear))!;
      expect(observations / perYear).toBeCloseTo(years, 2);
      expect(probabilisticSharpe({ ...record, observations }, 1 / Math.sqrt(perYear))).toBeCloseTo(0.95, 12);
    }
  });

  it('is null where it has no meaning', () => {
    const record = { sharpe: 0.1, skewness: 0, kurtosis: 3 };
    expect(probabilisticSharpe({ ...record, observations: 1 })).toBeNull();
    expect(probabilisticSharpe({ sharpe: 2, skewness: 1, kurtosis: 1, observations: 9 })).toBeNull();
    expect(minimumTrackRecord(record, 0.1)).toBeNull();
  });
});

describe('deflated Sharpe ratio', () => {
  it('has the printed values of Bailey & López de Prado (2014): 0.9004 for 100 trials, 0.9505 for 46', () => {
    const record = { sharpe: 2.5 / Math.sqrt(250), observations: 1250, skewness: -3, kurtosis: 10 };
    const deflated = (trials: number) => probabilisticSharpe(record, expectedMaximumSharpe(1 / 2 / 250, trials));
    expect(expectedMaximumSharpe(1 / 2 / 250, 100)).toBeCloseTo(0.1132, 4);
    expect(deflated(100)).toBeCloseTo(0.9004, 4);
    expect(deflated(46)).toBeCloseTo(0.9505, 4);
  });

  it('expects the maximum that is drawn', () => {
    const random = new Random(1);
    let sum = 0;
    for (let draw = 0; draw < 4000; draw++) {
      let highest = Number.NEGATIVE_INFINITY;
      for (let trial = 0; trial < 50; trial++) highest = Math.max(highest, random.normal());
      sum += highest;
    }
    expect(Math.abs(sum / 4000 / expectedMaximumSharpe(1, 50) - 1)).toBeLessThan(0.02);
    expect([expectedMaximumSharpe(1, 1), expectedMaximumSharpe(1, 1.01)]).toEqual([0, 0]);
    expect([effectiveTrials(1, 20), effectiveTrials(-0.2, 20)]).toEqual([1, 20]);
  });

  it('falls with the number of trials, and of one trial is the probabilistic ratio', () => {
    const trials = noise(2, 30, 500, 0.2);
    const many = deflateSharpe(trials)!;
    expect(many.chosen).toBe(0);
    expect(many.deflated!).toBeLessThan(many.probabilistic!);
    expect(expectedMaximumSharpe(1, 30)).toBeGreaterThan(expectedMaximumSharpe(1, 29));
    const one = deflateSharpe(trials.slice(0, 1))!;
    expect([one.expectedMaximum, one.deflated]).toEqual([0, one.probabilistic]);
    expect(deflateSharpe([new Float64Array(9)])).toBeNull();
    // A trial that never traded has no Sharpe ratio, and is not chosen.
    expect(deflateSharpe([new Float64Array(500), ...trials])!.chosen).toBe(1);
    expect(() => deflateSharpe([...trials, new Float64Array(5)])).toThrow(/same bars, got 500 and 5/);
  });
});

describe('probability of backtest overfitting', () => {
  it('is near a half among trials without skill, and near 0 for one that is truly better', () => {
    const ofNoise = Array.from({ length: 40 }, (_, seed) => backtestOverfitting(noise(seed, 20, 400), 8).probability);
    expect(Math.abs(ofNoise.reduce((a, b) => a + b) / 40 - 0.5)).toBeLessThan(0.07);
    const better = backtestOverfitting(noise(7, 20, 800, 0.3), 10);
    expect(better.probability).toBeLessThan(0.01);
    expect(better.probabilityOfLoss).toBe(0);
  });

  it('does not hang on the order of the trials, and leaves out bars that one of them misses', () => {
    const trials = noise(3, 9, 120);
    const plain = backtestOverfitting(trials, 6);
    expectClose(backtestOverfitting(trials.toReversed(), 6), plain);
    const holed = trials.map((trial) => Float64Array.from([...trial, 0]));
    holed[4]![120] = Number.NaN;
    expectClose(backtestOverfitting(holed, 6), { ...plain, leftOut: 1 });
  });

  it('takes a trial that never trades as one of performance 0', () => {
    const idle = backtestOverfitting([new Float64Array(40), Float64Array.from({ length: 40 }, () => -1)], 4);
    expect([idle.probability, ...idle.outOfSample]).toEqual([0, ...new Float64Array(6)]);
    expect(idle.degradation).toEqual({ slope: null, intercept: null, r2: null });
  });

  it('refuses what it cannot split', () => {
    const trials = noise(1, 3, 100);
    expect(() => backtestOverfitting(trials, 7)).toThrow(/even number of blocks from 2 to 20, got 7/);
    expect(() => backtestOverfitting(trials.slice(0, 1))).toThrow(/2 or more trials/);
    expect(() => backtestOverfitting([...trials, new Float64Array(5)])).toThrow(/same bars, got 100 and 5/);
    expect(() => backtestOverfitting(noise(1, 3, 30))).toThrow(/16 blocks need at least 32 bars.*there are 30/);
  });
});

it('lists all combinations in order', () => {
  expect(combinations(4, 2).map((each) => [...each])).toEqual([
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 2],
    [1, 3],
    [2, 3],
  ]);
  expect(combinations(16, 8)).toHaveLength(12_870);
});

it('lays trials that begin and end apart over the bars that all of them have', () => {
  const { bars, trials } = onCommonBars([
    { bars: Uint32Array.of(3, 4, 5, 7), values: Float64Array.of(1, 2, 3, 4) },
    { bars: Uint32Array.of(4, 5, 6, 7, 8), values: Float64Array.of(5, Number.NaN, 7, 8, 9) },
  ]);
  expect([...bars]).toEqual([4, 5, 7]);
  expect(trials.map((trial) => [...trial])).toEqual([
    [2, 3, 4],
    [5, Number.NaN, 8],
  ]);
  expect(onCommonBars([])).toEqual({ bars: new Uint32Array(0), trials: [] });
});
