/** Fewest symbols for which a cross-section says what is usual. */
export const smallestCrossSection = 5;
/** Standard deviations at which a value is held: a hole or a split must not drown the other symbols. */
export const clipAt = 5;

/** Scale of the median absolute deviation, and of the mean one, to a standard deviation under a normal distribution. */
const medianScale = 1.4826022185056018;
const meanScale = 1.2533141373155001;

/** Rows grouped by bar: rows `order[offsets[b]] … order[offsets[b + 1] - 1]` are those of bar b. */
export interface RowsByBar {
  /** [rows] */
  readonly order: Uint32Array;
  /** [bars + 1] */
  readonly offsets: Uint32Array;
}

export function groupByBar(barOf: Uint32Array, bars: number): RowsByBar {
  const offsets = new Uint32Array(bars + 1);
  for (const bar of barOf) offsets[bar + 1]!++;
  for (let bar = 0; bar < bars; bar++) offsets[bar + 1]! += offsets[bar]!;
  const next = offsets.slice(0, bars);
  const order = new Uint32Array(barOf.length);
  for (let row = 0; row < barOf.length; row++) order[next[barOf[row]!]!++] = row;
  return { order, offsets };
}

/**
 * Per bar across symbols, in place: (x − median) / (1.4826 · median absolute deviation), held within ±`clipAt`. Where more
 * than half of the symbols are equal that deviation is 0, and 1.2533 · mean absolute deviation takes its place (Iglewicz &
 * Hoaglin 1993); where all are equal the score is 0. NaN stays NaN; a bar with fewer than `smallestCrossSection` values
 * has none.
 * @param values [rows]
 */
export function robustZScore(values: Float64Array, { order, offsets }: RowsByBar): void {
  let widest = 0;
  for (let bar = 0; bar + 1 < offsets.length; bar++) widest = Math.max(widest, offsets[bar + 1]! - offsets[bar]!);
  const scratch = new Float64Array(widest);
  for (let bar = 0; bar + 1 < offsets.length; bar++) {
    let n = 0;
    for (let i = offsets[bar]!; i < offsets[bar + 1]!; i++) {
      const value = values[order[i]!]!;
      if (!Number.isNaN(value)) scratch[n++] = value;
    }
    const enough = n >= smallestCrossSection;
    const some = scratch.subarray(0, n);
    const center = enough ? sortedMedian(some.sort()) : Number.NaN;
    const scale = enough ? scaleAround(some, center) : Number.NaN;
    for (let i = offsets[bar]!; i < offsets[bar + 1]!; i++) {
      const row = order[i]!;
      const score = scale === 0 ? 0 : (values[row]! - center) / scale;
      values[row] = Number.isNaN(values[row]!) ? Number.NaN : Math.max(-clipAt, Math.min(clipAt, score));
    }
  }
}

/** Overwrites `values` with the deviations. */
function scaleAround(values: Float64Array, center: number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.abs(values[i]! - center);
    sum += values[i]!;
  }
  const median = sortedMedian(values.sort());
  return median > 0 ? medianScale * median : meanScale * (sum / values.length);
}

function sortedMedian(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
