import type { Panel } from '@twostage/core/panel/panel';

/**
 * A recurrent trader: position = tanh(w · features + u · position before + b), in (−1, 1). The term in the position before
 * lets it hold on where a change would cost more than it earns.
 *
 * θ is laid out as [w …, u, b].
 */
export function positionOf(
  theta: Float64Array,
  matrix: Float32Array,
  offset: number,
  features: number,
  before: number,
): number {
  let sum = theta[features + 1]! + theta[features]! * before;
  for (let k = 0; k < features; k++) sum += theta[k]! * matrix[offset + k]!;
  return Math.tanh(sum);
}

/**
 * Positions of every row, each symbol traded from its first bar on, from no position: what is held at a bar does not depend on
 * which rows are asked for.
 * @param matrix [panel.rows, features], row-major
 * @returns [panel.rows]
 */
export function rollPositions(theta: Float64Array, panel: Panel, matrix: Float32Array): Float64Array {
  const features = theta.length - 2;
  const positions = new Float64Array(panel.rows);
  for (let row = 0; row < panel.rows; row++) {
    const before = row > 0 && panel.symbolOf[row - 1] === panel.symbolOf[row] ? positions[row - 1]! : 0;
    positions[row] = positionOf(theta, matrix, row * features, features, before);
  }
  return positions;
}

/**
 * Differential Sharpe ratio: how much one more reward moves an exponentially weighted Sharpe ratio. A and B are running
 * means of the reward and of its square.
 */
export class DifferentialSharpe {
  #mean = 0;
  #square = 0;
  #seen = 0;

  /** @param rate weight of the newest reward */
  constructor(readonly rate: number) {}

  /** Enough rewards to speak of a ratio. */
  get ready(): boolean {
    return this.#seen * this.rate >= 1 && this.#square - this.#mean ** 2 > 1e-30;
  }

  /** ∂D/∂reward = (B − A·reward) / (B − A²)^(3/2), with A and B from before this reward. */
  slope(reward: number): number {
    return (this.#square - this.#mean * reward) / (this.#square - this.#mean ** 2) ** 1.5;
  }

  add(reward: number): void {
    // Plain means until there are as many rewards as the memory is long: an average from zero would understate both.
    this.#seen++;
    const weight = Math.max(this.rate, 1 / this.#seen);
    this.#mean += weight * (reward - this.#mean);
    this.#square += weight * (reward ** 2 - this.#square);
  }
}

export interface Market {
  readonly panel: Panel;
  /** [panel.rows, features], row-major, standardised. */
  readonly matrix: Float32Array;
  /** [panel.rows], return a bar and unit of position. */
  readonly returns: Float64Array;
  /** Paid a unit of position changed, in the returns' unit. */
  readonly cost: number;
}

/**
 * Real-time recurrent learning of the policy: ∂position/∂θ is carried from bar to bar, so that the gradient knows that
 * today's position sets what tomorrow's trade costs.
 */
export class OnlineTrader {
  readonly theta: Float64Array;
  readonly #positions: Float64Array;
  /** [symbols, θ] */
  readonly #derivatives: Float64Array;
  readonly gradient: Float64Array;

  constructor(
    readonly market: Market,
    theta: Float64Array,
  ) {
    this.theta = theta;
    const symbols = market.panel.symbols.length;
    this.#positions = new Float64Array(symbols);
    this.#derivatives = new Float64Array(symbols * theta.length);
    this.gradient = new Float64Array(theta.length);
  }

  /** Out of the market, nothing remembered. */
  reset(): void {
    this.#positions.fill(0);
    this.#derivatives.fill(0);
  }

  /**
   * Trades rows of one bar. Leaves ∂reward/∂θ in `gradient`.
   * @returns the mean reward of the rows, net of costs
   */
  trade(rows: Uint32Array): number {
    const { panel, matrix, returns, cost } = this.market;
    const { theta, gradient } = this;
    const size = theta.length;
    const features = size - 2;
    const recurrence = theta[features]!;
    gradient.fill(0);
    let total = 0;
    for (const row of rows) {
      const symbol = panel.symbolOf[row]!;
      const before = this.#positions[symbol]!;
      const offset = row * features;
      const position = positionOf(theta, matrix, offset, features, before);
      const direction = Math.sign(position - before);
      const byPosition = returns[row]! - cost * direction;
      const byBefore = cost * direction;
      const slope = 1 - position ** 2;
      const at = symbol * size;
      for (let k = 0; k < size; k++) {
        const old = this.#derivatives[at + k]!;
        const direct = k < features ? matrix[offset + k]! : k === features ? before : 1;
        const now = slope * (direct + recurrence * old);
        gradient[k]! += byPosition * now + byBefore * old;
        this.#derivatives[at + k] = now;
      }
      total += position * returns[row]! - cost * Math.abs(position - before);
      this.#positions[symbol] = position;
    }
    for (let k = 0; k < size; k++) gradient[k]! /= rows.length;
    return total / rows.length;
  }
}
