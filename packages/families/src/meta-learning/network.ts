import type { Random } from '@twostage/core/random';

/** Enough for the first two digits. */
const powerIterations = 20;

/**
 * f(x) = bias + linear · x + output · tanh(hidden x + offsets) / √units: a line, and beside it one hidden layer. The root lets a step
 * move the line first, and makes the steps that are stable independent of how many units there are (Jacot et al. 2018).
 * Parameters lie in one vector: linear [inputs], bias, output [units], offsets [units], hidden [units, inputs].
 */
export class Network {
  readonly size: number;
  readonly #share: number;
  readonly #activations: Float64Array;

  constructor(
    readonly inputs: number,
    readonly units: number,
  ) {
    this.size = inputs + 1 + units * (2 + inputs);
    this.#share = units > 0 ? 1 / Math.sqrt(units) : 0;
    this.#activations = new Float64Array(units);
  }

  /** Predicts 0 everywhere: only the hidden layer is drawn, so that its units differ. */
  start(random: Random): Float64Array {
    const parameters = new Float64Array(this.size);
    const spread = 1 / Math.sqrt(this.inputs);
    for (let i = this.#hiddenAt; i < this.size; i++) parameters[i] = spread * random.normal();
    return parameters;
  }

  /** Of row `row` of a row-major matrix. */
  predict(parameters: Float64Array, matrix: Float32Array, row: number): number {
    const { inputs, units } = this;
    const from = row * inputs;
    let value = parameters[inputs]!;
    for (let k = 0; k < inputs; k++) value += parameters[k]! * matrix[from + k]!;
    for (let unit = 0; unit < units; unit++) {
      const line = this.#hiddenAt + unit * inputs;
      let sum = parameters[inputs + 1 + units + unit]!;
      for (let k = 0; k < inputs; k++) sum += parameters[line + k]! * matrix[from + k]!;
      const activation = this.#share * Math.tanh(sum);
      this.#activations[unit] = activation;
      value += parameters[inputs + 1 + unit]! * activation;
    }
    return value;
  }

  /**
   * Mean squared error over some rows, and its gradient.
   * @param matrix [rows, inputs]
   * @param labels [rows]
   * @param rows indices into both
   * @param gradient [size], overwritten
   */
  gradient(
    parameters: Float64Array,
    matrix: Float32Array,
    labels: Float64Array,
    rows: Uint32Array,
    gradient: Float64Array,
  ): number {
    const { inputs, units } = this;
    const [activations, share] = [this.#activations, this.#share];
    const [outputAt, offsetAt, hiddenAt] = [inputs + 1, inputs + 1 + units, this.#hiddenAt];
    gradient.fill(0);
    let squares = 0;
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i]!;
      const error = this.predict(parameters, matrix, row) - labels[row]!;
      squares += error * error;
      const slope = (2 * error) / rows.length;
      const from = row * inputs;
      gradient[inputs]! += slope;
      for (let k = 0; k < inputs; k++) gradient[k]! += slope * matrix[from + k]!;
      for (let unit = 0; unit < units; unit++) {
        const activation = activations[unit]!;
        gradient[outputAt + unit]! += slope * activation;
        // The derivative of share · tanh is share · (1 − tanh²).
        const inner = slope * parameters[outputAt + unit]! * (share - (activation * activation) / share);
        gradient[offsetAt + unit]! += inner;
        const line = hiddenAt + unit * inputs;
        for (let k = 0; k < inputs; k++) gradient[line + k]! += inner * matrix[from + k]!;
      }
    }
    return squares / rows.length;
  }

  /**
   * The largest curvature of half the squared error at a starting point, where only line, bias and output layer move it: the largest
   * eigenvalue of the mean of their inputs' products, by power iteration.
   * @param parameters of `start`
   */
  curvature(parameters: Float64Array, matrix: Float32Array): number {
    const { inputs, units } = this;
    const rows = matrix.length / inputs;
    let direction = new Float64Array(inputs + 1 + units).fill(1);
    let largest = 0;
    const seen = new Float64Array(direction.length);
    for (let iteration = 0; iteration < powerIterations; iteration++) {
      const next = new Float64Array(direction.length);
      for (let row = 0; row < rows; row++) {
        this.predict(parameters, matrix, row);
        for (let k = 0; k < inputs; k++) seen[k] = matrix[row * inputs + k]!;
        seen[inputs] = 1;
        seen.set(this.#activations, inputs + 1);
        let along = 0;
        for (let k = 0; k < seen.length; k++) along += seen[k]! * direction[k]!;
        for (let k = 0; k < seen.length; k++) next[k]! += (along * seen[k]!) / rows;
      }
      largest = Math.hypot(...next);
      if (!(largest > 0)) return 1;
      direction = next.map((value) => value / largest);
    }
    return largest;
  }

  /** How the output moves with each input where all are 0. @returns [inputs] */
  slopes(parameters: Float64Array): Float64Array {
    const { inputs, units } = this;
    return Float64Array.from({ length: inputs }, (_, k) => {
      let slope = parameters[k]!;
      for (let unit = 0; unit < units; unit++) {
        const activation = Math.tanh(parameters[inputs + 1 + units + unit]!);
        const weight = parameters[this.#hiddenAt + unit * inputs + k]!;
        slope += this.#share * parameters[inputs + 1 + unit]! * (1 - activation * activation) * weight;
      }
      return slope;
    });
  }

  get #hiddenAt(): number {
    return this.inputs + 1 + 2 * this.units;
  }
}
