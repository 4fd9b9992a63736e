import { Random } from '@twostage/core/random';
import { describe, expect, it } from 'vitest';
import { largestDifference } from '../../test/simulatedPanel.ts';
import {
  bayesianInformation,
  type CovarianceKind,
  expectationMaximisation,
  type Mixture,
  MixtureDensity,
} from './gaussianMixture.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { chooseMixture, fitMixture } from './mixtureStart.ts';
import { filterRegimes, fitTransitions } from './regimeFilter.ts';

const data = Float64Array.from(golden.data);
const { dimensions, components } = golden;
const rows = data.length / dimensions;
const mixtureOf = (covariance: string, weights: number[], means: number[], covariances: number[]): Mixture => ({
  components,
  dimensions,
  covariance: covariance as CovarianceKind,
  weights: Float64Array.from(weights),
  means: Float64Array.from(means),
  covariances: Float64Array.from(covariances),
});
const search = {
  covariance: 'full',
  seed: 3,
  restarts: 3,
  maxIterations: 200,
  tolerance: 1e-6,
  regularisation: 1e-6,
} as const;

/** Clusters along a line, far apart: [rows, 2]. */
function clusters(count: number, perCluster: number, seed: number): Float64Array {
  const random = new Random(seed);
  return Float64Array.from(
    { length: count * perCluster * 2 },
    (_, i) => 8 * (Math.floor(i / 2) % count) * (i % 2) + random.normal(),
  );
}

describe('expectationMaximisation', () => {
  it.each(golden.cases)("is scikit-learn's, $covariance, $maxIterations iterations at most", (expected) => {
    const { covariance, startCovariances, maxIterations, tolerance } = expected;
    const start = mixtureOf(covariance, golden.startWeights, golden.startMeans, startCovariances);
    const fitted = expectationMaximisation(data, start, { maxIterations, tolerance, regularisation: 1e-6 });
    expect(fitted.logLikelihood).toBeCloseTo(expected.logLikelihood, 7);
    expect([fitted.iterations, fitted.converged]).toEqual([expected.iterations, expected.converged]);
    expect(largestDifference(fitted.mixture.means, expected.means)).toBeLessThan(1e-8);
    expect(largestDifference(fitted.mixture.weights, expected.weights)).toBeLessThan(1e-9);
    expect(largestDifference(fitted.mixture.covariances, expected.covariances)).toBeLessThan(1e-8);
    expect(bayesianInformation(fitted.mixture, fitted.logLikelihood, rows)).toBeCloseTo(expected.bic, 6);
    const logs = new MixtureDensity(fitted.mixture).componentLogs(data.slice(0, 10 * dimensions));
    for (let row = 0; row < 10; row++) {
      const densities = logs.slice(row * components, (row + 1) * components).map(Math.exp);
      const total = densities.reduce((sum, value) => sum + value, 0);
      const posterior = densities.map((value) => value / total);
      const theirs = expected.posteriors.slice(row * components, (row + 1) * components);
      expect(largestDifference(posterior, theirs)).toBeLessThan(1e-8);
    }
  });

  it('leaves the start it was given as it was, and never lowers the likelihood', () => {
    const [first] = golden.cases;
    const start = mixtureOf('full', golden.startWeights, golden.startMeans, first!.startCovariances);
    const likelihoods = [1, 2, 4, 8, 16].map(
      (maxIterations) =>
        expectationMaximisation(data, start, { maxIterations, tolerance: 0, regularisation: 1e-6 }).logLikelihood,
    );
    expect(likelihoods).toEqual([...likelihoods].sort((a, b) => a - b));
    expect([...start.means]).toEqual(golden.startMeans);
  });

  it('stays finite on rows that are all one', () => {
    const same = new Float64Array(60).fill(2);
    const { mixture, logLikelihood } = fitMixture(same, 2, 3, search);
    expect([...mixture.means, ...mixture.covariances, logLikelihood].every(Number.isFinite)).toBe(true);
  });
});

describe('chooseMixture', () => {
  it.each(['full', 'diag'] as const)('finds how many clusters there are, %s', (covariance) => {
    for (const count of [2, 3, 5]) {
      const points = clusters(count, 100, count);
      const chosen = chooseMixture(points, 2, { least: 2, most: 6, span: 1 }, { ...search, covariance });
      expect(chosen.mixture.components).toBe(count);
      const centers = [...chosen.mixture.means].filter((_, i) => i % 2 === 1).sort((a, b) => a - b);
      expect(
        largestDifference(
          centers,
          Array.from({ length: count }, (_, k) => 8 * k),
        ),
      ).toBeLessThan(0.4);
    }
  });

  it('is decided by its seed', () => {
    const fit = (seed: number) => fitMixture(data, dimensions, 4, { ...search, seed, restarts: 1, maxIterations: 3 });
    expect(fit(3)).toEqual(fit(3));
    expect(fit(4).mixture.means).not.toEqual(fit(3).mixture.means);
  });
});

describe('regime filter', () => {
  const { covariance, weights, means, covariances } = golden.cases[2]!;
  const mixture = mixtureOf(covariance, weights, means, covariances);

  it('is the forward recursion of a hidden Markov model', () => {
    const { transitions, span, filtered } = golden.chain;
    const chain = { mixture, transitions: Float64Array.from(transitions), span };
    expect(largestDifference(filterRegimes(chain, data), filtered)).toBeLessThan(1e-9);
  });

  it('learns how long regimes last, and then follows them better than bar by bar', () => {
    const random = new Random(8);
    const bars = 3000;
    const state = new Uint8Array(bars);
    for (let bar = 1; bar < bars; bar++) state[bar] = random.uniform() < 0.02 ? 1 - state[bar - 1]! : state[bar - 1]!;
    const seen = Float64Array.from(state, (value) => 1.5 * value + random.normal());
    const two: Mixture = {
      components: 2,
      dimensions: 1,
      covariance: 'full',
      weights: Float64Array.of(0.5, 0.5),
      means: Float64Array.of(0, 1.5),
      covariances: Float64Array.of(1, 1),
    };
    const chain = fitTransitions(two, seen, 1);
    expect(chain.transitions[1]).toBeCloseTo(0.02, 2);
    expect(chain.transitions[2]).toBeCloseTo(0.02, 2);
    const hits = (posterior: Float64Array) =>
      state.filter((value, bar) => (posterior[2 * bar + 1]! > 0.5 ? 1 : 0) === value).length / bars;
    const memoryless = { mixture: two, span: 1, transitions: new Float64Array(4).fill(0.5) };
    expect(hits(filterRegimes(chain, seen))).toBeGreaterThan(0.92);
    expect(hits(filterRegimes(memoryless, seen))).toBeLessThan(0.8);
  });
});
