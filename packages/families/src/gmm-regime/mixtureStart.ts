import { Random } from '@twostage/core/random';
import {
  bayesianInformation,
  type CovarianceKind,
  type EmSettings,
  expectationMaximisation,
  type FittedMixture,
  type Mixture,
} from './gaussianMixture.ts';

/** Lloyd steps after the k-means++ draw: enough to settle, exactness is for the likelihood. */
const lloydSteps = 10;
/** Iterations after which starts are told apart. */
const shortRun = 10;

export interface MixtureSearch extends EmSettings {
  readonly covariance: CovarianceKind;
  readonly seed: number;
  /** Starts tried for each number of components; the best likelihood is kept. */
  readonly restarts: number;
}

export interface ChosenMixture extends FittedMixture {
  /** [least … most], the criterion of each number of components; the least is chosen. */
  readonly criteria: { readonly components: number; readonly bic: number }[];
}

/**
 * The number of components with the least Bayesian information criterion.
 * @param data [rows, dimensions]
 * @param span rows that one independent observation spans: overlapping windows say less than they are many
 */
export function chooseMixture(
  data: Float64Array,
  dimensions: number,
  { least, most, span }: { least: number; most: number; span: number },
  search: MixtureSearch,
): ChosenMixture {
  const rows = data.length / dimensions;
  const criteria: { components: number; bic: number }[] = [];
  let best: { fitted: FittedMixture; bic: number } | null = null;
  for (let components = least; components <= most; components++) {
    const fitted = fitMixture(data, dimensions, components, search);
    const bic = bayesianInformation(fitted.mixture, fitted.logLikelihood / span, Math.max(2, rows / span));
    criteria.push({ components, bic });
    if (best === null || bic < best.bic) best = { fitted, bic };
  }
  return { ...best!.fitted, criteria };
}

/**
 * Short runs of expectation and maximisation from several k-means++ starts; the likeliest goes on to the end (Biernacki, Celeux &
 * Govaert 2003).
 * @param data [rows, dimensions]
 */
export function fitMixture(
  data: Float64Array,
  dimensions: number,
  components: number,
  search: MixtureSearch,
): FittedMixture {
  const short = { ...search, maxIterations: Math.min(shortRun, search.maxIterations) };
  let best: FittedMixture | null = null;
  for (let restart = 0; restart < search.restarts; restart++) {
    const random = new Random(search.seed, 100 * components + restart);
    const start = startMixture(data, dimensions, components, search, random);
    const fitted = expectationMaximisation(data, start, short);
    if (best === null || fitted.logLikelihood > best.logLikelihood) best = fitted;
  }
  if (best!.converged || search.maxIterations <= shortRun) return best!;
  const rest = { ...search, maxIterations: search.maxIterations - shortRun };
  const finished = expectationMaximisation(data, best!.mixture, rest);
  return { ...finished, iterations: best!.iterations + finished.iterations };
}

/** Clusters by k-means++ (Arthur & Vassilvitskii 2007) and Lloyd steps; their shares, means and covariances. */
export function startMixture(
  data: Float64Array,
  dimensions: number,
  components: number,
  { covariance, regularisation }: Pick<MixtureSearch, 'covariance' | 'regularisation'>,
  random: Random,
): Mixture {
  const rows = data.length / dimensions;
  const centers = drawCenters(data, dimensions, components, random);
  const cluster = new Uint32Array(rows);
  for (let step = 0; step < lloydSteps; step++) {
    const sums = new Float64Array(components * dimensions);
    const counts = new Uint32Array(components);
    for (let row = 0; row < rows; row++) {
      const nearest = nearestOf(data, row, centers, dimensions, components);
      cluster[row] = nearest.index;
      counts[nearest.index]!++;
      for (let i = 0; i < dimensions; i++) sums[nearest.index * dimensions + i]! += data[row * dimensions + i]!;
    }
    for (let k = 0; k < components; k++)
      for (let i = 0; i < dimensions; i++)
        if (counts[k]! > 0) centers[k * dimensions + i] = sums[k * dimensions + i]! / counts[k]!;
  }
  return describe(data, dimensions, cluster, centers, covariance, regularisation);
}

/** Each further center is a row, drawn in proportion to its squared distance to the nearest one so far. */
function drawCenters(data: Float64Array, dimensions: number, components: number, random: Random): Float64Array {
  const rows = data.length / dimensions;
  const centers = new Float64Array(components * dimensions);
  const take = (k: number, row: number) =>
    centers.set(data.subarray(row * dimensions, (row + 1) * dimensions), k * dimensions);
  take(0, random.below(rows));
  for (let k = 1; k < components; k++) {
    const distances = Float64Array.from(
      { length: rows },
      (_, row) => nearestOf(data, row, centers, dimensions, k).distance,
    );
    let left = random.uniform() * distances.reduce((sum, value) => sum + value, 0);
    let row = 0;
    while (row < rows - 1 && left >= distances[row]!) left -= distances[row++]!;
    take(k, row);
  }
  return centers;
}

function nearestOf(data: Float64Array, row: number, centers: Float64Array, dimensions: number, count: number) {
  let index = 0;
  let distance = Number.POSITIVE_INFINITY;
  for (let k = 0; k < count; k++) {
    let squares = 0;
    for (let i = 0; i < dimensions; i++) squares += (data[row * dimensions + i]! - centers[k * dimensions + i]!) ** 2;
    if (squares < distance) {
      distance = squares;
      index = k;
    }
  }
  return { index, distance };
}

function describe(
  data: Float64Array,
  d: number,
  cluster: Uint32Array,
  means: Float64Array,
  covariance: CovarianceKind,
  regularisation: number,
): Mixture {
  const components = means.length / d;
  const counts = new Float64Array(components);
  const covariances = new Float64Array(components * (covariance === 'full' ? d * d : d));
  for (let row = 0; row < cluster.length; row++) {
    const k = cluster[row]!;
    counts[k]!++;
    for (let i = 0; i < d; i++) {
      const difference = data[row * d + i]! - means[k * d + i]!;
      if (covariance === 'diag') covariances[k * d + i]! += difference ** 2;
      else
        for (let j = 0; j < d; j++)
          covariances[(k * d + i) * d + j]! += difference * (data[row * d + j]! - means[k * d + j]!);
    }
  }
  const size = covariances.length / components;
  for (let k = 0; k < components; k++) {
    for (let at = k * size; at < (k + 1) * size; at++) covariances[at]! /= Math.max(1, counts[k]!);
    for (let i = 0; i < d; i++) covariances[k * size + (covariance === 'diag' ? i : i * d + i)]! += regularisation;
  }
  const rows = cluster.length;
  // A cluster without rows still starts with a share, or it could never grow.
  const weights = counts.map((count) => (count + 1) / (rows + components));
  return { components, dimensions: d, covariance, weights, means, covariances };
}
