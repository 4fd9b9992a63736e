import { type LinearFit, Moments } from '../linear/moments.ts';
import { evaluateLinear, lambdaShares } from '../linear/ridge.ts';
import { shrinkTo } from '../linear/solve.ts';

/** A bar that belongs to a regime less than this is not looked at for it: it takes time and moves no weight. */
const negligibleShare = 1e-3;

/** Rows of one block of a fold, ready for the experts. */
export interface Block {
  /** [rows, features], standardised. */
  readonly matrix: Float32Array;
  /** [rows], in the target's unit. */
  readonly labels: Float64Array;
  /** [rows] */
  readonly bars: Uint32Array;
}

export interface Experts {
  /** One a regime. */
  readonly fits: readonly LinearFit[];
  readonly lambda: number;
  /** Mean squared error on the validation block; null without one. */
  readonly validationLoss: number | null;
}

/**
 * One ridge regression a regime, each training row counting as much as the regime's posterior at its bar, shrunk to the pooled fit:
 * a regime that says nothing of its own predicts as all of them together. One penalty for all regimes, by the validation block.
 * @param posteriors [bars, regimes]
 */
export function fitExperts(
  train: Block,
  validation: Block,
  pooled: LinearFit,
  posteriors: Float64Array,
  regimes: number,
): Experts {
  const moments = Array.from({ length: regimes }, (_, regime) => {
    const sums = new Moments(pooled.weights.length);
    const weights = Float64Array.from(train.bars, (bar) => {
      const share = posteriors[bar * regimes + regime]!;
      return share < negligibleShare ? 0 : share;
    });
    sums.add(train.matrix, train.labels, weights);
    return sums;
  });
  const judged = lambdaShares.map((share) => {
    const lambda = share * train.labels.length;
    const fits = moments.map((sums) => shrinkTo(sums, lambda, pooled));
    return { fits, lambda, validationLoss: meanSquaredError(validation, fits, posteriors) };
  });
  if (validation.labels.length === 0) return judged[judged.length >> 1]!;
  return judged.reduce((best, each) => (each.validationLoss! < best.validationLoss! ? each : best));
}

/** Experts mixed by the posterior at the row's bar. @returns null without rows */
export function meanSquaredError(
  { matrix, labels, bars }: Block,
  fits: readonly LinearFit[],
  posteriors: Float64Array,
): number | null {
  if (labels.length === 0) return null;
  let squares = 0;
  for (let row = 0; row < labels.length; row++)
    squares += (labels[row]! - mixExperts(fits, posteriors, bars[row]!, matrix, row)) ** 2;
  return squares / labels.length;
}

export function mixExperts(
  fits: readonly LinearFit[],
  posteriors: Float64Array,
  bar: number,
  matrix: Float32Array,
  row: number,
): number {
  let value = 0;
  for (let regime = 0; regime < fits.length; regime++) {
    const share = posteriors[bar * fits.length + regime]!;
    if (share > 0) value += share * evaluateLinear(fits[regime]!, matrix, row);
  }
  return value;
}
