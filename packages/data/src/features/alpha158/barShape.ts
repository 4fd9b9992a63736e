import { barColumn, epsilon, historyBars, rollingColumn, windows } from './catalogue.ts';
import type { BarHistory } from './history.ts';

const [kmid, klen, kmid2, kup, kup2, klow, klow2, ksft, ksft2] = (
  ['KMID', 'KLEN', 'KMID2', 'KUP', 'KUP2', 'KLOW', 'KLOW2', 'KSFT', 'KSFT2'] as const
).map(barColumn) as [number, number, number, number, number, number, number, number, number];
const [open0, high0, low0, vwap0] = (['OPEN0', 'HIGH0', 'LOW0', 'VWAP0'] as const).map(barColumn) as [
  number,
  number,
  number,
  number,
];
const roc = rollingColumn('ROC');

/**
 * The shape of each bar, its prices over its close, and the close of d bars ago over today's. A price that is missing takes
 * with it what needs it.
 *
 * VWAP0 is the files' own column `vwap` over the close; without one the typical price (high + low + close) / 3 stands in: the
 * volume-weighted average price of one bar as it is computed wherever trades are not at hand, since it is what a volume
 * spread over the bar's range averages to.
 */
export function barShape(history: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  const { open, high, low, close, vwap } = history.inputs;
  for (let r = 0; r < rows; r++) {
    const i = historyBars + r;
    const [o, h, l, c] = [open[i]!, high[i]!, low[i]!, close[i]!];
    const row = at + r;
    const range = h - l + epsilon;
    // Math.max and Math.min give NaN where one side is NaN, as Qlib's Greater and Less do.
    const above = h - Math.max(o, c);
    const below = Math.min(o, c) - l;
    const shift = 2 * c - h - l;
    into[kmid]![row] = (c - o) / o;
    into[klen]![row] = (h - l) / o;
    into[kmid2]![row] = (c - o) / range;
    into[kup]![row] = above / o;
    into[kup2]![row] = above / range;
    into[klow]![row] = below / o;
    into[klow2]![row] = below / range;
    into[ksft]![row] = shift / o;
    into[ksft2]![row] = shift / range;
    into[open0]![row] = o / c;
    into[high0]![row] = h / c;
    into[low0]![row] = l / c;
    const own = vwap[i]!;
    into[vwap0]![row] = (own > 0 ? own : (h + l + c) / 3) / c;
    for (let w = 0; w < windows.length; w++) {
      const d = windows[w]!;
      into[roc + w]![row] = history.age + r >= d ? close[i - d]! / c : Number.NaN;
    }
  }
}
