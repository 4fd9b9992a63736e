import type { Panel, RowIndices } from '@twostage/core/panel/panel';

/**
 * Rows between the first and the last training bar whose label is not known: their features were there to be seen when the last
 * training row was.
 * @returns ascending
 */
export function unlabelledRows(panel: Panel, target: Float64Array, train: RowIndices): RowIndices {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const row of train) {
    first = Math.min(first, panel.barOf[row]!);
    last = Math.max(last, panel.barOf[row]!);
  }
  const kept: number[] = [];
  for (let row = 0; row < panel.rows; row++) {
    const bar = panel.barOf[row]!;
    if (bar >= first && bar <= last && !Number.isFinite(target[row]!)) kept.push(row);
  }
  return Uint32Array.from(kept);
}
