import { mkdir } from 'node:fs/promises';
import { messageOf } from '@twostage/core/errors';
import { stageIds } from '@twostage/core/families/family';
import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { hasEnded, type RunState, runEndState, trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import type { ChildCommand } from '../training-process/command.ts';
import { EventWriter } from './eventWriter.ts';
import { judgeRun } from './judgeRun.ts';
import { checkConfig } from './planRun.ts';
import { prepareRunDataset } from './prepare.ts';
import { resumeEvents } from './resume.ts';
import { isCancelled, isLeft, isLost, type Run } from './run.ts';
import { writeRunFiles } from './runRecord.ts';
import { readTrainingRecord, type TrainingRecord } from './trainingRecord.ts';
import { walkStage } from './walkStage.ts';

export interface EventSink {
  /** Durable when it resolves; in call order. */
  append(events: readonly RunEvent[]): Promise<void>;
}

export interface ExecuteRunInput {
  readonly runId: string;
  readonly config: RunConfig;
  /** Absolute; made if absent. */
  readonly runDir: string;
  readonly sink: EventSink;
  /**
   * The view folded from the run's earlier events: an empty view for a new run; not changed. Finished trainings are not
   * repeated; running ones go back to pending (training.requeued).
   */
  readonly view: RunView;
  /**
   * Aborted: cancel. The reason 'cancel' ends the run as cancelled; the reason 'lost' (lease lost) or 'shutdown' stops
   * the children and leaves the run's state alone.
   */
  readonly signal: AbortSignal;
  /** Who runs it, e.g. the host's name. */
  readonly runner: string;
  readonly childCommand?: ChildCommand;
}

/**
 * Executes a run, or goes on with one that lost its runner: prepares the dataset, walks the stages, one fresh child a
 * training, and ends the run. Every change is an event; the last are durable when it resolves.
 * @returns the run's state: its end, or where it was left on 'lost' and 'shutdown'
 * @throws what the sink threw; the children are stopped by then
 */
export async function executeRun(input: ExecuteRunInput): Promise<RunState> {
  const broken = new AbortController();
  const events = new EventWriter(input.runId, input.sink, input.view, () => broken.abort('lost'));
  const run: Run = { input, events, signal: AbortSignal.any([input.signal, broken.signal]) };
  if (hasEnded(events.view.state)) return events.view.state;
  try {
    await beginOrResume(run);
    await walkRun(run);
  } catch (error) {
    if (!isLeft(run) && !hasEnded(events.view.state)) endEarly(run, error);
  }
  if (isLost(run)) await events.close();
  if (!isLost(run) || broken.signal.aborted) await events.flush();
  if (!isLeft(run)) await writeRunFiles(input, events.view);
  return events.view.state;
}

async function beginOrResume({ input, events }: Run): Promise<void> {
  await mkdir(input.runDir, { recursive: true });
  const records = new Map<string, TrainingRecord>();
  for (const { spec, state } of events.view.trainings.values()) {
    const record = trainingHasEnded(state) ? null : await readTrainingRecord(input.runDir, spec.id);
    if (record) records.set(spec.id, record);
  }
  events.write(...resumeEvents(events.view, records));
  events.write({ kind: 'run.stateChanged', state: 'preparing', reason: null, runner: input.runner });
}

async function walkRun(run: Run): Promise<void> {
  const { input, events } = run;
  checkConfig(input.config);
  await prepareRunDataset({
    ...input,
    view: events.view,
    signal: run.signal,
    write: (...list) => events.write(...list),
  });
  events.write({ kind: 'run.stateChanged', state: 'running', reason: null, runner: input.runner });
  await events.flush();
  await writeRunFiles(input, events.view);
  for (const stage of stageIds) await walkStage(run, stage);
  if (isLeft(run)) return;
  const trainings = [...events.view.trainings.values()];
  await writeJudgement(run, trainings);
  const state = runEndState(
    trainings.map((training) => training.state),
    isCancelled(run),
  );
  events.write({ kind: 'run.stateChanged', state, reason: endReason(events.view, state), runner: input.runner });
}

/** What the run's best trainings are worth. The trainings stand without it: where a file of theirs can't be read, that is said. */
async function writeJudgement({ input, events }: Run, trainings: readonly TrainingView[]): Promise<void> {
  try {
    const selections = await judgeRun(input.runDir, trainings);
    if (selections.length > 0) events.write({ kind: 'run.judged', selections });
  } catch (error) {
    const line = `what choosing the best training is worth could not be said: ${messageOf(error)}`;
    events.write({ kind: 'log', training: null, stream: 'runner', line });
  }
}

/** Something outside the trainings went wrong, or the run was cancelled while it was prepared. */
function endEarly(run: Run, error: unknown): void {
  const { events, input } = run;
  const cancelled = isCancelled(run);
  const message = messageOf(error);
  for (const { spec, state } of events.view.trainings.values()) {
    if (trainingHasEnded(state)) continue;
    const outcome =
      cancelled || state === 'running' ? ({ kind: 'cancelled' } as const) : ({ kind: 'skipped', message } as const);
    events.write({ kind: 'training.ended', training: spec.id, outcome, seconds: 0, peakRssBytes: null });
  }
  for (const stage of stageIds)
    if (events.view.stages[stage].state === 'running') events.write({ kind: 'stage.ended', stage });
  const state = cancelled ? 'cancelled' : 'failed';
  events.write({
    kind: 'run.stateChanged',
    state,
    reason: cancelled ? 'cancelled' : message,
    runner: input.runner,
  });
}

function endReason(view: RunView, state: RunState): string | null {
  if (state === 'completed') return null;
  if (state === 'cancelled') return 'cancelled';
  const trainings = [...view.trainings.values()];
  const missing = trainings.filter((training) => training.state !== 'completed');
  const first = missing[0];
  if (!first) return null;
  const outcome = first.outcome;
  const why = outcome && 'message' in outcome ? `: ${outcome.message}` : '';
  return `${missing.length} of ${trainings.length} trainings did not complete; ${first.spec.id} ${first.state}${why}`;
}
