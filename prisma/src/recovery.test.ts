import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabaseClient, type Database } from './client.ts';
import { appendEvents, readEvents, viewOf } from './eventLog.ts';
import { giveBack, releaseLease, renewLease, takeLease } from './leases.ts';
import { listen } from './listen.ts';
import type { JobQueue } from './queue.ts';
import { decideRecovery, type HeldRun, recoverExpiredLeases } from './recovery.ts';
import { requestCancel, runCancelChannel } from './runs.ts';
import {
  completed,
  lightgbm,
  mlp,
  openTestQueue,
  queueRun,
  stateChanged,
  underWay,
  xgboost,
} from './testing/fixtures.ts';
import { createTestDatabase, type TestDatabase } from './testing/testDatabase.ts';

let server: TestDatabase;
let database: Database;
let queue: JobQueue;
beforeAll(async () => {
  server = await createTestDatabase();
  database = createDatabaseClient(server.url);
  queue = await openTestQueue(server.url);
});
afterAll(async () => {
  await queue.stop(1000);
  await database.$disconnect();
  await server.drop();
});

/** A run in mid-stage: LightGBM has completed, XGBoost runs, MLP is pending. */
async function runInMidStage(): Promise<{ runId: string; token: string }> {
  const runId = await queueRun(database, queue);
  const token = (await takeLease(database, runId, 'first'))!;
  await appendEvents(database, {
    runId,
    leaseToken: token,
    events: [
      ...underWay,
      { kind: 'training.ended', training: lightgbm.id, outcome: completed(0.1, 0.1), seconds: 1, peakRssBytes: null },
      { kind: 'training.started', training: xgboost.id, pid: 1, threads: 2 },
    ],
  });
  return { runId, token };
}
const expire = (runId: string) =>
  database.$executeRaw`UPDATE run SET lease_expires_at = now() - interval '1 second' WHERE id = ${runId}`;
const jobsOf = (runId: string) =>
  database.$queryRaw<{ id: string }[]>`
    SELECT id::text FROM pgboss.job WHERE name = 'runs' AND state = 'created' AND data ->> 'runId' = ${runId}`;
const dropJobs = (runId: string) => database.$executeRaw`DELETE FROM pgboss.job WHERE data ->> 'runId' = ${runId}`;
const statesOf = async (runId: string) => {
  const { state, trainings } = await database.run.findUniqueOrThrow({
    where: { id: runId },
    include: { trainings: { orderBy: { position: 'asc' } } },
  });
  return [state, ...trainings.map((training) => training.state)];
};
const cancel = (runId: string) => database.$transaction((tx) => requestCancel(tx, runId, null));

describe('a lease', () => {
  it('is given to one of many who ask', async () => {
    const runId = await queueRun(database, queue);
    const tokens = await Promise.all(['a', 'b', 'c', 'd'].map((runner) => takeLease(database, runId, runner)));
    expect(tokens.filter((token) => token !== null)).toHaveLength(1);
  });

  it('is renewed by its holder alone, and free once released', async () => {
    const runId = await queueRun(database, queue);
    const token = (await takeLease(database, runId, 'a'))!;
    expect(await renewLease(database, runId, token)).toEqual({ cancelRequested: false });
    expect(await renewLease(database, runId, 'another')).toBeNull();
    await releaseLease(database, runId, 'another');
    expect(await takeLease(database, runId, 'b')).toBeNull();
    await releaseLease(database, runId, token);
    expect(await takeLease(database, runId, 'b')).not.toBeNull();
  });
});

