import type { Panel, RowIndices } from './panel.ts';

/**
 * Rows whose last `lookback` bars can be fed to a sequence family: the window stays within one symbol and never
 * spans more than `maxGapBars` missing calendar bars between neighbours.
 * @returns [rows] 1 where row i and the `lookback - 1` rows before it form such a window, else 0.
 */
export function windowMask(panel: Panel, lookback: number, maxGapBars: number): Uint8Array {
  const mask = new Uint8Array(panel.rows);
  let run = 0;
  for (let row = 0; row < panel.rows; row++) {
    const joins =
      row > 0 &&
      panel.symbolOf[row] === panel.symbolOf[row - 1] &&
      panel.barOf[row]! - panel.barOf[row - 1]! <= maxGapBars + 1;
    run = joins ? run + 1 : 1;
    if (run >= lookback) mask[row] = 1;
  }
  return mask;
}

/** The rows of `rows` for which the mask is set, order kept. */
export function keepRows(rows: RowIndices, mask: Uint8Array): RowIndices {
  return rows.filter((row) => mask[row] === 1);
}
