import { DomainError } from '../errors.ts';
import { choose, type FoldSettings } from '../runs/config.ts';
import type { BarRange, FoldBlocks } from './blockRows.ts';
import { combinatorialFolds, combinatorialPaths, groupsOf } from './combinatorialFolds.ts';
import { blocksOf, fewestBars, type FoldPlanInput, planFolds, smallestBlockBars } from './folds.ts';
import { checkFolds } from './checkFolds.ts';

/** What one model of a training is fitted and judged on. */
export interface PlannedFold extends FoldBlocks {
  /** 0, 1, 2 …; the holdout's comes after those of all folds. */
  readonly fold: number;
}

/** Of combinatorial cross-validation: how its folds make up backtests of the whole calendar. */
export interface PathPlan {
  /** What the calendar before the holdout is cut into. */
  readonly groups: readonly BarRange[];
  /** [paths][groups], the fold whose model tests that group. */
  readonly paths: readonly Uint32Array[];
}

export interface ValidationPlan {
  readonly folds: readonly PlannedFold[];
  /** null in walk-forward. */
  readonly paths: PathPlan | null;
  /** The last bars, which no fold sees, and all before them to learn from; null where none are kept. */
  readonly holdout: PlannedFold | null;
}

export type ValidationInput = Omit<FoldPlanInput, 'settings'> & { readonly settings: FoldSettings };

/**
 * Everything a training is fitted and judged on. A holdout is cut from the calendar's end first; the folds end a gap of
 * `labelBars + embargoBars` before it, so no label of theirs touches it, and the holdout's own model learns from all bars before that gap.
 * @throws DomainError TOO_FEW_BARS saying how many are needed; LEAK where blocks of a fold overlap
 */
export function planValidation(input: ValidationInput): ValidationPlan {
  const plan = tryPlan(input);
  if (plan) return plan;
  const { bars, settings, labelBars, lookback = 0 } = input;
  const { count, groups, testGroups, embargoBars, holdoutFraction, validation } = settings;
  const what =
    validation === 'cpcv' ? `testing ${testGroups} of ${groups} groups` : `${count} ${count === 1 ? 'fold' : 'folds'}`;
  const holdout = holdoutFraction > 0 ? ` and a holdout of ${holdoutFraction} of the bars` : '';
  throw new DomainError(
    'TOO_FEW_BARS',
    `${what}${holdout} with lookback ${lookback}, a label ${labelBars} bars ahead and an embargo of ${embargoBars} bars need at least ${leastBars(settings, labelBars, lookback)} bars; there are ${bars}`,
    { field: validation === 'cpcv' ? 'folds.groups' : 'folds.count' },
  );
}

/** The fewest bars for which `planValidation` gives a plan. */
export const leastBars = (settings: FoldSettings, labelBars: number, lookback: number): number =>
  fewestBars((bars) => tryPlan({ bars, settings, labelBars, lookback }) !== null);

/** Models that one training fits. */
export const fitsOf = ({ validation, count, groups, testGroups, holdoutFraction }: FoldSettings): number =>
  (validation === 'cpcv' ? choose(groups, testGroups) : count) + (holdoutFraction > 0 ? 1 : 0);

function tryPlan(input: ValidationInput): ValidationPlan | null {
  const { bars, settings, labelBars, lookback = 0 } = input;
  const { embargoBars, holdoutFraction } = settings;
  const gap = labelBars + embargoBars;
  const held = Math.round(bars * holdoutFraction);
  if (holdoutFraction > 0 && held < smallestBlockBars.test) return null;
  const seen = held > 0 ? bars - held - gap : bars;
  try {
    const { folds, paths } = plannedFolds({ ...input, bars: seen });
    const holdout = held > 0 ? holdoutFold({ bars, start: bars - held, settings, labelBars, lookback }) : null;
    if (held > 0 && !holdout) return null;
    const plan = { folds, paths, holdout: holdout && { ...holdout, fold: folds.length } };
    checkFolds(plan, bars);
    return plan;
  } catch (error) {
    if (error instanceof DomainError && error.code === 'TOO_FEW_BARS') return null;
    throw error;
  }
}

function plannedFolds({
  bars,
  settings,
  labelBars,
  lookback = 0,
}: ValidationInput): Pick<ValidationPlan, 'folds' | 'paths'> {
  if (settings.validation === 'walk-forward')
    return { folds: planFolds({ bars, settings, labelBars, lookback }).map(blocksOf), paths: null };
  const { groups, testGroups, embargoBars, validationFraction } = settings;
  const splits = combinatorialFolds({
    ...{ bars, groups, testGroups, labelBars, embargoBars, validationFraction, lookback },
  });
  return {
    folds: splits.map(({ split, testGroups: _, ...blocks }) => ({ ...blocks, fold: split })),
    paths: { groups: groupsOf(bars, groups), paths: combinatorialPaths(splits) },
  };
}

interface HoldoutInput {
  readonly bars: number;
  readonly start: number;
  readonly settings: FoldSettings;
  readonly labelBars: number;
  readonly lookback: number;
}

/** All bars before the holdout, whatever the scheme: it stands for the model that would be used from then on. */
function holdoutFold({ bars, start, settings, labelBars, lookback }: HoldoutInput): FoldBlocks | null {
  const { embargoBars, validationFraction } = settings;
  const gap = labelBars + embargoBars;
  const validationEnd = start - gap;
  const validationStart =
    validationEnd - Math.max(smallestBlockBars.validation, Math.round(validationEnd * validationFraction));
  const trainEnd = validationStart - gap;
  if (trainEnd < smallestBlockBars.train + lookback) return null;
  return {
    train: [{ start: 0, end: trainEnd }],
    validation: [{ start: validationStart, end: validationEnd }],
    test: [{ start, end: bars }],
    labelBars,
    embargoBars,
  };
}
