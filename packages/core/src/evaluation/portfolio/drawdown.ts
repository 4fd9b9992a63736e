/** The deepest fall of an equity curve from a peak, in places of the series of returns. */
export interface Drawdown {
  /** Share of the peak that was lost: 0.25 = a quarter. */
  readonly depth: number;
  /** Last place at the peak; −1 = the start, before the first return. */
  readonly from: number;
  /** Deepest place. */
  readonly to: number;
  /** First place at which the peak was reached again; null when it never was. */
  readonly recovered: number | null;
  /** Bars from the peak to the recovery, or to the end. */
  readonly lengthBars: number;
}

/** Growth of 1, compounded; what loses everything stays at 0. @param returns [bars], simple @returns [bars] */
export function equityCurve(returns: ArrayLike<number>): Float64Array {
  const equity = new Float64Array(returns.length);
  let value = 1;
  for (let i = 0; i < returns.length; i++) {
    value *= Math.max(0, 1 + returns[i]!);
    equity[i] = value;
  }
  return equity;
}

/** @param equity [bars], as of `equityCurve` @returns null for a curve that never falls below a peak */
export function maxDrawdown(equity: ArrayLike<number>): Drawdown | null {
  let [peak, peakAt] = [1, -1];
  let deepest: { depth: number; from: number; to: number; peak: number } | null = null;
  for (let i = 0; i < equity.length; i++) {
    if (equity[i]! >= peak) [peak, peakAt] = [equity[i]!, i];
    const depth = 1 - equity[i]! / peak;
    if (depth > (deepest?.depth ?? 0)) deepest = { depth, from: peakAt, to: i, peak };
  }
  if (!deepest) return null;
  const { depth, from, to } = deepest;
  let recovered: number | null = null;
  for (let i = to; i < equity.length && recovered === null; i++) if (equity[i]! >= deepest.peak) recovered = i;
  return { depth, from, to, recovered, lengthBars: (recovered ?? equity.length - 1) - from };
}
