import type { Metrics, Outcome } from '@twostage/core/runs/training';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { decimal, duration, significant } from '../format.ts';
import { type MetricId, metricIds, metricLooks, shownMetrics } from './metricLooks.ts';
import { elapsedMs, icReason, meanValidationLoss, metricsOf, trainingTitle } from './trainingFigures.ts';

export interface LeaderboardRow {
  /** Of a training that learns several targets together there is a row a target. */
  readonly key: string;
  /** Of the training. */
  readonly id: string;
  readonly title: string;
  readonly target: string;
  /** Place in the palette. */
  readonly color: number;
  readonly experimental: boolean;
  readonly state: TrainingView['state'];
  readonly outcome: Outcome | null;
  readonly folds: TrainingView['folds'];
  readonly metrics: Metrics | null;
  readonly figures: Readonly<Record<FigureId, number | null>>;
  /** The greater the better. */
  readonly merits: Readonly<Record<FigureId, number | null>>;
}

type CostId = 'valLoss' | 'timeMs' | 'memoryBytes';
export type FigureId = MetricId | CostId;
export const figureIds: readonly FigureId[] = [...metricIds, 'valLoss', 'timeMs', 'memoryBytes'];

export interface FigureColumn {
  readonly label: string;
  readonly title: string;
  /** Which way a first click sorts. */
  readonly first: 'asc' | 'desc';
  readonly text: (value: number | null) => string;
}

const costColumns: Record<CostId, FigureColumn> = {
  valLoss: {
    label: 'Val. loss',
    title: 'Best validation loss, mean over folds; what the family itself minimises',
    first: 'asc',
    text: (value) => significant(value),
  },
  timeMs: { label: 'Time', title: 'Wall time of the training', first: 'asc', text: duration },
  memoryBytes: {
    label: 'Memory',
    title: 'Peak resident memory',
    first: 'asc',
    text: (value) => (value === null ? '–' : `${decimal(value / 1024 ** 2, 0)} MiB`),
  },
};

const isCost = (id: FigureId): id is CostId => id in costColumns;
/** Nothing is ranked by a holdout: once it were, it would be none. */
export const ranksBy = (id: FigureId): boolean => isCost(id) || metricLooks[id].kind !== 'holdout';
const lowFirst: readonly MetricId[] = [
  ...(['mse', 'mae', 'crps', 'pinball', 'intervalWidth', 'nll'] as const),
  ...(['maxDrawdown', 'turnover'] as const),
  ...(['logLoss', 'calibrationError', 'pathsSharpeBelow', 'holdoutLogLoss'] as const),
];
/** Where there is little room others stand for them: MSE, the net Sharpe ratio. */
const leftOut: readonly MetricId[] = [
  ...(['mae', 'grossSharpe', 'annualReturn', 'policySharpe', 'calibrationError'] as const),
  ...(['pathsIcLow', 'holdoutRankIc', 'holdoutAuc', 'holdoutLogLoss'] as const),
];

export const figureColumn = (id: FigureId): FigureColumn =>
  isCost(id) ? costColumns[id] : { ...metricLooks[id], first: lowFirst.includes(id) ? 'asc' : 'desc' };

/** Every training with what is known of it; one that did not complete has no figures but its time. */
export function leaderboardRows(
  view: RunView,
  now: number,
  trainings: Iterable<TrainingView> = view.trainings.values(),
): LeaderboardRow[] {
  const places = new Map([...view.trainings.keys()].map((id, index) => [id, index]));
  return [...trainings].flatMap((training) => {
    const color = places.get(training.spec.id) ?? 0;
    const outcome = training.outcome;
    const byTarget = outcome?.kind === 'completed' ? outcome.result.byTarget : undefined;
    if (!byTarget || byTarget.length === 0) return [rowOf(training, color, metricsOf(training), now)];
    return byTarget.map(({ target, metrics }) => ({
      ...rowOf(training, color, metrics, now),
      key: `${training.spec.id} ${target}`,
      title: trainingTitle({ ...training.spec, target, targets: undefined }),
      target,
    }));
  });
}

