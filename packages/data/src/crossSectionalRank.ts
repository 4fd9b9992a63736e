import { type RowsByBar, replaceByBar } from './crossSection.ts';

/** √12: makes the variance of a uniform variable of width 1 one. */
const unitVariance = Math.sqrt(12);

/**
 * Per bar across symbols, in place: ((rank − ½) / n − ½) · √12, ranks from 1, equal values sharing their average: evenly spread
 * around 0 within ±√3, with a variance near 1, whatever the values' distribution. (Qlib's CSRankNorm, centred.) NaN stays NaN;
 * a bar with fewer than `smallestCrossSection` values has none.
 * @param values [rows]
 */
export function crossSectionalRank(values: Float64Array | Float32Array, byBar: RowsByBar): void {
  replaceByBar(values, byBar, rankBar);
}

function rankBar(present: Float64Array, n: number, sorted: Float64Array): void {
  for (let i = 0; i < n; i++) sorted[i] = present[i]!;
  sortFirst(sorted, n);
  for (let i = 0; i < n; i++) {
    const first = firstAtLeast(sorted, n, present[i]!);
    const end = firstAbove(sorted, first + 1, n, present[i]!);
    const rank = (first + 1 + end) / 2;
    present[i] = ((rank - 0.5) / n - 0.5) * unitVariance;
  }
}

/** Below so many values the call into the built-in sort costs more than sorting by insertion. */
const insertionCount = 64;

/** Sorts the first n, ascending, in place. */
function sortFirst(values: Float64Array, n: number): void {
  if (n > insertionCount) {
    values.subarray(0, n).sort();
    return;
  }
  for (let i = 1; i < n; i++) {
    const value = values[i]!;
    let place = i;
    for (; place > 0 && values[place - 1]! > value; place--) values[place] = values[place - 1]!;
    values[place] = value;
  }
}

function firstAtLeast(sorted: Float64Array, n: number, value: number): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where most values are different there is nothing to look for. */
function firstAbove(sorted: Float64Array, from: number, n: number, value: number): number {
  if (from === n || sorted[from]! > value) return from;
  let low = from;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
