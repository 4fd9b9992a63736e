import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { Random } from '@twostage/core/random';
import type { FitInput, PredictInput } from '../src/trainer.ts';
import type { Simulated } from './simulatedPanel.ts';

export interface MarketSettings {
  readonly symbols: number;
  readonly bars: number;
  readonly features: number;
  readonly seed: number;
  /** Standard deviation of what no feature explains. */
  readonly noise: number;
  /** Coefficients [features] that hold for a symbol at a bar. */
  readonly coefficients: (bar: number, symbol: number) => ArrayLike<number>;
  /** Standard deviation of a symbol's log return at a bar. */
  readonly volatility?: (bar: number) => number;
}

/** Symbols on one calendar: normal features, a target that is linear in them, closes of their own volatility. */
export function linearMarket({
  symbols,
  bars,
  features,
  seed,
  noise,
  coefficients,
  volatility,
}: MarketSettings): Simulated {
  const random = new Random(seed);
  const rows = symbols * bars;
  const panel: Panel = {
    rows,
    symbols: Array.from({ length: symbols }, (_, i) => `S${i}`),
    featureNames: Array.from({ length: features }, (_, k) => `feature ${k}`),
    features: Float32Array.from({ length: rows * features }, () => random.normal()),
    symbolOf: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / bars)),
    barOf: Uint32Array.from({ length: rows }, (_, row) => row % bars),
    times: Float64Array.from({ length: bars }, (_, bar) => bar * 86_400_000),
    close: new Float64Array(rows),
  };
  const target = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const [bar, symbol] = [panel.barOf[row]!, panel.symbolOf[row]!];
    const held = coefficients(bar, symbol);
    let value = noise * random.normal();
    for (let k = 0; k < features; k++) value += held[k]! * panel.features[k * rows + row]!;
    target[row] = value;
    panel.close[row] = bar === 0 ? 50 : panel.close[row - 1]! * Math.exp((volatility?.(bar) ?? 0.01) * random.normal());
  }
  return { panel, target };
}

/** Rows of bars `start` to `end`, in time order. */
export function rowsOfBars({ barOf }: Panel, start: number, end: number): RowIndices {
  const kept = [...barOf.keys()].filter((row) => barOf[row]! >= start && barOf[row]! < end);
  return Uint32Array.from(kept.sort((a, b) => barOf[a]! - barOf[b]! || a - b));
}

/** Blocks of a walk-forward fold, with the gap that a label needs. */
export function marketBlocks(
  { panel }: Simulated,
  labelBars = 2,
): Pick<FitInput, 'train' | 'validation'> & { test: RowIndices } {
  const bars = panel.times.length;
  const [first, second] = [Math.floor(bars * 0.6), Math.floor(bars * 0.75)];
  return {
    train: rowsOfBars(panel, 0, first),
    validation: rowsOfBars(panel, first + labelBars, second),
    test: rowsOfBars(panel, second + labelBars, bars),
  };
}

export const askedOf = ({ panel }: Simulated, rows: RowIndices): PredictInput => ({
  panel,
  rows,
  lookback: 1,
  threads: 1,
  device: 'cpu',
});

/** Pearson correlation of forecasts and outcomes over all rows. */
export function correlation(predicted: ArrayLike<number>, target: Float64Array, rows: RowIndices): number {
  let [x, y, xx, yy, xy] = [0, 0, 0, 0, 0];
  rows.forEach((row, i) => {
    const [a, b] = [predicted[i]!, target[row]!];
    x += a;
    y += b;
    xx += a * a;
    yy += b * b;
    xy += a * b;
  });
  const n = rows.length;
  return (xy - (x * y) / n) / Math.sqrt((xx - (x * x) / n) * (yy - (y * y) / n));
}
