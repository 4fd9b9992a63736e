import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import { runConfigSchema } from '@twostage/core/runs/config';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import type { Database } from '@twostage/prisma/client';
import { appendEvents, viewOf } from '@twostage/prisma/eventLog';
import { giveBack, releaseLease, takeLease } from '@twostage/prisma/leases';
import { LogSink } from '@twostage/prisma/logSink';
import type { JobQueue } from '@twostage/prisma/queue';
import { whyNotExecuted } from '@twostage/prisma/planVersions';
import { endEvents, readHeld } from '@twostage/prisma/recovery';
import type { Logger } from 'pino';
import { executeRun } from '../orchestrator/executeRun.ts';
import type { ChildCommand } from '../training-process/command.ts';
import { assertUnderDataRoots } from './dataRoots.ts';
import { keepLease } from './leaseKeeper.ts';

export interface RunnerContext {
  readonly database: Database;
  readonly queue: JobQueue;
  readonly log: Logger;
  /** Absolute state folder; a run writes into runs/<runId>. */
  readonly home: string;
  readonly dataRoots: readonly string[];
  /** The name under which this runner appears. */
  readonly runner: string;
  readonly childCommand?: ChildCommand;
  /** Aborted when this runner is asked to stop. */
  readonly shutdown: AbortSignal;
  /** Aborts, one each, the runs that are being executed here. */
  readonly cancellers: Map<string, () => void>;
}

const stopReason = 'runner was stopped; queued again';

/** Takes a queued run and brings it to its end, or gives it back when this runner is stopped. Does nothing where another has it. */
export async function runLeased(context: RunnerContext, runId: string): Promise<void> {
  const { database, log } = context;
  if (context.shutdown.aborted) return;
  const token = await takeLease(database, runId, context.runner);
  if (token === null) return;
  log.info({ runId }, 'run taken');

  const control = new AbortController();
  const stop = (reason: 'cancel' | 'lost' | 'shutdown') => control.abort(reason);
  const onShutdown = () => stop('shutdown');
  context.shutdown.addEventListener('abort', onShutdown, { once: true });
  context.cancellers.set(runId, () => stop('cancel'));
  const keeper = keepLease(database, runId, token, {
    cancelRequested: () => stop('cancel'),
    lost: () => stop('lost'),
  });
  try {
    await execute(context, runId, token, control.signal);
  } catch (error) {
    log.error({ runId, error: messageOf(error) }, 'run interrupted');
    // A database that comes back finds the lease expired, and the run goes on; what else went wrong would go wrong again.
    if (!isDatabaseFailure(error))
      await fail(context, runId, token, `the runner could not go on: ${messageOf(error)}`).catch((cause) =>
        log.error({ runId, error: messageOf(cause) }, 'run left to recovery'),
      );
  } finally {
    context.shutdown.removeEventListener('abort', onShutdown);
    context.cancellers.delete(runId);
    // The lease is kept until the children are gone: whoever takes the run up next finds its folder alone.
    keeper.stop();
  }
}

async function execute(context: RunnerContext, runId: string, token: string, signal: AbortSignal): Promise<void> {
  const { database, queue, log } = context;
  const { config: stored } = await database.run.findUniqueOrThrow({ where: { id: runId }, select: { config: true } });
  const config = runConfigSchema.parse(stored);
  const refused = await assertUnderDataRoots(config.dataDir, context.dataRoots).then(() => null, asDomainError);
  if (refused) return fail(context, runId, token, refused.message);
  const view = await viewOf(database, runId);
  const begun = view.trainings.size > 0;
  const unplanned = config.plan ? await whyNotExecuted(database, config.plan, begun) : null;
  if (unplanned !== null) return fail(context, runId, token, unplanned);

  const state = await executeRun({
    runId,
    config,
    runDir: path.join(context.home, 'runs', runId),
    sink: new LogSink(database, { runId, leaseToken: token }),
    view,
    signal,
    runner: context.runner,
    ...(context.childCommand && { childCommand: context.childCommand }),
  });
  if (hasEnded(state)) {
    await releaseLease(database, runId, token);
    log.info({ runId, state }, 'run ended');
  } else if (signal.reason === 'shutdown') {
    await giveBack(database, queue, runId, token, stopReason);
    log.info({ runId }, stopReason);
  } else log.warn({ runId, state }, 'run left to another runner');
}

/** Ends a run that cannot begin, or not go on. */
async function fail({ database }: RunnerContext, runId: string, token: string, reason: string): Promise<void> {
  const held = await database.$transaction((tx) => readHeld(tx, runId));
  if (!hasEnded(held.state))
    await appendEvents(database, { runId, leaseToken: token, events: endEvents(held, 'failed', reason) });
  await releaseLease(database, runId, token);
}

const isDatabaseFailure = (error: unknown): boolean =>
  error instanceof DomainError
    ? error.code === 'LEASE_LOST'
    : error instanceof Error && /^(PrismaClient|DriverAdapter)/.test(error.name);

function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  throw error;
}
