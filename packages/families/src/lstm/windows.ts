import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { keepRows, windowMask } from '@twostage/core/panel/windows';
import type { RowSource } from '@twostage/engines/graph/train';

/** Bars that may be missing between two neighbours of a window. */
export const maxGapBars = 5;

/** The rows that have a full window behind them, order kept. */
export function rowsWithWindow(panel: Panel, rows: RowIndices, lookback: number): RowIndices {
  return keepRows(rows, windowMask(panel, lookback, maxGapBars));
}

/**
 * Windows that end at given rows. Rows of a panel lie by symbol, then bar: a window is one piece of the matrix.
 * @param matrix [panel rows, features], row-major
 * @param ends rows of the panel, each with a full window
 */
export function windowSource(matrix: Float32Array, features: number, ends: RowIndices, lookback: number): RowSource {
  const length = lookback * features;
  return {
    rows: ends.length,
    fill: (rows, inputs) => {
      const window = inputs[windowInput]!;
      rows.forEach((row, i) => {
        const end = (ends[row]! + 1) * features;
        window.set(matrix.subarray(end - length, end), i * length);
      });
    },
  };
}

/** Name of the network's input, [lookback, features]. */
export const windowInput = 'window';
