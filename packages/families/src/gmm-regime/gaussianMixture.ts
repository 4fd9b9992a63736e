import { factorise } from '../linear/solve.ts';

export type CovarianceKind = 'full' | 'diag';

/** Σ weight · Normal(mean, covariance). */
export interface Mixture {
  readonly components: number;
  readonly dimensions: number;
  readonly covariance: CovarianceKind;
  /** [components], summing to 1. */
  readonly weights: Float64Array;
  /** [components, dimensions] */
  readonly means: Float64Array;
  /** full: [components, dimensions, dimensions], symmetric; diag: [components, dimensions]. */
  readonly covariances: Float64Array;
}

export interface EmSettings {
  readonly maxIterations: number;
  /** Ends once the mean log-likelihood of a row moves less. */
  readonly tolerance: number;
  /** Added to every variance, so that no component falls onto a point. */
  readonly regularisation: number;
}

export interface FittedMixture {
  readonly mixture: Mixture;
  /** Sum over the rows, of the mixture returned. */
  readonly logLikelihood: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Contributions below this share of the largest are lost in float64's last digit anyway. */
const negligibleLogRatio = -40;
/** As scikit-learn guards empty components. */
const emptyGuard = 10 * Number.EPSILON;

/**
 * Maximum likelihood by expectation and maximisation (Dempster, Laird & Rubin 1977), from a start. Both steps are one pass:
 * what the maximisation sums is taken about the means of the step before, which the expectation has at hand.
 * @param data [rows, dimensions], row-major, finite
 */
export function expectationMaximisation(
  data: Float64Array,
  start: Mixture,
  { maxIterations, tolerance, regularisation }: EmSettings,
): FittedMixture {
  const rows = data.length / start.dimensions;
  const density = new MixtureDensity(start);
  const mixture = density.mixture;
  let bound = Number.NEGATIVE_INFINITY;
  let iterations = 0;
  let converged = false;
  while (iterations < maxIterations && !converged) {
    const sums = new Sums(mixture);
    const next = density.accumulate(data, sums) / rows;
    maximise(mixture, sums, rows, regularisation);
    density.refresh();
    converged = Math.abs(next - bound) < tolerance;
    bound = next;
    iterations++;
  }
  return { mixture, logLikelihood: density.accumulate(data, null), iterations, converged };
}

/** Free numbers of a mixture. */
export function parameterCount({ components, dimensions, covariance }: Mixture): number {
  const spread = covariance === 'full' ? (dimensions * (dimensions + 1)) / 2 : dimensions;
  return components * (dimensions + spread) + components - 1;
}

/** Bayesian information criterion (Schwarz 1978): the less the better. @param rows independent ones */
export function bayesianInformation(mixture: Mixture, logLikelihood: number, rows: number): number {
  return -2 * logLikelihood + parameterCount(mixture) * Math.log(rows);
}

/** What the maximisation needs, about the means before. */
class Sums {
  /** [components], Σ r */
  readonly counts: Float64Array;
  /** [components, dimensions], Σ r (x − mean) */
  readonly first: Float64Array;
  /** Σ r (x − mean)(x − mean)ᵀ: lower triangles, or diagonals. */
  readonly second: Float64Array;
  constructor({ components, dimensions, covariances }: Mixture) {
    this.counts = new Float64Array(components);
    this.first = new Float64Array(components * dimensions);
    this.second = new Float64Array(covariances.length);
  }
}

function maximise(mixture: Mixture, { counts, first, second }: Sums, rows: number, regularisation: number): void {
  const { components, dimensions: d, covariance, weights, means, covariances } = mixture;
  for (let k = 0; k < components; k++) {
    const count = counts[k]! + emptyGuard;
    weights[k] = count / rows;
    for (let i = 0; i < d; i++) {
      const shift = first[k * d + i]! / count;
      means[k * d + i]! += shift;
      if (covariance === 'diag') {
        covariances[k * d + i] = Math.max(0, second[k * d + i]! / count - shift * shift) + regularisation;
        continue;
      }
      for (let j = 0; j <= i; j++) {
        const at = (k * d + i) * d + j;
        const value = second[at]! / count - (shift * first[k * d + j]!) / count + (i === j ? regularisation : 0);
        covariances[at] = value;
        covariances[(k * d + j) * d + i] = value;
      }
    }
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let k = 0; k < components; k++) weights[k]! /= total;
}

/** A mixture ready to be evaluated: inverse Cholesky factors and normalising constants. */
export class MixtureDensity {
  readonly mixture: Mixture;
  /** Rows of the inverse Cholesky factors (full), or inverse deviations (diag). */
  readonly #whitening: Float64Array;
  /** [components], log weight + log of the normalising constant. */
  readonly #constants: Float64Array;
  readonly #differences: Float64Array;
  readonly #logs: Float64Array;

  /** Works on a copy. */
  constructor(mixture: Mixture) {
    const { components, dimensions, weights, means, covariances } = mixture;
    this.mixture = {
      ...mixture,
      weights: weights.slice(),
      means: means.slice(),
      covariances: covariances.slice(),
    };
    this.#whitening = new Float64Array(covariances.length);
    this.#constants = new Float64Array(components);
    this.#differences = new Float64Array(components * dimensions);
    this.#logs = new Float64Array(components);
    this.refresh();
  }

