import { DomainError } from '../errors.ts';
import type { Panel } from '../panel/panel.ts';
import { type BarRange, type FoldRows, inTimeOrder, smallestBlockBars } from './folds.ts';
import { labelEndBar } from './realisedLabels.ts';
import { combinations } from './selection/combinations.ts';

/** One way of testing on some groups of bars and training on the others. */
export interface CombinatorialSplit {
  readonly split: number;
  /** Groups of bars that are tested, ascending. */
  readonly testGroups: readonly number[];
  /** In time order; groups beside each other are one range. */
  readonly test: readonly BarRange[];
  /** In time order, purged and under embargo; the last `validationFraction` of these bars is validation. */
  readonly train: readonly BarRange[];
  readonly validation: readonly BarRange[];
  readonly labelBars: number;
  readonly embargoBars: number;
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
  const { bars, groups, testGroups, labelBars, embargoBars, validationFraction = 0 } = input;
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
  const edge = (group: number) => Math.floor((group * bars) / groups);
  return combinations(groups, testGroups).map((chosen, split) => {
    const test = joined([...chosen].map((group) => ({ start: edge(group), end: edge(group + 1) })));
    const kept = between(test, bars, gap);
    const { train, validation } = cutValidation(kept, validationFraction, gap);
    const trained = lengthOf(train);
    if (trained < smallestBlockBars.train)
      throw new DomainError(
        'TOO_FEW_BARS',
        `testing groups ${chosen.join(' and ')} of ${groups} with a label ${labelBars} bars ahead and an embargo of ${embargoBars} leaves ${trained} of ${bars} bars to train on; ${smallestBlockBars.train} are needed`,
      );
    return { split, testGroups: [...chosen], test, train, validation, labelBars, embargoBars };
  });
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
 * The rows of one split, each block in time order, finite targets only. As in `foldRows`, a label ends where the symbol's own row
 * says, so rows of symbols that miss bars may be dropped before a test block, and rows of all symbols after one whose labels reach far.
 * @param target [panel.rows]; NaN = not known
 * @param usable [panel.rows], 1 = may be used; every row when absent
 * @throws DomainError SHAPE_MISMATCH
 */
export function combinatorialRows(
  panel: Panel,
  target: Float64Array,
  split: CombinatorialSplit,
  usable?: Uint8Array,
): FoldRows {
  if (target.length !== panel.rows || (usable && usable.length !== panel.rows)) {
    throw new DomainError(
      'SHAPE_MISMATCH',
      `a split needs one target and one mask value a row: expected ${panel.rows}, got ${target.length} and ${usable?.length ?? 'no mask'}`,
    );
  }
  const { labelBars, embargoBars } = split;
  const known = (row: number) => Number.isFinite(target[row]!) && usable?.[row] !== 0;
  const inAny = (ranges: readonly BarRange[], bar: number) =>
    ranges.some(({ start, end }) => bar >= start && bar < end);
  const test = inTimeOrder(panel, (row) => known(row) && inAny(split.test, panel.barOf[row]!));
  const lastLabel = split.test.map(() => -1);
  for (const row of test) {
    const block = split.test.findIndex(({ end }) => panel.barOf[row]! < end);
    lastLabel[block] = Math.max(lastLabel[block]!, labelEndBar(panel, row, labelBars));
  }
  const apart = (row: number, blocks: readonly BarRange[]) => {
    const bar = panel.barOf[row]!;
    const next = blocks.find(({ start }) => start > bar);
    return (
      (!next || labelEndBar(panel, row, labelBars) + embargoBars < next.start) &&
      split.test.every(({ start }, block) => start > bar || bar > lastLabel[block]! + embargoBars)
    );
  };
  const block = (ranges: readonly BarRange[], blocks: readonly BarRange[]) =>
    inTimeOrder(panel, (row) => known(row) && inAny(ranges, panel.barOf[row]!) && apart(row, blocks));
  const ahead = [...split.test, ...split.validation].sort((a, b) => a.start - b.start);
  return { train: block(split.train, ahead), validation: block(split.validation, split.test), test };
}

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

function cutValidation(kept: readonly BarRange[], fraction: number, gap: number) {
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
