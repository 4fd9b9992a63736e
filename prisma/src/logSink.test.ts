import type { LoggedEvent } from '@twostage/core/runs/events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabaseClient, type Database } from './client.ts';
import { readEvents } from './eventLog.ts';
import { takeLease } from './leases.ts';
import { LogSink } from './logSink.ts';
import type { JobQueue } from './queue.ts';
import { logLine, openTestQueue, queueRun, stateChanged } from './testing/fixtures.ts';
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

async function openSink() {
  const runId = await queueRun(database, queue);
  const leaseToken = (await takeLease(database, runId, 'test'))!;
  const batches: LoggedEvent[][] = [];
  const sink = new LogSink(database, { runId, leaseToken }, (events) => batches.push(events));
  return { runId, sink, batches };
}

it('lets log lines wait for each other, and sends them ahead of a state change', async () => {
  const { runId, sink, batches } = await openSink();
  await Promise.all([sink.append([logLine('1')]), sink.append([logLine('2')]), sink.append([logLine('3')])]);
  expect(batches.map((batch) => batch.length)).toEqual([3]);
  const line = sink.append([logLine('4')]);
  await sink.append([stateChanged('preparing')]);
  await line;
  const events = await readEvents(database, runId, 0, 100);
  expect(events.map(({ event }) => (event.kind === 'log' ? event.line : event.kind))).toEqual([
    'run.stateChanged',
    '1',
    '2',
    '3',
    '4',
    'run.stateChanged',
  ]);
});

it('keeps the order of a flood', async () => {
  const { runId, sink } = await openSink();
  const lines = Array.from({ length: 3000 }, (_, index) => String(index));
  await Promise.all(lines.map((line) => sink.append([logLine(line)])));
  const events = await readEvents(database, runId, 1, 5000);
  expect(events.map(({ event }) => event.kind === 'log' && event.line)).toEqual(lines);
});

it('refuses what waited behind an append that failed', async () => {
  const { runId, sink } = await openSink();
  await database.run.update({ where: { id: runId }, data: { leaseToken: 'of another runner' } });
  const answers = await Promise.allSettled([
    sink.append([stateChanged('preparing')]),
    sink.append([stateChanged('running')]),
    sink.append([logLine('late')]),
  ]);
  expect(answers.map((answer) => answer.status === 'rejected' && answer.reason.code)).toEqual([
    'LEASE_LOST',
    'LEASE_LOST',
    'LEASE_LOST',
  ]);
  expect(await readEvents(database, runId, 1, 10)).toEqual([]);
});
