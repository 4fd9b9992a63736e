import { assertNever, DomainError } from '@twostage/core/errors';
import type { StageId } from '@twostage/core/families/family';
import type { Progress, RunEvent } from '@twostage/core/runs/events';
import {
  hasEnded,
  moveRun,
  moveStage,
  moveTraining,
  type RunState,
  type StageState,
  type TrainingState,
} from '@twostage/core/runs/lifecycle';
import type { Metrics, Outcome, TrainingSpec } from '@twostage/core/runs/training';

interface Best {
  readonly training: string;
  readonly value: number;
}
/** What a list of runs shows without reading a run's events or trainings: the column run.summary. */
export interface RunSummary {
  /** `total` is 0 until the run is planned. `failed`: ended in any other way than completed. */
  readonly trainings: { total: number; running: number; completed: number; failed: number };
  readonly stages: Record<StageId, StageState>;
  /** Highest pooled figure among its completed trainings. */
  readonly bestIc: Best | null;
  readonly bestRankIc: Best | null;
}
export const emptySummary: RunSummary = {
  trainings: { total: 0, running: 0, completed: 0, failed: 0 },
  stages: { cpu: 'pending', gpu: 'pending' },
  bestIc: null,
  bestRankIc: null,
};

/** What deciding needs to know of a run before the events. */
export interface RunHead {
  readonly state: RunState;
  readonly startedAt: string | null;
  readonly summary: RunSummary;
}
export interface TrainingHead {
  readonly state: TrainingState;
  readonly ic: number | null;
  readonly rankIc: number | null;
}

/** Columns that change, by the names they have in the database; timestamps are ISO. */
export interface RunPatch {
  state?: RunState;
  reason?: string | null;
  runner?: string;
  started_at?: string;
  ended_at?: string;
  summary?: RunSummary;
}
export interface TrainingPatch {
  state?: TrainingState;
  progress?: Progress | null;
  outcome?: Outcome | Omit<Extract<Outcome, { kind: 'completed' }>, 'result'> | null;
  metrics?: Metrics;
  ic?: number | null;
  rank_ic?: number | null;
  best_validation_loss?: number | null;
  device?: string;
  seconds?: number | null;
  peak_rss_bytes?: number | null;
  started_at?: string | null;
  ended_at?: string | null;
}
export interface Projection {
  readonly run: RunPatch;
  /** Trainings that a plan adds. */
  readonly planned: readonly TrainingSpec[];
  readonly trainings: ReadonlyMap<string, TrainingPatch>;
}

/** Whether deciding about these events needs the run's trainings: progress and logs, which are most events, do not. */
export const needsTrainings = (events: readonly RunEvent[]): boolean =>
  events.some(
    ({ kind }) =>
      kind === 'run.planned' ||
      kind === 'training.started' ||
      kind === 'training.ended' ||
      kind === 'training.requeued',
  );

/**
 * What events change in the rows of their run and its trainings. Pure; `trainings` may be empty where `needsTrainings` is false.
 * @param at when they happened, ISO
 * @throws DomainError ILLEGAL_TRANSITION; NOT_FOUND for a training that the run's plan does not hold
 */
