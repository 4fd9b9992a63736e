import type { XgboostParameters } from '@twostage/engines/xgboost/booster';
import type { z } from 'zod';
import type { parameters } from './definition.ts';

export type Settings = z.infer<typeof parameters>;

/**
 * The family's parameters in XGBoost's names.
 * @param target mean and standard deviation of the training labels as XGBoost gets them
 * @param binary whether labels are 0 and 1 and the log loss of their probability is minimised
 */
export function xgboostParameters(
  settings: Settings,
  {
    seed,
    threads,
    target,
    binary = false,
  }: { seed: number; threads: number; target: { mean: number; deviation: number }; binary?: boolean },
): XgboostParameters {
  return {
    objective: binary ? 'binary:logistic' : 'reg:squarederror',
    eval_metric: binary ? 'logloss' : 'rmse',
    // Its default of 0.5 would take returns of a hundredth many rounds to unlearn.
    base_score: target.mean,
    tree_method: 'hist',
    eta: settings.learningRate,
    max_depth: settings.maxDepth,
    // Squared loss has second derivative 1: this counts rows, whatever the target's unit. That of log loss is p (1 − p).
    min_child_weight: settings.minChildWeight * (binary ? target.mean * (1 - target.mean) : 1),
    subsample: settings.subsample,
    colsample_bytree: settings.columnFraction,
    lambda: settings.lambda,
    // Compared with sums of residuals, hence in the target's standard deviations.
    alpha: settings.alpha * target.deviation,
    max_bin: settings.maxBins,
    seed,
    nthread: threads,
    verbosity: 0,
  };
}

/**
 * The power of two nearest to the target's standard deviation. XGBoost refuses splits that gain less than 1e-6, in the
 * target's unit squared: at returns of a thousandth that is most of them. Labels are therefore divided by this scale,
 * and the model is given its unit back exactly (`rescaleModel`).
 * @param deviation > 0
 */
export function targetScale(deviation: number): number {
  return 2 ** Math.round(Math.log2(deviation));
}
