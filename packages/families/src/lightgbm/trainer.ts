import { lightgbm } from '@twostage/engines/lightgbm/library';
import { checkTrainable } from '../boosting/matrix.ts';
import { fitTargetScale, learnsProbabilities } from '../preprocessing/targetScale.ts';
import type { FitInput, FittedModel, Trainer } from '../trainer.ts';
import { growTrees } from './grow.ts';
import { LightgbmModel } from './model.ts';
import { lightgbmParameters, type Settings } from './settings.ts';

/**
 * Leaf-wise histogram boosting (Ke et al. 2017) of squared loss; of a direction, of the log loss of its probability. Losses reported are
 * these, squared ones in the target's unit squared.
 */
export const trainer: Trainer = {
  async fit(input: FitInput): Promise<FittedModel> {
    const { panel, target, train, seed, threads } = input;
    checkTrainable('LightGBM', panel, train);
    const settings = input.parameters as Settings;
    const scale = fitTargetScale(target, train);
    const binary = learnsProbabilities(input, scale);
    const parameters = lightgbmParameters(settings, { seed, threads, targetDeviation: scale.deviation, binary });
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
