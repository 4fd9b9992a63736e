import type { Outcome } from '@twostage/core/runs/training';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { decimal, duration, percent, signed, significant } from '../../../ui/format.ts';
import { elapsedMs, meanValidationLoss, memoryText, metricsOf, trainingTitle } from './trainingFigures.ts';

export interface LeaderboardRow {
  readonly id: string;
  readonly title: string;
  /** Place in the palette. */
  readonly color: number;
  readonly state: TrainingView['state'];
  readonly outcome: Outcome | null;
  readonly folds: TrainingView['folds'];
  readonly figures: Readonly<Record<FigureId, number | null>>;
  readonly memory: string;
}

export const figureIds = [
  'ic',
  'rankIc',
  'icir',
  'icT',
  'r2',
  'mse',
  'hitRate',
  'valLoss',
  'timeMs',
  'memoryBytes',
] as const;
export type FigureId = (typeof figureIds)[number];

export interface FigureColumn {
  readonly label: string;
  readonly title: string;
  /** Which end is better. */
  readonly better: 'high' | 'low';
  readonly text: (value: number | null) => string;
}

/** Total by type, so that every figure has a column. */
export const figureColumns: Record<FigureId, Omit<FigureColumn, 'id'>> = {
  ic: {
    label: 'IC',
    title: 'Mean per-bar Pearson correlation of forecast and outcome, test blocks pooled',
    better: 'high',
    text: (value) => signed(value, 4),
  },
  rankIc: {
    label: 'Rank IC',
    title: 'Mean per-bar Spearman correlation, test blocks pooled',
    better: 'high',
    text: (value) => signed(value, 4),
  },
  icir: {
    label: 'ICIR',
    title: 'Mean IC over its standard deviation between bars, not annualised',
    better: 'high',
    text: (value) => signed(value, 3),
  },
  icT: { label: 't', title: 'Newey–West t value of the mean IC', better: 'high', text: (value) => signed(value, 2) },
  r2: { label: 'R²', title: 'Against the training mean', better: 'high', text: (value) => signed(value, 4) },
  mse: { label: 'MSE', title: 'Mean squared error', better: 'low', text: (value) => significant(value) },
  hitRate: {
    label: 'Hit rate',
    title: 'Share of rows whose sign was right',
    better: 'high',
    text: (value) => percent(value),
  },
  valLoss: {
    label: 'Val. loss',
    title: 'Best validation loss, mean over folds; mean squared error of the target',
    better: 'low',
    text: (value) => significant(value),
  },
  timeMs: { label: 'Time', title: 'Wall time of the training', better: 'low', text: duration },
  memoryBytes: {
    label: 'Memory',
    title: 'Peak resident memory',
    better: 'low',
    text: (value) => (value === null ? '–' : `${decimal(value / 1024 ** 2, 0)} MiB`),
  },
};

/** Every training with what is known of it; one that did not complete has no figures but its time. */
export function leaderboardRows(view: RunView, now: number): LeaderboardRow[] {
  return [...view.trainings.values()].map((training, color) => {
    const metrics = metricsOf(training);
    return {
      id: training.spec.id,
      title: trainingTitle(training.spec),
      color,
      state: training.state,
      outcome: training.outcome,
      folds: training.folds,
      memory: memoryText(training),
      figures: {
        ic: metrics?.ic ?? null,
        rankIc: metrics?.rankIc ?? null,
        icir: metrics?.icir ?? null,
        icT: metrics?.icT ?? null,
        r2: metrics?.r2 ?? null,
        mse: metrics?.mse ?? null,
        hitRate: metrics?.hitRate ?? null,
        valLoss: meanValidationLoss(training),
        timeMs: elapsedMs(training, now),
        memoryBytes: training.peakRssBytes,
      },
    };
  });
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

/** Of each figure the best value, where at least two trainings have it. */
export function bestFigures(rows: readonly LeaderboardRow[]): Partial<Record<FigureId, number>> {
  const best: Partial<Record<FigureId, number>> = {};
  for (const id of figureIds) {
    const values = rows.flatMap((row) => (row.state === 'completed' ? (row.figures[id] ?? []) : []));
    if (values.length < 2) continue;
    best[id] = figureColumns[id].better === 'high' ? Math.max(...values) : Math.min(...values);
  }
  return best;
}
