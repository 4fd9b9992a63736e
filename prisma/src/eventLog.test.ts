import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabaseClient, type Database } from './client.ts';
import { appendEvents, readEvents, runEventsChannel, viewOf } from './eventLog.ts';
import { takeLease } from './leases.ts';
import { listen } from './listen.ts';
import type { JobQueue } from './queue.ts';
import {
  completed,
  lightgbm,
  logLine,
  openTestQueue,
  progress,
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

const append = (runId: string, ...events: RunEvent[]) => appendEvents(database, { runId, events });

describe('appending', () => {
  it('numbers the events of four concurrent appenders without hole or double', async () => {
    const runId = await queueRun(database, queue);
    const clients = Array.from({ length: 4 }, () => createDatabaseClient(server.url, { poolSize: 2 }));
    const returned: LoggedEvent[] = [];
    await Promise.all(
      clients.map(async (client, appender) => {
        for (let batch = 0; batch < 25; batch++) {
          const events = Array.from({ length: 1 + ((batch + appender) % 7) }, (_, index) =>
            logLine(`${appender}.${batch}.${index}`),
          );
          returned.push(...(await appendEvents(client, { runId, events })));
        }
      }),
    );
    const stored = await readEvents(database, runId, 0, 10_000);
    expect(stored.map(({ seq }) => seq)).toEqual(Array.from({ length: stored.length }, (_, index) => index + 1));
    expect(stored.length).toBe(returned.length + 1);
    const bySeq = new Map(stored.map((event) => [event.seq, event]));
    for (const event of returned) expect(bySeq.get(event.seq)).toEqual(event);
    const { lastSeq } = await database.run.findUniqueOrThrow({ where: { id: runId } });
    expect(lastSeq).toBe(stored.length);
    await Promise.all(clients.map((client) => client.$disconnect()));
  });

  it('refuses a runner that lost its lease, and stores nothing of its batch', async () => {
    const runId = await queueRun(database, queue);
    const zombie = (await takeLease(database, runId, 'first'))!;
    await appendEvents(database, { runId, leaseToken: zombie, events: [stateChanged('preparing')] });
    await database.run.update({ where: { id: runId }, data: { leaseToken: 'of another runner' } });
    await expect(
      appendEvents(database, { runId, leaseToken: zombie, events: [logLine('still here')] }),
    ).rejects.toMatchObject({ code: 'LEASE_LOST' });
    expect(await readEvents(database, runId, 2, 10)).toEqual([]);
  });

  it('refuses a whole batch for one event that the lifecycle forbids', async () => {
    const runId = await queueRun(database, queue);
    await expect(append(runId, logLine('before'), stateChanged('completed'))).rejects.toMatchObject({
      code: 'ILLEGAL_TRANSITION',
      message: 'a run cannot go from queued to completed; from queued it may go to preparing, cancelled, failed',
    });
    await append(runId, ...underWay);
    await expect(
      append(runId, { kind: 'training.started', training: lightgbm.id, pid: 2, threads: 1 }),
    ).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    await expect(append(runId, { kind: 'stage.started', stage: 'cpu' })).resolves.toHaveLength(1);
    await append(runId, { kind: 'stage.ended', stage: 'cpu' });
    await expect(append(runId, { kind: 'stage.ended', stage: 'cpu' })).rejects.toMatchObject({
      code: 'ILLEGAL_TRANSITION',
    });
    expect((await readEvents(database, runId, 0, 100)).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('names what is wrong with an event, a training or a run that it does not know', async () => {
    const runId = await queueRun(database, queue);
    await expect(append(runId, { ...logLine('x'), stream: 'screen' } as unknown as RunEvent)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('event log: stream:'),
    });
    await expect(
      append(runId, { kind: 'training.started', training: 'nobody', pid: 1, threads: 1 }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('"nobody"') });
    await expect(append('no-run', logLine('x'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('stores lines that jsonb alone would refuse', async () => {
    const runId = await queueRun(database, queue);
    await append(runId, logLine('nul \0, half a pair \ud83d, a whole one \ud83d\ude80'));
    const [, { event }] = await readEvents(database, runId, 0, 10);
    expect(event).toMatchObject({ line: 'nul \uFFFD, half a pair \uFFFD, a whole one \ud83d\ude80' });
  });

  it('announces run and newest number', async () => {
    const runId = await queueRun(database, queue);
    const heard: string[] = [];
    const subscription = await listen(server.url, runEventsChannel, (payload) => heard.push(payload));
    await append(runId, logLine('a'), logLine('b'), logLine('c'));
    await expect.poll(() => heard).toEqual([`${runId}:4`]);
    await subscription.close();
  });
});

describe('the rows of a run', () => {
  it('say what its folded events say', async () => {
    const runId = await queueRun(database, queue);
    await append(runId, ...underWay);
    await append(runId, { kind: 'training.progress', training: lightgbm.id, progress: progress(1) });
    await append(
      runId,
      { kind: 'training.progress', training: lightgbm.id, progress: progress(4) },
      {
        kind: 'training.ended',
        training: lightgbm.id,
        outcome: completed(0.04, 0.05),
        seconds: 2.5,
        peakRssBytes: 9e9,
      },
      { kind: 'training.started', training: xgboost.id, pid: 2, threads: 2 },
    );
    const run = await database.run.findUniqueOrThrow({ where: { id: runId }, include: { trainings: true } });
    const view = await viewOf(database, runId);
    expect(view).toMatchObject({ lastSeq: run.lastSeq, state: run.state, runner: run.runner });
    expect(view.startedAt).toBe(run.startedAt?.getTime());
    for (const row of run.trainings) {
      const training = view.trainings.get(row.key)!;
      expect(training).toMatchObject({ state: row.state, seconds: row.seconds, progress: row.progress });
      expect(training.startedAt).toBe(row.startedAt?.getTime() ?? null);
      expect(training.endedAt).toBe(row.endedAt?.getTime() ?? null);
      expect(training.spec).toMatchObject({ family: row.family, target: row.target, stage: row.stage });
    }
    const trained = run.trainings.find(({ key }) => key === lightgbm.id);
    expect(trained).toMatchObject({ state: 'completed', ic: 0.04, rankIc: 0.05, peakRssBytes: 9_000_000_000n });
    expect(trained).toMatchObject({ outcome: { kind: 'completed' }, progress: { step: 4 }, device: 'cpu' });
    expect(run.summary).toEqual({
      trainings: { total: 3, running: 1, completed: 1, failed: 0 },
      stages: { cpu: 'running', gpu: 'pending' },
      bestIc: { training: lightgbm.id, value: 0.04 },
      bestRankIc: { training: lightgbm.id, value: 0.05 },
    });
  });

  it('forget the attempt of a training that is queued again', async () => {
    const runId = await queueRun(database, queue);
    await append(runId, ...underWay, { kind: 'training.progress', training: lightgbm.id, progress: progress(3) });
    await append(runId, { kind: 'training.requeued', training: lightgbm.id, reason: 'gone' }, stateChanged('queued'));
    const row = await database.training.findUniqueOrThrow({ where: { runId_key: { runId, key: lightgbm.id } } });
    expect(row).toMatchObject({ state: 'pending', progress: null, startedAt: null, bestValidationLoss: null });
    const run = await database.run.findUniqueOrThrow({ where: { id: runId } });
    expect(run).toMatchObject({ state: 'queued', summary: { trainings: { running: 0, total: 3 } } });
  });
});

describe('reading', () => {
  it('gives what came after a number, in order, at most so many', async () => {
    const runId = await queueRun(database, queue);
    await append(runId, ...Array.from({ length: 30 }, (_, index) => logLine(`${index}`)));
    const page = await readEvents(database, runId, 10, 5);
    expect(page.map(({ seq }) => seq)).toEqual([11, 12, 13, 14, 15]);
    expect(page[0].event).toEqual(logLine('9'));
  });
});
