import { DomainError } from '../errors.ts';
import type { Panel } from '../panel/panel.ts';
import { type BarRange, blockRows, type FoldBlocks, type FoldRows } from './blockRows.ts';
import { smallestBlockBars } from './folds.ts';
import { combinations } from './selection/combinations.ts';

/** One way of testing on some groups of bars and training on the others. */
export interface CombinatorialSplit extends FoldBlocks {
  readonly split: number;
  /** Groups of bars that are tested, ascending; those beside each other are one range of `test`. */
  readonly testGroups: readonly number[];
}

export interface CombinatorialFoldInput {
  /** Bars of the common calendar. */
  readonly bars: number;
  /** Groups the calendar is cut into, equal to within a bar. */
  readonly groups: number;
  /** How many of them are tested at a time. */
  readonly testGroups: number;
  readonly labelBars: number;
  readonly embargoBars: number;
  /** Of the training bars, cut from their end for early stopping; 0 = none. */
  readonly validationFraction?: number;
  /** Bars a sequence family sees: every stretch of training bars loses that many at its start. */
  readonly lookback?: number;
}

/**
 * Combinatorial purged cross-validation (López de Prado 2018, ch. 12): every choice of `testGroups` out of `groups` is tested once, by
 * a model that was trained on the rest. Unlike in walk-forward, training bars lie after test bars too.
 *
 * Purge and embargo as in `planFolds`, on both sides of a test block: before it a training label ends, and `embargoBars` pass; after
 * it the block's own last label ends, and as many pass, before training begins again. The same gap lies before the validation bars.
 *
 * @throws DomainError INVALID_INPUT, TOO_FEW_BARS
 */
export function combinatorialFolds(input: CombinatorialFoldInput): CombinatorialSplit[] {
  const { bars, groups, testGroups, labelBars, embargoBars, validationFraction = 0, lookback = 0 } = input;
  if (!(Number.isInteger(groups) && Number.isInteger(testGroups) && testGroups >= 1 && testGroups < groups))
    throw new DomainError(
      'INVALID_INPUT',
      `expected to test 1 to ${groups - 1} of ${groups} groups, got ${testGroups}`,
    );
  if (Math.floor(bars / groups) < smallestBlockBars.test)
    throw new DomainError(
      'TOO_FEW_BARS',
      `${groups} groups need at least ${groups * smallestBlockBars.test} bars; there are ${bars}`,
    );
  const gap = labelBars + embargoBars;
  const cut = groupsOf(bars, groups);
  return combinations(groups, testGroups).map((chosen, split) => {
    const test = joined([...chosen].map((group) => cut[group]!));
    const kept = between(test, bars, gap);
    const { train, validation } = cutValidation(kept, validationFraction, gap);
    const trained = train.reduce((sum, { start, end }) => sum + Math.max(0, end - start - lookback), 0);
    if (trained < smallestBlockBars.train)
      throw new DomainError(
        'TOO_FEW_BARS',
        `testing groups ${chosen.join(' and ')} of ${groups} with a label ${labelBars} bars ahead and an embargo of ${embargoBars}${lookback > 0 ? ` and lookback ${lookback}` : ''} leaves ${trained} of ${bars} bars to train on; ${smallestBlockBars.train} are needed`,
      );
    return { split, testGroups: [...chosen], test, train, validation, labelBars, embargoBars };
  });
}

/** The calendar in groups, equal to within a bar. */
export function groupsOf(bars: number, groups: number): BarRange[] {
  const edge = (group: number) => Math.floor((group * bars) / groups);
  return Array.from({ length: groups }, (_, group) => ({ start: edge(group), end: edge(group + 1) }));
}

/**
 * The backtest paths that the splits make up: each tests every group once, each time by another model. There are
 * testGroups / groups × C(groups, testGroups) of them.
 * @returns [paths][groups], the split whose model tests that group
 */
export function combinatorialPaths(splits: readonly Pick<CombinatorialSplit, 'testGroups'>[]): Uint32Array[] {
  const splitsOf: number[][] = [];
  splits.forEach(({ testGroups }, split) => {
    for (const group of testGroups) {
      splitsOf[group] ??= [];
      splitsOf[group].push(split);
    }
  });
  return Array.from({ length: splitsOf[0]?.length ?? 0 }, (_, path) => Uint32Array.from(splitsOf, (own) => own[path]!));
}

/**
 * The rows of one split: see `blockRows`.
 * @throws DomainError SHAPE_MISMATCH
 */
export const combinatorialRows = (
  panel: Panel,
  target: Float64Array,
  split: CombinatorialSplit,
  usable?: Uint8Array,
): FoldRows => blockRows(panel, target, split, usable);

function joined(ranges: readonly BarRange[]): BarRange[] {
  const whole: BarRange[] = [];
  for (const range of ranges) {
    const before = whole.at(-1);
    if (before?.end === range.start) whole[whole.length - 1] = { start: before.start, end: range.end };
    else whole.push(range);
  }
  return whole;
}

/** What lies between the test blocks, less the gap on both sides of each. */
function between(test: readonly BarRange[], bars: number, gap: number): BarRange[] {
  const starts = [0, ...test.map(({ end }) => end + gap)];
  const ends = [...test.map(({ start }) => start - gap), bars];
  return starts.map((start, i) => ({ start, end: ends[i]! })).filter(({ start, end }) => end > start);
}

const lengthOf = (ranges: readonly BarRange[]) => ranges.reduce((sum, { start, end }) => sum + end - start, 0);

function cutValidation(
  kept: readonly BarRange[],
  fraction: number,
  gap: number,
): Pick<CombinatorialSplit, 'train' | 'validation'> {
  if (fraction === 0) return { train: kept, validation: [] };
  let left = Math.max(smallestBlockBars.validation, Math.round(lengthOf(kept) * fraction));
  let from = 0;
  for (const { start, end } of kept.toReversed()) {
    from = Math.max(start, end - left);
    left -= end - from;
    if (left === 0) break;
  }
  const clipped = (start: number, end: number) =>
    kept
      .map((range) => ({ start: Math.max(range.start, start), end: Math.min(range.end, end) }))
      .filter((range) => range.end > range.start);
  return { train: clipped(0, from - gap), validation: clipped(from, Number.POSITIVE_INFINITY) };
}
