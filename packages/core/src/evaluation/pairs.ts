import { DomainError } from '../errors.ts';
import type { Panel, RowIndices } from '../panel/panel.ts';

export interface PairInput {
  readonly panel: Panel;
  /** [panel.rows]; NaN = not known. */
  readonly target: Float64Array;
  /** In time order. */
  readonly rows: RowIndices;
  /** [rows]; NaN = not predicted: the pair is left out. */
  readonly predictions: Float64Array;
}

/** Rows of which both prediction and target are known, in time order. */
export interface Pairs {
  /** [pairs], where in `rows` each was. */
  readonly positions: Uint32Array;
  /** [pairs], ascending. */
  readonly bars: Uint32Array;
  readonly symbols: Uint32Array;
  readonly predictions: Float64Array;
  readonly targets: Float64Array;
  /** Rows that miss one or the other. */
  readonly leftOut: number;
  /** Whether all of them are of one symbol. */
  readonly oneSymbol: boolean;
}

/** @throws DomainError SHAPE_MISMATCH, also where rows go back in time */
export function finitePairs({ panel, target, rows, predictions }: PairInput): Pairs {
  checkRows(panel, rows);
  if (target.length !== panel.rows || predictions.length !== rows.length) {
    throw new DomainError(
      'SHAPE_MISMATCH',
      `expected ${panel.rows} targets and ${rows.length} predictions, got ${target.length} and ${predictions.length}`,
    );
  }
  const kept = new Uint32Array(rows.length);
  let n = 0;
  for (let i = 0; i < rows.length; i++) {
    if (Number.isFinite(predictions[i]!) && Number.isFinite(target[rows[i]!]!)) kept[n++] = i;
  }
  const positions = kept.slice(0, n);
  const pairs = {
    positions,
    bars: new Uint32Array(n),
    symbols: new Uint32Array(n),
    predictions: new Float64Array(n),
    targets: new Float64Array(n),
  };
  let oneSymbol = n > 0 || panel.symbols.length === 1;
  for (let k = 0; k < n; k++) {
    const row = rows[positions[k]!]!;
    pairs.bars[k] = panel.barOf[row]!;
    pairs.symbols[k] = panel.symbolOf[row]!;
    pairs.predictions[k] = predictions[positions[k]!]!;
    pairs.targets[k] = target[row]!;
    oneSymbol &&= pairs.symbols[k] === pairs.symbols[0];
  }
  return { ...pairs, leftOut: rows.length - n, oneSymbol };
}

/** @throws DomainError SHAPE_MISMATCH where rows go back in time */
export function checkRows(panel: Panel, rows: RowIndices): void {
  for (let i = 1; i < rows.length; i++) {
    if (panel.barOf[rows[i]!]! >= panel.barOf[rows[i - 1]!]!) continue;
    throw new DomainError('SHAPE_MISMATCH', `rows to evaluate must be in time order; row ${i} goes back in time`);
  }
}

/** Calls back once a bar, with the stretch `start` … `end` − 1 of the list that it holds. @param bars ascending */
export function eachBar(bars: ArrayLike<number>, visit: (start: number, end: number) => void): void {
  for (let start = 0; start < bars.length; ) {
    let end = start + 1;
    while (end < bars.length && bars[end] === bars[start]) end++;
    visit(start, end);
    start = end;
  }
}

/** Distinct values of an ascending list. */
export function countDistinct(sorted: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < sorted.length; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count++;
  return count;
}

/** Of a list those values that stand at the given places. */
export function valuesAt(values: Float64Array, positions: Uint32Array): Float64Array {
  const taken = new Float64Array(positions.length);
  for (let i = 0; i < positions.length; i++) taken[i] = values[positions[i]!]!;
  return taken;
}
