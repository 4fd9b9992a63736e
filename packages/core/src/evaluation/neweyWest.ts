import { mean } from './correlation.ts';

/**
 * Lags of a Newey–West variance: the automatic rule floor(4 (n / 100)^(2/9)) of Newey & West (1994), but never fewer than
 * the label's overlap. Labels of k bars sampled every bar share k − 1 bars, which alone makes the IC an MA(k − 1) series.
 */
export function neweyWestLags(n: number, labelBars: number): number {
  const automatic = Math.floor(4 * (n / 100) ** (2 / 9));
  return Math.max(0, Math.min(n - 1, Math.max(automatic, labelBars - 1)));
}

/**
 * Long-run variance of a series with mean zero or removed by the caller: γ₀ + 2 Σ wⱼ γⱼ with Bartlett weights
 * wⱼ = 1 − j / (lags + 1) (Newey & West 1987), autocovariances over n.
 */
export function longRunVariance(deviations: ArrayLike<number>, lags: number): number {
  const n = deviations.length;
  let total = 0;
  for (let lag = 0; lag <= lags; lag++) {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += deviations[i]! * deviations[i - lag]!;
    total += (lag === 0 ? 1 : 2 * (1 - lag / (lags + 1))) * (sum / n);
  }
  return total;
}

/**
 * t value of the slope of y on x (with a constant), with heteroscedasticity- and autocorrelation-consistent variance:
 * the long-run variance of (x − x̄)·residual. NaN with fewer than three pairs or where x does not vary.
 */
export function slopeT(x: ArrayLike<number>, y: ArrayLike<number>, lags: number): number {
  const n = x.length;
  if (n < 3) return Number.NaN;
  const meanX = mean(x);
  const meanY = mean(y);
  let xx = 0;
  let xy = 0;
  for (let i = 0; i < n; i++) {
    xx += (x[i]! - meanX) ** 2;
    xy += (x[i]! - meanX) * (y[i]! - meanY);
  }
  if (!(xx > 0)) return Number.NaN;
  const slope = xy / xx;
  const scores = Float64Array.from(x, (value, i) => (value - meanX) * (y[i]! - meanY - slope * (value - meanX)));
  const variance = longRunVariance(scores, lags);
  return variance > 0 ? (slope * xx) / Math.sqrt(variance * n) : Number.NaN;
}
