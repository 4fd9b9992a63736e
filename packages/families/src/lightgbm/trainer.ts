import { LightgbmBooster } from '@twostage/engines/lightgbm/booster';
import { LightgbmDataset } from '@twostage/engines/lightgbm/dataset';
import { lightgbm } from '@twostage/engines/lightgbm/library';
import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import type { RowIndices } from '@twostage/core/panel/panel';
import { checkTrainable, gatherLabels, gatherRows } from '../boosting/matrix.ts';
import { plainNames } from '../boosting/names.ts';
import { boostRounds } from '../boosting/rounds.ts';
import { fitTargetScale } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import { LightgbmModel } from './model.ts';
import { lightgbmParameters, type Settings } from './settings.ts';

/** Leaf-wise histogram boosting of squared loss (Ke et al. 2017); losses reported are mean squared errors of the target. */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, seed, threads } = input;
    checkTrainable('LightGBM', panel, train);
    const settings = input.parameters as Settings;
    const { deviation } = fitTargetScale(target, train);
    const parameters = lightgbmParameters(settings, { seed, threads, targetDeviation: deviation });
    const open: { close(): void }[] = [];
    try {
      const trainSet = dataset(input, train, parameters);
      open.push(trainSet);
      const blocks = validation.length > 0 ? [dataset(input, validation, parameters, trainSet)] : [];
      open.push(...blocks);
      const booster = LightgbmBooster.create(trainSet, blocks, parameters);
      open.push(booster);
      const { bestRound } = await boostRounds(input, settings, () => {
        const grew = booster.update();
        return {
          trainLoss: booster.evaluate(0),
          validationLoss: blocks.length > 0 ? booster.evaluate(1) : null,
          exhausted: !grew,
        };
      });
      return new LightgbmModel(booster.toText(bestRound), panel.featureNames);
    } finally {
      // The booster points into its datasets: it goes first.
      for (const native of open.reverse()) native.close();
    }
  },

  async load(directory: string): Promise<FittedModel> {
    return LightgbmModel.load(directory);
  },

  async describe(threads: number): Promise<string> {
    const { version } = lightgbm();
    return `LightGBM ${version ?? '(version unknown)'}, cpu, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  },
};

function dataset(
  { panel, target }: FitInput,
  rows: RowIndices,
  parameters: LightgbmParameters,
  reference?: LightgbmDataset,
): LightgbmDataset {
  const matrix = {
    values: gatherRows(panel, rows),
    rows: rows.length,
    columns: panel.featureNames.length,
    layout: 'rowMajor',
  } as const;
  const featureNames = plainNames(panel.featureNames);
  return LightgbmDataset.create(matrix, gatherLabels(target, rows), parameters, { featureNames, reference });
}
