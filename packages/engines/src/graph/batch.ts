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

/** The arrays of one batch of a training program, filled again for each step; masks and noise are drawn from the seed. */
export class TrainingBatch {
  /** Every input of a step but parameters, moments, hyper and what is fed whole. */
  readonly feeds: Readonly<Record<string, Float32Array>>;
  readonly #program: TrainingProgram;
  readonly #dropout: Random;
  readonly #noise: Random;

  constructor(program: TrainingProgram, seed: number) {
    const { graph, spec, dropouts, noises } = program;
    const fed = [...spec.inputs, ...dropouts, ...noises].map(({ name }) => name);
    const all = [...fed, names.target, names.rowWeights];
    this.feeds = Object.fromEntries(all.map((name) => [name, new Float32Array(sizeOf(graph.inputs.get(name)!.shape))]));
    this.#program = program;
    this.#dropout = new Random(seed, 3);
    this.#noise = new Random(seed, 4);
  }

  /** Rows beyond those given keep what an earlier batch left there: their weight is 0. */
  fill(source: LabelledRows, rows: Uint32Array): void {
    const { batchSize, dropouts, noises } = this.#program;
    source.fill(rows, this.feeds);
    const target = this.feeds[names.target]!;
    const width = target.length / batchSize;
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < width; j++) target[i * width + j] = source.targets[rows[i]! * width + j]!;
    }
    this.feeds[names.rowWeights]!.fill(1, 0, rows.length).fill(0, rows.length);
    for (const { name, rate } of dropouts) fillDropoutMask(this.feeds[name]!, rate, this.#dropout);
    for (const { name } of noises) fillNormal(this.feeds[name]!, this.#noise);
  }
}
