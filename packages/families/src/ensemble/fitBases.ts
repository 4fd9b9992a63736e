import type { RowIndices } from '@twostage/core/panel/panel';
import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import type { z } from 'zod';
import { fitRidge } from '../linear/ridge.ts';
import { growTrees } from '../lightgbm/grow.ts';
import { LightgbmModel } from '../lightgbm/model.ts';
import type { FitInput } from '../trainer.ts';
import type { parameters } from './definition.ts';
import type { Bases } from './bases.ts';

export type Settings = z.infer<typeof parameters>;

/** Features and rows that a tree of the forest sees, as shares (Breiman 2001: a third of the features for regression). */
const [forestFeatures, forestRows] = [1 / 3, 0.632] as const;

/** Rounds that the fits of one set of bases report: each tree, and one for ridge. */
export const roundsOf = ({ rounds, forestTrees }: Settings): number => rounds + forestTrees + 1;

/**
 * Fits the three bases on the same rows.
 * @param progress called with the rounds done of `roundsOf`, so that a cancel arrives
 */
export async function fitBases(
  input: FitInput,
  rows: { readonly train: RowIndices; readonly validation: RowIndices },
  progress: (round: number) => Promise<void>,
): Promise<Bases> {
  const settings = input.parameters as Settings;
  const { panel, target } = input;
  const { train, validation } = rows;
  const none = new Uint32Array(0);
  const reporting = (offset: number) => ({
    ...{ panel, target, train },
    report: ({ step }: { step: number }) => progress(offset + step),
  });
  const common = commonParameters(input, settings);
  const boosting = await growTrees({ ...reporting(0), validation }, common, settings);
  const forest = await growTrees(
    { ...reporting(settings.rounds), validation: none },
    {
      ...common,
      boosting: 'rf',
      feature_fraction_bynode: forestFeatures,
      bagging_fraction: forestRows,
      bagging_freq: 1,
    },
    { rounds: settings.forestTrees, patience: 0 },
  );
  const ridge = fitRidge({ panel, target, train, validation });
  await progress(roundsOf(settings));
  const open = (text: string) => new LightgbmModel(text, panel.featureNames);
  return { boosting: open(boosting.text), forest: open(forest.text), ridge };
}

function commonParameters({ seed, threads }: FitInput, settings: Settings): LightgbmParameters {
  return {
    objective: 'regression',
    metric: 'l2',
    is_provide_training_metric: true,
    learning_rate: settings.learningRate,
    num_leaves: settings.leaves,
    min_data_in_leaf: settings.minLeafRows,
    lambda_l2: 1,
    seed,
    // Together these make the result independent of the number of threads.
    deterministic: true,
    force_row_wise: true,
    num_threads: threads,
    verbosity: -1,
  };
}
