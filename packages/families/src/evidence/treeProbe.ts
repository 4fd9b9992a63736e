import { LightgbmBooster } from '@twostage/engines/lightgbm/booster';
import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import { type Blocks, openBlocks } from '../lightgbm/blocks.ts';
import type { Ground, GroundFold } from './ground.ts';
import { labelMean } from './ridgeProbe.ts';

const rounds = 40;

/**
 * Small boosted trees of one fold, ready to be fitted on one target after another: the rows are put into bins once, and each fit
 * boosts squared loss by its derivatives, a fixed number of rounds. A row without a label weighs nothing.
 */
export class TreeProbe {
  readonly #fold: GroundFold;
  readonly #blocks: Blocks;
  readonly #parameters: LightgbmParameters;

  /** @throws DomainError ENGINE_MISSING, ENGINE_FAILED */
  constructor({ panel, rows }: Ground, fold: GroundFold, { seed, threads }: { seed: number; threads: number }) {
    this.#fold = fold;
    this.#parameters = {
      objective: 'none',
      boosting: 'gbdt',
      learning_rate: 0.05,
      num_leaves: 8,
      min_data_in_leaf: Math.max(20, Math.round(fold.train.length / 100)),
      feature_fraction: 0.3,
      bagging_fraction: 0.5,
      bagging_freq: 1,
      lambda_l2: 1,
      max_bin: 63,
      seed,
      deterministic: true,
      force_row_wise: true,
      num_threads: threads,
      verbosity: -1,
    };
    const rowsAt = (positions: Uint32Array) => positions.map((at) => rows[at]!);
    // Labels come with each fit; the block judged is scored as trees grow.
    const target = new Float64Array(panel.rows);
    this.#blocks = openBlocks(
      { panel, target, train: rowsAt(fold.train), validation: rowsAt(fold.test) },
      this.#parameters,
    );
  }

  /** @param labels [positions]; NaN = not known @returns forecasts of the fold's test block */
  forecast(labels: Float64Array): Float64Array {
    const { train, test } = this.#fold;
    const center = labelMean(labels, train);
    const wanted = Float64Array.from(train, (at) => labels[at]! - center);
    const known = wanted.filter((value) => !Number.isNaN(value));
    const deviation = Math.sqrt(known.reduce((sum, value) => sum + value * value, 0) / Math.max(1, known.length)) || 1;
    const gradients = new Float32Array(train.length);
    const hessians = Float32Array.from(wanted, (value) => (Number.isNaN(value) ? 0 : 1));
    const scores = new Float64Array(train.length);
    const booster = LightgbmBooster.create(this.#blocks.train, [this.#blocks.validation!], this.#parameters);
    try {
      for (let round = 0; round < rounds; round++) {
        for (let i = 0; i < gradients.length; i++)
          gradients[i] = hessians[i] === 0 ? 0 : scores[i]! - wanted[i]! / deviation;
        if (!booster.updateBy(gradients, hessians)) break;
        booster.scores(0, scores);
      }
      const values = new Float64Array(test.length);
      booster.scores(1, values);
      return values.map((value) => center + deviation * value);
    } finally {
      booster.close();
    }
  }

  close(): void {
    this.#blocks.close();
  }
}
