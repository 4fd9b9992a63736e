import type { RunConfig } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import type { Transaction } from './client.ts';
import { appendEventsIn } from './eventLog.ts';
import { emptySummary } from './projection.ts';
import type { JobQueue } from './queue.ts';
import { endEvents, readHeld } from './recovery.ts';

/** NOTIFY payload: the run's id. */
export const runCancelChannel = 'run_cancel';

/** A run with its first event and its job, all of them or none: part of the caller's transaction. */
export async function createRun(
  tx: Transaction,
  queue: JobQueue,
  run: { config: RunConfig; datasetId: string | null; createdById: string | null; planVersionId?: string | null },
): Promise<{ id: string; number: number }> {
  const { id, number } = await tx.run.create({
    data: { ...run, config: run.config as object, name: run.config.name, summary: emptySummary as object },
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
  const run = await readHeld(tx, runId);
  if (hasEnded(run.state)) return 'ended';
  if (!run.cancelRequested)
    await tx.run.update({
      where: { id: runId },
      data: { cancelRequestedAt: new Date(), cancelRequestedById: requestedById },
    });
  if (run.leaseToken === null) {
    await appendEventsIn(tx, { runId, events: endEvents(run, 'cancelled', 'cancelled') });
    return 'cancelled';
  }
  await tx.$queryRaw`SELECT pg_notify(${runCancelChannel}, ${runId})::text`;
  return 'requested';
}
