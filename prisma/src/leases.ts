import { randomUUID } from 'node:crypto';
import { DomainError } from '@twostage/core/errors';
import type { Database } from './client.ts';
import { appendEventsIn } from './eventLog.ts';
import type { JobQueue } from './queue.ts';
import { endEvents, readHeld, requeueEvents } from './recovery.ts';

/** Longer than any pause of a living runner, short enough for a person who waits. Counted by the database's clock alone. */
export const leaseSeconds = 15;
export const renewEveryMs = 3000;

/** @returns the token under which this runner now holds the run; null where it is not waiting for a runner */
export async function takeLease(database: Database, runId: string, runner: string): Promise<string | null> {
  const token = randomUUID();
  const taken = await database.$executeRaw`
    UPDATE run SET lease_token = ${token}, lease_expires_at = now() + make_interval(secs => ${leaseSeconds}), runner = ${runner}
    WHERE id = ${runId} AND state = 'queued' AND lease_token IS NULL`;
  return taken === 1 ? token : null;
}

/** @returns null where the lease is lost: another may hold the run, nothing more may be done in its name */
export async function renewLease(
  database: Database,
  runId: string,
  token: string,
): Promise<{ cancelRequested: boolean } | null> {
  const rows = await database.$queryRaw<{ cancelRequested: boolean }[]>`
    UPDATE run SET lease_expires_at = now() + make_interval(secs => ${leaseSeconds})
    WHERE id = ${runId} AND lease_token = ${token} RETURNING cancel_requested_at IS NOT NULL AS "cancelRequested"`;
  return rows[0] ?? null;
}

/** After the run's end. Harmless where the lease is lost. */
export async function releaseLease(database: Database, runId: string, token: string): Promise<void> {
  await database.$executeRaw`
    UPDATE run SET lease_token = NULL, lease_expires_at = NULL WHERE id = ${runId} AND lease_token = ${token}`;
}

/**
 * A runner that is being stopped gives its run back: pending again what ran, queued, with a job for the next runner; or cancelled
 * where that was asked for meanwhile.
 * @throws DomainError LEASE_LOST
 */
export async function giveBack(
  database: Database,
  queue: JobQueue,
  runId: string,
  token: string,
  reason: string,
): Promise<void> {
  await database.$transaction(async (tx) => {
    const run = await readHeld(tx, runId);
    if (run.leaseToken !== token) throw new DomainError('LEASE_LOST', `run ${runId} is leased to another runner`);
    const events = run.cancelRequested ? endEvents(run, 'cancelled', 'cancelled') : requeueEvents(run, reason);
    await appendEventsIn(tx, { runId, events });
    await tx.run.update({ where: { id: runId }, data: { leaseToken: null, leaseExpiresAt: null } });
    if (!run.cancelRequested) await queue.enqueueRun(tx, runId);
  });
}
