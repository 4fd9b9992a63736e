import { describe, expect, it } from 'vitest';
import { largestDifference, normals, panelOf, rowsBetween } from '../../test/simulatedPanel.ts';
import golden from './golden/golden.json' with { type: 'json' };
import { Moments } from './moments.ts';
import { chooseLambda, fitRidge, lambdaShares, predictRidge } from './ridge.ts';
import { solveRidge } from './solve.ts';

const rows = golden.rows.length;
const panel = panelOf(rows, 5, (row, column) => golden.rows[row]![column] ?? Number.NaN);
const target = Float64Array.from(golden.target);
const all = rowsBetween(0, rows);
const none = new Uint32Array(0);

/** Rows of noisy lines: [rows, features] and their targets. */
function lines(count: number, weights: readonly number[], seed: number) {
  const normal = normals(seed);
  const matrix = Float32Array.from({ length: count * weights.length }, normal);
  const target = Float64Array.from({ length: count }, (_, row) =>
    weights.reduce((sum, weight, k) => sum + weight * matrix[row * weights.length + k]!, 2 + 0.3 * normal()),
  );
  return { matrix, target };
}
function momentsOf(features: number, matrix: Float32Array, y: Float64Array, weights?: Float64Array): Moments {
  const moments = new Moments(features);
  moments.add(matrix, y, weights);
  return moments;
}

describe('ridge', () => {
  it.each(golden.fits)("is scikit-learn's at lambda $lambda, weighted: $weighted", (expected) => {
    const weights = expected.weighted ? { weights: Float64Array.from(golden.sampleWeights) } : {};
    const ridge = fitRidge({ panel, target, train: all, validation: none, lambda: expected.lambda, ...weights });
    expect(largestDifference(ridge.weights, expected.weights)).toBeLessThan(1e-10);
    expect(ridge.intercept).toBeCloseTo(expected.intercept, 10);
    expect(largestDifference(predictRidge(ridge, panel, all), expected.predictions)).toBeLessThan(1e-10);
  });

  it('takes the penalty of the path that does best on the validation block', () => {
    const [train, validation] = [rowsBetween(0, 50), rowsBetween(50, rows)];
    const chosen = fitRidge({ panel, target, train, validation });
    const loss = (lambda: number) => {
      const fit = fitRidge({ panel, target, train, validation: none, lambda });
      const values = predictRidge(fit, panel, validation);
      return values.reduce((sum, value, i) => sum + (value - target[validation[i]!]!) ** 2, 0) / validation.length;
    };
    const losses = lambdaShares.map((share) => loss(share * train.length));
    expect(chosen.lambda).toBe(lambdaShares[losses.indexOf(Math.min(...losses))]! * train.length);
    expect(loss(chosen.lambda)).toBe(Math.min(...losses));
  });

  it('adds sums of parts up to those of the whole, and weights count rows', () => {
    const { matrix, target: y } = lines(23, [1, -2, 0.5], 3);
    const whole = momentsOf(3, matrix, y);
    const parts = momentsOf(3, matrix.slice(0, 30), y.slice(0, 10));
    parts.addMoments(momentsOf(3, matrix.slice(30), y.slice(10)));
    expect(largestDifference(parts.gram, whole.gram)).toBeLessThan(1e-12);
    const weights = Float64Array.from(y, (_, row) => (row === 4 ? 2 : row === 7 ? 0 : 1));
    const without = [...y.keys()].filter((row) => row !== 7);
    const twice = [...without, 4];
    const repeated = momentsOf(
      3,
      Float32Array.from(twice.flatMap((row) => [...matrix.subarray(row * 3, row * 3 + 3)])),
      Float64Array.from(twice, (row) => y[row]!),
    );
    const [ours, theirs] = [solveRidge(momentsOf(3, matrix, y, weights), 0.7), solveRidge(repeated, 0.7)];
    expect(largestDifference(ours.weights, theirs.weights)).toBeLessThan(1e-12);
    const { intercept, weights: slopes } = ours;
    const direct = twice.reduce((sum, row) => {
      const fitted = slopes.reduce((value, slope, k) => value + slope * matrix[row * 3 + k]!, intercept);
      return sum + (y[row]! - fitted) ** 2;
    }, 0);
    expect(repeated.meanSquaredError(ours)).toBeCloseTo(direct / twice.length, 12);
  });

  it('shrinks to a prior: the line itself with no penalty, the prior with a large one', () => {
    const { matrix, target: y } = lines(400, [1, -2, 0.5], 4);
    const moments = momentsOf(3, matrix, y);
    const prior = Float64Array.of(5, 5, 5);
    const free = solveRidge(moments, 0, prior);
    expect(largestDifference(free.weights, [1, -2, 0.5])).toBeLessThan(0.1);
    expect(free.intercept).toBeCloseTo(2, 1);
    expect(largestDifference(solveRidge(moments, 1e12, prior).weights, prior)).toBeLessThan(1e-6);
    expect(chooseLambda(moments, momentsOf(3, ...valuesOf(lines(200, [1, -2, 0.5], 5))), prior).loss).toBeLessThan(0.1);
  });

  it('gives doubled and constant columns no weight, and no rows no line', () => {
    const { matrix, target: y } = lines(50, [1, -2], 6);
    const wide = Float32Array.from(
      { length: 200 },
      (_, i) => [0, 1, 0, 7].map((k, j) => (j === 3 ? 7 : matrix[(i >> 2) * 2 + k]!))[i % 4]!,
    );
    const fit = solveRidge(momentsOf(4, wide, y), 0);
    const narrow = solveRidge(momentsOf(2, matrix, y), 0);
    expect(largestDifference(fit.weights, [...narrow.weights, 0, 0])).toBeLessThan(1e-9);
    expect(solveRidge(new Moments(2), 1)).toEqual({ intercept: 0, weights: new Float64Array(2) });
  });
});

const valuesOf = ({ matrix, target: y }: ReturnType<typeof lines>): [Float32Array, Float64Array] => [matrix, y];
