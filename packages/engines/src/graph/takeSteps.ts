import { hyperLength } from './adamw.ts';
import type { LabelledRows, TrainingBatch } from './batch.ts';
import { sizeOf } from './ir.ts';
import type { TrainingProgram } from './program.ts';
import type { Feeds, SeveralSteps, StepRuntime } from './runtime.ts';

/** What a step needs beside its rows. */
export interface StepSettings {
  /** Of `adamWHyper`. */
  readonly hyper: Float32Array;
  /** What the program is fed whole. */
  readonly fed: Feeds;
}

export interface TakenStep {
  readonly loss: number;
  /** In the program's order; read before the next steps are taken. */
  readonly terms: Float32Array;
}

/** Takes a training's steps one after the other, by as few calls of the runtime as it can. */
export class StepTaker {
  /** Most batches that one `take` has use for. */
  readonly atOnce: number;
  readonly #runtime: StepRuntime;
  readonly #batch: TrainingBatch;
  readonly #hyper: Float32Array;
  readonly #terms: Float32Array;
  readonly #fed: Readonly<Record<string, Float32Array>>;

  constructor(runtime: StepRuntime, { graph, fed, terms }: TrainingProgram, batch: (count: number) => TrainingBatch) {
    this.#runtime = runtime;
    this.atOnce = runtime.several?.count ?? 1;
    this.#batch = batch(this.atOnce);
    this.#hyper = new Float32Array(this.atOnce * hyperLength);
    this.#terms = new Float32Array(this.atOnce * terms.length);
    const sizes = fed.map(({ name }) => [name, sizeOf(graph.inputs.get(name)!.shape)] as const);
    this.#fed = Object.fromEntries(sizes.map(([name, size]) => [name, new Float32Array(this.atOnce * size)]));
  }

  /**
   * @param batches the rows of each step, at most `atOnce` steps
   * @param settings of each step
   */
  async take(
    source: LabelledRows,
    batches: readonly Uint32Array[],
    settings: readonly StepSettings[],
  ): Promise<TakenStep[]> {
    for (const [i, rows] of batches.entries()) this.#batch.fill(source, rows, i);
    const { several } = this.#runtime;
    if (several?.count === batches.length) return this.#takeAll(several, settings);
    const taken: TakenStep[] = [];
    for (const [i, { hyper, fed }] of settings.entries()) {
      const terms = this.#termsOf(i);
      taken.push({ loss: await this.#runtime.step({ ...this.#batch.feeds(i), ...fed }, hyper, terms), terms });
    }
    return taken;
  }

  async #takeAll(several: SeveralSteps, settings: readonly StepSettings[]): Promise<TakenStep[]> {
    for (const [i, { hyper, fed }] of settings.entries()) {
      this.#hyper.set(hyper, i * hyperLength);
      for (const [name, all] of Object.entries(this.#fed)) all.set(fed[name]!, (i * all.length) / several.count);
    }
    const losses = await several.step({ ...this.#batch.stacked, ...this.#fed }, this.#hyper, this.#terms);
    return Array.from(losses, (loss, i) => ({ loss, terms: this.#termsOf(i) }));
  }

  #termsOf(i: number): Float32Array {
    const count = this.#terms.length / this.atOnce;
    return this.#terms.subarray(i * count, (i + 1) * count);
  }
}
