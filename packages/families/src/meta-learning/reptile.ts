import { DomainError } from '@twostage/core/errors';
import type { Random } from '@twostage/core/random';
import type { Network } from './network.ts';

/** Of the step before, in each step of the inner loop. */
const momentum = 0.5;

/** Rows of one symbol, standardised. */
export interface Task {
  /** [rows, inputs] */
  readonly matrix: Float32Array;
  /** [rows] */
  readonly labels: Float64Array;
}

/** Gradient descent with momentum, as PyTorch's SGD does it: velocity = momentum · velocity + gradient. */
export class InnerLoop {
  readonly parameters: Float64Array;
  readonly #velocity: Float64Array;
  readonly #gradient: Float64Array;

  /** @param start copied; @param rate step, in units that suit standardised inputs */
  constructor(
    readonly network: Network,
    start: Float64Array,
    readonly rate: number,
  ) {
    this.parameters = start.slice();
    this.#velocity = new Float64Array(start.length);
    this.#gradient = new Float64Array(start.length);
  }

  /** @returns the mean squared error before the step */
  step(task: Task, rows: Uint32Array): number {
    const { parameters } = this;
    const loss = this.network.gradient(parameters, task.matrix, task.labels, rows, this.#gradient);
    for (let i = 0; i < parameters.length; i++) {
      const velocity = momentum * this.#velocity[i]! + this.#gradient[i]!;
      this.#velocity[i] = velocity;
      parameters[i]! -= this.rate * velocity;
    }
    return loss;
  }
}

export interface ReptileSettings {
  readonly innerSteps: number;
  readonly batchSize: number;
  /** Already in units of `InnerLoop`. */
  readonly rate: number;
}

/**
 * One outer step of Reptile (Nichol et al. 2018, Algorithm 1), in place: some steps on one task from the starting point, which then
 * moves towards where they ended.
 * @param outerRate share of the way, 0 … 1
 * @returns mean squared error over the inner steps, each before it was taken
 */
export function reptileStep(
  network: Network,
  start: Float64Array,
  task: Task,
  outerRate: number,
  { innerSteps, batchSize, rate }: ReptileSettings,
  random: Random,
): number {
  const inner = new InnerLoop(network, start, rate);
  let loss = 0;
  for (let step = 0; step < innerSteps; step++)
    loss += inner.step(task, drawRows(task, batchSize, random)) / innerSteps;
  moveTowards(start, inner.parameters, outerRate);
  return loss;
}

/** start ← start + share · (end − start) */
export function moveTowards(start: Float64Array, end: Float64Array, share: number): void {
  for (let i = 0; i < start.length; i++) start[i]! += share * (end[i]! - start[i]!);
}

/** With replacement. */
function drawRows({ labels }: Task, count: number, random: Random): Uint32Array {
  return Uint32Array.from({ length: Math.min(count, labels.length) }, () => random.below(labels.length));
}

/** Numbers of adaptation steps that are tried. */
export const triedSteps = [0, 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] as const;

/** A starting point on its way to a symbol: steps on its whole support. */
export class Adaptation {
  readonly #inner: InnerLoop;
  readonly #rows: Uint32Array;
  #taken = 0;

  constructor(
    network: Network,
    start: Float64Array,
    readonly support: Task,
    rate: number,
  ) {
    this.#inner = new InnerLoop(network, start, rate);
    this.#rows = Uint32Array.from({ length: support.labels.length }, (_, row) => row);
  }

  /** @returns the parameters after so many steps from the start; without support, the start */
  advanceTo(steps: number): Float64Array {
    if (this.#rows.length > 0) for (; this.#taken < steps; this.#taken++) this.#inner.step(this.support, this.#rows);
    return this.#inner.parameters.slice();
  }
}

/** Σ of squared errors. */
export function squaredErrors(network: Network, parameters: Float64Array, { matrix, labels }: Task): number {
  let squares = 0;
  for (let row = 0; row < labels.length; row++)
    squares += (network.predict(parameters, matrix, row) - labels[row]!) ** 2;
  return squares;
}

/** @throws DomainError INVALID_INPUT for fewer than two */
export function requireSymbols(count: number): void {
  if (count < 2)
    throw new DomainError(
      'INVALID_INPUT',
      `MetaLearning learns across symbols: expected at least 2 with training rows, got ${count}`,
    );
}
