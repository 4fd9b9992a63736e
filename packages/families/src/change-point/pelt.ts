/** A series cut into segments. */
export interface Segmentation {
  /** Starts of all segments but the first, ascending. */
  readonly breaks: readonly number[];
  /** Sum of the segments' costs, and a penalty for each break. */
  readonly cost: number;
}

/** Σ over a segment of the squared distance to its mean, from running sums. */
export class SquaredCost {
  readonly length: number;
  /** [length + 1, dimensions] */
  readonly #sums: Float64Array;
  /** [length + 1] */
  readonly #squares: Float64Array;

  /** @param signal [length, dimensions], row-major, finite */
  constructor(
    signal: Float64Array,
    readonly dimensions: number,
  ) {
    this.length = signal.length / dimensions;
    this.#sums = new Float64Array((this.length + 1) * dimensions);
    this.#squares = new Float64Array(this.length + 1);
    for (let at = 0; at < this.length; at++) {
      let squares = 0;
      for (let i = 0; i < dimensions; i++) {
        const value = signal[at * dimensions + i]!;
        this.#sums[(at + 1) * dimensions + i] = this.#sums[at * dimensions + i]! + value;
        squares += value * value;
      }
      this.#squares[at + 1] = this.#squares[at]! + squares;
    }
  }

  /** Of entries `start` to `end` (excluded). */
  of(start: number, end: number): number {
    const d = this.dimensions;
    let square = 0;
    for (let i = 0; i < d; i++) square += (this.#sums[end * d + i]! - this.#sums[start * d + i]!) ** 2;
    return this.#squares[end]! - this.#squares[start]! - square / (end - start);
  }

  /** [dimensions] */
  mean(start: number, end: number): Float64Array {
    const d = this.dimensions;
    return Float64Array.from(
      { length: d },
      (_, i) => (this.#sums[end * d + i]! - this.#sums[start * d + i]!) / (end - start),
    );
  }
}

/**
 * The cheapest segmentation, exactly, in about linear time (PELT: Killick, Fearnhead & Eckley 2012). As `ruptures`' Pelt with model
 * "l2" and jump 1 defines it: the sum of the costs of the segments plus `penalty` for each break.
 * @param minimumLength of a segment, in entries; one segment where the series is shorter than two
 */
export function pelt(cost: SquaredCost, penalty: number, minimumLength: number): Segmentation {
  const { length } = cost;
  if (length < minimumLength) return { breaks: [], cost: length > 0 ? cost.of(0, length) : 0 };
  // best[t]: of the first t entries, a penalty for each segment; −penalty at 0, so that breaks alone are paid for.
  const best = new Float64Array(length + 1).fill(Number.POSITIVE_INFINITY);
  const last = new Int32Array(length + 1);
  best[0] = -penalty;
  let candidates: { start: number; until: number }[] = [];
  for (let end = minimumLength; end <= length; end++) {
    const start = end - minimumLength;
    if (best[start]! < Number.POSITIVE_INFINITY) candidates.push({ start, until: Number.POSITIVE_INFINITY });
    candidates = candidates.filter(({ until }) => until > end);
    const totals = candidates.map((candidate) => best[candidate.start]! + cost.of(candidate.start, end));
    totals.forEach((total, i) => {
      if (total + penalty >= best[end]!) return;
      best[end] = total + penalty;
      last[end] = candidates[i]!.start;
    });
    // A break at `end` will do at least as well, but only once a segment that begins there is long enough.
    totals.forEach((total, i) => {
      const candidate = candidates[i]!;
      if (total > best[end]! && candidate.until === Number.POSITIVE_INFINITY) candidate.until = end + minimumLength;
    });
  }
  const breaks: number[] = [];
  for (let end = last[length]!; end > 0; end = last[end]!) breaks.push(end);
  return { breaks: breaks.reverse(), cost: best[length]! };
}
