import { mean } from './correlation.ts';
import { averageRanks } from './ranks.ts';

/** A rank correlation over time, row by row. */
export interface RankInfluence {
  /** [rows], products of the standardised ranks: their mean is the correlation, the mean of a stretch is its share in it. */
  readonly products: Float64Array;
  /** [rows], the correlation's first-order reaction to each row, mean zero: what its standard error is made of. */
  readonly influence: Float64Array;
}

/**
 * Spearman's correlation of two sides as a mean over rows: with u, v the standardised ranks it is the mean of u·v, and reacts to a row
 * by u·v − ρ (u² + v²) / 2. Zeros where a side does not vary.
 */
export function rankInfluence(x: Float64Array, y: Float64Array): RankInfluence {
  const [u, v] = [standardised(averageRanks(x)), standardised(averageRanks(y))];
  if (u === null || v === null) return { products: new Float64Array(x.length), influence: new Float64Array(x.length) };
  const products = u.map((value, i) => value * v[i]!);
  const rho = mean(products);
  return { products, influence: products.map((product, i) => product - (rho * (u[i]! ** 2 + v[i]! ** 2)) / 2) };
}

function standardised(values: Float64Array): Float64Array | null {
  const center = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - center) ** 2;
  const deviation = Math.sqrt(squares / values.length);
  return deviation > 0 ? values.map((value) => (value - center) / deviation) : null;
}
