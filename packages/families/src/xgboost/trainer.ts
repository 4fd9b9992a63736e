import type { RowIndices } from '@twostage/core/panel/panel';
import { XgboostBooster } from '@twostage/engines/xgboost/booster';
import { xgboost } from '@twostage/engines/xgboost/library';
import { XgboostMatrix } from '@twostage/engines/xgboost/matrix';
import { rescaleModel } from '@twostage/engines/xgboost/rescale';
import { checkTrainable, gatherLabels, gatherRows } from '../boosting/matrix.ts';
import { plainNames } from '../boosting/names.ts';
import { boostRounds } from '../boosting/rounds.ts';
import { fitTargetScale, learnsProbabilities } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import { XgboostModel } from './model.ts';
import { type Settings, targetScale, xgboostParameters } from './settings.ts';

/**
 * Second-order histogram boosting (Chen & Guestrin 2016) of squared loss; of a direction, of the log loss of its probability. Losses
 * reported are these, squared ones in the target's unit squared.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, seed, threads } = input;
    checkTrainable('XGBoost', panel, train);
    const settings = input.parameters as Settings;
    const moments = fitTargetScale(target, train);
    const { mean, deviation } = moments;
    const binary = learnsProbabilities(input, moments);
    const scale = binary ? 1 : targetScale(deviation);
    const scaledTarget = { mean: mean / scale, deviation: deviation / scale };
    const parameters = xgboostParameters(settings, { seed, threads, target: scaledTarget, binary });
    const open: { close(): void }[] = [];
    try {
      const blocks = [train, validation]
        .filter((rows) => rows.length > 0)
        .map((rows) => {
          const block = matrix(input, rows, scale);
          open.push(block);
          return block;
        });
      const booster = XgboostBooster.create(blocks, parameters, plainNames(panel.featureNames));
      open.push(booster);
      const { bestRound } = await boostRounds(input, settings, (round) => {
        booster.update(round, blocks[0]!);
        const losses = booster.evaluate(round, blocks);
        const [trainLoss, validationLoss] = binary ? losses : losses.map((rmse) => (rmse * scale) ** 2);
        return { trainLoss: trainLoss!, validationLoss: validationLoss ?? null, exhausted: false };
      });
      const json = booster.toJson(bestRound);
      return new XgboostModel(binary ? json : rescaleModel(json, scale), panel.featureNames, threads);
    } finally {
      // The booster caches its matrices' predictions: it goes first.
      for (const native of open.reverse()) native.close();
    }
  },

  async load(directory: string, threads: number): Promise<FittedModel> {
    return XgboostModel.load(directory, threads);
  },

  async describe(threads: number): Promise<string> {
    return `XGBoost ${xgboost().version}, cpu, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  },
};

function matrix({ panel, target, threads }: FitInput, rows: RowIndices, scale: number): XgboostMatrix {
  return XgboostMatrix.create(gatherRows(panel, rows), rows.length, panel.featureNames.length, {
    label: gatherLabels(target, rows, scale),
    threads,
  });
}
