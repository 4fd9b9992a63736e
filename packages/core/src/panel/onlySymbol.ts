import { DomainError } from '../errors.ts';
import type { Panel } from './panel.ts';

/** One symbol of a panel. Row i of it is row `firstRow + i` of the whole panel. */
export interface SymbolPanel {
  readonly panel: Panel;
  readonly firstRow: number;
}

/**
 * The rows of one symbol as a panel of its own. The calendar stays the common one, so that folds cut every symbol at the same
 * bars; a symbol that came late has no rows in the first of them.
 * @throws DomainError UNKNOWN_SYMBOL
 */
export function onlySymbol(whole: Panel, symbol: string): SymbolPanel {
  const index = whole.symbols.indexOf(symbol);
  // Rows are sorted by symbol: those of one lie together.
  const firstRow = index < 0 ? -1 : whole.symbolOf.indexOf(index);
  if (firstRow < 0)
    throw new DomainError(
      'UNKNOWN_SYMBOL',
      `the dataset has no rows of the symbol "${symbol}"; it has ${whole.symbols.join(', ')}`,
    );
  let end = firstRow;
  while (end < whole.rows && whole.symbolOf[end] === index) end++;
  const rows = end - firstRow;
  const features = new Float32Array(whole.featureNames.length * rows);
  for (let column = 0; column < whole.featureNames.length; column++) {
    const from = column * whole.rows + firstRow;
    features.set(whole.features.subarray(from, from + rows), column * rows);
  }
  return {
    firstRow,
    panel: {
      rows,
      symbols: [symbol],
      featureNames: whole.featureNames,
      features,
      symbolOf: new Uint32Array(rows),
      barOf: whole.barOf.slice(firstRow, end),
      times: whole.times,
      close: whole.close.slice(firstRow, end),
    },
  };
}
