import type { FigureContext } from '../trainer.ts';

/** The symbol with the most test rows, the first of several. */
export function mostTestedSymbol({ panel, test }: Pick<FigureContext, 'panel' | 'test'>): number {
  const counts = new Uint32Array(panel.symbols.length);
  for (const row of test) counts[panel.symbolOf[row]!]!++;
  return counts.indexOf(Math.max(...counts));
}

/** Rows of a symbol from the first training bar to the last test bar, in time order. */
export function symbolRows(
  { panel, train, test }: Pick<FigureContext, 'panel' | 'train' | 'test'>,
  symbol: number,
): number[] {
  const bars = [train, test].filter((rows) => rows.length > 0);
  const first = Math.min(...bars.map((rows) => panel.barOf[rows[0]!]!));
  const last = Math.max(...bars.map((rows) => panel.barOf[rows.at(-1)!]!));
  const rows: number[] = [];
  for (let row = 0; row < panel.rows; row++) {
    const bar = panel.barOf[row]!;
    if (panel.symbolOf[row] === symbol && bar >= first && bar <= last) rows.push(row);
  }
  return rows;
}

/** Name, times and closes of some rows of a symbol, as figures on a price chart begin; a close that is not known is null. */
export function priceLine({ panel }: Pick<FigureContext, 'panel'>, symbol: number, rows: readonly number[]) {
  return {
    symbol: panel.symbols[symbol]!,
    times: rows.map((row) => panel.times[panel.barOf[row]!]!),
    close: rows.map((row) => (Number.isFinite(panel.close[row]!) ? panel.close[row]! : null)),
  };
}
