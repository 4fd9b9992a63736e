import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { expectClose } from '../testing/expectClose.ts';
import { barsPerYearOf } from './barsPerYear.ts';
import { equityCurve, maxDrawdown } from './drawdown.ts';
import { performanceOf } from './performance.ts';
import { autocorrelations, sharpeRatio, sharpeScale } from './sharpe.ts';

interface GoldenSeries {
  returns: number[];
  barsPerYear: number;
  expected: object;
}
const golden = JSON.parse(readFileSync(new URL('../golden/portfolio.json', import.meta.url), 'utf8')) as {
  series: Record<string, GoldenSeries>;
};

describe('figures of a series of returns, against scipy and numpy', () => {
  it.each(Object.entries(golden.series))('%s', (_, { returns, barsPerYear, expected }) => {
    expectClose(performanceOf(Float64Array.from(returns), barsPerYear), expected);
  });
});

describe('Sharpe ratio', () => {
  it('has about the error of the textbook on independent Normal returns', () => {
    const random = new Random(5);
    const returns = Float64Array.from({ length: 5000 }, () => 0.1 + random.normal());
    const { value, standardError } = sharpeRatio(returns);
    expect(standardError! / Math.sqrt((1 + value! ** 2 / 2) / 5000)).toBeCloseTo(1, 1);
  });

  it('covers the truth as often as it says, also where returns trend', () => {
    const random = new Random(6);
    let within = 0;
    for (let trial = 0; trial < 300; trial++) {
      let last = 0;
      const returns = Float64Array.from({ length: 800 }, () => {
        last = 0.3 * last + random.normal();
        return 0.1 + last;
      });
      const { value, standardError } = sharpeRatio(returns);
      if (Math.abs(value! - 0.1 * Math.sqrt(1 - 0.3 ** 2)) < 1.96 * standardError!) within++;
    }
    expect(within / 300).toBeGreaterThan(0.89);
    expect(within / 300).toBeLessThan(0.98);
  });

  it('is annualised by the printed factors of Lo (2002) for returns of first-order autocorrelation', () => {
    const factor = (bars: number, rho: number) =>
      sharpeScale(
        bars,
        Array.from({ length: bars }, (_, i) => rho ** (i + 1)),
      );
    expect(factor(12, 0)).toBeCloseTo(3.46, 2);
    expect(factor(12, 0.2)).toBeCloseTo(2.88, 2);
    expect(factor(12, -0.2)).toBeCloseTo(4.17, 2);
    expect(sharpeScale(12, [-0.6])).toBeNull();
  });

  it('is null without variance, also where the mean has no exact form', () => {
    for (const returns of [[], [0.1], [0.1, 0.1, 0.1], [0, 0], new Float64Array(5000).fill(0.0007)])
      expect(sharpeRatio(returns)).toEqual({ value: null, standardError: null });
    expect(autocorrelations([1, 1, 1], 2)).toHaveLength(0);
    expect([...autocorrelations([1, -1, 1, -1], 9)]).toEqual([-0.75, 0.5, -0.25]);
  });
});

describe('drawdown', () => {
  it('is the deepest fall, with its peak, its end and its recovery', () => {
    const equity = equityCurve([0.1, -0.2, 0.05, -0.1, 0.5, -0.1]);
    const found = maxDrawdown(equity)!;
    expect(found).toMatchObject({ from: 0, to: 3, recovered: 4, lengthBars: 4 });
    expect(found.depth).toBeCloseTo(1 - 0.8 * 1.05 * 0.9, 12);
    expect(maxDrawdown(equityCurve([-0.1, 0.05]))).toMatchObject({ from: -1, to: 0, recovered: null, lengthBars: 2 });
    expect(maxDrawdown(equityCurve([0.1, 0, 0.2]))).toBeNull();
  });

  it('stays at nothing once all is lost', () => {
    expect([...equityCurve([-1.5, 3])]).toEqual([0, 0]);
    expect(performanceOf(Float64Array.of(0.1, -2, 0.5))).toMatchObject({ totalReturn: -1, annualReturn: -1 });
  });
});

it('knows the customary numbers of bars in a year, and counts others', () => {
  const times = (count: number, stepMs: number) => Float64Array.from({ length: count }, (_, i) => i * stepMs);
  const day = 86_400_000;
  const weekdays = Float64Array.from({ length: 1000 }, (_, i) => (Math.floor(i / 5) * 7 + (i % 5)) * day);
  expect(barsPerYearOf(weekdays)).toBe(252);
  expect(barsPerYearOf(times(100, day))).toBe(365);
  expect(barsPerYearOf(times(100, 7 * day))).toBe(52);
  expect(barsPerYearOf(times(1000, day / 24))).toBeCloseTo(24 * 365.25, 6);
  expect(barsPerYearOf(times(1, day))).toBe(252);
});
