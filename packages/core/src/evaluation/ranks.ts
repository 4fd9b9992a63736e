import { ascendingOrder } from './ascendingOrder.ts';

/** Where each value stands in ascending order: it and its ties hold the places `start` … `end` − 1, counted from 0. */
export interface TiedPlaces {
  /** [values] */
  readonly start: Uint32Array;
  /** [values] */
  readonly end: Uint32Array;
}

/** From here on the radix sort is faster than a native sort of the numbers and a binary search for each. */
const manyValues = 4096;

/** Both ways are several times faster than sorting indices by a comparison. @param values finite numbers */
export function tiedPlaces(values: ArrayLike<number>): TiedPlaces {
  return values.length < manyValues ? bySearch(values) : byOrder(values);
}

function bySearch(values: ArrayLike<number>): TiedPlaces {
  const n = values.length;
  const sorted = new Float64Array(values).sort();
  const endFrom = new Uint32Array(n);
  eachRun(
    n,
    (place) => sorted[place]!,
    (first, end) => {
      endFrom[first] = end;
    },
  );
  const start = new Uint32Array(n);
  const end = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const value = values[i]!;
    let [low, high] = [0, n - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    start[i] = low;
    end[i] = endFrom[low]!;
  }
  return { start, end };
}

function byOrder(values: ArrayLike<number>): TiedPlaces {
  const n = values.length;
  const order = ascendingOrder(values);
  const start = new Uint32Array(n);
  const end = new Uint32Array(n);
  eachRun(
    n,
    (place) => values[order[place]!]!,
    (first, last) => {
      for (let place = first; place < last; place++) {
        start[order[place]!] = first;
        end[order[place]!] = last;
      }
    },
  );
  return { start, end };
}

/** Calls back for every run of equal numbers, with the places `first` … `end` − 1 that it holds. */
function eachRun(n: number, at: (place: number) => number, visit: (first: number, end: number) => void): void {
  for (let first = 0; first < n; ) {
    const value = at(first);
    let end = first + 1;
    while (end < n && at(end) === value) end++;
    visit(first, end);
    first = end;
  }
}

/**
 * Ranks 1 … n; ties take the average rank, as scipy.stats.rankdata does.
 * @param values finite numbers
 */
export function averageRanks(values: ArrayLike<number>): Float64Array {
  const { start, end } = tiedPlaces(values);
  const ranks = new Float64Array(start.length);
  for (let i = 0; i < ranks.length; i++) ranks[i] = (start[i]! + 1 + end[i]!) / 2;
  return ranks;
}
