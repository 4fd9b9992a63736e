import { type RowsByBar, smallestCrossSection, sortFirst, widestBar } from './robustZScore.ts';

/** √12: makes the variance of a uniform variable of width 1 one. */
const unitVariance = Math.sqrt(12);

/**
 * Per bar across symbols, in place: ((rank − ½) / n − ½) · √12, ranks from 1, equal values sharing their average: evenly spread
 * around 0 within ±√3, with a variance near 1, whatever the values' distribution. (Qlib's CSRankNorm, centred.) NaN stays NaN;
 * a bar with fewer than `smallestCrossSection` values has none.
 * @param values [rows]
 */
export function crossSectionalRank(values: Float64Array | Float32Array, { order, offsets }: RowsByBar): void {
  const scratch = new Float64Array(widestBar(offsets));
  const ranks = new Float64Array(scratch.length);
  for (let bar = 0; bar + 1 < offsets.length; bar++) {
    const first = offsets[bar]!;
    const end = offsets[bar + 1]!;
    let n = 0;
    for (let i = first; i < end; i++) {
      const value = values[order[i]!]!;
      if (!Number.isNaN(value)) scratch[n++] = value;
    }
    const enough = n >= smallestCrossSection;
    sortFirst(scratch, n);
    if (enough) averageRanks(scratch, n, ranks);
    for (let i = first; i < end; i++) {
      const row = order[i]!;
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      const rank = enough ? ranks[firstAtLeast(scratch, n, value)]! : Number.NaN;
      values[row] = ((rank - 0.5) / n - 0.5) * unitVariance;
    }
  }
}

/** By the first place of a value among the sorted ones: the average of the ranks of its equals. */
function averageRanks(sorted: Float64Array, n: number, ranks: Float64Array): void {
  for (let first = 0; first < n; ) {
    let end = first + 1;
    while (end < n && sorted[end] === sorted[first]) end++;
    ranks[first] = (first + 1 + end) / 2;
    first = end;
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
