import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { messageOf } from '@twostage/core/errors';
import { createDatabaseClient } from '@twostage/prisma/client';
import { listen } from '@twostage/prisma/listen';
import { planBuildChannel } from '@twostage/prisma/planBuilds';
import { assertReachable } from '@twostage/prisma/postgres/connection';
import { openJobQueue } from '@twostage/prisma/queue';
import { recoverExpiredLeases } from '@twostage/prisma/recovery';
import { registerRunner } from '@twostage/prisma/runners';
import { runCancelChannel } from '@twostage/prisma/runs';
import { type Logger, pino } from 'pino';
import { buildPlanJob } from './buildPlanJob.ts';
import { checkFeatures } from './checkFeatures.ts';
import { inspectDataset } from './inspectDataset.ts';
import type { DaemonOptions } from './options.ts';
import { type RunnerContext, runLeased } from './runLeased.ts';

const recoverEveryMs = 3000;

/**
 * Takes queued runs, one at a time, reads registered datasets and builds plans, until it is told to stop (TERM, INT, or the end of a
 * supervisor's pipe). Then the run in work goes back to the queue.
 * @throws DomainError DATABASE_UNREACHABLE
 */
export async function runDaemon(options: DaemonOptions, log: Logger = pino({ name: 'runner' })): Promise<void> {
  const shutdown = new AbortController();
  listenForStop(() => shutdown.abort('shutdown'));
  await assertReachable(options.databaseUrl);

  const database = createDatabaseClient(options.databaseUrl, { name: 'twostage runner', poolSize: 6 });
  const onError = (error: unknown) => log.error({ error: messageOf(error) }, 'database');
  const queue = await openJobQueue(options.databaseUrl, { supervise: true, onError });
  const runner = os.hostname();
  const registered = await registerRunner(
    database,
    { name: runner, version: readVersion(), devices: devices() },
    onError,
  );
  const context: RunnerContext = {
    ...options,
    database,
    queue,
    log,
    runner,
    shutdown: shutdown.signal,
    cancellers: new Map(),
  };
  const cancels = await listen(options.databaseUrl, runCancelChannel, (runId) => context.cancellers.get(runId)?.(), {
    onError,
  });
  const askCancelled = async (planBuildId: string) => {
    if (!context.cancellers.has(planBuildId)) return;
    const build = await database.planBuild.findUnique({ where: { id: planBuildId } });
    if (build?.cancelRequestedAt) context.cancellers.get(planBuildId)?.();
  };
  const planCancels = await listen(
    options.databaseUrl,
    planBuildChannel,
    (planBuildId) => void askCancelled(planBuildId).catch(onError),
    { onError },
  );
  const recovery = recoverRegularly(context, onError);
  // pg-boss starts the next job when it believes that a very long one has expired: ours run one after the other.
  let busy: Promise<void> = Promise.resolve();
  await queue.workOnRuns((runId) => {
    busy = busy.then(() => runLeased(context, runId)).catch(onError);
    return busy;
  });
  await queue.workOnInspections((datasetId, signal) => inspectDataset(context, datasetId, signal));
  await queue.workOnFeatureChecks((check, signal) => checkFeatures(context, check, signal));
  let building: Promise<void> = Promise.resolve();
  await queue.workOnPlanBuilds((planBuildId, signal) => {
    const build = building.then(() => buildPlanJob(context, planBuildId, signal));
    building = build.catch(onError);
    return build;
  });
  log.info({ dataRoots: options.dataRoots }, 'ready');

  if (!shutdown.signal.aborted)
    await new Promise((resolve) => shutdown.signal.addEventListener('abort', resolve, { once: true }));
  log.info('stopping');
  clearInterval(recovery);
  await busy;
  await building;
  await queue.stop(1000).catch(onError);
  await registered.stop().catch(onError);
  await cancels.close();
  await planCancels.close();
  await database.$disconnect();
}

function listenForStop(stop: () => void): void {
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // The supervisor holds the other end: however it dies, this runner does not live on without it.
  if (process.env.TWOSTAGE_SUPERVISED) process.stdin.on('end', stop).on('error', stop).resume();
}

function recoverRegularly({ database, queue, log }: RunnerContext, onError: (error: unknown) => void): NodeJS.Timeout {
  let recovering = false;
  const recover = async () => {
    if (recovering) return;
    recovering = true;
    try {
      for (const recovered of await recoverExpiredLeases(database, queue)) log.warn(recovered, 'runner vanished');
    } catch (error) {
      onError(error);
    } finally {
      recovering = false;
    }
  };
  void recover();
  return setInterval(recover, recoverEveryMs);
}

const readVersion = (): string =>
  JSON.parse(readFileSync(path.resolve(import.meta.dirname, '../../package.json'), 'utf8')).version;

const devices = () => [
  {
    kind: 'cpu',
    name: os.cpus()[0]?.model ?? os.arch(),
    threads: os.availableParallelism(),
    memoryBytes: os.totalmem(),
  },
];