  /** After the mixture's numbers changed. */
  refresh(): void {
    const { components, dimensions: d, covariance, weights, covariances } = this.mixture;
    const size = covariance === 'full' ? d * d : d;
    for (let k = 0; k < components; k++) {
      const block = covariances.slice(k * size, (k + 1) * size);
      const inverse = this.#whitening.subarray(k * size, (k + 1) * size);
      if (covariance === 'full') invertFactor(block, inverse, d);
      else for (let i = 0; i < d; i++) inverse[i] = 1 / Math.sqrt(block[i]!);
      let logDeterminant = 0;
      for (let i = 0; i < d; i++) logDeterminant += Math.log(inverse[covariance === 'full' ? i * d + i : i]!);
      this.#constants[k] = Math.log(weights[k]!) + logDeterminant - (d / 2) * Math.log(2 * Math.PI);
    }
  }

  /** Σ over rows of the log-likelihood; adds what a maximisation needs to `sums`. */
  accumulate(data: Float64Array, sums: Sums | null): number {
    const { components, dimensions: d, covariance } = this.mixture;
    const logs = this.#logs;
    let total = 0;
    for (let offset = 0; offset < data.length; offset += d) {
      const largest = this.#weightedLogs(data, offset);
      let sum = 0;
      for (let k = 0; k < components; k++) {
        const ratio = logs[k]! - largest;
        const value = ratio < negligibleLogRatio ? 0 : ratio === 0 ? 1 : Math.exp(ratio);
        logs[k] = value;
        sum += value;
      }
      total += largest + Math.log(sum);
      if (sums === null) continue;
      for (let k = 0; k < components; k++) {
        const responsibility = logs[k]! / sum;
        if (responsibility === 0) continue;
        if (covariance === 'full') addFull(sums, this.#differences, k, d, responsibility);
        else addDiagonal(sums, this.#differences, k, d, responsibility);
      }
    }
    return total;
  }

  /** log(weight · density) of each component at each row. @returns [rows, components] */
  componentLogs(data: Float64Array): Float64Array {
    const { components, dimensions } = this.mixture;
    const result = new Float64Array((data.length / dimensions) * components);
    for (let row = 0; row * dimensions < data.length; row++) {
      this.#weightedLogs(data, row * dimensions);
      result.set(this.#logs, row * components);
    }
    return result;
  }

  /** Fills `logs` and `differences` for one row. @returns the largest log */
  #weightedLogs(data: Float64Array, offset: number): number {
    const { components, dimensions: d, covariance, means } = this.mixture;
    const full = covariance === 'full';
    let largest = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < components; k++) {
      const squares = full
        ? fullDistance(data, offset, means, this.#differences, this.#whitening, k * d, d)
        : diagonalDistance(data, offset, means, this.#differences, this.#whitening, k * d, d);
      const log = this.#constants[k]! - 0.5 * squares;
      this.#logs[k] = log;
      if (log > largest) largest = log;
    }
    return largest;
  }
}

/** Squared Mahalanobis distance to the component whose means begin at `base`; notes the plain differences. */
function fullDistance(
  data: Float64Array,
  offset: number,
  means: Float64Array,
  differences: Float64Array,
  whitening: Float64Array,
  base: number,
  d: number,
): number {
  let distance = 0;
  for (let i = 0; i < d; i++) {
    differences[base + i] = data[offset + i]! - means[base + i]!;
    let value = 0;
    const line = (base + i) * d;
    for (let j = 0; j <= i; j++) value += whitening[line + j]! * differences[base + j]!;
    distance += value * value;
  }
  return distance;
}

function diagonalDistance(
  data: Float64Array,
  offset: number,
  means: Float64Array,
  differences: Float64Array,
  whitening: Float64Array,
  base: number,
  d: number,
): number {
  let distance = 0;
  for (let i = 0; i < d; i++) {
    const difference = data[offset + i]! - means[base + i]!;
    differences[base + i] = difference;
    const value = whitening[base + i]! * difference;
    distance += value * value;
  }
  return distance;
}

function addFull({ counts, first, second }: Sums, differences: Float64Array, k: number, d: number, r: number): void {
  const base = k * d;
  counts[k]! += r;
  for (let i = 0; i < d; i++) {
    const scaled = r * differences[base + i]!;
    first[base + i]! += scaled;
    const line = (base + i) * d;
    for (let j = 0; j <= i; j++) second[line + j]! += scaled * differences[base + j]!;
  }
}

function addDiagonal({ counts, first, second }: Sums, differences: Float64Array, k: number, d: number, r: number) {
  const base = k * d;
  counts[k]! += r;
  for (let i = 0; i < d; i++) {
    const scaled = r * differences[base + i]!;
    first[base + i]! += scaled;
    second[base + i]! += scaled * differences[base + i]!;
  }
}

/** The inverse of the Cholesky factor of `matrix`, lower triangular. */
function invertFactor(matrix: Float64Array, inverse: Float64Array, d: number): void {
  factorise(matrix, d);
  for (let j = 0; j < d; j++) {
    inverse[j * d + j] = 1 / matrix[j * d + j]!;
    for (let i = j + 1; i < d; i++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum -= matrix[i * d + k]! * inverse[k * d + j]!;
      inverse[i * d + j] = sum / matrix[i * d + i]!;
    }
  }
}
