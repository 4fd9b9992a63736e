import { DomainError } from '../../errors.ts';

/** A figure of one trial bar by bar, e.g. a portfolio's `bars` and `net`, or an IC series. */
export interface TrialSeries {
  /** Ascending, indices into the common calendar. */
  readonly bars: Uint32Array;
  /** [bars] */
  readonly values: Float64Array;
}

/**
 * Trials over the bars that all of them have: those whose first or last bars differ can be compared on the rest only.
 * @returns bars [common bars] and trials [trials][common bars]; values that are NaN stay
 */
export function onCommonBars(series: readonly TrialSeries[]): { bars: Uint32Array; trials: Float64Array[] } {
  const held = new Map<number, number>();
  for (const { bars } of series) for (const bar of bars) held.set(bar, (held.get(bar) ?? 0) + 1);
  const common = (bar: number) => held.get(bar) === series.length;
  return {
    bars: series[0]?.bars.filter(common) ?? new Uint32Array(0),
    trials: series.map(({ bars, values }) => values.filter((_, i) => common(bars[i]!))),
  };
}

/** @param trials [trials][bars] @throws DomainError SHAPE_MISMATCH where they differ in length */
export function checkSameBars(trials: readonly Float64Array[]): void {
  const lengths = new Set(trials.map((trial) => trial.length));
  if (lengths.size > 1)
    throw new DomainError('SHAPE_MISMATCH', `expected trials over the same bars, got ${[...lengths].join(' and ')}`);
}
