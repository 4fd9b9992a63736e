import type { Panel } from '../panel/panel.ts';

/**
 * Simple return of each row since the symbol's row before it, known at the row's own close. Over bars that a symbol misses it is
 * the return of the whole gap.
 * @returns [panel.rows]; NaN on a symbol's first row and where a close is not positive
 */
export function barReturns({ rows, symbolOf, close }: Panel): Float64Array {
  const returns = new Float64Array(rows).fill(Number.NaN);
  for (let row = 1; row < rows; row++) {
    if (symbolOf[row] === symbolOf[row - 1]) returns[row] = returnBetween(close[row - 1]!, close[row]!);
  }
  return returns;
}

/**
 * Simple return of the `horizonBars` own rows of a symbol that begin `entryLagBars` rows after each: what `fwd_ret_{k}b` says.
 * @returns [panel.rows]; NaN where the symbol ends before, and where a close is not positive
 */
export function forwardReturns(panel: Panel, horizonBars: number, entryLagBars = 1): Float64Array {
  const { rows, symbolOf, close } = panel;
  const returns = new Float64Array(rows).fill(Number.NaN);
  for (let row = 0; row + entryLagBars + horizonBars < rows; row++) {
    const entry = row + entryLagBars;
    const exit = entry + horizonBars;
    if (symbolOf[exit] === symbolOf[row]) returns[row] = returnBetween(close[entry]!, close[exit]!);
  }
  return returns;
}

const returnBetween = (from: number, to: number): number => (from > 0 && to > 0 ? to / from - 1 : Number.NaN);
