import { LightgbmBooster } from '@twostage/engines/lightgbm/booster';
import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import type { Blocks } from '../lightgbm/blocks.ts';
import { scaleTrees } from './scaleTrees.ts';

/**
 * The trees of one parameter of the distribution. LightGBM grows them unscaled; how much each counts is known only after the line
 * search, and kept here until the model is written.
 */
export class ParameterTrees {
  readonly #booster: LightgbmBooster;
  readonly #ones: Float32Array;
  /** What all trees together say, before and after the last one: [training rows], [validation rows]. */
  readonly #scores: Float64Array[];
  readonly #steps: Float64Array[];
  readonly #factors: number[] = [];

  constructor({ train, validation }: Blocks, parameters: LightgbmParameters) {
    this.#booster = LightgbmBooster.create(train, validation ? [validation] : [], parameters);
    this.#ones = new Float32Array(train.rows).fill(1);
    const rows = validation ? [train.rows, validation.rows] : [train.rows];
    this.#scores = rows.map((count) => new Float64Array(count));
    this.#steps = rows.map((count) => new Float64Array(count));
  }

  /**
   * Fits a tree to −gradient by least squares.
   * @param gradient [training rows]
   * @returns whether it has a split
   */
  grow(gradient: Float32Array): boolean {
    const before = this.#booster.rounds;
    const grew = this.#booster.updateBy(gradient, this.#ones);
    while (this.#factors.length < this.#booster.rounds) this.#factors.push(0);
    for (const [block, step] of this.#steps.entries()) {
      if (this.#booster.rounds === before) {
        step.fill(0);
        continue;
      }
      const scores = this.#scores[block]!;
      step.set(scores);
      this.#booster.scores(block, scores);
      for (let i = 0; i < step.length; i++) step[i] = step[i]! - scores[i]!;
    }
    return grew;
  }

  /** What the last tree takes off: along the gradient. [training rows] (block 0) or [validation rows] (block 1) */
  step(block: 0 | 1): Float64Array {
    return this.#steps[block] ?? new Float64Array(0);
  }

  /** Lets the last tree count. */
  accept(factor: number): void {
    if (this.#factors.length > 0) this.#factors[this.#factors.length - 1] = factor;
  }

  get rounds(): number {
    return this.#booster.rounds;
  }

  /** LightGBM's text model of the first `rounds` trees, as much as each counts. */
  toText(rounds: number): string {
    return scaleTrees(this.#booster.toText(rounds), this.#factors.slice(0, rounds));
  }

  close(): void {
    this.#booster.close();
  }
}
