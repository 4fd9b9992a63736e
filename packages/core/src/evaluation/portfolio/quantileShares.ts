import { tiedPlaces } from '../ranks.ts';

/** How n values fall into equally large quantiles, ties shared. */
export interface QuantileShares {
  /** Share of quantile `quantile` (0 = lowest) that value `i` makes up; over all values they add up to 1. */
  readonly shareOf: (i: number, quantile: number) => number;
  /** Lowest and highest quantile in which value `i` has a share. */
  readonly lowest: (i: number) => number;
  readonly highest: (i: number) => number;
}

/**
 * Quantiles of any number of values, each holding exactly n / `quantiles` of them: a value that straddles two is in both with its
 * share, and values that tie share their places evenly. So neither the order of the values nor that of ties matters, the
 * negated values give the mirrored quantiles, and where `quantiles` divides n and nothing ties these are the plain quantiles.
 * @param values finite, at least one
 */
export function quantileShares(values: ArrayLike<number>, quantiles: number): QuantileShares {
  const n = values.length;
  const { start, end } = tiedPlaces(values);
  // In units of 1 / (n · quantiles), so that all of it is whole numbers but one division.
  const overlap = (i: number, quantile: number) =>
    Math.min(end[i]! * quantiles, (quantile + 1) * n) - Math.max(start[i]! * quantiles, quantile * n);
  return {
    shareOf: (i, quantile) => Math.max(0, overlap(i, quantile)) / ((end[i]! - start[i]!) * n),
    lowest: (i) => Math.floor((start[i]! * quantiles) / n),
    highest: (i) => Math.ceil((end[i]! * quantiles) / n) - 1,
  };
}
