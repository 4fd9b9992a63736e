import type { Panel, RowIndices } from '../../panel/panel.ts';

/** A panel of closes by bar and symbol; null where a symbol misses a bar. */
export function panelOf(
  closes: readonly (readonly (number | null)[])[],
  times = closes.map((_, bar) => bar * 86_400_000),
): Panel {
  const symbols = closes[0]?.length ?? 0;
  const cells = Array.from({ length: symbols }, (_, symbol) =>
    closes.flatMap((row, bar) => (row[symbol] === null ? [] : [{ symbol, bar, close: row[symbol]! }])),
  ).flat();
  return {
    rows: cells.length,
    symbols: Array.from({ length: symbols }, (_, i) => `S${i}`),
    featureNames: [],
    features: new Float32Array(0),
    symbolOf: Uint32Array.from(cells, ({ symbol }) => symbol),
    barOf: Uint32Array.from(cells, ({ bar }) => bar),
    times: Float64Array.from(times),
    close: Float64Array.from(cells, ({ close }) => close),
  };
}

/** All rows in time order. */
export function rowsInTime(panel: Panel): RowIndices {
  return Uint32Array.from({ length: panel.rows }, (_, row) => row).sort(
    (a, b) => panel.barOf[a]! - panel.barOf[b]! || a - b,
  );
}

/** Of a table by bar and symbol the values of given rows; NaN for null. */
export function valuesOf(
  table: readonly (readonly (number | null)[])[],
  panel: Panel,
  rows: ArrayLike<number>,
): Float64Array {
  return Float64Array.from(rows, (row) => table[panel.barOf[row]!]![panel.symbolOf[row]!] ?? Number.NaN);
}

/** The same of every row of the panel, in its own order. */
export function columnOf(table: readonly (readonly (number | null)[])[], panel: Panel): Float64Array {
  return valuesOf(table, panel, [...panel.barOf.keys()]);
}
