import { messageOf } from '@twostage/core/errors';
import {
  type FeatureCheck,
  type FeatureCheckAnswer,
  featureCheckAnswerSchema,
  featureCheckSchema,
} from '@twostage/core/runs/featureCheck';
import { fromPrisma, PgBoss } from 'pg-boss';
import type { Transaction } from './client.ts';

/** A job says that there is something to do; who does it is decided by the run's lease, so a job too many is harmless. */
const queues = {
  runs: 'runs',
  inspectDataset: 'inspect-dataset',
  checkFeatures: 'check-features',
  buildPlan: 'build-plan',
} as const;

export interface JobQueue {
  /** The job exists once, and only if, `tx` commits. */
  enqueueRun(tx: Transaction, runId: string): Promise<void>;
  enqueueInspection(tx: Transaction, datasetId: string): Promise<void>;
  /** See `createPlanBuild`. */
  enqueuePlanBuild(tx: Transaction, planBuildId: string): Promise<void>;
  /** @returns by what its answer is read */
  enqueueFeatureCheck(tx: Transaction, check: FeatureCheck): Promise<string>;
  /** Answer null: no runner has given one yet. Null: there is no such check, or no longer. */
  readFeatureCheck(checkId: string): Promise<{ check: FeatureCheck; answer: FeatureCheckAnswer | null } | null>;
  /** One at a time. `signal` aborts where the job was taken away from this process. */
  workOnRuns(handler: (runId: string, signal: AbortSignal) => Promise<void>): Promise<void>;
  workOnInspections(handler: (datasetId: string, signal: AbortSignal) => Promise<void>): Promise<void>;
  workOnFeatureChecks(
    handler: (check: FeatureCheck, signal: AbortSignal) => Promise<FeatureCheckAnswer>,
  ): Promise<void>;
  workOnPlanBuilds(handler: (planBuildId: string, signal: AbortSignal) => Promise<void>): Promise<void>;
  /** Takes no more jobs. A job in work goes on to its end unless `waitMs` passes before. */
  stop(waitMs: number): Promise<void>;
}

/** Makes the queue's tables, or brings them up to date. Any number may run at once. */
export async function installQueue(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false, max: 2 });
  boss.on('error', () => {}); // the calls below reject
  await boss.start();
  try {
    // A vanished worker's job is taken up again after its heartbeats have been missing for this long.
    const options = { notify: true, heartbeatSeconds: 10, expireInSeconds: 86_000, retryLimit: 3, retryDelay: 0 };
    for (const name of Object.values(queues)) await boss.createQueue(name, options);
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** `supervise`: this process looks after jobs of vanished workers; every runner does. */
export async function openJobQueue(
  url: string,
  options: { supervise: boolean; onError: (message: string) => void },
): Promise<JobQueue> {
  const boss = new PgBoss({
    connectionString: url,
    migrate: false,
    schedule: false,
    supervise: options.supervise,
    superviseIntervalSeconds: 2,
    monitorIntervalSeconds: 2,
    useListenNotify: options.supervise,
    max: 4,
  });
  boss.on('error', (error) => options.onError(messageOf(error)));
  await boss.start();

  const work = <Data extends object>(name: string, run: (data: Data, signal: AbortSignal) => Promise<unknown>) =>
    boss.work<Data>(
      name,
      { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2, heartbeatRefreshSeconds: 3 },
      async ([job]) => run(job.data, job.signal),
    );
  return {
    enqueueRun: async (tx, runId) => void (await boss.send(queues.runs, { runId }, { db: fromPrisma(tx) })),
    enqueueInspection: async (tx, datasetId) =>
      void (await boss.send(queues.inspectDataset, { datasetId }, { db: fromPrisma(tx) })),
    enqueueFeatureCheck: async (tx, check) => {
      const id = await boss.send(queues.checkFeatures, check, { db: fromPrisma(tx), deleteAfterSeconds: 3600 });
      return id!; // null only where a job of one key is there already: these have none
    },
    readFeatureCheck: async (checkId) => {
      const job = await boss.getJobById<FeatureCheck>(queues.checkFeatures, checkId);
      if (!job) return null;
      const check = featureCheckSchema.parse(job.data);
      if (job.state === 'completed') return { check, answer: featureCheckAnswerSchema.parse(job.output) };
      const ended = job.state === 'failed' || job.state === 'cancelled';
      return { check, answer: ended ? { kind: 'refused', message: 'the runner could not check them' } : null };
    },
    enqueuePlanBuild: async (tx, planBuildId) =>
      void (await boss.send(queues.buildPlan, { planBuildId }, { db: fromPrisma(tx) })),
    workOnRuns: async (handler) =>
      void (await work<{ runId: string }>(queues.runs, ({ runId }, signal) => handler(runId, signal))),
    workOnInspections: async (handler) =>
      void (await work<{ datasetId: string }>(queues.inspectDataset, ({ datasetId }, signal) =>
        handler(datasetId, signal),
      )),
    workOnFeatureChecks: async (handler) => void (await work<FeatureCheck>(queues.checkFeatures, handler)),
    workOnPlanBuilds: async (handler) =>
      void (await work<{ planBuildId: string }>(queues.buildPlan, ({ planBuildId }, signal) =>
        handler(planBuildId, signal),
      )),
    stop: (waitMs) => boss.stop({ graceful: true, timeout: waitMs }),
  };
}

/** Queued runs that no runner has and no job waits for; they are locked, so that two processes do not both enqueue them. */
export async function runsWithoutJob(tx: Transaction): Promise<string[]> {
  // A run and its job are committed together; one without a job lost it, e.g. by a runner that ended right after it took it.
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM run WHERE state = 'queued' AND lease_token IS NULL AND NOT EXISTS (
      SELECT 1 FROM pgboss.job WHERE name = ${queues.runs} AND state IN ('created', 'retry', 'active') AND data ->> 'runId' = run.id)
    FOR UPDATE SKIP LOCKED`;
  return rows.map(({ id }) => id);
}
