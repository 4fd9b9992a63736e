import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { Random } from '@twostage/core/random';

export const barsPerSymbol = 700;
/** Bars that are missing after bar 300 of the first symbol. */
export const gapBars = 8;

/** Two symbols whose label is the signal of three bars ago, with a little noise: a matter of memory. */
export function memoryPanel(): { panel: Panel; target: Float64Array } {
  const random = new Random(5);
  const rows = 2 * barsPerSymbol;
  const features = new Float32Array(3 * rows);
  const [symbolOf, barOf] = [new Uint32Array(rows), new Uint32Array(rows)];
  const target = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const bar = row % barsPerSymbol;
    symbolOf[row] = row < barsPerSymbol ? 0 : 1;
    barOf[row] = bar + (row < barsPerSymbol && bar > 300 ? gapBars : 0);
    features[row] = 10 + 3 * random.normal();
    features[rows + row] = random.uniform() < 0.03 ? Number.NaN : random.normal();
    features[2 * rows + row] = 4;
    target[row] = bar < 3 ? 0 : 0.01 * ((features[row - 3]! - 10) / 3) + 0.001 * random.normal();
  }
  const times = Float64Array.from({ length: barsPerSymbol + gapBars }, (_, bar) => bar * 86_400_000);
  const panel = {
    rows,
    symbols: ['A', 'B'],
    featureNames: ['signal', 'noise', 'constant'],
    features,
    symbolOf,
    barOf,
    times,
    close: new Float64Array(symbolOf.length).fill(1),
  };
  return { panel, target };
}

export function rowsOfBars(panel: Panel, from: number, to: number): RowIndices {
  const rows = [...panel.barOf.keys()].filter((row) => panel.barOf[row]! >= from && panel.barOf[row]! < to);
  return Uint32Array.from(rows.sort((a, b) => panel.barOf[a]! - panel.barOf[b]! || a - b));
}
