/** Fewest symbols for which a cross-section says what is usual. */
export const smallestCrossSection = 5;

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

function widestBar({ offsets }: RowsByBar): number {
  let widest = 0;
  for (let bar = 0; bar + 1 < offsets.length; bar++) widest = Math.max(widest, offsets[bar + 1]! - offsets[bar]!);
  return widest;
}

/**
 * Replaces values bar by bar, in place. NaN stays NaN; a bar with fewer than `smallestCrossSection` values has none.
 * @param values [rows]
 * @param replace is given a bar's values without NaN, the first n of an array, and puts others in their places; `scratch`, as
 *   long, is its own. A function without a closure: one made anew for every column costs a third of the time.
 */
export function replaceByBar(
  values: Float64Array | Float32Array,
  byBar: RowsByBar,
  replace: (present: Float64Array, n: number, scratch: Float64Array) => void,
): void {
  const { order, offsets } = byBar;
  const present = new Float64Array(widestBar(byBar));
  const scratch = new Float64Array(present.length);
  const rowOf = new Uint32Array(present.length);
  for (let bar = 0; bar + 1 < offsets.length; bar++) {
    const end = offsets[bar + 1]!;
    let n = 0;
    for (let i = offsets[bar]!; i < end; i++) {
      const row = order[i]!;
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      present[n] = value;
      rowOf[n++] = row;
    }
    if (n >= smallestCrossSection) replace(present, n, scratch);
    else present.fill(Number.NaN, 0, n);
    for (let j = 0; j < n; j++) values[rowOf[j]!] = present[j]!;
  }
}