export function project(
  head: RunHead,
  trainings: ReadonlyMap<string, TrainingHead>,
  events: readonly RunEvent[],
  at: string,
): Projection {
  const run: RunPatch = {};
  const planned: TrainingSpec[] = [];
  const patches = new Map<string, TrainingPatch>();
  const heads = new Map(trainings);
  const stages = { ...head.summary.stages };
  let state = head.state;

  const patch = (key: string, change: TrainingPatch) => {
    patches.set(key, { ...patches.get(key), ...change });
  };
  const move = (key: string, to: TrainingState, figures: Partial<TrainingHead> = {}) => {
    const before = heads.get(key);
    if (!before) throw new DomainError('NOT_FOUND', `an event names the training "${key}", which the run's plan lacks`);
    heads.set(key, { ...before, ...figures, state: moveTraining(before.state, to) });
  };

  for (const event of events) {
    switch (event.kind) {
      case 'run.stateChanged':
        // The first event of a run says that it is queued, which is where every run begins.
        if (!(event.state === 'queued' && state === 'queued')) state = moveRun(state, event.state);
        run.state = state;
        run.reason = event.reason;
        if (event.runner !== null) run.runner = event.runner;
        if (state === 'preparing' && head.startedAt === null) run.started_at ??= at;
        if (hasEnded(state)) run.ended_at = at;
        break;
      case 'run.planned':
        for (const spec of event.trainings) {
          if (heads.has(spec.id)) continue;
          heads.set(spec.id, { state: 'pending', ic: null, rankIc: null });
          planned.push(spec);
        }
        break;
      case 'stage.started':
        // A run taken up again enters its stage once more.
        if (stages[event.stage] !== 'running') stages[event.stage] = moveStage(stages[event.stage], 'running');
        break;
      case 'stage.ended':
        stages[event.stage] = moveStage(stages[event.stage], 'done');
        break;
      case 'training.started':
        move(event.training, 'running');
        patch(event.training, { state: 'running', started_at: at, progress: null, best_validation_loss: null });
        break;
      case 'training.progress': {
        const { earlier: _, ...progress } = event.progress;
        patch(event.training, { progress, best_validation_loss: progress.bestValidationLoss });
        break;
      }
      case 'training.ended': {
        const ended = endedPatch(event, at);
        move(event.training, event.outcome.kind, { ic: ended.ic ?? null, rankIc: ended.rank_ic ?? null });
        patch(event.training, ended);
        break;
      }
      case 'training.requeued':
        move(event.training, 'pending');
        patch(event.training, { state: 'pending', started_at: null, progress: null, best_validation_loss: null });
        break;
      case 'run.prepared':
      case 'training.foldEnded':
      case 'run.judged':
      case 'log':
        break;
      default:
        assertNever(event);
    }
  }

  const stageChanged = stages.cpu !== head.summary.stages.cpu || stages.gpu !== head.summary.stages.gpu;
  if (needsTrainings(events)) run.summary = { ...summarise(heads), stages };
  else if (stageChanged) run.summary = { ...head.summary, stages };
  return { run, planned, trainings: patches };
}

function endedPatch(event: Extract<RunEvent, { kind: 'training.ended' }>, at: string): TrainingPatch {
  const { outcome, seconds, peakRssBytes } = event;
  const common: TrainingPatch = { state: outcome.kind, ended_at: at, seconds, peak_rss_bytes: peakRssBytes };
  if (outcome.kind !== 'completed') return { ...common, outcome };
  const { metrics, folds, device } = outcome.result;
  const losses = folds.map((fold) => fold.bestValidationLoss).filter((loss) => loss !== null);
  return {
    ...common,
    outcome: { kind: 'completed' },
    metrics,
    ic: metrics.ic,
    rank_ic: metrics.rankIc,
    // The last fold saw the most data: its loss is what the training's models would show today.
    best_validation_loss: losses.at(-1) ?? null,
    device,
  };
}

function summarise(heads: ReadonlyMap<string, TrainingHead>): Omit<RunSummary, 'stages'> {
  const counts = { total: heads.size, running: 0, completed: 0, failed: 0 };
  let bestIc: Best | null = null;
  let bestRankIc: Best | null = null;
  for (const [training, { state, ic, rankIc }] of heads) {
    if (state === 'running') counts.running++;
    else if (state === 'completed') counts.completed++;
    else if (state !== 'pending') counts.failed++;
    if (state !== 'completed') continue;
    if (ic !== null && ic > (bestIc?.value ?? Number.NEGATIVE_INFINITY)) bestIc = { training, value: ic };
    if (rankIc !== null && rankIc > (bestRankIc?.value ?? Number.NEGATIVE_INFINITY))
      bestRankIc = { training, value: rankIc };
  }
  return { trainings: counts, bestIc, bestRankIc };
}
