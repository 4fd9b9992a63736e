import { historyBars, rollingColumn, windows } from './catalogue.ts';
import type { BarHistory } from './history.ts';

const [qtlu, qtld, rank] = (['QTLU', 'QTLD', 'RANK'] as const).map(rollingColumn) as [number, number, number];

/** The 80 % and 20 % quantiles of the close in each window, and the share of it at or below the row's own close. */
export function order(history: BarHistory, rows: number, into: readonly Float64Array[], at: number): void {
  const { close } = history.inputs;
  for (let w = 0; w < windows.length; w++) {
    const d = windows[w]!;
    const sorted = new Float64Array(d);
    const seed = Math.min(history.age, d);
    sorted.set(close.subarray(historyBars - seed, historyBars));
    let n = seed;
    sorted.subarray(0, n).sort();
    const [upper, lower, ranks] = [into[qtlu + w]!, into[qtld + w]!, into[rank + w]!];
    for (let r = 0; r < rows; r++) {
      const i = historyBars + r;
      const c = close[i]!;
      const place = n < d ? insert(sorted, n++, c) : replace(sorted, n, close[i - d]!, c);
      let last = place;
      while (last + 1 < n && sorted[last + 1] === c) last++;
      upper[at + r] = quantile(sorted, n, 0.8) / c;
      lower[at + r] = quantile(sorted, n, 0.2) / c;
      // Equal closes share the average of their ranks, as pandas' rank(pct=True).
      ranks[at + r] = ((place + last) / 2 + 1) / n;
    }
  }
}

/** @returns the first place of `value` */
function insert(sorted: Float64Array, n: number, value: number): number {
  let place = n;
  for (; place > 0 && sorted[place - 1]! >= value; place--) sorted[place] = sorted[place - 1]!;
  sorted[place] = value;
  return place;
}

/** Takes `old` out and `value` in; only what lies between the two moves. */
function replace(sorted: Float64Array, n: number, old: number, value: number): number {
  let place = firstAtLeast(sorted, n, old);
  while (place + 1 < n && sorted[place + 1]! < value) {
    sorted[place] = sorted[place + 1]!;
    place++;
  }
  while (place > 0 && sorted[place - 1]! >= value) {
    sorted[place] = sorted[place - 1]!;
    place--;
  }
  sorted[place] = value;
  return place;
}

function firstAtLeast(sorted: Float64Array, n: number, value: number): number {
  let [low, high] = [0, n];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Linear between the two neighbours, as pandas and numpy by default. */
function quantile(sorted: Float64Array, n: number, q: number): number {
  const place = q * (n - 1);
  const below = Math.floor(place);
  const value = sorted[below]!;
  return below + 1 < n ? value + (place - below) * (sorted[below + 1]! - value) : value;
}
