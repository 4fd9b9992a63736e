import { mean } from '../correlation.ts';
import { type Estimate, errorOfMean, finiteOrNull } from '../estimate.ts';
import { neweyWestLags } from '../neweyWest.ts';

/**
 * Sharpe ratio a bar: mean over sample standard deviation (n − 1), no riskless rate taken off. Its standard error is Lo's (2002) of
 * the generalised method of moments with Newey–West variance: it allows for fat tails, skew and returns that hang together over
 * time; of independent Normal returns it is √((1 + S² / 2) / n).
 * @param returns [bars], in time order; of ICs this is the ICIR
 */
export function sharpeRatio(returns: ArrayLike<number>, lags = neweyWestLags(returns.length, 1)): Estimate {
  const n = returns.length;
  const center = mean(returns);
  const deviations = new Float64Array(n);
  let squares = 0;
  for (let i = 0; i < n; i++) {
    deviations[i] = returns[i]! - center;
    squares += deviations[i]! ** 2;
  }
  const deviation = Math.sqrt(squares / (n - 1));
  // Equal returns whose mean has no exact form leave a residue of rounding, not a deviation.
  if (n < 2 || !(deviation > 4 * Number.EPSILON * Math.abs(center))) return { value: null, standardError: null };
  const value = center / deviation;
  const sigma = Math.sqrt(squares / n);
  // How mean / deviation reacts to one return: by its place, and by what it adds to the variance.
  const influence = deviations.map((d) => d / sigma - (center / (2 * sigma ** 3)) * (d * d - sigma * sigma));
  return { value: finiteOrNull(value), standardError: errorOfMean(influence, lags) };
}

/**
 * What a Sharpe ratio a bar is multiplied by for `bars` of them, where returns hang together (Lo 2002):
 * q / √(q + 2 Σ (q − k) ρₖ), which is √q without autocorrelation.
 * @param autocorrelations at lags 1, 2, …; 0 beyond
 * @returns null where the autocorrelations leave no variance
 */
export function sharpeScale(bars: number, autocorrelations: ArrayLike<number>): number | null {
  let variance = bars;
  for (let lag = 1; lag <= autocorrelations.length && lag < bars; lag++)
    variance += 2 * (bars - lag) * autocorrelations[lag - 1]!;
  return variance > 0 ? bars / Math.sqrt(variance) : null;
}

/** Autocorrelations of a series at lags 1 … `lags`, autocovariances over n. @returns empty without variance */
export function autocorrelations(series: ArrayLike<number>, lags: number): Float64Array {
  const n = series.length;
  const center = mean(series);
  const covariance = (lag: number) => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (series[i]! - center) * (series[i - lag]! - center);
    return sum;
  };
  const variance = covariance(0);
  if (!(variance > 0)) return new Float64Array(0);
  return Float64Array.from({ length: Math.min(lags, n - 1) }, (_, i) => covariance(i + 1) / variance);
}
