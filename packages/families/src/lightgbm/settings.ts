import type { LightgbmParameters } from '@twostage/engines/lightgbm/parameters';
import type { z } from 'zod';
import type { parameters } from './definition.ts';

export type Settings = z.infer<typeof parameters>;

/**
 * The family's parameters in LightGBM's names.
 * @param targetDeviation standard deviation of the training target: squared loss is indifferent to the target's unit but
 *   for the L1 penalty, which LightGBM compares with sums of residuals; so ours is given in standard deviations.
 * @param binary whether labels are 0 and 1 and the log loss of their probability is minimised
 */
export function lightgbmParameters(
  settings: Settings,
  {
    seed,
    threads,
    targetDeviation,
    binary = false,
  }: { seed: number; threads: number; targetDeviation: number; binary?: boolean },
): LightgbmParameters {
  return {
    objective: binary ? 'binary' : 'regression',
    metric: binary ? 'binary_logloss' : 'l2',
    is_provide_training_metric: true,
    boosting: 'gbdt',
    learning_rate: settings.learningRate,
    num_leaves: settings.leaves,
    min_data_in_leaf: settings.minLeafRows,
    feature_fraction: settings.featureFraction,
    bagging_fraction: settings.baggingFraction,
    bagging_freq: settings.baggingFraction < 1 ? 1 : 0,
    lambda_l1: settings.lambdaL1 * targetDeviation,
    lambda_l2: settings.lambdaL2,
    max_bin: settings.maxBins,
    seed,
    // Together these make the result independent of the number of threads.
    deterministic: true,
    force_row_wise: true,
    num_threads: threads,
    verbosity: -1,
  };
}