function rowOf(training: TrainingView, color: number, metrics: Metrics | null, now: number): LeaderboardRow {
  const costs: Record<CostId, number | null> = {
    valLoss: meanValidationLoss(training),
    timeMs: elapsedMs(training, now),
    memoryBytes: training.peakRssBytes,
  };
  const each = (value: (id: FigureId) => number | null) =>
    Object.fromEntries(figureIds.map((id) => [id, value(id)])) as Record<FigureId, number | null>;
  return {
    key: training.spec.id,
    id: training.spec.id,
    title: trainingTitle(training.spec),
    target: training.spec.target,
    color,
    experimental: training.spec.plan?.experimental ?? false,
    state: training.state,
    outcome: training.outcome,
    folds: training.folds,
    metrics,
    figures: each((id) => (isCost(id) ? costs[id] : metrics && metricLooks[id].of(metrics))),
    merits: each((id) => {
      if (!isCost(id)) return metrics && (metricLooks[id].merit?.(metrics) ?? null);
      // Families minimise losses of their own: they are not to be ranked by them.
      if (id === 'valLoss') return null;
      const cost = costs[id];
      return cost === null ? null : -cost;
    }),
  };
}

/** How far off a figure may be, as it is written; null where that is not known. */
export function errorOf({ metrics }: LeaderboardRow, id: FigureId): string | null {
  if (isCost(id) || !metrics) return null;
  const { error, text } = metricLooks[id];
  const value = error?.(metrics) ?? null;
  return value === null ? null : text(value).replace('+', '');
}

const ofIc: readonly FigureId[] = ['ic', 'rankIc', 'icir', 'icT'];
/** Why a figure is not defined, where that is known. */
export function missingReason({ metrics, figures }: LeaderboardRow, id: FigureId): string | null {
  if (figures[id] !== null) return null;
  if (ofIc.includes(id)) return icReason(metrics);
  if (id !== 'pinball' || !metrics?.distribution) return null;
  return `Not compared: it forecasts the quantiles ${metrics.distribution.pinball.map(({ level }) => level).join(', ')}`;
}

/** The columns that some row fills, but those that others stand for. */
export function shownFigures(rows: readonly LeaderboardRow[]): FigureId[] {
  const metrics = shownMetrics(rows.flatMap((row) => row.metrics ?? [])).filter((id) => !leftOut.includes(id));
  return [...metrics, 'valLoss', 'timeMs', 'memoryBytes'];
}

/** By one figure; those that have none come last, whichever way. */
export function sortRows(
  rows: readonly LeaderboardRow[],
  by: FigureId | 'title',
  direction: 'asc' | 'desc',
): LeaderboardRow[] {
  const sign = direction === 'asc' ? 1 : -1;
  return [...rows].sort((a, b) => {
    if (by === 'title') return sign * a.title.localeCompare(b.title);
    const [x, y] = [a.figures[by], b.figures[by]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}

/**
 * Rows and figures that none of the same target exceeds, as `isBest` asks for them: an error over a day is not compared with
 * one over a month. Only where at least two trainings have the figure.
 */
export function bestFigures(rows: readonly LeaderboardRow[]): ReadonlySet<string> {
  const best = new Set<string>();
  for (const target of new Set(rows.map((row) => row.target))) {
    for (const id of figureIds) {
      const judged = rows.filter(
        (row) => row.target === target && row.state === 'completed' && row.merits[id] !== null,
      );
      if (judged.length < 2) continue;
      const most = Math.max(...judged.map((row) => row.merits[id]!));
      for (const row of judged) if (row.merits[id] === most) best.add(bestKey(row, id));
    }
  }
  return best;
}
const bestKey = ({ key }: Pick<LeaderboardRow, 'key'>, id: FigureId): string => `${key} ${id}`;
export const isBest = (best: ReadonlySet<string>, row: LeaderboardRow, id: FigureId): boolean =>
  best.has(bestKey(row, id));
