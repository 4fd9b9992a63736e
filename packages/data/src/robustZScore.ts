import { type RowsByBar, replaceByBar } from './crossSection.ts';

/** Standard deviations at which a value is held: a hole or a split must not drown the other symbols. */
export const clipAt = 5;

/** Scale of the median absolute deviation, and of the mean one, to a standard deviation under a normal distribution. */
const medianScale = 1.4826022185056018;
const meanScale = 1.2533141373155001;

/** Fewer values than these are sorted by insertion. */
const fewest = 6;

/**
 * Per bar across symbols, in place: (x − median) / (1.4826 · median absolute deviation), held within ±`clipAt`. Where more
 * than half of the symbols are equal that deviation is 0, and 1.2533 · mean absolute deviation takes its place (Iglewicz &
 * Hoaglin 1993); where all are equal the score is 0. NaN stays NaN; a bar with fewer than `smallestCrossSection` values
 * has none.
 * @param values [rows]
 */
export function robustZScore(values: Float64Array | Float32Array, byBar: RowsByBar): void {
  replaceByBar(values, byBar, scoreBar);
}

function scoreBar(present: Float64Array, n: number, scratch: Float64Array): void {
  for (let i = 0; i < n; i++) scratch[i] = present[i]!;
  const center = median(scratch, n);
  for (let i = 0; i < n; i++) scratch[i] = Math.abs(scratch[i]! - center);
  const spread = median(scratch, n);
  const scale = spread > 0 ? medianScale * spread : meanScale * meanDeviation(present, n, center);
  for (let i = 0; i < n; i++) {
    const score = scale === 0 ? 0 : (present[i]! - center) / scale;
    present[i] = score > clipAt ? clipAt : score < -clipAt ? -clipAt : score;
  }
}

/** Summed in ascending order of the values, so that it does not depend on the order of the symbols. */
function meanDeviation(present: Float64Array, n: number, center: number): number {
  let sum = 0;
  for (const value of present.slice(0, n).sort()) sum += Math.abs(value - center);
  return sum / n;
}

/**
 * Median of the first n values, of an even number the mean of the middle two; their order is lost. In this file, since a call
 * into another one is not inlined, which costs a quarter of the time.
 * @param values none is NaN
 * @param n 1 or more
 */
function median(values: Float64Array, n: number): number {
  const half = n >> 1;
  select(values, n, half);
  const upper = values[half]!;
  if (n % 2 === 1) return upper;
  let lower = values[0]!;
  for (let i = 1; i < half; i++) if (values[i]! > lower) lower = values[i]!;
  return (lower + upper) / 2;
}

/**
 * Puts the k-th smallest of the first n (k from 0) at k, none greater before it and none smaller behind it (quickselect, Hoare
 * 1961). What is compared is a coin toss to a processor's branch prediction, so partitioning moves every value and adds the
 * comparison's outcome instead of branching on it. The pivot is taken from the quarters: where values rise, fall, or fall and
 * rise, as distances from the middle do, it lies in the middle.
 */
function select(values: Float64Array, n: number, k: number): void {
  let low = 0;
  let high = n - 1;
  while (high - low >= fewest) {
    const quarter = (high - low) >> 2;
    const at = middleOfThree(values, low + quarter, low + 2 * quarter, high - quarter);
    const pivot = values[at]!;
    values[at] = values[high]!;
    let place = low;
    for (let i = low; i < high; i++) {
      const value = values[i]!;
      values[i] = values[place]!;
      values[place] = value;
      place += Number(value < pivot);
    }
    values[high] = values[place]!;
    values[place] = pivot;
    if (k === place) return;
    if (k < place) high = place - 1;
    else if (place > low) low = place + 1;
    else {
      // Nothing is smaller than the pivot, and much may be equal to it: all of that is passed at once.
      const behind = gatherEqual(values, low, high, pivot);
      if (k < behind) return;
      low = behind;
    }
  }
  for (let i = low + 1; i <= high; i++) {
    const value = values[i]!;
    let place = i;
    for (; place > low && values[place - 1]! > value; place--) values[place] = values[place - 1]!;
    values[place] = value;
  }
}

/** Index of the middle one in size of three values. */
function middleOfThree(values: Float64Array, a: number, b: number, c: number): number {
  const x = values[a]!;
  const y = values[b]!;
  const z = values[c]!;
  if (x < y) return y <= z ? b : x < z ? c : a;
  return x <= z ? a : y < z ? c : b;
}

/**
 * Moves what is equal to the least of a stretch to its front.
 * @returns where the others begin, at `low` + 1 or behind it
 */
function gatherEqual(values: Float64Array, low: number, high: number, least: number): number {
  let place = low + 1;
  for (let i = place; i <= high; i++) {
    const value = values[i]!;
    values[i] = values[place]!;
    values[place] = value;
    place += Number(value <= least);
  }
  return place;
}
