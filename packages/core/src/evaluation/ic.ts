import { pearson, spearman } from './correlation.ts';
import { eachBar } from './pairs.ts';

/** Values of one kind at each bar that has at least two symbols, in time order. */
export interface IcSeries {
  /** [bars with a value] */
  readonly bars: Uint32Array;
  /** [bars with a value], each in [-1, 1] */
  readonly values: Float64Array;
}

/**
 * Information coefficient, one value a bar: the correlation across symbols of prediction and target.
 * @param barOf [pairs], ascending
 * @param predictions [pairs], finite
 * @param targets [pairs], finite
 * @returns only bars on which it is defined: at least `minSymbols` pairs, and both sides vary
 * Rank IC (`spearman`) takes the average rank of ties.
 */
export function icByBar(
  barOf: ArrayLike<number>,
  predictions: Float64Array,
  targets: Float64Array,
  kind: 'pearson' | 'spearman',
  minSymbols = 2,
): IcSeries {
  const correlation = kind === 'pearson' ? pearson : spearman;
  const bars: number[] = [];
  const values: number[] = [];
  eachBar(barOf, (start, end) => {
    if (end - start < minSymbols) return;
    const value = correlation(predictions.subarray(start, end), targets.subarray(start, end));
    if (Number.isNaN(value)) return;
    bars.push(barOf[start]!);
    values.push(value);
  });
  return { bars: Uint32Array.from(bars), values: Float64Array.from(values) };
}
