import type { Panel, RowIndices } from '@twostage/core/panel/panel';

export interface Simulated {
  readonly panel: Panel;
  readonly target: Float64Array;
}

/** A panel of one symbol from a function of row and column. */
export function panelOf(rows: number, features: number, value: (row: number, column: number) => number): Panel {
  const columns = new Float32Array(rows * features);
  for (let column = 0; column < features; column++) {
    for (let row = 0; row < rows; row++) columns[column * rows + row] = value(row, column);
  }
  return {
    rows,
    symbols: ['AAA'],
    featureNames: Array.from({ length: features }, (_, column) => `feature ${column}`),
    features: columns,
    symbolOf: new Uint32Array(rows),
    barOf: Uint32Array.from({ length: rows }, (_, row) => row),
    times: Float64Array.from({ length: rows }, (_, row) => row * 86_400_000),
    close: new Float64Array(rows).fill(1),
  };
}

/**
 * Uniform features in 0 … 1, one cell in ten of the third missing; the target is the product of the first two, which no
 * line through one of them sees, plus noise. The same bits as `uniform_panel.py`.
 */
export function uniformPanel(rows: number, features: number, seed: number): Simulated {
  const draws = new Float64Array(rows * (features + 1));
  let state = seed;
  for (let index = 0; index < draws.length; index++) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    draws[index] = state / 2 ** 32;
  }
  const draw = (row: number, column: number) => draws[row * (features + 1) + column]!;
  const panel = panelOf(rows, features, (row, column) => {
    const value = Math.fround(draw(row, column));
    return column === 2 && value < Math.fround(0.1) ? Number.NaN : value;
  });
  const centred = (row: number, column: number) => Math.fround(draw(row, column)) - 0.5;
  const target = Float64Array.from(
    { length: rows },
    (_, row) => 8 * centred(row, 0) * centred(row, 1) + (draw(row, features) - 0.5),
  );
  return { panel, target };
}

/** Standard normal numbers (Box–Muller) from a seed. */
export function normals(seed: number): () => number {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

export function rowsBetween(start: number, end: number): RowIndices {
  return Uint32Array.from({ length: end - start }, (_, index) => start + index);
}

/** 1 − squared error over the squared distance to the mean of the rows themselves. */
export function rSquared(target: Float64Array, rows: RowIndices, predicted: Float64Array): number {
  let mean = 0;
  for (const row of rows) mean += target[row]! / rows.length;
  let error = 0;
  let total = 0;
  for (const [index, row] of rows.entries()) {
    error += (target[row]! - predicted[index]!) ** 2;
    total += (target[row]! - mean) ** 2;
  }
  return 1 - error / total;
}

/** Infinity for arrays of different lengths. */
export function largestDifference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  return Array.from(ours).reduce((largest, value, index) => Math.max(largest, Math.abs(value - theirs[index]!)), 0);
}
