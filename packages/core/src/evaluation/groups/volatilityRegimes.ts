import type { Panel } from '../../panel/panel.ts';
import { barReturns } from '../barReturns.ts';
import { tiedPlaces } from '../ranks.ts';

/** A label for every bar of the calendar. */
export interface BarRegimes {
  readonly names: readonly string[];
  /** [bars], index into `names`; −1 = not known. */
  readonly of: Int8Array;
}

export interface VolatilitySettings {
  /** Bars over which volatility is measured; 60 by default. */
  readonly windowBars?: number;
  /** Volatilities that must have been seen before one can be called high or low; 60 by default. */
  readonly historyBars?: number;
}

/**
 * Calm, normal or turbulent, as an observer at each bar's close could have said it: the standard deviation of the market's last
 * `windowBars` returns, ranked among all such numbers up to then, in thirds.
 * @param returns [bars], of the market: see `marketReturns`; NaN where there is none: it is skipped
 */
export function volatilityRegimes(returns: Float64Array, settings: VolatilitySettings = {}): BarRegimes {
  const { windowBars = 60, historyBars = 60 } = settings;
  const names = ['calm', 'normal', 'turbulent'];
  const of = new Int8Array(returns.length).fill(-1);
  const known = Uint32Array.from({ length: returns.length }, (_, bar) => bar).filter((bar) =>
    Number.isFinite(returns[bar]!),
  );
  const volatility = rollingDeviation(
    Float64Array.from(known, (bar) => returns[bar]!),
    windowBars,
  );
  const ranks = expandingRanks(volatility);
  ranks.forEach((rank, i) => {
    // In whole numbers: a rank that is exactly a third of the history must not hang on rounding.
    const history = i + 1;
    if (history < historyBars) return;
    of[known[windowBars - 1 + i]!] = 3 * rank <= history ? 0 : 3 * rank <= 2 * history ? 1 : 2;
  });
  return { names, of };
}

/** Mean return of the symbols that have a row on each bar. @returns [bars of the calendar]; NaN where none has one */
export function marketReturns(panel: Panel, returns: Float64Array = barReturns(panel)): Float64Array {
  const sums = new Float64Array(panel.times.length);
  const counts = new Uint32Array(panel.times.length);
  for (let row = 0; row < panel.rows; row++) {
    if (!Number.isFinite(returns[row]!)) continue;
    sums[panel.barOf[row]!]! += returns[row]!;
    counts[panel.barOf[row]!]!++;
  }
  return sums.map((sum, bar) => (counts[bar]! > 0 ? sum / counts[bar]! : Number.NaN));
}

/** Sample standard deviation (n − 1) of each window, each from its own numbers so that no rounding adds up. @returns [values − window + 1] */
function rollingDeviation(values: Float64Array, window: number): Float64Array {
  const deviations = new Float64Array(Math.max(0, values.length - window + 1));
  for (let i = 0; i < deviations.length; i++) {
    let sum = 0;
    for (let k = i; k < i + window; k++) sum += values[k]!;
    let squares = 0;
    for (let k = i; k < i + window; k++) squares += (values[k]! - sum / window) ** 2;
    deviations[i] = Math.sqrt(squares / (window - 1));
  }
  return deviations;
}

/** Average rank of each value among those up to it, itself included, from 1: counted in a Fenwick tree over the sorted values. */
function expandingRanks(values: Float64Array): Float64Array {
  const n = values.length;
  const { start, end } = tiedPlaces(values);
  const tree = new Uint32Array(n + 1);
  const countBelow = (place: number) => {
    let count = 0;
    for (let node = place; node > 0; node -= node & -node) count += tree[node]!;
    return count;
  };
  return values.map((_, i) => {
    for (let node = start[i]! + 1; node <= n; node += node & -node) tree[node]!++;
    const below = countBelow(start[i]!);
    const equal = countBelow(end[i]!) - below;
    return below + (equal + 1) / 2;
  });
}
