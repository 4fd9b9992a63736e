import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { DistributionMetrics } from '../runs/training.ts';
import { normalCrps } from './crps.ts';
import { normalCdf, normalCentral, normalPdf, normalQuantile } from './normal.ts';
import { quantilesOf, scoreUncertainty, storedLevels } from './scoreUncertainty.ts';
import { expectClose } from './testing/expectClose.ts';
import type { Uncertainty } from './uncertainty.ts';

interface GoldenCase {
  target: number[];
  values: number[];
  deviations?: number[];
  perRow?: number;
  draws?: number[];
  levels?: number[];
  numbers?: number[];
  /** At the stored levels. */
  quantiles: (number | null)[];
  expected: DistributionMetrics;
}
const golden = JSON.parse(readFileSync(new URL('./golden/uncertainty.json', import.meta.url), 'utf8')) as {
  normal: { points: number[]; pdf: number[]; cdf: number[]; chances: number[]; quantiles: number[] };
  cases: Record<string, GoldenCase>;
};

function uncertaintyOf({ deviations, perRow, draws, levels, numbers }: GoldenCase): Uncertainty {
  if (deviations) return { kind: 'normal', deviations: Float64Array.from(deviations) };
  if (draws) return { kind: 'draws', perRow: perRow!, draws: Float64Array.from(draws) };
  return { kind: 'quantiles', levels: levels!, values: Float64Array.from(numbers!) };
}

describe('the normal distribution, against 400 digits of mpmath', () => {
  const { points, pdf, cdf, chances, quantiles } = golden.normal;
  const relative = (actual: number, expected: number) => Math.abs(actual - expected) / Math.abs(expected);

  it('has density and distribution function to fourteen digits, in the tails too', () => {
    points.forEach((z, i) => {
      expect(relative(normalPdf(z), pdf[i]!), `pdf(${z})`).toBeLessThan(1e-14);
      expect(relative(normalCdf(z), cdf[i]!), `cdf(${z})`).toBeLessThan(1e-14);
    });
    expect(normalCdf(Number.NEGATIVE_INFINITY)).toBe(0);
    expect(normalCdf(Number.POSITIVE_INFINITY)).toBe(1);
    expect(normalCdf(Number.NaN)).toBeNaN();
  });

  it('has the inverse to fourteen digits', () => {
    chances.forEach((p, i) => {
      const apart = Math.abs(normalQuantile(p) - quantiles[i]!);
      expect(apart, `quantile(${p})`).toBeLessThan(1e-14 * Math.max(1, Math.abs(quantiles[i]!)));
    });
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    expect(normalQuantile(1.1)).toBeNaN();
  });

  it('is as precise around 0 as the width asked for', () => {
    expect(normalCentral(1e-12)).toBeCloseTo(1e-12 * Math.sqrt(2 / Math.PI), 26);
    expect(normalCentral(-1)).toBe(-normalCentral(1));
    expect(normalCentral(1)).toBeCloseTo(0.6826894921370859, 15);
  });
});

describe('scores of uncertain forecasts, against integrals, double sums, scipy and scikit-learn', () => {
  for (const [name, given] of Object.entries(golden.cases)) {
    it(name, () => {
      const [target, values] = [Float64Array.from(given.target), Float64Array.from(given.values)];
      const uncertainty = uncertaintyOf(given);
      expectClose(scoreUncertainty({ target, values, uncertainty }), given.expected);
      const quantiles = quantilesOf(values, uncertainty, storedLevels);
      expect(quantiles).toHaveLength(given.quantiles.length);
      given.quantiles.forEach((expected, i) => {
        if (expected === null) expect(quantiles[i]).toBeNaN();
        else expectClose(quantiles[i], expected, `quantile ${i}`);
      });
    });
  }
});

describe('scoreUncertainty', () => {
  const normal = (deviations: number[]): Uncertainty => ({
    kind: 'normal',
    deviations: Float64Array.from(deviations),
  });
  const target = Float64Array.of(0.1, Number.NaN, -0.2, 0.3);

  it('leaves out rows whose outcome or forecast is not known', () => {
    const values = Float64Array.of(0, 0, 0, Number.NaN);
    const scored = scoreUncertainty({ target, values, uncertainty: normal([1, 1, 2, 1]) });
    const expected = scoreUncertainty({
      target: Float64Array.of(0.1, -0.2),
      values: new Float64Array(2),
      uncertainty: normal([1, 2]),
    });
    expect(scored).toEqual(expected);
    const hole = normal([1, 1, Number.NaN, 1]);
    expect(scoreUncertainty({ target, values, uncertainty: hole }).crps).toBe(normalCrps(0.1, 0, 1));
  });

  it('is null, never NaN, without a row to score', () => {
    const nothing = scoreUncertainty({
      target,
      values: new Float64Array(4).fill(Number.NaN),
      uncertainty: normal([1, 1, 1, 1]),
    });
    expect(nothing).toMatchObject({ crps: null, nll: null, pit: null, interval: { coverage: null, meanWidth: null } });
    expect(JSON.stringify(nothing)).not.toContain('NaN');
  });

  it('takes the interval whose ends quantile forecasts have, and says which', () => {
    const values = new Float64Array(4);
    const score = (levels: number[], numbers: number[]) =>
      scoreUncertainty({
        target,
        values,
        uncertainty: { kind: 'quantiles', levels, values: Float64Array.from([0, 1, 2, 3].flatMap(() => numbers)) },
      }).interval;
    expect(score([0.25, 0.5, 0.75], [-0.15, 0, 0.15])).toEqual({ nominal: 0.5, coverage: 1 / 3, meanWidth: 0.3 });
    expect(score([0.1, 0.5], [-1, 0])).toBeNull();
  });

  it('gives one draw its absolute error', () => {
    const uncertainty: Uncertainty = { kind: 'draws', perRow: 1, draws: Float64Array.of(0.5) };
    const scored = scoreUncertainty({ target: Float64Array.of(2), values: Float64Array.of(0.5), uncertainty });
    expect(scored.crps).toBe(1.5);
    expect(scored.pit).toEqual([0, 0, 0, 0, 0, 0.2, 0.2, 0.2, 0.2, 0.2]);
  });

  it('refuses arrays that do not fit together', () => {
    const mismatch = expect.objectContaining({ code: 'SHAPE_MISMATCH' });
    const values = new Float64Array(4);
    expect(() => scoreUncertainty({ target, values, uncertainty: normal([1]) })).toThrow(mismatch);
    const uncertainty = normal([1, 1, 1, 1]);
    expect(() => scoreUncertainty({ target: new Float64Array(3), values, uncertainty })).toThrow(mismatch);
  });
});
