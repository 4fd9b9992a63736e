import { mean } from './correlation.ts';
import { longRunVariance, neweyWestLags } from './neweyWest.ts';

/** A figure and how far off it may be; value / standardError is its t value against zero. `null`: not defined there. */
export interface Estimate {
  readonly value: number | null;
  readonly standardError: number | null;
}

export const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Value / standard error; null where either is missing. */
export function tValue({ value, standardError }: Estimate): number | null {
  return value === null || standardError === null ? null : value / standardError;
}

/** Mean of a series, with its Newey–West standard error (Newey & West 1987). @param series in time order */
export function meanEstimate(series: ArrayLike<number>, lags: number): Estimate {
  const center = mean(series);
  const deviations = new Float64Array(series.length);
  for (let i = 0; i < series.length; i++) deviations[i] = series[i]! - center;
  const error = errorOfMean(deviations, lags);
  // Values that are all but equal, e.g. correlations of 1, differ by rounding.
  const real = error !== null && error > Number.EPSILON * Math.abs(center);
  return { value: finiteOrNull(center), standardError: real ? error : null };
}

/** Standard error of the mean of a series whose mean has been removed; null without variance or with fewer than two values. */
export function errorOfMean(deviations: ArrayLike<number>, lags: number): number | null {
  if (deviations.length < 2) return null;
  const variance = longRunVariance(deviations, lags);
  return variance > 0 ? finiteOrNull(Math.sqrt(variance / deviations.length)) : null;
}

/**
 * Standard error of a figure over rows that depend on each other within a bar and over time: the influences of a bar's rows are
 * added up, and the sums are taken as one series with Newey–West variance (Driscoll & Kraay 1998).
 * @param bars [rows], ascending
 * @param influence [rows], the figure's first-order reaction to each row, mean zero: of a mean, value − mean
 * @param labelBars bars ahead that the label looks: see `neweyWestLags`
 * @returns null with fewer than two bars or without variance
 */
export function clusteredError(bars: ArrayLike<number>, influence: Float64Array, labelBars: number): number | null {
  const sums = sumsByBar(bars, influence);
  const error = errorOfMean(sums, neweyWestLags(sums.length, labelBars));
  return error === null ? null : (error * sums.length) / influence.length;
}

/** Mean over rows, with its `clusteredError`. */
export function clusteredMean(bars: ArrayLike<number>, values: Float64Array, labelBars: number): Estimate {
  const center = mean(values);
  const influence = values.map((value) => value - center);
  return { value: finiteOrNull(center), standardError: clusteredError(bars, influence, labelBars) };
}

function sumsByBar(bars: ArrayLike<number>, values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (i === 0 || bars[i] !== bars[i - 1]) count++;
    sums[count - 1]! += values[i]!;
  }
  return sums.subarray(0, count);
}
