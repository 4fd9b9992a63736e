import { icMissingText } from '@twostage/core/runs/icMissing';
import type { TrainingState } from '@twostage/core/runs/lifecycle';
import type { Metrics, Outcome, TrainingSpec } from '@twostage/core/runs/training';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { bytes, duration } from '../format.ts';

type Named = Pick<TrainingSpec, 'family' | 'target' | 'targets' | 'scope'>;

/** What it predicts: a target, or how many it learns together. */
export const targetText = ({ target, targets }: Pick<TrainingSpec, 'target' | 'targets'>): string =>
  targets ? `${targets.length} targets` : target;

export const trainingTitle = (spec: Named): string =>
  `${spec.family} · ${targetText(spec)}${spec.scope.kind === 'symbol' ? ` · ${spec.scope.symbol}` : ''}`;

/** Part of the training that is done, 0 to 1: folds, and within a fold its steps. */
export function doneFraction(training: Pick<TrainingView, 'state' | 'progress'>): number {
  const { state, progress } = training;
  if (state === 'completed') return 1;
  if (!progress || progress.folds === 0) return 0;
  const fitted = progress.phase === 'predicting' || progress.phase === 'saving';
  const within = fitted ? 1 : progress.totalSteps > 0 ? Math.min(1, progress.step / progress.totalSteps) : 0;
  return Math.min(1, (progress.fold + within) / progress.folds);
}

export const metricsOf = (training: Pick<TrainingView, 'outcome'>): Metrics | null =>
  training.outcome?.kind === 'completed' ? training.outcome.result.metrics : null;

/** Lowest validation loss so far: of the fold that runs and of those that ended. */
export function bestValidationLoss(training: Pick<TrainingView, 'folds' | 'progress'>): number | null {
  const losses = [training.progress?.bestValidationLoss, ...training.folds.map((fold) => fold.bestValidationLoss)];
  const known = losses.filter((loss): loss is number => typeof loss === 'number');
  return known.length > 0 ? Math.min(...known) : null;
}

/** Mean over the folds that have one: the figure by which trainings are compared. */
export function meanValidationLoss(training: Pick<TrainingView, 'folds'>): number | null {
  const known = training.folds.flatMap((fold) => fold.bestValidationLoss ?? []);
  return known.length > 0 ? known.reduce((sum, loss) => sum + loss, 0) / known.length : null;
}

/** Pooled when it has ended, else the mean of the folds judged so far. */
export function icSoFar(training: Pick<TrainingView, 'folds' | 'outcome'>): number | null {
  const pooled = metricsOf(training);
  if (pooled) return pooled.ic;
  const known = training.folds.flatMap((fold) => fold.metrics.ic ?? []);
  return known.length > 0 ? known.reduce((sum, ic) => sum + ic, 0) / known.length : null;
}

/** Why there is no IC, where that is known. */
export function icReason(metrics: Metrics | null): string | null {
  const reason = metrics && icMissingText(metrics);
  return reason && `Not defined: ${reason}`;
}

export function elapsedMs(
  training: Pick<TrainingView, 'seconds' | 'startedAt' | 'endedAt'>,
  now: number,
): number | null {
  if (training.seconds !== null) return training.seconds * 1000;
  if (training.startedAt === null) return null;
  return Math.max(0, (training.endedAt ?? now) - training.startedAt);
}

/** Why a training ended as it did, in one line; null where all is well. */
export function endReason(outcome: Outcome | null): string | null {
  if (!outcome) return null;
  switch (outcome.kind) {
    case 'completed':
      return outcome.result.notes[0] ?? null;
    case 'failed':
      return outcome.message;
    case 'timedOut':
      return `stopped after ${duration(outcome.afterMs)}, its deadline`;
    case 'killed':
      return outcome.message;
    case 'cancelled':
      return null;
    case 'skipped':
      return outcome.message;
  }
}

/** Counts by state. */
export function tally(
  trainings: Iterable<Pick<TrainingView, 'state'>>,
): Record<TrainingState, number> & { total: number } {
  const counts = {
    pending: 0,
    running: 0,
    completed: 0,
    failed: 0,
    timedOut: 0,
    killed: 0,
    cancelled: 0,
    skipped: 0,
    total: 0,
  };
  for (const { state } of trainings) {
    counts[state] += 1;
    counts.total += 1;
  }
  return counts;
}

export function bestByRankIc(view: RunView): { training: TrainingView; rankIc: number; icT: number | null } | null {
  let best: { training: TrainingView; rankIc: number; icT: number | null } | null = null;
  for (const training of view.trainings.values()) {
    const metrics = metricsOf(training);
    if (metrics?.rankIc == null) continue;
    if (!best || metrics.rankIc > best.rankIc) best = { training, rankIc: metrics.rankIc, icT: metrics.icT };
  }
  return best;
}

/** What the run still takes, as its trainings estimate it: those that run, side by side. null while nothing is known. */
export function runEtaMs(view: RunView): number | null {
  let latest: number | null = null;
  for (const { state, progress } of view.trainings.values()) {
    if (state === 'pending') return null;
    if (state === 'running') {
      if (progress?.etaMs == null) return null;
      latest = Math.max(latest ?? 0, progress.etaMs);
    }
  }
  return latest;
}

export const memoryText = (training: Pick<TrainingView, 'peakRssBytes' | 'progress'>): string =>
  bytes(training.peakRssBytes ?? training.progress?.rssBytes);
