import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { hasEnded, trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { Transaction } from './client.ts';
import { appendEventsIn } from './eventLog.ts';
import { emptySummary } from './projection.ts';
import type { JobQueue } from './queue.ts';

/** NOTIFY payload: the run's id. */
export const runCancelChannel = 'run_cancel';

/** A run with its first event and its job, all of them or none: part of the caller's transaction. */
export async function createRun(
  tx: Transaction,
  queue: JobQueue,
  run: { config: RunConfig; datasetId: string | null; createdById: string | null },
): Promise<{ id: string; number: number }> {
  const { id, number } = await tx.run.create({
    data: { ...run, name: run.config.name, summary: emptySummary as object },
    select: { id: true, number: true },
  });
  const queued: RunEvent = { kind: 'run.stateChanged', state: 'queued', reason: null, runner: null };
  await appendEventsIn(tx, { runId: id, events: [queued] });
  await queue.enqueueRun(tx, id);
  return { id, number };
}

/**
 * Cancels a run: at once where no runner holds it, else its runner is told and ends it. Part of the caller's transaction, which
 * has checked who asks.
 * @returns `ended`: it was over already, nothing changed
 */
export async function requestCancel(
  tx: Transaction,
  runId: string,
  requestedById: string | null,
): Promise<'cancelled' | 'requested' | 'ended'> {
  await tx.$queryRaw`SELECT 1 FROM run WHERE id = ${runId} FOR UPDATE`;
  const run = await tx.run.findUniqueOrThrow({
    where: { id: runId },
    select: {
      state: true,
      leaseToken: true,
      cancelRequestedAt: true,
      trainings: { select: { key: true, state: true } },
    },
  });
  if (hasEnded(run.state)) return 'ended';
  if (run.cancelRequestedAt === null)
    await tx.run.update({
      where: { id: runId },
      data: { cancelRequestedAt: new Date(), cancelRequestedById: requestedById },
    });
  if (run.state === 'queued' && run.leaseToken === null) {
    await appendEventsIn(tx, { runId, events: cancelEvents(run.trainings) });
    return 'cancelled';
  }
  await tx.$queryRaw`SELECT pg_notify(${runCancelChannel}, ${runId})::text`;
  return 'requested';
}

/** The end of a run that no runner holds: what has not ended is cancelled with it. */
export function cancelEvents(
  trainings: readonly { key: string; state: Parameters<typeof trainingHasEnded>[0] }[],
): RunEvent[] {
  const open = trainings.filter((training) => !trainingHasEnded(training.state));
  return [
    ...open.map(
      ({ key }): RunEvent => ({
        kind: 'training.ended',
        training: key,
        outcome: { kind: 'cancelled' },
        seconds: 0,
        peakRssBytes: null,
      }),
    ),
    { kind: 'run.stateChanged', state: 'cancelled', reason: 'cancelled by a person', runner: null },
  ];
}
