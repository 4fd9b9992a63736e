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
  const scratch = new Float64Array(widestBar(offsets));
  for (let bar = 0; bar + 1 < offsets.length; bar++) {
    const first = offsets[bar]!;
    const end = offsets[bar + 1]!;
    let n = 0;
    for (let i = first; i < end; i++) {
      const value = values[order[i]!]!;
      if (!Number.isNaN(value)) scratch[n++] = value;
    }
    const enough = n >= smallestCrossSection;
    if (enough) sortFirst(scratch, n);
    const center = enough ? sortedMedian(scratch, n) : Number.NaN;
    const scale = enough ? scaleAround(scratch, n, center) : Number.NaN;
    for (let i = first; i < end; i++) {
      const row = order[i]!;
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      const score = scale === 0 ? 0 : (value - center) / scale;
      values[row] = Math.max(-clipAt, Math.min(clipAt, score));
    }
  }
}

export function widestBar(offsets: Uint32Array): number {
  let widest = 0;
  for (let bar = 0; bar + 1 < offsets.length; bar++) widest = Math.max(widest, offsets[bar + 1]! - offsets[bar]!);
  return widest;
}

/** Below so many values the call into the built-in sort costs more than sorting by insertion. */
const insertionCount = 64;

/** Sorts the first n, ascending, in place. */
export function sortFirst(values: Float64Array, n: number): void {
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

/** @param sorted its first n ascending, with the median `center` */
function scaleAround(sorted: Float64Array, n: number, center: number): number {
  const median = medianDeviation(sorted, n, center);
  if (median > 0) return medianScale * median;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.abs(sorted[i]! - center);
  return meanScale * (sum / n);
}

/** Deviations grow outwards from the center, so merging both sides meets them in order without a second sort. */
function medianDeviation(sorted: Float64Array, n: number, center: number): number {
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

function sortedMedian(sorted: Float64Array, n: number): number {
  const half = n >> 1;
  return n % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
