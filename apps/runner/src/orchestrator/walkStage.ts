import { availableParallelism, totalmem } from 'node:os';
import type { StageId } from '@twostage/core/families/family';
import type { RunConfig } from '@twostage/core/runs/config';
import { trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { TrainingSpec } from '@twostage/core/runs/training';
import { nextStarts, type PendingTraining } from '@twostage/core/stages/packing';
import { catalogue } from '@twostage/families/catalogue';
import { costOf } from '@twostage/families/costs';
import { isCancelled, isLeft, isLost, type Run } from './run.ts';
import { runTraining } from './runTraining.ts';
import { writeTrainingRecord } from './trainingRecord.ts';

/**
 * Trains what is left of a stage. When it resolves, every child of the stage has been reaped and its end is durable: the barrier
 * between the stages. Trainings of stage cpu run beside each other where the run packs; those of stage gpu one after another,
 * TensorFlow before Torch, as they were planned.
 * @throws what kept a training from being written down; no child is left then
 */
export async function walkStage(run: Run, stage: StageId): Promise<void> {
  const { events } = run;
  if (events.view.stages[stage].state === 'done') return;
  const left = [...events.view.trainings.values()]
    .filter(({ spec, state }) => spec.stage === stage && !trainingHasEnded(state))
    .map(({ spec }) => spec);
  if (left.length > 0 && events.view.stages[stage].state === 'pending' && !run.signal.aborted)
    events.write({ kind: 'stage.started', stage });
  await walkTrainings(run, left, run.input.config.packing && stage === 'cpu');
  if (isLeft(run)) return;
  events.write({ kind: 'stage.ended', stage });
  await events.flush();
}

async function walkTrainings(run: Run, specs: readonly TrainingSpec[], packing: boolean): Promise<void> {
  const { config } = run.input;
  let pending = specs.map((spec) => ({ spec, ...pendingOf(spec) }));
  const running = new Map<string, { id: string; threads: number; ended: Promise<void> }>();
  // One that can't be written down ends the run: what runs beside it must not outlive that.
  const broken = new AbortController();
  const signal = AbortSignal.any([run.signal, broken.signal]);
  let failure: { error: unknown } | null = null;
  for (;;) {
    if (isLeft(run) || failure) pending = [];
    const limits = { cores: coresOf(config), most: mostAtOnce(config), packing };
    for (const { id, threads } of nextStarts({ pending, running: [...running.values()], ...limits })) {
      const { spec } = pending.find((one) => one.id === id)!;
      pending = pending.filter((one) => one.id !== id);
      const ended = walkTraining(run, spec, threads, signal)
        .catch((error: unknown) => {
          failure ??= { error };
          broken.abort('cancel');
        })
        .finally(() => running.delete(id));
      running.set(id, { id, threads, ended });
    }
    if (running.size === 0) break;
    await Promise.race([...running.values()].map(({ ended }) => ended));
  }
  if (failure) throw (failure as { error: unknown }).error;
}

function pendingOf({ id, family, targets, scope, plan }: TrainingSpec): PendingTraining {
  const work = scope.kind === 'symbol' ? 0.1 : 1;
  const cost = costOf(family) * (targets?.length ?? 1) * work;
  return { id, threads: catalogue[family].threads, cost, priority: plan?.priority };
}

const coresOf = ({ threads }: RunConfig): number => (threads > 0 ? threads : availableParallelism());

/** Trainings whose memory caps together fit into the machine, or into what its container may have. */
function mostAtOnce({ memoryCapMb }: RunConfig): number {
  const constrained = process.constrainedMemory?.() || Number.POSITIVE_INFINITY;
  return Math.max(1, Math.round(Math.min(totalmem(), constrained) / (memoryCapMb * 2 ** 20)));
}

async function walkTraining(run: Run, spec: TrainingSpec, threads: number, signal: AbortSignal): Promise<void> {
  const { input, events } = run;
  const training = spec.id;
  if (isCancelled(run)) {
    const outcome = { kind: 'cancelled' } as const;
    events.write({ kind: 'training.ended', training, outcome, seconds: 0, peakRssBytes: null });
    return;
  }
  const report = await runTraining(spec, {
    config: input.config,
    runDir: input.runDir,
    threads,
    signal,
    command: input.childCommand,
    write: (event) => events.write(event),
  });
  // A child that was stopped because this runner leaves has not ended: the next runner starts it again. After 'lost' that
  // runner may be at work in the same folder already.
  if (isLost(run) || (isLeft(run) && report.outcome.kind !== 'completed')) return;
  let { outcome } = report;
  const { seconds, peakRssBytes } = report;
  // Its process never began.
  if (outcome.kind === 'failed' && events.view.trainings.get(training)!.state === 'pending')
    outcome = { kind: 'skipped', message: outcome.message };
  // The start is durable before the record is: a record without a start would have no place in the lifecycle.
  await events.flush();
  await writeTrainingRecord(input.runDir, { training: spec, outcome, seconds, peakRssBytes });
  events.write({ kind: 'training.ended', training, outcome, seconds, peakRssBytes });
}
