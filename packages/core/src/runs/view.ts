import { assertNever } from '../errors.ts';
import type { StageId } from '../families/family.ts';
import type { PlanLeftOut } from '../plans/leftOut.ts';
import type { LoggedEvent, LossPoint, Progress, QualityReport, RunEvent } from './events.ts';
import { moveRun, moveStage, moveTraining, type RunState, type StageState, type TrainingState } from './lifecycle.ts';
import type { Selection } from './selection.ts';
import type { FoldResult, Outcome, TrainingSpec } from './training.ts';

export interface TrainingView {
  readonly spec: TrainingSpec;
  state: TrainingState;
  progress: Progress | null;
  losses: LossPoint[];
  folds: FoldResult[];
  outcome: Outcome | null;
  startedAt: number | null;
  endedAt: number | null;
  seconds: number | null;
  peakRssBytes: number | null;
  pid: number | null;
}
export interface LogLine {
  readonly seq: number;
  readonly at: number;
  readonly training: string | null;
  readonly stream: 'stdout' | 'stderr' | 'runner';
  readonly line: string;
}
type Prepared = Extract<RunEvent, { kind: 'run.prepared' }>;
type Planned = Extract<RunEvent, { kind: 'run.planned' }>;

/** What a run page, the CLI's table and the tests see of a run: its events, folded. */
export interface RunView {
  lastSeq: number;
  state: RunState;
  reason: string | null;
  runner: string | null;
  startedAt: number | null;
  endedAt: number | null;
  stages: Record<StageId, { state: StageState; startedAt: number | null; endedAt: number | null }>;
  dataset: Prepared['dataset'] | null;
  quality: QualityReport | null;
  folds: Planned['folds'];
  summary: string[];
  /** What of the run's plan is not trained. */
  leftOut: readonly PlanLeftOut[];
  trainings: Map<string, TrainingView>;
  /** A record a target; empty until all trainings have ended. */
  selections: readonly Selection[];
  /** The last `maxLogLines` lines. */
  logs: LogLine[];
}

const maxLogLines = 5000;

export function emptyRunView(): RunView {
  const stage = () => ({
    state: 'pending' as StageState,
    startedAt: null,
    endedAt: null,
  });
  return {
    lastSeq: 0,
    state: 'queued',
    reason: null,
    runner: null,
    startedAt: null,
    endedAt: null,
    stages: { cpu: stage(), gpu: stage() },
    dataset: null,
    quality: null,
    folds: [],
    summary: [],
    leftOut: [],
    trainings: new Map(),
    selections: [],
    logs: [],
  };
}

/**
 * Folds one event into the view, in place. An event already seen (seq ≤ lastSeq) is ignored, so a replay is harmless.
 * @returns false where a sequence number is missing: ask for "after lastSeq" and try again.
 * @throws DomainError ILLEGAL_TRANSITION
 */
export function applyEvent(view: RunView, logged: LoggedEvent): boolean {
  if (logged.seq <= view.lastSeq) return true;
  if (logged.seq !== view.lastSeq + 1) return false;
  view.lastSeq = logged.seq;
  apply(view, logged);
  return true;
}

function apply(view: RunView, { event, at, seq }: LoggedEvent): void {
  switch (event.kind) {
    case 'run.stateChanged':
      // The first event of a run says that it is queued, which is where every view begins.
      if (!(event.state === 'queued' && view.state === 'queued')) view.state = moveRun(view.state, event.state);
      view.reason = event.reason;
      view.runner = event.runner ?? view.runner;
      if (event.state === 'preparing') view.startedAt ??= at;
      if (['completed', 'partial', 'failed', 'cancelled'].includes(event.state)) view.endedAt = at;
      return;
    case 'run.prepared':
      view.dataset = event.dataset;
      view.quality = event.quality;
      return;
    case 'run.planned':
      view.folds = event.folds;
      view.summary = event.summary;
      view.leftOut = event.leftOut ?? [];
      for (const spec of event.trainings)
        if (!view.trainings.has(spec.id)) view.trainings.set(spec.id, newTraining(spec));
      return;
    case 'stage.started':
    case 'stage.ended': {
      const stage = view.stages[event.stage];
      const started = event.kind === 'stage.started';
      if (started && stage.state === 'running') return; // a run taken up again re-enters its stage
      stage.state = moveStage(stage.state, started ? 'running' : 'done');
      if (started) stage.startedAt ??= at;
      else stage.endedAt = at;
      return;
    }
    case 'training.started': {
      const training = trainingOf(view, event.training);
      training.state = moveTraining(training.state, 'running');
      Object.assign(training, {
        startedAt: at,
        pid: event.pid,
        progress: null,
        losses: [],
        folds: [],
      });
      return;
    }
    case 'training.progress': {
      const training = trainingOf(view, event.training);
      const { earlier = [], ...progress } = event.progress;
      training.progress = progress;
      training.losses.push(...earlier);
      if (progress.phase === 'training' && progress.step > 0) {
        training.losses.push({
          fold: progress.fold,
          step: progress.step,
          trainLoss: progress.trainLoss,
          validationLoss: progress.validationLoss,
          ...(progress.scalars && { scalars: progress.scalars }),
        });
      }
      return;
    }
    case 'training.foldEnded':
      trainingOf(view, event.training).folds.push(event.result);
      return;
    case 'training.ended': {
      const training = trainingOf(view, event.training);
      training.state = moveTraining(training.state, event.outcome.kind);
      training.outcome = event.outcome;
      training.endedAt = at;
      training.seconds = event.seconds;
      training.peakRssBytes = event.peakRssBytes;
      return;
    }
    case 'training.requeued': {
      const training = trainingOf(view, event.training);
      training.state = moveTraining(training.state, 'pending');
      Object.assign(training, {
        startedAt: null,
        pid: null,
        progress: null,
        losses: [],
        folds: [],
      });
      return;
    }
    case 'run.judged':
      view.selections = event.selections;
      return;
    case 'log':
      view.logs.push({
        seq,
        at,
        training: event.training,
        stream: event.stream,
        line: event.line,
      });
      if (view.logs.length > maxLogLines * 1.2) view.logs.splice(0, view.logs.length - maxLogLines);
      return;
    default:
      assertNever(event);
  }
}

function newTraining(spec: TrainingSpec): TrainingView {
  return {
    spec,
    state: 'pending',
    progress: null,
    losses: [],
    folds: [],
    outcome: null,
    startedAt: null,
    endedAt: null,
    seconds: null,
    peakRssBytes: null,
    pid: null,
  };
}

function trainingOf(view: RunView, id: string): TrainingView {
  const training = view.trainings.get(id);
  if (!training) throw new Error(`event for the training "${id}", which the run's plan does not hold`);
  return training;
}
