import { DomainError } from '../errors.ts';
import type { Panel } from '../panel/panel.ts';
import type { FoldSettings } from '../runs/config.ts';
import { type BarRange, blockRows, type FoldRows } from './blockRows.ts';

/** One walk-forward split: train, then validation, then test, each strictly before the next. */
export interface Fold {
  /** 0, 1, 2 … in time order. */
  readonly fold: number;
  readonly train: BarRange;
  readonly validation: BarRange;
  readonly test: BarRange;
  /** Bars ahead of its own that a row's label looks. */
  readonly labelBars: number;
  /** Bars that stay empty between the last label of a block and the first bar of the next one. */
  readonly embargoBars: number;
}

/** Fewest bars of a block on which something can be fitted, stopped early, or judged. */
export const smallestBlockBars = { train: 30, validation: 10, test: 10 } as const;

export type WalkForwardSettings = Pick<FoldSettings, 'count' | 'scheme' | 'embargoBars' | 'validationFraction'>;

export interface FoldPlanInput {
  /** Bars of the common calendar. */
  readonly bars: number;
  readonly settings: WalkForwardSettings;
  readonly labelBars: number;
  /** Bars a sequence family sees: the first training block must hold that many more. */
  readonly lookback?: number;
}

/**
 * Walk-forward folds over `bars` bars. The calendar is cut into `count + 2` blocks, equal to within a bar; the last `count` of them are
 * the test blocks, back to back, the last ending at the last bar. Everything before a test block is its training window
 * (`expanding`), or as many bars of it as the first fold had (`sliding`).
 *
 * Purge (López de Prado 2018, ch. 7): the label of bar t looks at bars up to t + labelBars, so a window ends labelBars
 * before the block judged after it; no label of an earlier block touches a bar of a later one.
 * Embargo: `embargoBars` further bars are left out there, because features and volatility are serially correlated beyond
 * the label. In a walk-forward split nothing is trained after a test block, so both gaps lie before the block judged.
 * The validation block is the last `validationFraction` of the training window, and the same gap lies on both its sides.
 *
 * @throws DomainError TOO_FEW_BARS saying how many are needed
 */
export function planFolds(input: FoldPlanInput): Fold[] {
  const folds = tryPlan(input);
  if (folds) return folds;
  const { bars, settings, labelBars, lookback = 0 } = input;
  const needed = minimumBars(settings, labelBars, lookback);
  throw new DomainError(
    'TOO_FEW_BARS',
    `${settings.count} fold${settings.count === 1 ? '' : 's'} with lookback ${lookback}, a label ${labelBars} bars ahead and an embargo of ${settings.embargoBars} bars need at least ${needed} bars; there are ${bars}`,
    { field: 'folds.count' },
  );
}

/** The fewest bars for which `planFolds` gives folds. */
export function minimumBars(settings: WalkForwardSettings, labelBars: number, lookback: number): number {
  return fewestBars((bars) => tryPlan({ bars, settings, labelBars, lookback }) !== null);
}

/** @param fits true of every number of bars from some number on */
export function fewestBars(fits: (bars: number) => boolean): number {
  let high = 64;
  while (!fits(high)) high *= 2;
  let low = 0;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (fits(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function tryPlan({ bars, settings, labelBars, lookback = 0 }: FoldPlanInput): Fold[] | null {
  const { count, scheme, embargoBars, validationFraction } = settings;
  // Rounded so that every block's length never shrinks as bars are added: `minimumBars` bisects on that.
  const firstTest = Math.ceil((2 * bars) / (count + 2));
  const testStartOf = (fold: number) => firstTest + Math.floor((fold * (bars - firstTest)) / count);
  if (Math.floor((bars - firstTest) / count) < smallestBlockBars.test) return null;
  const gap = labelBars + embargoBars;
  const folds: Fold[] = [];
  for (let fold = 0; fold < count; fold++) {
    const testStart = testStartOf(fold);
    const windowStart = scheme === 'sliding' ? testStart - firstTest : 0;
    const validationEnd = testStart - gap;
    const validationBars = Math.max(
      smallestBlockBars.validation,
      Math.round((validationEnd - windowStart) * validationFraction),
    );
    const validationStart = validationEnd - validationBars;
    const trainEnd = validationStart - gap;
    if (trainEnd - windowStart < smallestBlockBars.train + lookback) return null;
    folds.push({
      fold,
      train: { start: windowStart, end: trainEnd },
      validation: { start: validationStart, end: validationEnd },
      test: { start: testStart, end: testStartOf(fold + 1) },
      labelBars,
      embargoBars,
    });
  }
  return folds;
}

/**
 * The rows of one fold: see `blockRows`.
 * @throws DomainError SHAPE_MISMATCH
 */
export function foldRows(panel: Panel, target: Float64Array, fold: Fold, usable?: Uint8Array): FoldRows {
  return blockRows(panel, target, blocksOf(fold), usable);
}

/** A walk-forward fold as blocks of one range each. */
export const blocksOf = ({ train, validation, test, ...rest }: Fold) => ({
  ...rest,
  train: [train],
  validation: [validation],
  test: [test],
});
