/**
 * What a linear regression needs of its rows, and no more: weighted sums of the inputs, of the target, and of their products.
 * Sums of disjoint rows add up, so that segments, regimes and folds are fitted without another look at the rows.
 */
export class Moments {
  /** Σ w */
  weight = 0;
  /** Σ w y */
  target = 0;
  /** Σ w y² */
  targetSquares = 0;
  /** [features], Σ w x */
  readonly inputs: Float64Array;
  /** [features], Σ w x y */
  readonly products: Float64Array;
  /** [features, features], Σ w x xᵀ; the lower triangle, row-major. */
  readonly gram: Float64Array;

  constructor(readonly features: number) {
    this.inputs = new Float64Array(features);
    this.products = new Float64Array(features);
    this.gram = new Float64Array(features * features);
  }

  /**
   * Adds rows `start` to `end` of a row-major matrix.
   * @param matrix [rows, features], finite
   * @param target [rows], finite, in the rows' order
   * @param weights [rows], ≥ 0; every row counts once if not given
   */
  add(matrix: Float32Array, target: Float64Array, weights?: Float64Array, start = 0, end = target.length): void {
    const width = this.features;
    // Four rows at a time: one pass over the triangle for four rank-one updates.
    const scaled = new Float64Array(4 * width);
    for (let row = start; row < end; row += 4) {
      const count = Math.min(4, end - row);
      if (weights?.subarray(row, row + count).every((weight) => weight === 0)) continue;
      scaled.fill(0);
      for (let i = 0; i < count; i++) {
        const weight = weights ? weights[row + i]! : 1;
        if (weight === 0) continue;
        const y = target[row + i]!;
        this.weight += weight;
        this.target += weight * y;
        this.targetSquares += weight * y * y;
        const offset = (row + i) * width;
        for (let k = 0; k < width; k++) {
          const value = weight * matrix[offset + k]!;
          scaled[i * width + k] = value;
          this.inputs[k]! += value;
          this.products[k]! += value * y;
        }
      }
      this.#addProducts(matrix, scaled, row, count);
    }
  }

  #addProducts(matrix: Float32Array, scaled: Float64Array, row: number, count: number): void {
    const { features: width, gram } = this;
    // Rows that are not there are read as the first, at weight 0.
    const at = (i: number) => (i < count ? row + i : row) * width;
    const [first, second, third, fourth] = [at(0), at(1), at(2), at(3)];
    for (let j = 0; j < width; j++) {
      const [a, b, c, d] = [scaled[j]!, scaled[width + j]!, scaled[2 * width + j]!, scaled[3 * width + j]!];
      if (a === 0 && b === 0 && c === 0 && d === 0) continue;
      const line = j * width;
      for (let k = 0; k <= j; k++) {
        gram[line + k]! +=
          a * matrix[first + k]! + b * matrix[second + k]! + c * matrix[third + k]! + d * matrix[fourth + k]!;
      }
    }
  }

  /** Adds `factor` times other sums. */
  addMoments(other: Moments, factor = 1): void {
    this.weight += factor * other.weight;
    this.target += factor * other.target;
    this.targetSquares += factor * other.targetSquares;
    for (let k = 0; k < this.inputs.length; k++) {
      this.inputs[k]! += factor * other.inputs[k]!;
      this.products[k]! += factor * other.products[k]!;
    }
    for (let k = 0; k < this.gram.length; k++) this.gram[k]! += factor * other.gram[k]!;
  }

  /** Weighted mean of (y − intercept − x·weights)²; NaN without rows. */
  meanSquaredError({ intercept, weights }: LinearFit): number {
    const width = this.features;
    let squares = this.targetSquares - 2 * intercept * this.target + intercept * intercept * this.weight;
    for (let j = 0; j < width; j++) {
      const weight = weights[j]!;
      if (weight === 0) continue;
      let products = 0.5 * weight * this.gram[j * width + j]!;
      for (let k = 0; k < j; k++) products += weights[k]! * this.gram[j * width + k]!;
      squares += 2 * weight * (products + intercept * this.inputs[j]! - this.products[j]!);
    }
    return Math.max(0, squares) / this.weight;
  }
}

/** y = intercept + x · weights */
export interface LinearFit {
  readonly intercept: number;
  /** [features] */
  readonly weights: Float64Array;
}
