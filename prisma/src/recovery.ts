import { DomainError } from '@twostage/core/errors';
import { type StageId, stageIds } from '@twostage/core/families/family';
import type { RunEvent } from '@twostage/core/runs/events';
import {
  hasEnded,
  type RunState,
  type StageState,
  type TrainingState,
  trainingHasEnded,
} from '@twostage/core/runs/lifecycle';
import type { Database, Transaction } from './client.ts';
import { appendEventsIn } from './eventLog.ts';
import { emptySummary, type RunSummary } from './projection.ts';
import { type JobQueue, runsWithoutJob } from './queue.ts';

/** What deciding the fate of a run without a runner needs to know. */
export interface HeldRun {
  readonly state: RunState;
  readonly leaseToken: string | null;
  readonly leaseExpired: boolean;
  readonly cancelRequested: boolean;
  readonly recoveries: number;
  readonly stages: Record<StageId, StageState>;
  readonly trainings: readonly { key: string; state: TrainingState }[];
}

/** A run that takes its runner down each time is not given a sixth one. */
const maxRecoveries = 5;

/**
 * What becomes of a run whose runner vanished: queued again, or cancelled where that was asked for, or failed where it happened
 * too often. Pure.
 */
export function decideRecovery(run: HeldRun): { state: 'queued' | 'cancelled' | 'failed'; events: RunEvent[] } {
  if (run.cancelRequested) return { state: 'cancelled', events: endEvents(run, 'cancelled', 'cancelled') };
  if (run.recoveries >= maxRecoveries) {
    const reason = `its runner vanished ${run.recoveries + 1} times; not queued again`;
    return { state: 'failed', events: endEvents(run, 'failed', reason) };
  }
  return { state: 'queued', events: requeueEvents(run, 'the runner vanished; queued again') };
}

/** Back to the queue: what ran is pending again, what ended stays. */
export function requeueEvents(run: HeldRun, reason: string): RunEvent[] {
  return [
    ...run.trainings
      .filter(({ state }) => state === 'running')
      .map(({ key }): RunEvent => ({ kind: 'training.requeued', training: key, reason })),
    { kind: 'run.stateChanged', state: 'queued', reason, runner: null },
  ];
}

/** The end of a run that no runner holds: its open trainings end with it. */
export function endEvents(run: HeldRun, state: 'cancelled' | 'failed', reason: string): RunEvent[] {
  const open = run.trainings.filter((training) => !trainingHasEnded(training.state));
  return [
    ...open.map((training): RunEvent => {
      return {
        kind: 'training.ended',
        training: training.key,
        outcome:
          state === 'cancelled'
            ? { kind: 'cancelled' }
            : training.state === 'running'
              ? { kind: 'failed', message: reason, exitCode: null, signal: null }
              : { kind: 'skipped', message: reason },
        seconds: 0,
        peakRssBytes: null,
      };
    }),
    ...stageIds
      .filter((stage) => run.stages[stage] === 'running')
      .map((stage): RunEvent => ({ kind: 'stage.ended', stage })),
    { kind: 'run.stateChanged', state, reason, runner: null },
  ];
}

/**
 * Takes every run whose lease has expired from its vanished runner, and sees to it that each queued run has a job. Any number of
 * processes may do this at once, every few seconds: the status of a run is then true also while no runner is alive.
 * @returns the runs taken, and what became of them
 */
export async function recoverExpiredLeases(
  database: Database,
  queue: JobQueue,
): Promise<{ runId: string; state: RunState }[]> {
  const expired = await database.$queryRaw<{ id: string }[]>`
    SELECT id FROM run WHERE lease_expires_at < now() AND state IN ('queued', 'preparing', 'running')`;
  const recovered: { runId: string; state: RunState }[] = [];
  for (const { id: runId } of expired) {
    const state = await database.$transaction(async (tx) => {
      const run = await readHeld(tx, runId);
      if (!run.leaseExpired || hasEnded(run.state)) return null; // renewed, or recovered by another process
      const decision = decideRecovery(run);
      await appendEventsIn(tx, { runId, events: decision.events });
      await tx.run.update({
        where: { id: runId },
        data: { leaseToken: null, leaseExpiresAt: null, recoveries: { increment: 1 } },
      });
      if (decision.state === 'queued') await queue.enqueueRun(tx, runId);
      return decision.state;
    });
    if (state) recovered.push({ runId, state });
  }
  await database.$transaction(async (tx) => {
    for (const runId of await runsWithoutJob(tx)) await queue.enqueueRun(tx, runId);
  });
  return recovered;
}

/** The run, locked until the transaction ends. @throws DomainError NOT_FOUND */
export async function readHeld(tx: Transaction, runId: string): Promise<HeldRun> {
  const [run] = await tx.$queryRaw<(Omit<HeldRun, 'stages' | 'trainings'> & { summary: Partial<RunSummary> })[]>`
    SELECT state::text, recoveries, summary, lease_token AS "leaseToken", cancel_requested_at IS NOT NULL AS "cancelRequested",
      coalesce(lease_expires_at < now(), false) AS "leaseExpired"
    FROM run WHERE id = ${runId} FOR UPDATE`;
  if (!run) throw new DomainError('NOT_FOUND', `there is no run ${runId}`);
  const trainings = await tx.training.findMany({
    where: { runId },
    select: { key: true, state: true },
    orderBy: { position: 'asc' },
  });
  const { summary, ...held } = run;
  return { ...held, stages: summary.stages ?? emptySummary.stages, trainings };
}
