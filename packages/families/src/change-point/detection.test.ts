import { Random } from '@twostage/core/random';
import { describe, expect, it } from 'vitest';
import { largestDifference } from '../../test/simulatedPanel.ts';
import { OnlineDetector } from './bocpd.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { logGamma } from './logGamma.ts';
import { pelt, SquaredCost } from './pelt.ts';

describe('PELT', () => {
  it.each(golden.pelt)('is the optimum of $dimensions dimensions, segments of $minimumLength and more', (expected) => {
    const cost = new SquaredCost(Float64Array.from(expected.signal), expected.dimensions);
    const found = pelt(cost, expected.penalty, expected.minimumLength);
    expect([...found.breaks, cost.length]).toEqual(expected.breaks);
    expect(found.cost).toBeCloseTo(expected.cost, 9);
  });

  it('is one segment of a series that is too short or has no break, and takes a long one in its stride', () => {
    const random = new Random(3);
    const noise = Float64Array.from({ length: 4000 }, () => random.normal());
    expect(pelt(new SquaredCost(noise.slice(0, 3), 1), 1, 5).breaks).toEqual([]);
    expect(pelt(new SquaredCost(noise, 1), 2 * Math.log(4000), 20).breaks).toEqual([]);
    for (let at = 2500; at < 4000; at++) noise[at]! += 1;
    const [found, ...others] = pelt(new SquaredCost(noise, 1), 2 * Math.log(4000), 20).breaks;
    expect(Math.abs(found! - 2500)).toBeLessThan(15);
    expect(others).toEqual([]);
  });
});

describe('OnlineDetector', () => {
  const { data, posterior, hazard, kappa, alpha, mean, beta } = golden.online;
  const prior = { kappa, alpha, mean: Float64Array.from(mean), beta: Float64Array.from(beta) };
  const all = { prior, hazard, leastProbability: 0, mostRuns: 1e6 };

  it('has the run length posterior of the definition', () => {
    const detector = new OnlineDetector(all);
    posterior.forEach((expected, t) => {
      detector.observe(Float64Array.from(data.slice(2 * t, 2 * t + 2)));
      const byRunLength = detector.runs.map(({ probability }) => probability).reverse();
      expect(largestDifference(byRunLength, expected)).toBeLessThan(1e-11);
    });
  });

  it('gives up hopeless runs and says nearly the same', () => {
    const [full, pruned] = [all, { ...all, leastProbability: 1e-4, mostRuns: 20 }].map(
      (each) => new OnlineDetector(each),
    );
    for (let t = 0; t < posterior.length; t++) {
      const observation = Float64Array.from(data.slice(2 * t, 2 * t + 2));
      full!.observe(observation);
      pruned!.observe(observation);
      expect(pruned!.runs.length).toBeLessThanOrEqual(20);
      const of = (start: number, { runs }: OnlineDetector) => runs.find((run) => run.start === start)?.probability ?? 0;
      for (const run of pruned!.runs) expect(Math.abs(run.probability - of(run.start, full!))).toBeLessThan(0.02);
    }
    const likeliest = pruned!.runs.reduce((best, run) => (run.probability > best.probability ? run : best));
    expect(likeliest.start).toBe(27);
  });
});

it("logGamma is SciPy's", () => {
  for (const [x, expected] of golden.logGamma) expect(logGamma(x!) - expected!).toBeCloseTo(0, 11);
});
