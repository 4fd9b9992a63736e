import { labelEndBar } from '@twostage/core/evaluation/realisedLabels';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';

/** One time-ordered split inside a training window: every label of a block is known before the next one begins. */
export interface TimeBlock {
  readonly train: RowIndices;
  /** For early stopping. */
  readonly validation: RowIndices;
  /** Predicted by what was fitted on the two. */
  readonly held: RowIndices;
}

/** Part of the rows before a held block that is cut from their end for early stopping. */
const validationShare = 0.15;

/** Part of the bars that is never held out: bases fitted on much less than in the end would be weighed as worse than they are. */
const historyShare = 0.4;

/**
 * Cuts the later bars of some rows into `count` blocks; each is held out once, with what lies before it to learn from, less
 * the rows whose labels reach into what comes after them. A block that would leave nothing to learn from is left out.
 * @param rows in time order
 */
export function timeBlocks(panel: Panel, rows: RowIndices, count: number, labelBars: number): TimeBlock[] {
  if (rows.length === 0) return [];
  const barOf = (row: number) => panel.barOf[row]!;
  const [first, last] = [barOf(rows[0]!), barOf(rows.at(-1)!)];
  const edge = (k: number) =>
    first + Math.round((last + 1 - first) * (historyShare + ((1 - historyShare) * k) / count));
  const knownBefore = (some: RowIndices, bar: number) => some.filter((row) => labelEndBar(panel, row, labelBars) < bar);
  const blocks: TimeBlock[] = [];
  for (let k = 0; k < count; k++) {
    const known = knownBefore(rows, edge(k));
    if (known.length === 0) continue;
    const [begin, end] = [barOf(known[0]!), barOf(known.at(-1)!) + 1];
    const cut = end - Math.round((end - begin) * validationShare);
    const block = {
      train: knownBefore(known, cut),
      validation: known.filter((row) => barOf(row) >= cut),
      held: rows.filter((row) => barOf(row) >= edge(k) && barOf(row) < edge(k + 1)),
    };
    if (block.train.length > 0 && block.held.length > 0) blocks.push(block);
  }
  return blocks;
}