describe('a run whose runner vanished', () => {
  it('is queued again with a job, keeps what was trained, and refuses the old runner', async () => {
    const { runId, token } = await runInMidStage();
    await dropJobs(runId);
    await expire(runId);
    const sweeps = await Promise.all([1, 2, 3].map(() => recoverExpiredLeases(database, queue)));
    expect(sweeps.flat().filter((recovered) => recovered.runId === runId)).toEqual([{ runId, state: 'queued' }]);
    expect(await statesOf(runId)).toEqual(['queued', 'completed', 'pending', 'pending']);
    expect(await jobsOf(runId)).toHaveLength(1);
    expect(await renewLease(database, runId, token)).toBeNull();
    await expect(
      appendEvents(database, { runId, leaseToken: token, events: [stateChanged('running')] }),
    ).rejects.toMatchObject({ code: 'LEASE_LOST' });
    const events = await readEvents(database, runId, 0, 100);
    expect(events.slice(-2).map(({ event }) => event)).toEqual([
      { kind: 'training.requeued', training: xgboost.id, reason: 'the runner vanished; queued again' },
      { kind: 'run.stateChanged', state: 'queued', reason: 'the runner vanished; queued again', runner: null },
    ]);
    expect((await viewOf(database, runId)).state).toBe('queued');
  });

  it('is left alone while its lease holds', async () => {
    const { runId } = await runInMidStage();
    expect(await recoverExpiredLeases(database, queue)).toEqual([]);
    expect((await statesOf(runId))[0]).toBe('running');
  });

  it('is cancelled where that was asked for', async () => {
    const { runId } = await runInMidStage();
    expect(await cancel(runId)).toBe('requested');
    await expire(runId);
    await recoverExpiredLeases(database, queue);
    expect(await statesOf(runId)).toEqual(['cancelled', 'completed', 'cancelled', 'cancelled']);
  });

  it('fails when it took its runner with it too often', () => {
    const run: HeldRun = {
      state: 'running',
      leaseToken: 'x',
      leaseExpired: true,
      cancelRequested: false,
      recoveries: 4,
      stages: { cpu: 'done', gpu: 'running' },
      trainings: [
        { key: 'a', state: 'completed' },
        { key: 'b', state: 'running' },
        { key: 'c', state: 'pending' },
      ],
    };
    expect(decideRecovery(run).state).toBe('queued');
    const reason = 'its runner vanished 6 times; not queued again';
    const ended = { kind: 'training.ended', seconds: 0, peakRssBytes: null };
    expect(decideRecovery({ ...run, recoveries: 5 })).toEqual({
      state: 'failed',
      events: [
        { ...ended, training: 'b', outcome: { kind: 'failed', message: reason, exitCode: null, signal: null } },
        { ...ended, training: 'c', outcome: { kind: 'skipped', message: reason } },
        { kind: 'stage.ended', stage: 'gpu' },
        { kind: 'run.stateChanged', state: 'failed', reason, runner: null },
      ],
    });
  });
});

describe('a queued run that lost its job', () => {
  it('gets one, and only one', async () => {
    const runId = await queueRun(database, queue);
    await dropJobs(runId);
    await Promise.all([1, 2, 3].map(() => recoverExpiredLeases(database, queue)));
    await recoverExpiredLeases(database, queue);
    expect(await jobsOf(runId)).toHaveLength(1);
  });
});

describe('a run given back', () => {
  it('is queued again at once, with a job', async () => {
    const { runId, token } = await runInMidStage();
    await dropJobs(runId);
    await giveBack(database, queue, runId, token, 'runner was stopped; queued again');
    expect(await statesOf(runId)).toEqual(['queued', 'completed', 'pending', 'pending']);
    expect(await jobsOf(runId)).toHaveLength(1);
    expect(await takeLease(database, runId, 'next')).not.toBeNull();
    await expect(giveBack(database, queue, runId, token, 'again')).rejects.toMatchObject({ code: 'LEASE_LOST' });
  });
});

describe('cancelling', () => {
  it('ends a queued run at once, also one that has trained already', async () => {
    const fresh = await queueRun(database, queue);
    expect(await cancel(fresh)).toBe('cancelled');
    expect(await cancel(fresh)).toBe('ended');
    const { runId, token } = await runInMidStage();
    await giveBack(database, queue, runId, token, 'stopped');
    expect(await cancel(runId)).toBe('cancelled');
    expect(await statesOf(runId)).toEqual(['cancelled', 'completed', 'cancelled', 'cancelled']);
    const view = await viewOf(database, runId);
    expect(view.trainings.get(mlp.id)?.state).toBe('cancelled');
    expect(view.stages.cpu.state).toBe('done');
  });

  it('tells the runner that holds the run', async () => {
    const { runId, token } = await runInMidStage();
    const heard: string[] = [];
    const subscription = await listen(server.url, runCancelChannel, (payload) => heard.push(payload));
    expect(await cancel(runId)).toBe('requested');
    await expect.poll(() => heard).toEqual([runId]);
    expect(await renewLease(database, runId, token)).toEqual({ cancelRequested: true });
    await subscription.close();
  });
});

describe('a job', () => {
  it('is there only if its transaction commits', async () => {
    let runId = '';
    await database
      .$transaction(async (tx) => {
        const run = await tx.run.create({ data: { name: 'undone', config: {} } });
        runId = run.id;
        await queue.enqueueRun(tx, runId);
        throw new Error('undo');
      })
      .catch(() => {});
    expect(await jobsOf(runId)).toEqual([]);
  });
});
