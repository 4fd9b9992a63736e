import { epsilon, historyBars, rollingColumn, windows } from './catalogue.ts';
import type { BarHistory } from './history.ts';

const [max, min, rsv, imax, imin, imxd] = (['MAX', 'MIN', 'RSV', 'IMAX', 'IMIN', 'IMXD'] as const).map(
  rollingColumn,
) as [number, number, number, number, number, number];

/**
 * Highest high and lowest low of each window, where the close stands between them, and how many bars into the window they
 * lie (from 1, the earliest of equals, as numpy's argmax). A bar without a high or a low is passed over; Qlib's argmax would
 * say that such a bar is the highest.
 */
export function extremes(history: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  const { high, low, close } = history.inputs;
  const highest = new Candidates(high, 1);
  const lowest = new Candidates(low, -1);
  for (let k = historyBars - history.age; k < historyBars; k++) {
    highest.add(k);
    lowest.add(k);
  }
  for (let r = 0; r < rows; r++) {
    const i = historyBars + r;
    const row = at + r;
    const c = close[i]!;
    highest.add(i);
    lowest.add(i);
    highest.rewind();
    lowest.rewind();
    for (let w = 0; w < windows.length; w++) {
      const d = windows[w]!;
      const start = i + 1 - Math.min(d, history.age + r + 1);
      const [top, bottom] = [highest.since(start), lowest.since(start)];
      const highestHigh = top < 0 ? Number.NaN : high[top]!;
      const lowestLow = bottom < 0 ? Number.NaN : low[bottom]!;
      into[max + w]![row] = highestHigh / c;
      into[min + w]![row] = lowestLow / c;
      into[rsv + w]![row] = (c - lowestLow) / (highestHigh - lowestLow + epsilon);
      into[imax + w]![row] = top < 0 ? Number.NaN : (top - start + 1) / d;
      into[imin + w]![row] = bottom < 0 ? Number.NaN : (bottom - start + 1) / d;
      into[imxd + w]![row] = top < 0 || bottom < 0 ? Number.NaN : (top - bottom) / d;
    }
  }
}

/**
 * The bars that are, or may become, the extreme of a window that ends at the newest one, oldest first: every one is at least
 * as extreme as those after it, and what a newer, more extreme bar hides is gone. One such list serves windows of any length.
 */
class Candidates {
  private readonly bars: Int32Array;
  private first = 0;
  private end = 0;
  private cursor = 0;

  /** @param sign 1 for the highest, −1 for the lowest */
  constructor(
    private readonly values: Float64Array,
    private readonly sign: 1 | -1,
  ) {
    this.bars = new Int32Array(values.length);
  }

  add(bar: number): void {
    const value = this.values[bar]!;
    while (this.first < this.end && this.bars[this.first]! <= bar - historyBars) this.first++;
    if (Number.isNaN(value)) return;
    while (this.end > this.first && this.sign * this.values[this.bars[this.end - 1]!]! < this.sign * value) this.end--;
    this.bars[this.end++] = bar;
  }

  /** Before the windows of a bar are asked for, shortest first. */
  rewind(): void {
    this.cursor = this.end;
  }

  /** The earliest extreme bar at or after `start`; −1 where none has a value. */
  since(start: number): number {
    while (this.cursor > this.first && this.bars[this.cursor - 1]! >= start) this.cursor--;
    return this.cursor < this.end ? this.bars[this.cursor]! : -1;
  }
}
