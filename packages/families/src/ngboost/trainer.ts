import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import type { z } from 'zod';
import { checkTrainable, gatherLabels } from '../boosting/matrix.ts';
import { boostRounds } from '../boosting/rounds.ts';
import { type Blocks, openBlocks } from '../lightgbm/blocks.ts';
import { LightgbmModel } from '../lightgbm/model.ts';
import { describeLightgbm } from '../lightgbm/trainer.ts';
import { fitTargetScale, type TargetScale } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { NgboostModel } from './model.ts';
import { lineSearch, meanNll, meanNllAfter, naturalGradient, type NormalParameters } from './normalScore.ts';
import { ParameterTrees } from './parameterTrees.ts';

type Settings = z.infer<typeof parameters>;

/**
 * Natural gradient boosting (Duan et al. 2020) of a Normal distribution on the standardised target, begun at the training rows' own mean
 * and deviation: each round fits a tree a parameter to the natural gradient and goes a learning rate's share of the line search
 * along it. Losses reported are mean negative log likelihoods in the target's unit.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train } = input;
    checkTrainable('NGBoost', panel, train);
    const settings = input.parameters as Settings;
    const scale = fitTargetScale(target, train);
    const common = treeParameters(settings, input);
    const blocks = openBlocks(input, common);
    let boosting: Boosting | undefined;
    try {
      const growing = new Boosting(input, blocks, common, scale);
      boosting = growing;
      const { bestRound } = await boostRounds(input, settings, () => growing.round(settings.learningRate));
      const { mean, logDeviation } = growing.textsAt(bestRound);
      const open = (text: string) => new LightgbmModel(text, panel.featureNames);
      return new NgboostModel(scale, { mean: open(mean), logDeviation: open(logDeviation) });
    } finally {
      boosting?.close();
      blocks.close();
    }
  },

  load: (directory) => NgboostModel.load(directory),

  describe: async (threads) => describeLightgbm(threads),
};

function treeParameters(settings: Settings, { seed, threads }: FitInput): LightgbmParameters {
  return {
    objective: 'none',
    metric: 'none',
    boosting: 'gbdt',
    // A tree is scaled once the line search is done.
    learning_rate: 1,
    num_leaves: settings.leaves,
    min_data_in_leaf: settings.minLeafRows,
    min_sum_hessian_in_leaf: 0,
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

interface Block {
  /** [rows], standardised. */
  readonly outcomes: Float32Array;
  readonly parameters: NormalParameters;
}

class Boosting {
  readonly #mean: ParameterTrees;
  readonly #logDeviation: ParameterTrees;
  readonly #train: Block;
  readonly #validation: Block | null;
  readonly #gradient: { mean: Float32Array; logDeviation: Float32Array };
  /** Trees of each parameter after each round. */
  readonly #trees: { mean: number; logDeviation: number }[] = [];
  #trainLoss: number;

  constructor(
    { target, train, validation }: FitInput,
    blocks: Blocks,
    common: LightgbmParameters,
    readonly scale: TargetScale,
  ) {
    const block = (rows: Uint32Array): Block => ({
      outcomes: gatherLabels(target, rows).map((value) => (value - scale.mean) / scale.deviation),
      parameters: { mean: new Float64Array(rows.length), logDeviation: new Float64Array(rows.length) },
    });
    this.#train = block(train);
    this.#validation = blocks.validation ? block(validation) : null;
    this.#gradient = { mean: new Float32Array(train.length), logDeviation: new Float32Array(train.length) };
    this.#trainLoss = meanNll(this.#train.parameters, this.#train.outcomes);
    this.#mean = new ParameterTrees(blocks, common);
    this.#logDeviation = new ParameterTrees(blocks, common);
  }

  round(learningRate: number): { trainLoss: number; validationLoss: number | null; exhausted: boolean } {
    const { outcomes, parameters } = this.#train;
    naturalGradient(parameters, outcomes, this.#gradient);
    const grew = [this.#mean.grow(this.#gradient.mean), this.#logDeviation.grow(this.#gradient.logDeviation)];
    const step = this.#step(0);
    const length = lineSearch(this.#trainLoss, (scale) => meanNllAfter(parameters, step, scale, outcomes));
    const factor = learningRate * length;
    this.#mean.accept(factor);
    this.#logDeviation.accept(factor);
    takeOff(parameters, step, factor);
    if (this.#validation) takeOff(this.#validation.parameters, this.#step(1), factor);
    this.#trainLoss = meanNll(parameters, outcomes);
    this.#trees.push({ mean: this.#mean.rounds, logDeviation: this.#logDeviation.rounds });
    const validationLoss = this.#validation && meanNll(this.#validation.parameters, this.#validation.outcomes);
    const unit = Math.log(this.scale.deviation);
    return {
      trainLoss: this.#trainLoss + unit,
      validationLoss: validationLoss === null ? null : validationLoss + unit,
      exhausted: !grew.includes(true) || length === 0,
    };
  }

  #step(block: 0 | 1): NormalParameters {
    return { mean: this.#mean.step(block), logDeviation: this.#logDeviation.step(block) };
  }

  /** Both text models after a round, 1-based. */
  textsAt(round: number): { mean: string; logDeviation: string } {
    const { mean, logDeviation } = this.#trees[round - 1]!;
    return { mean: this.#mean.toText(mean), logDeviation: this.#logDeviation.toText(logDeviation) };
  }

  close(): void {
    this.#mean.close();
    this.#logDeviation.close();
  }
}

function takeOff(parameters: NormalParameters, step: NormalParameters, factor: number): void {
  for (const name of ['mean', 'logDeviation'] as const) {
    const [values, steps] = [parameters[name], step[name]];
    for (let i = 0; i < values.length; i++) values[i] = values[i]! - factor * steps[i]!;
  }
}
