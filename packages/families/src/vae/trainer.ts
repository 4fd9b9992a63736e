import type { RowIndices } from '@twostage/core/panel/panel';
import type { z } from 'zod';
import { chooseEngine } from '../neural/engine.ts';
import { fitNetwork, requireTrainingRows } from '../neural/fitNetwork.ts';
import { featureRows } from '../neural/rows.ts';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';
import { fitTargetScale, reportInLabelUnit, scaleTarget } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import type { parameters } from './definition.ts';
import { VaeModel } from './model.ts';
import { betaFeed, outputsOf, terms, vaeLoss, vaeNetwork } from './network.ts';
import { unlabelledRows } from './rows.ts';

type Settings = z.infer<typeof parameters>;
const silent = () => {};

/** Learns to reconstruct every row of the training window, and to forecast from the latent mean on those that have a label. */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, validation, threads, device } = input;
    requireTrainingRows('VAE', train.length);
    const settings = input.parameters as Settings;
    const scale = fitTargetScale(target, train);
    const unlabelled = unlabelledRows(panel, target, train);
    const all = new Uint32Array(train.length + unlabelled.length);
    all.set(train);
    all.set(unlabelled, train.length);
    const standardisation = fitStandardisation(panel, all);
    const size = { ...settings, features: panel.featureNames.length };
    const seen = (rows: RowIndices) => featureRows(standardise(panel, standardisation, rows), size.features);

    const labels = new Float32Array(2 * all.length);
    scaleTarget(target, train, scale).forEach((label, i) => {
      labels.set([label, 1], 2 * i);
    });
    const { engine, weights } = await fitNetwork(input, settings, {
      family: 'VAE',
      network: vaeNetwork(size),
      loss: vaeLoss(size, train.length / all.length, settings.labelWeight),
      targetShape: [2],
      train: { ...seen(all), targets: labels },
      validation: { ...seen(validation), targets: scaleTarget(target, validation, scale) },
      validationLoss: (outputs, targets) => {
        const width = outputsOf(size);
        return targets.reduce((sum, label, i) => sum + (outputs[i * width]! - label) ** 2, 0) / targets.length;
      },
      fed: (step, totalSteps) => ({ [betaFeed]: Float32Array.of(betaAt(settings, step, totalSteps)) }),
      report: reportLabelError(reportInLabelUnit(input.report, scale)),
    });
    const { latents } = settings;
    const description = { family: 'VAE', version: 1, engine, standardisation, target: scale, latents } as const;
    return VaeModel.create(size, weights, description, { threads, device, note: silent });
  },

  load: (directory, threads, device) => VaeModel.load(directory, { threads, device, note: silent }),

  describe: async (threads, device) => (await chooseEngine({ threads, device, note: silent })).description,
};

/** Rises from 0 in a line, then stays: at first the latent variables may say what they like. */
export function betaAt({ beta, annealing }: Pick<Settings, 'beta' | 'annealing'>, step: number, steps: number): number {
  return annealing === 0 ? beta : beta * Math.min(1, step / (annealing * steps));
}

/** The training loss as the validation loss is: the mean squared error of the label, over the rows that have one. */
function reportLabelError(report: FitInput['report']): FitInput['report'] {
  return ({ scalars = {}, ...progress }) => {
    const { [terms.labelErrors]: errors = 0, [terms.labelled]: labelled = 0, ...others } = scalars;
    return report({ ...progress, trainLoss: labelled > 0 ? errors / labelled : null, scalars: others });
  };
}
