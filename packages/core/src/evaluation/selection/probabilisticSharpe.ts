import { finiteOrNull } from '../estimate.ts';
import { normalCdf, normalQuantile } from '../normal.ts';

/** A track record in figures of one bar: nothing annualised. */
export interface TrackRecord {
  /** Mean over standard deviation. */
  readonly sharpe: number;
  readonly observations: number;
  /** 0 where symmetric. */
  readonly skewness: number;
  /** 3 where Normal. */
  readonly kurtosis: number;
}

/**
 * Probability that the true Sharpe ratio is above `benchmark`, allowing for skew, fat tails and the length of the record
 * (Bailey & López de Prado 2012). Returns are taken as independent over time.
 * @param benchmark of one bar
 * @returns null with fewer than two observations, or moments that leave no variance
 */
export function probabilisticSharpe({ observations, ...record }: TrackRecord, benchmark = 0): number | null {
  const spread = spreadOf(record);
  if (observations < 2 || !(spread > 0)) return null;
  return finiteOrNull(normalCdf(((record.sharpe - benchmark) * Math.sqrt(observations - 1)) / Math.sqrt(spread)));
}

/**
 * Observations from which `probabilisticSharpe` is at least `confidence` (Bailey & López de Prado 2012).
 * @returns a real number; null where the record is not above the benchmark, however long
 */
export function minimumTrackRecord(
  record: Omit<TrackRecord, 'observations'>,
  benchmark = 0,
  confidence = 0.95,
): number | null {
  if (!(record.sharpe > benchmark)) return null;
  return finiteOrNull(1 + spreadOf(record) * (normalQuantile(confidence) / (record.sharpe - benchmark)) ** 2);
}

/** n times the variance of the estimated Sharpe ratio (Mertens 2002). */
function spreadOf({ sharpe, skewness, kurtosis }: Omit<TrackRecord, 'observations'>): number {
  return 1 - skewness * sharpe + ((kurtosis - 1) / 4) * sharpe * sharpe;
}
