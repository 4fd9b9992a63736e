import { Moments } from '../linear/moments.ts';
import { factorise, solveFactorised } from '../linear/solve.ts';
import type { Ground, GroundFold } from './ground.ts';

/** Penalties tried, each times the number of training rows. */
const lambdaShares = [1e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10] as const;
const blockRows = 4096;

/**
 * Ridge regression of one fold, ready to be fitted on one target after another: what does not depend on the target (the matrix of
 * normal equations, factorised at each penalty) is done once; a fit is a pass over the rows and a solution a penalty. The penalty
 * is the one with the least squared error on the validation block. A row without a label counts in the matrix and adds nothing to
 * the right-hand side.
 */
export class RidgeProbe {
  readonly #ground: Ground;
  readonly #fold: GroundFold;
  readonly #width: number;
  readonly #centers: Float64Array;
  readonly #factors: readonly Float64Array[];
  /** [features, features], lower triangle, about the training means. */
  readonly #validationGram: Float64Array;

  constructor(ground: Ground, fold: GroundFold) {
    this.#ground = ground;
    this.#fold = fold;
    this.#width = ground.panel.featureNames.length;
    const train = sums(ground, fold.train, this.#width);
    this.#centers = train.inputs.map((sum) => sum / train.weight);
    const gram = centred(train, this.#centers);
    this.#factors = lambdaShares.map((share) => {
      const factor = gram.slice();
      for (let j = 0; j < this.#width; j++) factor[j * this.#width + j]! += share * train.weight;
      factorise(factor, this.#width);
      return factor;
    });
    this.#validationGram = centred(sums(ground, fold.validation, this.#width), this.#centers);
  }

  /** @param labels [positions]; NaN = not known @returns forecasts of the fold's test block */
  forecast(labels: Float64Array): Float64Array {
    const { train, validation, test } = this.#fold;
    const center = labelMean(labels, train);
    const right = this.#products(labels, train, center);
    const judged = this.#products(labels, validation, center);
    let best: Float64Array | null = null;
    let least = Number.POSITIVE_INFINITY;
    for (const factor of this.#factors) {
      const weights = solveFactorised(factor, right);
      const loss = this.#validationLoss(weights, judged);
      if (best !== null && loss >= least) continue;
      [best, least] = [weights, loss];
    }
    return this.#predict(best!, center, test);
  }

  /** Σ (x − center) (y − mean) over labelled rows. */
  #products(labels: Float64Array, positions: Uint32Array, center: number): Float64Array {
    const width = this.#width;
    const { matrix } = this.#ground;
    const products = new Float64Array(width);
    let sum = 0;
    for (const at of positions) {
      const y = labels[at]! - center;
      if (Number.isNaN(y)) continue;
      sum += y;
      const offset = at * width;
      for (let j = 0; j < width; j++) products[j]! += matrix[offset + j]! * y;
    }
    for (let j = 0; j < width; j++) products[j]! -= this.#centers[j]! * sum;
    return products;
  }

  /** Sum of squared errors, less that of forecasting the training mean. */
  #validationLoss(weights: Float64Array, products: Float64Array): number {
    const width = this.#width;
    const gram = this.#validationGram;
    let loss = 0;
    for (let j = 0; j < width; j++) {
      const weight = weights[j]!;
      let sum = 0.5 * weight * gram[j * width + j]!;
      for (let k = 0; k < j; k++) sum += weights[k]! * gram[j * width + k]!;
      loss += 2 * weight * (sum - products[j]!);
    }
    return loss;
  }

  #predict(weights: Float64Array, center: number, positions: Uint32Array): Float64Array {
    const width = this.#width;
    const { matrix } = this.#ground;
    let intercept = center;
    for (let j = 0; j < width; j++) intercept -= weights[j]! * this.#centers[j]!;
    const values = new Float64Array(positions.length);
    for (let i = 0; i < positions.length; i++) {
      const offset = positions[i]! * width;
      let sum = intercept;
      for (let j = 0; j < width; j++) sum += weights[j]! * matrix[offset + j]!;
      values[i] = sum;
    }
    return values;
  }
}

/** Mean of the labels that are known; 0 where none is. */
export function labelMean(labels: Float64Array, positions: Uint32Array): number {
  let [sum, count] = [0, 0];
  for (const at of positions) {
    const label = labels[at]!;
    if (Number.isNaN(label)) continue;
    sum += label;
    count++;
  }
  return count > 0 ? sum / count : 0;
}

function sums({ matrix }: Ground, positions: Uint32Array, width: number): Moments {
  const moments = new Moments(width);
  const block = new Float32Array(blockRows * width);
  const zeros = new Float64Array(blockRows);
  for (let start = 0; start < positions.length; start += blockRows) {
    const count = Math.min(blockRows, positions.length - start);
    for (let i = 0; i < count; i++) {
      const offset = positions[start + i]! * width;
      block.set(matrix.subarray(offset, offset + width), i * width);
    }
    moments.add(block, zeros, undefined, 0, count);
  }
  return moments;
}

/** Σ (x − c)(x − c)ᵀ, lower triangle. */
function centred({ features: width, weight, inputs, gram }: Moments, centers: Float64Array): Float64Array {
  const result = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    for (let k = 0; k <= j; k++)
      result[j * width + k] =
        gram[j * width + k]! - centers[j]! * inputs[k]! - centers[k]! * inputs[j]! + weight * centers[j]! * centers[k]!;
  }
  return result;
}
