import type { RowIndices } from '@twostage/core/panel/panel';
import { meanSquaredError, meanSquaredErrorOf } from '@twostage/engines/graph/losses';
import type { z } from 'zod';
import { chooseEngine } from '../neural/engine.ts';
import { fitNetwork } from '../neural/fitNetwork.ts';
import { featureRows } from '../neural/rows.ts';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';
import { fitTargetScale, reportInLabelUnit, scaleTarget } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { MlpModel } from './model.ts';
import { mlpNetwork } from './network.ts';

type Settings = z.infer<typeof parameters>;
const silent = () => {};

/** Minimises the mean squared error of the standardised target. */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, threads, device } = input;
    const settings = input.parameters as Settings;
    const standardisation = fitStandardisation(panel, train);
    const scale = fitTargetScale(target, train);
    const features = panel.featureNames.length;
    const labelled = (rows: RowIndices) => ({
      ...featureRows(standardise(panel, standardisation, rows), features),
      targets: scaleTarget(target, rows, scale),
    });
    const size = { ...settings, features };
    const { engine, weights } = await fitNetwork(input, settings, {
      family: 'MLP',
      network: mlpNetwork(size),
      loss: meanSquaredError,
      targetShape: [],
      train: labelled(train),
      validation: labelled(validation),
      validationLoss: meanSquaredErrorOf,
      report: reportInLabelUnit(input.report, scale),
    });
    const description = { family: 'MLP', version: 1, engine, standardisation, target: scale } as const;
    return MlpModel.create(size, weights, description, { threads, device, note: silent });
  },

  load: (directory, threads, device) => MlpModel.load(directory, { threads, device, note: silent }),

  describe: async (threads, device) => (await chooseEngine({ threads, device, note: silent })).description,
};
