import type { InputKind } from '@twostage/core/families/family';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { keepRows, windowMask } from '@twostage/core/panel/windows';
import type { RowSource } from '@twostage/engines/graph/train';

/** Names of a network's inputs: the bar's own features, [features], and the bars up to it, [lookback, features]. */
export const [featureInput, windowInput] = ['features', 'window'] as const;

/** Bars that may be missing between two neighbours of a window. */
export const maxGapBars = 5;

/** The rows that have a full window behind them, order kept. */
export function rowsWithWindow(panel: Panel, rows: RowIndices, lookback: number): RowIndices {
  return keepRows(rows, windowMask(panel, lookback, maxGapBars));
}

/** Bars that a network of an input kind reads at a row. */
export function barsRead(input: InputKind, lookback: number): number {
  return input === 'tabular' ? 1 : lookback;
}

/**
 * What a network reads at given rows: features, windows that end there, or both. Rows of a panel lie by symbol, then bar: a
 * window is one piece of the matrix.
 * @param matrix [panel rows, features], row-major
 * @param ends rows of the panel, each with a full window if windows are read
 */
export function networkRows(
  input: InputKind,
  matrix: Float32Array,
  features: number,
  ends: RowIndices,
  lookback: number,
): RowSource {
  const copy = (batch: Float32Array, rows: Uint32Array, bars: number) => {
    const length = bars * features;
    rows.forEach((row, i) => {
      const end = (ends[row]! + 1) * features;
      batch.set(matrix.subarray(end - length, end), i * length);
    });
  };
  return {
    rows: ends.length,
    fill: (rows, inputs) => {
      if (input !== 'sequence') copy(inputs[featureInput]!, rows, 1);
      if (input !== 'tabular') copy(inputs[windowInput]!, rows, lookback);
    },
  };
}

/** Every row of a matrix, [rows, features], row-major, as a network on features alone reads it. */
export function featureRows(matrix: Float32Array, features: number): RowSource {
  const rows = Uint32Array.from({ length: matrix.length / features }, (_, row) => row);
  return networkRows('tabular', matrix, features, rows, 1);
}
