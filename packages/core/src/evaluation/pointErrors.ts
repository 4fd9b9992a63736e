import { mean } from './correlation.ts';
import { clusteredError, clusteredMean, type Estimate, finiteOrNull } from './estimate.ts';

export interface PointErrorInput {
  /** [pairs], ascending. */
  readonly bars: Uint32Array;
  /** [pairs], finite. */
  readonly predictions: Float64Array;
  readonly targets: Float64Array;
  /** [pairs], what predicting the mean of the training rows would have said. */
  readonly trainMeans: Float64Array;
  readonly labelBars: number;
}

/** In the target's unit, or its square; R² and hit rate are shares. */
export interface PointErrors {
  readonly mse: Estimate;
  readonly mae: Estimate;
  readonly r2: Estimate;
  readonly hitRate: Estimate;
}

/**
 * Errors of point predictions, each with the standard error of `clusteredError`: rows of one bar move together, and labels of
 * several bars overlap.
 *
 * - R² is 1 − Σ(y − ŷ)² / Σ(y − training mean)², so 0 is what predicting the training mean gives; its standard error is the ratio's, by
 *   the delta method.
 * - Hit rate: share of rows with a non-zero target whose prediction has the target's sign; a prediction of 0 is a miss.
 */
export function pointErrors({ bars, predictions, targets, trainMeans, labelBars }: PointErrorInput): PointErrors {
  const squared = targets.map((target, i) => (target - predictions[i]!) ** 2);
  const absolute = targets.map((target, i) => Math.abs(target - predictions[i]!));
  const total = targets.map((target, i) => (target - trainMeans[i]!) ** 2);
  return {
    mse: clusteredMean(bars, squared, labelBars),
    mae: clusteredMean(bars, absolute, labelBars),
    r2: shareExplained(bars, squared, total, labelBars),
    hitRate: hitRate(bars, predictions, targets, labelBars),
  };
}

function shareExplained(bars: Uint32Array, squared: Float64Array, total: Float64Array, labelBars: number): Estimate {
  const scale = mean(total);
  if (!(scale > 0)) return { value: null, standardError: null };
  const ratio = mean(squared) / scale;
  const influence = squared.map((value, i) => (value - ratio * total[i]!) / scale);
  return { value: finiteOrNull(1 - ratio), standardError: clusteredError(bars, influence, labelBars) };
}

function hitRate(bars: Uint32Array, predictions: Float64Array, targets: Float64Array, labelBars: number): Estimate {
  const judgedBars = new Uint32Array(targets.length);
  const hits = new Float64Array(targets.length);
  let judged = 0;
  for (let i = 0; i < targets.length; i++) {
    if (targets[i] === 0) continue;
    judgedBars[judged] = bars[i]!;
    hits[judged++] = Math.sign(predictions[i]!) === Math.sign(targets[i]!) ? 1 : 0;
  }
  return clusteredMean(judgedBars.subarray(0, judged), hits.subarray(0, judged), labelBars);
}
