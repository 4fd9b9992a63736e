import { epsilon, historyBars, rollingColumn, windows } from './catalogue.ts';
import { type BarHistory, lastKnown } from './history.ts';
import { deviationOf } from './sums.ts';

const [vma, vstd, wvma] = (['VMA', 'VSTD', 'WVMA'] as const).map(rollingColumn) as [number, number, number];

/**
 * Mean and sample standard deviation of the volume over the row's own, and the spread over the mean of the moves that volume
 * weighs. Missing volumes are passed over. Sums are of differences from the last value, for the reason given in trend.ts.
 */
export function volume(history: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  const { age, volume: traded, weightedMove: moved } = history;
  for (let r = 0; r < rows; r++) {
    const i = historyBars + r;
    const row = at + r;
    const seen = Math.min(historyBars, age + r + 1);
    const own = traded.mask[i] === 1 ? traded.values[i]! + epsilon : Number.NaN;
    const v0 = traded.values[lastKnown(traded.mask, i, seen)]!;
    const m0 = moved.values[lastKnown(moved.mask, i, seen)]!;
    let k = 0;
    let n = 0;
    let sum = 0;
    let squares = 0;
    let moves = 0;
    let moveSum = 0;
    let moveSquares = 0;
    for (let w = 0; w < windows.length; w++) {
      for (const end = Math.min(windows[w]!, seen); k < end; k++) {
        const there = traded.mask[i - k]!;
        const x = there * (traded.values[i - k]! - v0);
        n += there;
        sum += x;
        squares += x * x;
        const known = moved.mask[i - k]!;
        const y = known * (moved.values[i - k]! - m0);
        moves += known;
        moveSum += y;
        moveSquares += y * y;
      }
      into[vma + w]![row] = (v0 + sum / n) / own;
      into[vstd + w]![row] = deviationOf(n, sum, squares) / own;
      into[wvma + w]![row] = deviationOf(moves, moveSum, moveSquares) / (m0 + moveSum / moves + epsilon);
    }
  }
}
