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
export function robustZScore(values: Float64Array | Float32Array, { order, offsets }: RowsByBar): void {
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

/** @param sorted ascending, with the median `center` */
function scaleAround(sorted: Float64Array, center: number): number {
  const median = medianDeviation(sorted, center);
  if (median > 0) return medianScale * median;
  let sum = 0;
  for (const value of sorted) sum += Math.abs(value - center);
  return meanScale * (sum / sorted.length);
}

/** Deviations grow outwards from the center, so merging both sides meets them in order without a second sort. */
function medianDeviation(sorted: Float64Array, center: number): number {
  const n = sorted.length;
  let above = n >> 1;
  let below = above - 1;
  let last = 0;
  let before = 0;
  for (let taken = 0; taken <= n >> 1; taken++) {
    before = last;
    const up = above < n ? sorted[above]! - center : Number.POSITIVE_INFINITY;
    const down = below >= 0 ? center - sorted[below]! : Number.POSITIVE_INFINITY;
    last = Math.min(up, down);
    if (up <= down) above++;
    else below--;
  }
  return n % 2 === 1 ? last : (before + last) / 2;
}

function sortedMedian(sorted: Float64Array): number {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
