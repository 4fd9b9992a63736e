import type { Database } from '@twostage/prisma/client';
import { leaseSeconds, renewEveryMs, renewLease } from '@twostage/prisma/leases';

export interface LeaseKeeper {
  stop(): void;
}

/**
 * Renews a run's lease and says when it is lost, or when a person has asked to cancel. Without an answer from the database for as
 * long as a lease lasts, it counts as lost: another runner may have taken the run by then.
 */
export function keepLease(
  database: Database,
  runId: string,
  token: string,
  on: { cancelRequested(): void; lost(): void },
): LeaseKeeper {
  let renewedAt = performance.now();
  let asking = false;
  let stopped = false;
  const renew = async () => {
    if (performance.now() - renewedAt > leaseSeconds * 1000) lose();
    if (asking || stopped) return;
    asking = true;
    const askedAt = performance.now();
    try {
      const lease = await renewLease(database, runId, token);
      if (stopped) return;
      if (lease === null) return lose();
      renewedAt = askedAt;
      if (lease.cancelRequested) on.cancelRequested();
    } catch {
      // Tried again in three seconds; only the time without an answer counts.
    } finally {
      asking = false;
    }
  };
  const lose = () => {
    if (stopped) return;
    stop();
    on.lost();
  };
  const stop = () => {
    stopped = true;
    clearInterval(timer);
  };
  const timer = setInterval(renew, renewEveryMs);
  return { stop };
}
