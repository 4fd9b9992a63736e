import { DomainError } from '../errors.ts';
import type { Panel, RowIndices } from '../panel/panel.ts';
import { labelEndBar } from './realisedLabels.ts';

/** Bars `start` (included) to `end` (excluded) of the common calendar. */
export interface BarRange {
  readonly start: number;
  readonly end: number;
}

/** What one model is fitted, stopped and judged on; the ranges of each are in time order. */
export interface FoldBlocks {
  readonly train: readonly BarRange[];
  /** The last part of the training bars, for early stopping. */
  readonly validation: readonly BarRange[];
  readonly test: readonly BarRange[];
  /** Bars ahead of its own that a row's label looks. */
  readonly labelBars: number;
  /** Bars that stay empty beyond the last label of a block before the next one begins. */
  readonly embargoBars: number;
}

export interface FoldRows {
  readonly train: RowIndices;
  readonly validation: RowIndices;
  readonly test: RowIndices;
}

/**
 * The rows of a fold, each block in time order (ascending by bar, then symbol), finite targets only.
 *
 * A symbol that misses bars has labels that reach further than `labelBars` bars of the calendar: the label of a row ends
 * on the symbol's own row `labelBars` further on, and that bar is what is held against the next block, less the embargo. So
 * rows of such symbols may be dropped before a block, and rows of all symbols after a test block whose labels reach far.
 * @param target [panel.rows]; NaN = not known
 * @param usable [panel.rows], 1 = may be used (e.g. has a full window); every row when absent
 * @throws DomainError SHAPE_MISMATCH
 */
export function blockRows(panel: Panel, target: Float64Array, blocks: FoldBlocks, usable?: Uint8Array): FoldRows {
  if (target.length !== panel.rows || (usable && usable.length !== panel.rows)) {
    throw new DomainError(
      'SHAPE_MISMATCH',
      `a fold needs one target and one mask value a row: expected ${panel.rows}, got ${target.length} and ${usable?.length ?? 'no mask'}`,
    );
  }
  const { labelBars, embargoBars } = blocks;
  const known = (row: number) => Number.isFinite(target[row]!) && usable?.[row] !== 0;
  const test = inTimeOrder(panel, (row) => known(row) && isInAny(blocks.test, panel.barOf[row]!));
  const lastLabel = blocks.test.map(() => -1);
  for (const row of test) {
    const block = blocks.test.findIndex(({ end }) => panel.barOf[row]! < end);
    lastLabel[block] = Math.max(lastLabel[block]!, labelEndBar(panel, row, labelBars));
  }
  const apart = (row: number, judged: readonly BarRange[]) => {
    const bar = panel.barOf[row]!;
    const next = judged.find(({ start }) => start > bar);
    return (
      (!next || labelEndBar(panel, row, labelBars) + embargoBars < next.start) &&
      blocks.test.every(({ start }, block) => start > bar || bar > lastLabel[block]! + embargoBars)
    );
  };
  const rowsOf = (ranges: readonly BarRange[], judged: readonly BarRange[]) =>
    inTimeOrder(panel, (row) => known(row) && isInAny(ranges, panel.barOf[row]!) && apart(row, judged));
  const ahead = [...blocks.test, ...blocks.validation].sort((a, b) => a.start - b.start);
  return { train: rowsOf(blocks.train, ahead), validation: rowsOf(blocks.validation, blocks.test), test };
}

const isInAny = (ranges: readonly BarRange[], bar: number): boolean =>
  ranges.some(({ start, end }) => bar >= start && bar < end);

/**
 * Rows whose last `lookback` own bars reach back across no test block: the window of a sequence family then holds no bar that was
 * taken out around one.
 * @param rows of `train` or `validation`
 */
export function withoutGaps(panel: Panel, rows: RowIndices, blocks: FoldBlocks, lookback: number): RowIndices {
  const kept = [...blocks.train, ...blocks.validation];
  const firstBars = new Map<number, number>();
  for (const after of [0, ...blocks.test.map(({ end }) => end)])
    firstBars.set(after, Math.min(...kept.flatMap(({ start }) => (start >= after ? start : []))));
  return rows.filter((row) => {
    const first = row - lookback + 1;
    const tested = blocks.test.findLast(({ end }) => end <= panel.barOf[row]!);
    return (
      first >= 0 &&
      panel.symbolOf[first] === panel.symbolOf[row] &&
      panel.barOf[first]! >= firstBars.get(tested?.end ?? 0)!
    );
  });
}

/** Row indices for which `keep` holds, ascending by (bar, symbol): a counting sort over the bars. */
export function inTimeOrder(
  panel: Pick<Panel, 'rows' | 'times' | 'barOf'>,
  keep: (row: number) => boolean,
): RowIndices {
  const next = new Uint32Array(panel.times.length + 1);
  const kept = new Uint8Array(panel.rows);
  let count = 0;
  for (let row = 0; row < panel.rows; row++) {
    if (!keep(row)) continue;
    kept[row] = 1;
    count++;
    next[panel.barOf[row]! + 1]!++;
  }
  for (let bar = 1; bar < next.length; bar++) next[bar]! += next[bar - 1]!;
  const rows = new Uint32Array(count);
  for (let row = 0; row < panel.rows; row++) {
    if (kept[row] === 1) rows[next[panel.barOf[row]!]!++] = row;
  }
  return rows;
}
