import { Random } from '@twostage/core/random';
import { sizeOf } from './ir.ts';
import { feeds as names, type TrainingProgram } from './program.ts';
import { fillDropoutMask, fillNormal } from './weights.ts';

/** Rows a network predicts for, numbered from 0. */
export interface RowSource {
  readonly rows: number;
  /** Writes the network's inputs for some rows into the arrays of a batch, one after the other from its beginning. */
  readonly fill: (rows: Uint32Array, inputs: Record<string, Float32Array>) => void;
}

/** Rows a network is trained or judged on. */
export interface LabelledRows extends RowSource {
  /** [rows, …], as the loss wants them. */
  readonly targets: Float32Array;
}

/** The arrays of one batch of a training program, or of several beside each other, filled again and again; masks and noise are drawn from the seed. */
export class TrainingBatch {
  /** [count, …], every input of a step but parameters, moments, hyper and what is fed whole. */
  readonly stacked: Readonly<Record<string, Float32Array>>;
  readonly #program: TrainingProgram;
  /** By batch, its piece of `stacked`. */
  readonly #pieces: readonly Readonly<Record<string, Float32Array>>[];
  readonly #dropout: Random;
  readonly #noise: Random;

  constructor(program: TrainingProgram, seed: number, count = 1) {
    const { graph, spec, dropouts, noises } = program;
    const fed = [...spec.inputs, ...dropouts, ...noises].map(({ name }) => name);
    const sizes = [...fed, names.target, names.rowWeights].map(
      (name) => [name, sizeOf(graph.inputs.get(name)!.shape)] as const,
    );
    const stacked = Object.fromEntries(sizes.map(([name, size]) => [name, new Float32Array(count * size)]));
    this.stacked = stacked;
    this.#pieces = Array.from({ length: count }, (_, i) =>
      Object.fromEntries(sizes.map(([name, size]) => [name, stacked[name]!.subarray(i * size, (i + 1) * size)])),
    );
    this.#program = program;
    this.#dropout = new Random(seed, 3);
    this.#noise = new Random(seed, 4);
  }

  /** Of one batch, as `stacked` has them. */
  feeds(i = 0): Readonly<Record<string, Float32Array>> {
    return this.#pieces[i]!;
  }

  /** Rows beyond those given keep what an earlier batch left there: their weight is 0. */
  fill(source: LabelledRows, rows: Uint32Array, i = 0): void {
    const { batchSize, dropouts, noises } = this.#program;
    const feeds = this.#pieces[i]!;
    source.fill(rows, feeds);
    const target = feeds[names.target]!;
    const width = target.length / batchSize;
    for (let row = 0; row < rows.length; row++) {
      for (let j = 0; j < width; j++) target[row * width + j] = source.targets[rows[row]! * width + j]!;
    }
    feeds[names.rowWeights]!.fill(1, 0, rows.length).fill(0, rows.length);
    for (const { name, rate } of dropouts) fillDropoutMask(feeds[name]!, rate, this.#dropout);
    for (const { name } of noises) fillNormal(feeds[name]!, this.#noise);
  }
}
