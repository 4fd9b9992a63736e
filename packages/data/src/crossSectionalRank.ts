import { type RowsByBar, smallestCrossSection } from './robustZScore.ts';

/** √12: makes the variance of a uniform variable of width 1 one. */
const unitVariance = Math.sqrt(12);

/**
 * Per bar across symbols, in place: ((rank − ½) / n − ½) · √12, ranks from 1, equal values sharing their average: evenly spread
 * around 0 within ±√3, with a variance near 1, whatever the values' distribution. (Qlib's CSRankNorm, centred.) NaN stays NaN;
 * a bar with fewer than `smallestCrossSection` values has none.
 * @param values [rows]
 */
export function crossSectionalRank(values: Float64Array | Float32Array, { order, offsets }: RowsByBar): void {
  let widest = 0;
  for (let bar = 0; bar + 1 < offsets.length; bar++) widest = Math.max(widest, offsets[bar + 1]! - offsets[bar]!);
  const scratch = new Float64Array(widest);
  const ranks = new Float64Array(widest);
  for (let bar = 0; bar + 1 < offsets.length; bar++) {
    const rows = order.subarray(offsets[bar]!, offsets[bar + 1]!);
    let n = 0;
    for (const row of rows) if (!Number.isNaN(values[row]!)) scratch[n++] = values[row]!;
    const sorted = scratch.subarray(0, n).sort();
    if (n >= smallestCrossSection) averageRanks(sorted, ranks);
    for (const row of rows) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      const rank = n >= smallestCrossSection ? ranks[firstAtLeast(sorted, value)]! : Number.NaN;
      values[row] = ((rank - 0.5) / n - 0.5) * unitVariance;
    }
  }
}

/** By the first place of a value among the sorted ones: the average of the ranks of its equals. */
function averageRanks(sorted: Float64Array, ranks: Float64Array): void {
  for (let first = 0; first < sorted.length; ) {
    let end = first + 1;
    while (end < sorted.length && sorted[end] === sorted[first]) end++;
    ranks[first] = (first + 1 + end) / 2;
    first = end;
  }
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
