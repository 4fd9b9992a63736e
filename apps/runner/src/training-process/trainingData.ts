import { DomainError } from '@twostage/core/errors';
import { blockRows, type FoldRows, withoutGaps } from '@twostage/core/evaluation/blockRows';
import { closesBefore, labelsBefore } from '@twostage/core/evaluation/holdout';
import { type PathPlan, type PlannedFold, planValidation } from '@twostage/core/evaluation/planValidation';
import { onlySymbol } from '@twostage/core/panel/onlySymbol';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import { isDirection } from '@twostage/core/runs/targets';
import type { Scope, TrainingSpec } from '@twostage/core/runs/training';
import type { OpenedDataset } from '@twostage/data/openDataset';
import { catalogue } from '@twostage/families/catalogue';
import type { TargetColumn } from '@twostage/families/trainer';
import type { TrainJob } from './protocol.ts';

/** What one training sees of the run's dataset: every symbol, or one. */
export interface TrainingData {
  readonly panel: Panel;
  /** Row i of the panel is row `firstRow + i` of the dataset. */
  readonly firstRow: number;
  /** The training's own first. */
  readonly targets: readonly [TargetColumn, ...TargetColumn[]];
}

/** @throws DomainError UNKNOWN_TARGET, UNKNOWN_SYMBOL, CORRUPT_DATASET */
export function trainingData(dataset: OpenedDataset, { target, targets, scope }: TrainingSpec): TrainingData {
  const { panel, firstRow } = panelOf(dataset.panel, scope);
  const own = (column: Float64Array) =>
    panel.rows === column.length ? column : column.slice(firstRow, firstRow + panel.rows);
  const column = (name: string): TargetColumn => {
    const values = own(dataset.target(name));
    const { labelBars } = dataset.manifest.targets.find((known) => known.name === name)!;
    return { name, values, labelBars, direction: isDirection(name, values) };
  };
  const [, ...others] = targets ?? [];
  return { panel, firstRow, targets: [column(target), ...others.map(column)] };
}

/** @throws DomainError UNKNOWN_SYMBOL */
export const panelOf = (whole: Panel, scope: Scope): { panel: Panel; firstRow: number } =>
  scope.kind === 'symbol' ? onlySymbol(whole, scope.symbol) : { panel: whole, firstRow: 0 };

/** One model of a training: what it is fitted and judged on. */
export interface TrainingFold {
  readonly fold: number;
  readonly rows: FoldRows;
}

export interface TrainingPlan {
  readonly folds: readonly TrainingFold[];
  /** What the folds see: nothing of the holdout's prices and labels. */
  readonly data: TrainingData;
  /** Of combinatorial cross-validation. */
  readonly paths: PathPlan | null;
  /** The last fit, which sees everything. */
  readonly holdout: TrainingFold | null;
}

/**
 * The folds of a training and their rows. Where it learns several targets together, the longest label decides what is purged,
 * every target is known on the rows it is fitted on, and at least one on those it is judged on.
 * @throws DomainError TOO_FEW_BARS, LEAK
 */
export function trainingPlan(whole: TrainingData, job: TrainJob): TrainingPlan {
  const labelBars = Math.max(...whole.targets.map((target) => target.labelBars));
  const { lookback, folds: settings } = job;
  const plan = planValidation({ bars: whole.panel.times.length, settings, labelBars, lookback });
  const data = plan.holdout ? beforeHoldout(whole, plan.holdout.test[0]!.start) : whole;
  const windows = catalogue[job.training.family].input !== 'tabular' && plan.paths !== null ? lookback : null;
  return {
    data,
    folds: plan.folds.map((fold) => foldOf(data, fold, windows)),
    paths: plan.paths,
    holdout: plan.holdout && foldOf(whole, plan.holdout, null),
  };
}

function beforeHoldout({ panel, targets, ...rest }: TrainingData, bar: number): TrainingData {
  const [first, ...others] = targets.map((target) => ({
    ...target,
    values: labelsBefore(panel, target.values, target.labelBars, bar),
  }));
  return { ...rest, panel: closesBefore(panel, bar), targets: [first!, ...others] };
}

/** @param windows bars that a window of a sequence family takes, where blocks lie apart; else null */
function foldOf({ panel, targets }: TrainingData, fold: PlannedFold, windows: number | null): TrainingFold {
  const [first, ...others] = targets;
  const known = (row: number) => (column: TargetColumn) => Number.isFinite(column.values[row]!);
  const combine = (values: (row: number) => number) =>
    Float64Array.from({ length: panel.rows }, (_, row) => values(row));
  const every = others.length > 0 ? combine((row) => (targets.every(known(row)) ? 1 : Number.NaN)) : first.values;
  const rows = blockRows(panel, every, fold);
  const whole = (block: RowIndices) => (windows === null ? block : withoutGaps(panel, block, fold, windows));
  const judged =
    others.length > 0
      ? blockRows(
          panel,
          combine((row) => (targets.some(known(row)) ? 1 : Number.NaN)),
          fold,
        ).test
      : rows.test;
  const own = { train: whole(rows.train), validation: whole(rows.validation), test: judged };
  requireRows(fold, own, panel, targets.map(({ name }) => name).join(', '));
  return { fold: fold.fold, rows: own };
}

function requireRows(fold: PlannedFold, rows: FoldRows, panel: Panel, targets: string): void {
  for (const block of ['train', 'validation', 'test'] as const) {
    if (rows[block].length > 0) continue;
    const ranges = fold[block];
    const present = panel.barOf.some((bar) => ranges.some(({ start, end }) => bar >= start && bar < end));
    const why = present ? `${targets} is missing on every one` : `${panel.symbols.join(', ')} has none there`;
    const bars = ranges.map(({ start, end }) => `${start} to ${end - 1}`).join(' and ');
    throw new DomainError(
      'TOO_FEW_BARS',
      `fold ${fold.fold + 1} has no usable ${block} row in bars ${bars} of the calendar: ${why}`,
    );
  }
}
