import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { fitStandardisation, type Standardisation, standardise } from '../preprocessing/standardiser.ts';
import { type LinearFit, Moments } from './moments.ts';
import { solveRidge } from './solve.ts';

/** Penalties tried, each times the weight of the training rows: from next to none to next to no coefficient. */
export const lambdaShares: readonly number[] = [1e-5, 1e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100];

const blockRows = 4096;

/** A ridge regression on standardised features. */
export interface Ridge extends LinearFit {
  readonly standardisation: Standardisation;
  /** As `alpha` of scikit-learn's Ridge on the standardised columns. */
  readonly lambda: number;
}

export interface RidgeInput {
  readonly panel: Panel;
  /** [panel.rows]; finite on every row of `train` and `validation`. */
  readonly target: Float64Array;
  readonly train: RowIndices;
  /** Decides the penalty; without rows the middle one is taken. */
  readonly validation: RowIndices;
  /** [train], ≥ 0: how much each training row counts. */
  readonly weights?: Float64Array;
  /** One penalty instead of the path. */
  readonly lambda?: number;
}

/**
 * Ridge regression with an intercept on columns that are standardised over the training rows; missing values are the mean.
 * By normal equations in float64; the penalty with the least squared error on the validation block.
 */
export function fitRidge({ panel, target, train, validation, weights, lambda }: RidgeInput): Ridge {
  const standardisation = fitStandardisation(panel, train);
  const moments = momentsOf(panel, target, train, standardisation, weights);
  const judge = momentsOf(panel, target, validation, standardisation);
  const chosen = lambda === undefined ? chooseLambda(moments, judge) : { lambda, fit: solveRidge(moments, lambda) };
  return { standardisation, lambda: chosen.lambda, ...chosen.fit };
}

/** The penalty of the path with the least squared error on other rows. @param prior as in `solveRidge` */
export function chooseLambda(
  moments: Moments,
  validation: Moments,
  prior?: Float64Array,
): { lambda: number; fit: LinearFit; loss: number | null } {
  const path = lambdaShares.map((share) => {
    const lambda = share * moments.weight;
    return { lambda, fit: solveRidge(moments, lambda, prior) };
  });
  if (!(validation.weight > 0)) return { ...path[path.length >> 1]!, loss: null };
  const judged = path.map((entry) => ({ ...entry, loss: validation.meanSquaredError(entry.fit) }));
  return judged.reduce((best, entry) => (entry.loss < best.loss ? entry : best));
}

/** Sums over rows of a panel. @param weights [rows] */
export function momentsOf(
  panel: Panel,
  target: Float64Array,
  rows: RowIndices,
  standardisation: Standardisation,
  weights?: Float64Array,
): Moments {
  const moments = new Moments(panel.featureNames.length);
  for (let start = 0; start < rows.length; start += blockRows) {
    const block = rows.subarray(start, start + blockRows);
    const labels = Float64Array.from(block, (row) => target[row]!);
    const matrix = standardise(panel, standardisation, block);
    moments.add(matrix, labels, weights?.subarray(start, start + blockRows));
  }
  return moments;
}

/** @returns [rows], in the target's unit @throws DomainError SHAPE_MISMATCH if the panel has other features */
export function predictRidge(
  { standardisation, ...fit }: Pick<Ridge, 'standardisation' | 'intercept' | 'weights'>,
  panel: Panel,
  rows: RowIndices,
): Float64Array {
  const values = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += blockRows) {
    const block = rows.subarray(start, start + blockRows);
    const matrix = standardise(panel, standardisation, block);
    for (let i = 0; i < block.length; i++) values[start + i] = evaluateLinear(fit, matrix, i);
  }
  return values;
}

/** Of row `row` of a row-major matrix. */
export function evaluateLinear({ intercept, weights }: LinearFit, matrix: Float32Array, row: number): number {
  const width = weights.length;
  let sum = intercept;
  for (let k = 0; k < width; k++) sum += weights[k]! * matrix[row * width + k]!;
  return sum;
}
