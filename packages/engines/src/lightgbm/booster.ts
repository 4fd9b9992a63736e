import { DomainError } from '@twostage/core/errors';
import { checkShape, type LightgbmDataset, type Matrix } from './dataset.ts';
import { check, float32Type, float64Type, type Handle, type HandleOut, lightgbm } from './library.ts';
import { formatParameters, type LightgbmParameters } from './parameters.ts';

const importanceTypes = { split: 0, gain: 1 } as const;
/** Of the C API: the value itself, not a leaf's index or a contribution. */
const predictNormal = 0;

/** A boosted ensemble of trees in LightGBM's own memory: `close` frees it. */
export class LightgbmBooster {
  #handle: Handle | null;
  /** Kept open while the booster points into them. */
  readonly #datasets: readonly LightgbmDataset[];

  private constructor(handle: Handle, datasets: readonly LightgbmDataset[]) {
    this.#handle = handle;
    this.#datasets = datasets;
  }

  /**
   * A booster about to train on `train`; `validation` blocks are scored beside it. Does not own the datasets.
   * @throws DomainError ENGINE_FAILED with LightGBM's message, e.g. for a parameter out of range.
   */
  static create(
    train: LightgbmDataset,
    validation: readonly LightgbmDataset[],
    parameters: LightgbmParameters,
  ): LightgbmBooster {
    const { api } = lightgbm();
    const out: HandleOut = [null];
    check(api.boosterCreate(train.handle, formatParameters(parameters), out));
    const booster = new LightgbmBooster(out[0]!, [train, ...validation]);
    try {
      for (const block of validation) check(api.boosterAddValidData(booster.handle, block.handle));
      return booster;
    } catch (error) {
      booster.close();
      throw error;
    }
  }

  /** @param model text as `toText` and Python's `Booster.save_model` write it. @throws DomainError ENGINE_FAILED */
  static fromText(model: string): LightgbmBooster {
    // A model cut short makes the library's parser read past its end.
    if (!model.startsWith('tree\n') || !model.includes('\nend of trees')) {
      throw new DomainError('ENGINE_FAILED', 'LightGBM: the model text is not whole');
    }
    const out: HandleOut = [null];
    check(lightgbm().api.boosterLoadFromString(model, [0], out));
    return new LightgbmBooster(out[0]!, []);
  }

  /**
   * Grows one more round of trees.
   * @returns false when no split was left that the parameters allow, so that further rounds would change nothing.
   */
  update(): boolean {
    const finished: [number] = [0];
    check(lightgbm().api.boosterUpdateOneIter(this.handle, finished));
    return finished[0] === 0;
  }

  /**
   * Grows one more tree by given derivatives of a loss: its leaves are −Σ gradient / (Σ hessian + lambda_l2), times the learning
   * rate. For a booster of `objective=none`.
   * @param gradients [training rows]; so are the hessians
   * @returns false when no split was left that the parameters allow
   * @throws DomainError SHAPE_MISMATCH, ENGINE_FAILED
   */
  updateBy(gradients: Float32Array, hessians: Float32Array): boolean {
    const { rows } = this.#datasets[0]!;
    if (gradients.length !== rows || hessians.length !== rows) {
      const came = `${gradients.length} gradients and ${hessians.length} hessians`;
      throw new DomainError('SHAPE_MISMATCH', `LightGBM: ${came} for ${rows} training rows`);
    }
    const finished: [number] = [0];
    check(lightgbm().api.boosterUpdateOneIterCustom(this.handle, gradients, hessians, finished));
    return finished[0] === 0;
  }

  /** Rounds grown so far. */
  get rounds(): number {
    const rounds: [number] = [0];
    check(lightgbm().api.boosterGetCurrentIteration(this.handle, rounds));
    return rounds[0];
  }

  /** What the trees so far say of every row of the training block (0) or of a validation block (1, 2, …). @param out [rows], filled */
  scores(block: number, out: Float64Array): void {
    const { rows } = this.#datasets[block]!;
    if (out.length !== rows) {
      throw new DomainError('SHAPE_MISMATCH', `LightGBM: ${out.length} places for ${rows} scores of block ${block}`);
    }
    check(lightgbm().api.boosterGetPredict(this.handle, block, [0], out));
  }

  /** The first metric of the parameters on the training block (0) or a validation block (1, 2, …). */
  evaluate(block: number): number {
    const values = new Float64Array(16);
    const count: [number] = [0];
    check(lightgbm().api.boosterGetEval(this.handle, block, count, values));
    if (count[0] < 1) throw new DomainError('ENGINE_FAILED', `LightGBM: no metric on block ${block}`);
    return values[0]!;
  }

  /**
   * @param matrix [rows, columns], columns in the order of training
   * @param out [rows], filled
   * @throws DomainError SHAPE_MISMATCH, ENGINE_FAILED
   */
  predict(matrix: Matrix, out: Float64Array, threads: number): void {
    const { values, rows, columns, layout } = matrix;
    checkShape(matrix);
    if (out.length !== rows) {
      throw new DomainError('SHAPE_MISMATCH', `LightGBM: ${out.length} places for ${rows} predictions`);
    }
    const type = values instanceof Float32Array ? float32Type : float64Type;
    const rowMajor = layout === 'rowMajor' ? 1 : 0;
    check(
      lightgbm().api.boosterPredictForMat(
        this.handle,
        values,
        type,
        rows,
        columns,
        rowMajor,
        predictNormal,
        0,
        -1,
        formatParameters({ num_threads: threads, verbosity: -1 }),
        [0],
        out,
      ),
    );
  }

  /** The model in LightGBM's text format, its first `rounds` rounds only (all by default). */
  toText(rounds = -1): string {
    const { api } = lightgbm();
    let buffer = Buffer.alloc(1 << 20);
    for (;;) {
      const bytes: [number | bigint] = [0];
      check(api.boosterSaveToString(this.handle, 0, rounds, importanceTypes.gain, buffer.length, bytes, buffer));
      const needed = Number(bytes[0]);
      // The count includes the closing NUL.
      if (needed <= buffer.length) return withoutThreads(buffer.toString('utf8', 0, needed - 1));
      buffer = Buffer.alloc(needed);
    }
  }

  /** [columns]: by feature, the loss its splits saved (`gain`) or how often it was split on (`split`). */
  importances(columns: number, type: keyof typeof importanceTypes): Float64Array {
    const out = new Float64Array(columns);
    check(lightgbm().api.boosterFeatureImportance(this.handle, -1, importanceTypes[type], out));
    return out;
  }

  /** @throws DomainError ENGINE_FAILED once closed. */
  get handle(): Handle {
    if (this.#handle === null) throw new DomainError('ENGINE_FAILED', 'LightGBM: the booster was closed');
    for (const dataset of this.#datasets) void dataset.handle;
    return this.#handle;
  }

  close(): void {
    if (this.#handle === null) return;
    const handle = this.#handle;
    this.#handle = null;
    check(lightgbm().api.boosterFree(handle));
  }
}

/** How many threads trained it is no property of a model: with it, the same model would have other bytes. 0 is the library's default. */
const withoutThreads = (model: string): string => model.replace(/^\[num_threads: \d+\]$/m, '[num_threads: 0]');
