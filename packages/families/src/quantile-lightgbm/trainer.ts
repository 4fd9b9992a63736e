import { LightgbmBooster } from '@twostage/engines/lightgbm/booster';
import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import type { z } from 'zod';
import { checkTrainable } from '../boosting/matrix.ts';
import { type Blocks, openBlocks } from '../lightgbm/blocks.ts';
import { describeLightgbm } from '../lightgbm/trainer.ts';
import { LightgbmModel } from '../lightgbm/model.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import { levelsOf, type parameters } from './definition.ts';
import { QuantileModel } from './model.ts';

type Settings = z.infer<typeof parameters>;

/**
 * A booster a quantile on one set of bins (pinball loss, Koenker & Bassett 1978), grown in turns; each stops on its own validation loss. Losses
 * reported are mean pinball losses over the levels, in the target's unit.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, train, report } = input;
    checkTrainable('QuantileLightGBM', panel, train);
    const settings = input.parameters as Settings;
    const levels = levelsOf(settings.levels);
    const common = quantileParameters(settings, input);
    const blocks = openBlocks(input, common);
    const curves: QuantileCurve[] = [];
    try {
      for (const level of levels) curves.push(new QuantileCurve(blocks, level, common, settings.patience));
      for (let step = 1; step <= settings.rounds && curves.some(({ done }) => !done); step++) {
        for (const curve of curves) curve.grow(step);
        await report({
          step,
          totalSteps: settings.rounds,
          trainLoss: mean(curves.map(({ trainLoss }) => trainLoss)),
          validationLoss: blocks.validation ? mean(curves.map(({ validationLoss }) => validationLoss!)) : null,
          bestStep: Math.max(...curves.map(({ bestRound }) => bestRound)),
          bestValidationLoss: blocks.validation ? mean(curves.map(({ bestLoss }) => bestLoss!)) : null,
          rows: train.length,
        });
      }
      const models = curves.map((curve) => new LightgbmModel(curve.toText(), panel.featureNames));
      return new QuantileModel(levels, models);
    } finally {
      for (const curve of curves) curve.close();
      blocks.close();
    }
  },

  load: (directory) => QuantileModel.load(directory),

  describe: async (threads) => describeLightgbm(threads),
};

/** The family's parameters in LightGBM's names; `alpha`, the level, is each booster's own. */
export function quantileParameters(
  settings: Settings,
  { seed, threads }: Pick<FitInput, 'seed' | 'threads'>,
): LightgbmParameters {
  return {
    objective: 'quantile',
    metric: 'quantile',
    is_provide_training_metric: true,
    boosting: 'gbdt',
    learning_rate: settings.learningRate,
    num_leaves: settings.leaves,
    min_data_in_leaf: settings.minLeafRows,
    feature_fraction: settings.featureFraction,
    max_bin: settings.maxBins,
    seed,
    // Together these make the result independent of the number of threads.
    deterministic: true,
    force_row_wise: true,
    num_threads: threads,
    verbosity: -1,
  };
}

/** One quantile while it grows. */
class QuantileCurve {
  bestRound = 0;
  bestLoss: number | null = null;
  trainLoss = Number.NaN;
  validationLoss: number | null = null;
  done = false;
  readonly #booster: LightgbmBooster;

  constructor(
    readonly blocks: Blocks,
    level: number,
    common: LightgbmParameters,
    readonly patience: number,
  ) {
    const validation = blocks.validation ? [blocks.validation] : [];
    this.#booster = LightgbmBooster.create(blocks.train, validation, { ...common, alpha: level });
  }

  /** Nothing once it has stopped. @param round 1-based */
  grow(round: number): void {
    if (this.done) return;
    const grew = this.#booster.update();
    this.trainLoss = this.#booster.evaluate(0);
    this.validationLoss = this.blocks.validation ? this.#booster.evaluate(1) : null;
    if (this.validationLoss === null) this.bestRound = round;
    else if (this.bestLoss === null || this.validationLoss < this.bestLoss)
      [this.bestRound, this.bestLoss] = [round, this.validationLoss];
    this.done = !grew || (this.patience > 0 && round - this.bestRound >= this.patience);
  }

  toText(): string {
    return this.#booster.toText(this.bestRound);
  }

  close(): void {
    this.#booster.close();
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
