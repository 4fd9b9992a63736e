import { DomainError } from '@twostage/core/errors';
import { type Fold, foldRows, type FoldRows, planFolds } from '@twostage/core/evaluation/folds';
import { onlySymbol } from '@twostage/core/panel/onlySymbol';
import type { Panel } from '@twostage/core/panel/panel';
import type { Scope, TrainingSpec } from '@twostage/core/runs/training';
import type { OpenedDataset } from '@twostage/data/openDataset';
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
    return { name, values, labelBars: dataset.manifest.targets.find((known) => known.name === name)!.labelBars };
  };
  const [, ...others] = targets ?? [];
  return { panel, firstRow, targets: [column(target), ...others.map(column)] };
}

/** @throws DomainError UNKNOWN_SYMBOL */
export const panelOf = (whole: Panel, scope: Scope): { panel: Panel; firstRow: number } =>
  scope.kind === 'symbol' ? onlySymbol(whole, scope.symbol) : { panel: whole, firstRow: 0 };

/**
 * The folds of a training and their rows. Where it learns several targets together, the longest label decides what is purged,
 * every target is known on the rows it is fitted on, and at least one on those it is judged on.
 * @throws DomainError TOO_FEW_BARS
 */
export function trainingFolds({ panel, targets }: TrainingData, job: TrainJob): { fold: Fold; rows: FoldRows }[] {
  const labelBars = Math.max(...targets.map((target) => target.labelBars));
  const plan = planFolds({ bars: panel.times.length, settings: job.folds, labelBars, lookback: job.lookback });
  const [first, ...others] = targets;
  const known = (row: number) => (column: TargetColumn) => Number.isFinite(column.values[row]!);
  const combine = (values: (row: number) => number) =>
    Float64Array.from({ length: panel.rows }, (_, row) => values(row));
  const every = others.length > 0 ? combine((row) => (targets.every(known(row)) ? 1 : Number.NaN)) : first.values;
  const some = others.length > 0 ? combine((row) => (targets.some(known(row)) ? 1 : Number.NaN)) : first.values;
  return plan.map((fold) => {
    const rows = foldRows(panel, every, fold);
    const judged = others.length > 0 ? { ...rows, test: foldRows(panel, some, fold).test } : rows;
    requireRows(fold, judged, panel, targets.map(({ name }) => name).join(', '));
    return { fold, rows: judged };
  });
}

function requireRows(fold: Fold, rows: FoldRows, panel: Panel, targets: string): void {
  for (const block of ['train', 'validation', 'test'] as const) {
    if (rows[block].length > 0) continue;
    const { start, end } = fold[block];
    const present = panel.barOf.some((bar) => bar >= start && bar < end);
    const why = present ? `${targets} is missing on every one` : `${panel.symbols.join(', ')} has none there`;
    throw new DomainError(
      'TOO_FEW_BARS',
      `fold ${fold.fold + 1} has no usable ${block} row in bars ${start} to ${end - 1} of the calendar: ${why}`,
    );
  }
}
