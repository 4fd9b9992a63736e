import { messageOf } from '@twostage/core/errors';
import { fromPrisma, PgBoss } from 'pg-boss';
import type { Transaction } from './client.ts';

/** A job says that there is something to do; who does it is decided by the run's lease, so a job too many is harmless. */
const queues = { runs: 'runs', inspectDataset: 'inspect-dataset' } as const;

export interface JobQueue {
  /** The job exists once, and only if, `tx` commits. */
  enqueueRun(tx: Transaction, runId: string): Promise<void>;
  enqueueInspection(tx: Transaction, datasetId: string): Promise<void>;
  /** One at a time. `signal` aborts where the job was taken away from this process. */
  workOnRuns(handler: (runId: string, signal: AbortSignal) => Promise<void>): Promise<void>;
  workOnInspections(handler: (datasetId: string, signal: AbortSignal) => Promise<void>): Promise<void>;
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

  const work = <Data extends object>(name: string, run: (data: Data, signal: AbortSignal) => Promise<void>) =>
    boss.work<Data>(
      name,
      { batchSize: 1, pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2, heartbeatRefreshSeconds: 3 },
      async ([job]) => run(job.data, job.signal),
    );
  return {
    enqueueRun: async (tx, runId) => void (await boss.send(queues.runs, { runId }, { db: fromPrisma(tx) })),
    enqueueInspection: async (tx, datasetId) =>
      void (await boss.send(queues.inspectDataset, { datasetId }, { db: fromPrisma(tx) })),
    workOnRuns: async (handler) =>
      void (await work<{ runId: string }>(queues.runs, ({ runId }, signal) => handler(runId, signal))),
    workOnInspections: async (handler) =>
      void (await work<{ datasetId: string }>(queues.inspectDataset, ({ datasetId }, signal) =>
        handler(datasetId, signal),
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
