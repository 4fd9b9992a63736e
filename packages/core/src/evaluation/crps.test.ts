import { expect, it } from 'vitest';
import { normalCrps, quantilesCrps } from './crps.ts';
import { normalQuantile } from './normal.ts';

const of = (levels: number[], values: number[]) => ({
  kind: 'quantiles' as const,
  levels,
  values: Float64Array.from(values),
});

it('of one quantile is its absolute error', () => {
  expect([-1, 2, 5].map((target) => quantilesCrps(target, of([0.5], [2]), 0))).toEqual([3, 0, 3]);
});

it("comes to the Normal's as its quantiles become many, and is near it with three", () => {
  const spaced = (count: number) => Array.from({ length: count }, (_, i) => (i + 0.5) / count);
  const apart = (levels: number[], target: number) =>
    Math.abs(quantilesCrps(target, of(levels, levels.map(normalQuantile)), 0) - normalCrps(target, 0, 1));
  for (const target of [-3, -0.7, 0, 0.1, 2]) {
    expect(apart(spaced(2000), target)).toBeLessThan(1e-3);
    expect(apart([0.1, 0.5, 0.9], target)).toBeLessThan(0.2);
  }
});

it('of a row reads that row, and takes quantiles that are one', () => {
  const two = of([0.1, 0.5, 0.9], [7, 7, 7, 0, 1, 1]);
  expect(quantilesCrps(9, two, 0)).toBe(2);
  // F goes from 0.1 to 0.5 over [0, 1], and is 1 from 1 on; the outcome is 1.
  expect(quantilesCrps(1, two, 1)).toBeCloseTo((0.01 + 0.05 + 0.25) / 3, 15);
});

it('is least, over many outcomes of a Normal, for its own quantiles', () => {
  const levels = [0.1, 0.5, 0.9];
  const outcomes = Array.from({ length: 4000 }, (_, i) => normalQuantile((i + 0.5) / 4000));
  const mean = (scale: number, shift: number) => {
    const forecast = of(
      levels,
      levels.map((level) => shift + scale * normalQuantile(level)),
    );
    return outcomes.reduce((sum, target) => sum + quantilesCrps(target, forecast, 0), 0) / outcomes.length;
  };
  const own = mean(1, 0);
  // The Normal's own is 1 / √π; three quantiles of it lose a little, and never score better than all of it.
  expect(own).toBeGreaterThan(1 / Math.sqrt(Math.PI));
  expect(own).toBeLessThan(1.03 / Math.sqrt(Math.PI));
  for (const [scale, shift] of [
    [0.7, 0],
    [1.4, 0],
    [1, 0.3],
    [1, -0.3],
  ] as const)
    expect(mean(scale, shift)).toBeGreaterThan(own);
});
