/** Constants of McMahan et al. 2013, Algorithm 1. */
export interface FtrlSettings {
  /** α: scale of a coordinate's learning rate. */
  readonly alpha: number;
  /** β: keeps the rate of a coordinate seen seldom from starting too high. */
  readonly beta: number;
  /** λ1, against the sum of a coordinate's gradients. */
  readonly l1: number;
  /** λ2. */
  readonly l2: number;
}

/** Row-major standardised features. */
export type Features = Float32Array | Float64Array;

/**
 * Per-coordinate FTRL-Proximal (McMahan et al. 2013, Algorithm 1) of a linear model under squared loss ½(p − y)², whose
 * gradient is (p − y)·x where the paper's logistic loss has the same form. The bias is a coordinate that is always 1 and
 * bears no penalty.
 */
export class FtrlProximal {
  /** [features + 1], the last is the bias: what Algorithm 1 makes of z and n. Exactly 0 where L1 holds a coordinate. */
  readonly weights: Float64Array;
  /** Sum of gradients, less the pull of past weights. */
  readonly #z: Float64Array;
  /** Sum of squared gradients. */
  readonly #n: Float64Array;
  readonly #features: number;
  readonly #settings: FtrlSettings;
  #l1: number;

  constructor(features: number, settings: FtrlSettings) {
    this.#features = features;
    this.#settings = settings;
    this.#l1 = settings.l1;
    this.weights = new Float64Array(features + 1);
    this.#z = new Float64Array(features + 1);
    this.#n = new Float64Array(features + 1);
  }

  /** λ1 from now on: with the rows seen, it keeps the same weight beside their losses however often they are streamed. */
  penalise(l1: number): void {
    this.#l1 = l1;
  }

  /** The row at `offset` of `rows` is read. A feature that is 0 adds nothing, and learns nothing. */
  predict(rows: Features, offset: number): number {
    const { weights } = this;
    let sum = weights[this.#features]!;
    for (let feature = 0; feature < this.#features; feature++) sum += weights[feature]! * rows[offset + feature]!;
    return sum;
  }

  /** Predicts, then learns from the row. @returns the prediction made before its label was seen */
  learn(rows: Features, offset: number, label: number): number {
    const { l2 } = this.#settings;
    const l1 = this.#l1;
    const prediction = this.predict(rows, offset);
    const error = prediction - label;
    for (let feature = 0; feature < this.#features; feature++) {
      const value = rows[offset + feature]!;
      if (value !== 0) this.#step(feature, error * value, l1, l2);
    }
    this.#step(this.#features, error, 0, 0);
    return prediction;
  }

  #step(at: number, gradient: number, l1: number, l2: number): void {
    const { alpha, beta } = this.#settings;
    const before = this.#n[at]!;
    const after = before + gradient * gradient;
    const rootAfter = Math.sqrt(after);
    const sigma = (rootAfter - Math.sqrt(before)) / alpha;
    const z = this.#z[at]! + gradient - sigma * this.weights[at]!;
    this.#n[at] = after;
    this.#z[at] = z;
    this.weights[at] = Math.abs(z) <= l1 ? 0 : (Math.sign(z) * l1 - z) / ((beta + rootAfter) / alpha + l2);
  }
}
