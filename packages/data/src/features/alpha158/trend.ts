import { historyBars, rollingColumn, stillStd, windows } from './catalogue.ts';
import type { BarHistory } from './history.ts';

const [ma, std, beta, rsqr, resi] = (['MA', 'STD', 'BETA', 'RSQR', 'RESI'] as const).map(rollingColumn) as [
  number,
  number,
  number,
  number,
  number,
];

/**
 * Mean, sample standard deviation (ddof 1) and least-squares line of the close on 1 … n, over each window.
 *
 * The shorter windows end where the longer ones do, so one walk back over the longest serves all. Sums are of differences
 * from the row's own close, a member of every window: Σ(x − x₀)² is then at most n times the sum of squares around the mean,
 * so the subtraction costs two digits at worst, and nothing is carried from row to row that could drift.
 */
export function trend(history: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  const { close } = history.inputs;
  for (let r = 0; r < rows; r++) {
    const i = historyBars + r;
    const row = at + r;
    const c = close[i]!;
    const seen = history.age + r + 1;
    let k = 0;
    let sum = 0;
    let squares = 0;
    let byAge = 0;
    for (let w = 0; w < windows.length; w++) {
      const n = Math.min(windows[w]!, seen);
      for (; k < n; k++) {
        const y = close[i - k]! - c;
        sum += y;
        squares += y * y;
        byAge += k * y;
      }
      const mean = sum / n;
      const around = Math.max(0, squares - sum * mean);
      const deviation = Math.sqrt(around / (n - 1));
      // Age counts backwards: the slope over time is minus the slope over age.
      const products = ((n - 1) / 2) * sum - byAge;
      const spread = (n * (n * n - 1)) / 12;
      const slope = products / spread;
      into[ma + w]![row] = (c + mean) / c;
      into[std + w]![row] = deviation / c;
      into[beta + w]![row] = slope / c;
      into[rsqr + w]![row] = deviation > stillStd ? (products * products) / (spread * around) : Number.NaN;
      into[resi + w]![row] = -(mean + (slope * (n - 1)) / 2) / c;
    }
  }
}
