import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { Random } from '@twostage/core/random';

export interface Simulated {
  readonly panel: Panel;
  /** [rows] */
  readonly target: Float64Array;
  readonly train: RowIndices;
  readonly validation: RowIndices;
  readonly test: RowIndices;
}

/** Rows of fifty symbols stand one symbol after the other: time order scatters them. */
const symbols = 50;

/** Standard normal features; an interaction, a hinge, and noise that the fourth spreads. */
export function simulate(rows: number, columns: number, seed: number): Simulated {
  const random = new Random(seed);
  const features = new Float32Array(rows * columns);
  for (let index = 0; index < features.length; index++) features[index] = random.normal();
  const target = Float64Array.from({ length: rows }, (_, row) => {
    const value = (column: number) => features[column * rows + row]!;
    const noise = Math.exp(0.3 * value(3)) * random.normal();
    return 0.01 * (0.3 * value(0) * value(1) + 0.2 * Math.max(0, value(2)) + noise);
  });
  const panel = {
    rows,
    symbols: ['SIM'],
    featureNames: Array.from({ length: columns }, (_, column) => `feature_${column}`),
    features,
    symbolOf: new Uint32Array(rows),
    barOf: Uint32Array.from({ length: rows }, (_, row) => row),
    times: new Float64Array(rows),
    close: new Float64Array(rows).fill(1),
  };
  const each = Math.floor(rows / symbols);
  const order = Uint32Array.from({ length: each * symbols }, (_, i) => (i % symbols) * each + Math.floor(i / symbols));
  const [trainEnd, validationEnd] = [Math.floor(order.length * 0.8), Math.floor(order.length * 0.9)];
  return {
    panel,
    target,
    train: order.slice(0, trainEnd),
    validation: order.slice(trainEnd, validationEnd),
    test: order.slice(validationEnd),
  };
}
