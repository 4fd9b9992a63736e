import { lightgbm } from '@twostage/engines/lightgbm/library';
import { checkTrainable } from '../boosting/matrix.ts';
import { fitTargetScale } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import { growTrees } from './grow.ts';
import { LightgbmModel } from './model.ts';
import { lightgbmParameters, type Settings } from './settings.ts';

/** Leaf-wise histogram boosting of squared loss (Ke et al. 2017); losses reported are mean squared errors of the target. */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, seed, threads } = input;
    checkTrainable('LightGBM', panel, train);
    const settings = input.parameters as Settings;
    const { deviation } = fitTargetScale(target, train);
    const parameters = lightgbmParameters(settings, { seed, threads, targetDeviation: deviation });
    const { text } = await growTrees(input, parameters, settings);
    return new LightgbmModel(text, panel.featureNames);
  },

  async load(directory: string): Promise<FittedModel> {
    return LightgbmModel.load(directory);
  },

  describe: async (threads) => describeLightgbm(threads),
};

/** e.g. `LightGBM 4.7.0, cpu, 2 threads` */
export function describeLightgbm(threads: number): string {
  const { version } = lightgbm();
  return `LightGBM ${version ?? '(version unknown)'}, cpu, ${threads} ${threads === 1 ? 'thread' : 'threads'}`;
}
