import type { LinearFit, Moments } from './moments.ts';

/** A pivot that is smaller against its diagonal belongs to a column that the others already say. */
const dependent = 1e-11;

/**
 * Ridge regression from sums: the weights that make Σ w (y − a − x·b)² + lambda · ‖b − prior‖² least, the intercept a not
 * penalised (Hoerl & Kennard 1970). With lambda 0 a column that is a combination of those before it, or constant, weighs nothing.
 * @param lambda ≥ 0, as `alpha` of scikit-learn's Ridge
 * @param prior [features], what the weights shrink to; 0 if not given
 * @returns zero weights (or the prior) where there are no rows
 */
export function solveRidge(moments: Moments, lambda: number, prior?: Float64Array): LinearFit {
  const width = moments.features;
  if (!(moments.weight > 0)) return { intercept: 0, weights: prior ? prior.slice() : new Float64Array(width) };
  const { weight, inputs, products, gram } = moments;
  const matrix = new Float64Array(width * width);
  const right = new Float64Array(width);
  for (let j = 0; j < width; j++) {
    const center = inputs[j]! / weight;
    right[j] = products[j]! - center * moments.target + lambda * (prior ? prior[j]! : 0);
    for (let k = 0; k <= j; k++) matrix[j * width + k] = gram[j * width + k]! - center * inputs[k]!;
    matrix[j * width + j]! += lambda;
  }
  factorise(matrix, width);
  const weights = solveFactorised(matrix, right);
  let explained = 0;
  for (let j = 0; j < width; j++) explained += inputs[j]! * weights[j]!;
  return { intercept: (moments.target - explained) / weight, weights };
}

/**
 * A ridge fit that is as near to another as its rows are few: slopes shrink to the other's by `lambda`, the mean in the same measure.
 * Without rows it is the other fit.
 */
export function shrinkTo(moments: Moments, lambda: number, pooled: LinearFit): LinearFit {
  const { intercept, weights } = solveRidge(moments, lambda, pooled.weights);
  const trust = moments.weight > 0 ? moments.weight / (moments.weight + lambda) : 0;
  return { intercept: pooled.intercept + trust * (intercept - pooled.intercept), weights };
}

/**
 * Cholesky's factor of a symmetric positive semidefinite matrix, in place: L in the lower triangle. A column without a pivot
 * of its own becomes 0.
 * @param matrix [size, size]; the lower triangle is read
 */
export function factorise(matrix: Float64Array, size: number): void {
  for (let j = 0; j < size; j++) {
    const line = j * size;
    const diagonal = matrix[line + j]!;
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= matrix[line + k]! ** 2;
    const usable = pivot > dependent * diagonal && pivot > 0;
    const root = usable ? Math.sqrt(pivot) : 0;
    matrix[line + j] = root;
    for (let i = j + 1; i < size; i++) {
      const other = i * size;
      if (!usable) {
        matrix[other + j] = 0;
        continue;
      }
      let sum = matrix[other + j]!;
      for (let k = 0; k < j; k++) sum -= matrix[other + k]! * matrix[line + k]!;
      matrix[other + j] = sum / root;
    }
  }
}

/** x of L Lᵀ x = right; 0 where L has no pivot. @param factor of `factorise` */
export function solveFactorised(factor: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const result = right.slice();
  for (let j = 0; j < size; j++) {
    const pivot = factor[j * size + j]!;
    let sum = result[j]!;
    for (let k = 0; k < j; k++) sum -= factor[j * size + k]! * result[k]!;
    result[j] = pivot > 0 ? sum / pivot : 0;
  }
  for (let j = size - 1; j >= 0; j--) {
    const pivot = factor[j * size + j]!;
    let sum = result[j]!;
    for (let k = j + 1; k < size; k++) sum -= factor[k * size + j]! * result[k]!;
    result[j] = pivot > 0 ? sum / pivot : 0;
  }
  return result;
}
