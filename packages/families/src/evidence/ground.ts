import { DomainError } from '@twostage/core/errors';
import { inTimeOrder } from '@twostage/core/evaluation/blockRows';
import { type Fold, foldRows, planFolds } from '@twostage/core/evaluation/folds';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import type { WalkForwardSettings } from '@twostage/core/evaluation/folds';
import { fitStandardisation, standardise } from '../preprocessing/standardiser.ts';

/** A target on a panel, cut into folds and laid out for probes that are fitted many times. Positions count the rows of `rows`. */
export interface Ground {
  readonly panel: Panel;
  readonly labelBars: number;
  /** In time order; of very many, those of every so many bars. */
  readonly rows: RowIndices;
  /** [positions]; NaN = not known. */
  readonly labels: Float64Array;
  /** [positions, features], standardised over the first training window, so that all folds share one matrix; missing values are 0. */
  readonly matrix: Float32Array;
  readonly folds: readonly GroundFold[];
  /** Bars from one chosen bar to the next. */
  readonly everyBars: number;
  /** The labels turned round in time by a number of bars (of one symbol: of its own rows). [positions] */
  readonly shifted: (bars: number) => Float64Array;
  /** Steps of that circle. */
  readonly circle: number;
}

/** Positions, ascending. */
export interface GroundFold {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
  readonly test: Uint32Array;
}

/** More rows than these make evidence no clearer, only slower. */
const mostRows = { pooled: 120_000, own: 20_000 } as const;

/** Bars of the calendar from the first label of any symbol to the last. */
export interface LabelledSpan {
  readonly first: number;
  /** Excluded. */
  readonly end: number;
}

/** @returns null where nothing is labelled */
export function labelledSpan({ rows, barOf }: Panel, target: Float64Array): LabelledSpan | null {
  let [first, end] = [Number.POSITIVE_INFINITY, 0];
  for (let row = 0; row < rows; row++) {
    if (!Number.isFinite(target[row]!)) continue;
    first = Math.min(first, barOf[row]!);
    end = Math.max(end, barOf[row]! + 1);
  }
  return end > 0 ? { first, end } : null;
}

/** Walk-forward folds over the labelled span. @throws DomainError TOO_FEW_BARS */
export function evidenceFolds(span: LabelledSpan, settings: WalkForwardSettings, labelBars: number): Fold[] {
  const move = ({ start, end }: Fold['train']) => ({ start: start + span.first, end: end + span.first });
  return planFolds({ bars: span.end - span.first, settings, labelBars }).map((fold) => ({
    ...fold,
    train: move(fold.train),
    validation: move(fold.validation),
    test: move(fold.test),
  }));
}

/**
 * @param panel of all symbols, or of one: then rows are turned round by the symbol's own, from its first label to its last, so that one
 *   that came late or misses bars loses none
 * @param target [panel.rows]
 * @throws DomainError TOO_FEW_BARS where a block of a fold has no row
 */
export function layGround(panel: Panel, target: Float64Array, folds: readonly Fold[], span: LabelledSpan): Ground {
  const own = panel.symbols.length === 1;
  const inSpan = (row: number) => panel.barOf[row]! >= span.first && panel.barOf[row]! < span.end;
  let present = 0;
  for (let row = 0; row < panel.rows; row++) if (inSpan(row)) present++;
  const everyBars = Math.max(1, Math.ceil(present / (own ? mostRows.own : mostRows.pooled)));
  const chosen = (row: number) => inSpan(row) && (panel.barOf[row]! - span.first) % everyBars === 0;
  const rows = inTimeOrder(panel, chosen);
  const positionOf = new Int32Array(panel.rows).fill(-1);
  for (let i = 0; i < rows.length; i++) positionOf[rows[i]!] = i;

  const usable = Uint8Array.from({ length: panel.rows }, (_, row) => (positionOf[row]! >= 0 ? 1 : 0));
  // A row without a label of its own may get one by a shift: which rows a block has does not depend on labels.
  const zeros = new Float64Array(panel.rows);
  const blocks = folds.map((fold) => foldRows(panel, zeros, fold, usable));
  for (const [i, fold] of blocks.entries()) requireLabels(i, fold, target);
  const positions = (list: RowIndices) => list.map((row) => positionOf[row]!);
  const shifting = own ? turnRows(panel, target) : turnBars(panel, target, span);
  return {
    ...{ panel, labelBars: folds[0]!.labelBars, rows, everyBars, circle: shifting.circle },
    labels: Float64Array.from(rows, (row) => target[row]!),
    matrix: standardise(panel, fitStandardisation(panel, blocks[0]!.train), rows),
    folds: blocks.map(({ train, validation, test }) => ({
      train: positions(train),
      validation: positions(validation),
      test: positions(test),
    })),
    shifted: (bars) => Float64Array.from(rows, (row) => shifting.at(row, bars)),
  };
}

/** Fewest labelled rows of a block on which something can be fitted, or judged. */
const fewest = { train: 30, validation: 10, test: 10 } as const;

function requireLabels(fold: number, blocks: Record<keyof typeof fewest, RowIndices>, target: Float64Array): void {
  for (const block of ['train', 'validation', 'test'] as const) {
    const labelled = blocks[block].reduce((sum, row) => sum + (Number.isFinite(target[row]!) ? 1 : 0), 0);
    if (labelled < fewest[block])
      throw new DomainError(
        'TOO_FEW_BARS',
        `${labelled} labelled rows in the ${block} block of fold ${fold + 1}, where ${fewest[block]} are the least`,
      );
  }
}

interface Turning {
  readonly circle: number;
  readonly at: (row: number, steps: number) => number;
}

/** All symbols together, by bars of the calendar: what they have in common on a bar stays together. */
function turnBars(
  { rows, symbols, symbolOf, barOf }: Panel,
  target: Float64Array,
  { first, end }: LabelledSpan,
): Turning {
  const circle = end - first;
  const rowAt = new Int32Array(symbols.length * circle).fill(-1);
  for (let row = 0; row < rows; row++) {
    const bar = barOf[row]! - first;
    if (bar >= 0 && bar < circle) rowAt[symbolOf[row]! * circle + bar] = row;
  }
  return {
    circle,
    at(row, steps) {
      const other = rowAt[symbolOf[row]! * circle + ((barOf[row]! - first + steps) % circle)]!;
      return other < 0 ? Number.NaN : target[other]!;
    },
  };
}

/** One symbol, by its own rows from its first label to its last. */
function turnRows({ rows }: Panel, target: Float64Array): Turning {
  let first = 0;
  while (first < rows && !Number.isFinite(target[first]!)) first++;
  let end = rows;
  while (end > first && !Number.isFinite(target[end - 1]!)) end--;
  const circle = end - first;
  return {
    circle,
    at: (row, steps) => (row < first || row >= end ? Number.NaN : target[first + ((row - first + steps) % circle)]!),
  };
}
