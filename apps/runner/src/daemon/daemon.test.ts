import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RunConfigInput, runConfigSchema } from '@twostage/core/runs/config';
import { featuresByName } from '@twostage/core/runs/featureExpressions';
import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import type { RunState } from '@twostage/core/runs/lifecycle';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { readEvents, viewOf } from '@twostage/prisma/eventLog';
import { startCluster } from '@twostage/prisma/postgres/cluster';
import { prepareDatabase } from '@twostage/prisma/prepare';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { recoverExpiredLeases } from '@twostage/prisma/recovery';
import { createRun, requestCancel } from '@twostage/prisma/runs';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DaemonProcess, startDaemon } from './testing/daemonProcess.ts';
import { writeMarket } from './testing/market.ts';

// Whole runs in real processes, each with its start: a busy machine takes minutes.
vi.setConfig({ testTimeout: 300_000 });

let server: TestDatabase;
let database: Database;
let queue: JobQueue;
let home: string;
let market: string;
const daemons: DaemonProcess[] = [];

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'twostage-daemon-'));
  market = path.join(home, 'data', 'market');
  writeMarket(market, { symbols: 5, bars: 400 });
});
afterAll(() => rmSync(home, { recursive: true }));
// A database a test: a run that one test leaves is not taken up by the daemon of the next.
beforeEach(async () => {
  server = await createTestDatabase();
  database = createDatabaseClient(server.url);
  queue = await openJobQueue(server.url, { supervise: false, onError: () => {} });
});
afterEach(async () => {
  for (const { child } of daemons) child.kill('SIGKILL');
  await Promise.all(daemons.splice(0).map(({ ended }) => ended));
  await queue.stop(1000);
  await database.$disconnect();
  await server.drop();
});

async function start(env: { TWOSTAGE_SUPERVISED?: '1' } = {}): Promise<DaemonProcess> {
  const daemon = await startDaemon({
    ...env,
    DATABASE_URL: server.url,
    TWOSTAGE_HOME: home,
    TWOSTAGE_DATA_ROOTS: path.join(home, 'data'),
  });
  daemons.push(daemon);
  return daemon;
}
/** Five trainings of the family that needs no native library. */
async function queueRun(config: Partial<RunConfigInput> = {}): Promise<string> {
  const parsed = runConfigSchema.parse({
    name: 'test',
    dataDir: market,
    families: ['FTRLProximal'],
    targets: ['fwd_ret_1d', 'fwd_ret_2d', 'fwd_ret_3d', 'fwd_ret_4d', 'fwd_ret_5d'],
    ...config,
  });
  const { id } = await database.$transaction((tx) =>
    createRun(tx, queue, { config: parsed, datasetId: null, createdById: null }),
  );
  return id;
}
const rowsOf = (runId: string) =>
  database.run.findUniqueOrThrow({ where: { id: runId }, include: { trainings: { orderBy: { position: 'asc' } } } });
async function until<T>(what: string, seconds: number, find: () => Promise<T | null | false>): Promise<T> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(50)) {
    const found = await find();
    if (found) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}; ${daemons.map(({ output }) => output()).join('\n---\n')}`);
}
const untilState = (runId: string, state: RunState, seconds = 90) =>
  until(`run is ${state}`, seconds, async () => {
    const run = await rowsOf(runId);
    return run.state === state && run;
  });
/** One training has completed and the next one has a process. */
const untilMidStage = (runId: string) =>
  until('one training completed, another runs', 90, async () => {
    const { trainings } = await rowsOf(runId);
    const running = trainings.find((training) => training.state === 'running');
    const completed = trainings.find((training) => training.state === 'completed');
    return running && completed ? { running: running.key, completed: completed.key } : null;
  });
async function eventsOf(runId: string): Promise<LoggedEvent[]> {
  const events = await readEvents(database, runId, 0, 100_000);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  return events;
}
type Kind<K extends RunEvent['kind']> = Extract<RunEvent, { kind: K }>;
const ofKind = <K extends RunEvent['kind']>(events: LoggedEvent[], kind: K): Kind<K>[] =>
  events.map(({ event }) => event).filter((event): event is Kind<K> => event.kind === kind);
const timesOf = (events: { training: string }[]) => {
  const times: Record<string, number> = {};
  for (const { training } of events) times[training] = (times[training] ?? 0) + 1;
  return times;
};
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('takes a queued run to its end and writes where the run page looks', async () => {
  // Without it every weight may be zero, and a constant forecast has no IC.
  const parameters = { FTRLProximal: { l1: 0 } };
  const runId = await queueRun({ targets: ['fwd_ret_1d'], parameters });
  await start();
  const run = await untilState(runId, 'completed');
  expect(run).toMatchObject({ runner: os.hostname(), recoveries: 0 });
  expect(run.summary).toMatchObject({ trainings: { total: 1, completed: 1 }, stages: { cpu: 'done', gpu: 'done' } });
  expect(run.trainings[0]).toMatchObject({ state: 'completed', ic: expect.any(Number), seconds: expect.any(Number) });
  expect(run.startedAt && run.endedAt && run.startedAt < run.endedAt).toBe(true);
  await eventsOf(runId);
  await until('lease is released', 5, async () => (await rowsOf(runId)).leaseToken === null);
});

describe('SIGKILL in mid-stage', () => {
  it('is queued within 30 s with no runner alive, then completed without repeating what was trained', async () => {
    const runId = await queueRun();
    const first = await start();
    const killedAt = await untilMidStage(runId);
    const pids = ofKind(await eventsOf(runId), 'training.started').map(({ pid }) => pid);
    const startedAt = Date.now();
    first.child.kill('SIGKILL');
    await first.ended;

    // What the web process does, every few seconds.
    const run = await until('run is queued', 30, async () => {
      await recoverExpiredLeases(database, queue);
      const row = await rowsOf(runId);
      return row.state === 'queued' && row;
    });
    const seconds = (Date.now() - startedAt) / 1000;
    console.log(`status true ${seconds.toFixed(1)} s after SIGKILL`);
    expect(seconds).toBeLessThan(30);
    expect(run).toMatchObject({ reason: 'the runner vanished; queued again', recoveries: 1 });
    expect(run.trainings.filter(({ state }) => state === 'running')).toEqual([]);
    expect(pids.filter(isAlive)).toEqual([]);

    await start();
    await untilState(runId, 'completed');
    const events = await eventsOf(runId);
    const starts = timesOf(ofKind(events, 'training.started'));
    const ends = ofKind(events, 'training.ended');
    expect(starts[killedAt.completed]).toBe(1);
    expect(starts[killedAt.running]).toBe(2);
    expect(Object.values(timesOf(ends))).toEqual([1, 1, 1, 1, 1]);
    expect(ends.every(({ outcome }) => outcome.kind === 'completed')).toBe(true);
    expect((await viewOf(database, runId)).state).toBe('completed');
  });

  it('is taken over by another runner that was waiting', async () => {
    // Both are there before the run is: starting one takes longer than a training.
    const runners = [await start(), await start()];
    const runId = await queueRun();
    await untilMidStage(runId);
    const holder = runners.find((runner) => runner.output().includes('run taken'))!;
    holder.child.kill('SIGKILL');
    await untilState(runId, 'completed');
    const other = runners.find((runner) => runner !== holder)!;
    expect(other.output()).toContain('runner vanished');
    const events = await eventsOf(runId);
    expect(Object.values(timesOf(ofKind(events, 'training.ended')))).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('a database that restarts', () => {
  it('costs the training in work, not the run, nor the runner', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'twostage-restart-'));
    chmodSync(folder, 0o755);
    const directory = path.join(folder, 'postgres');
    let cluster = await startCluster({ directory });
    const shared = { database, queue, server };
    const url = cluster.urlOf('postgres');
    await prepareDatabase(url);
    server = { url, drop: async () => {} };
    database = createDatabaseClient(url);
    queue = await openJobQueue(url, { supervise: false, onError: () => {} });
    try {
      const runId = await queueRun();
      const daemon = await start();
      await untilMidStage(runId);
      await cluster.stop();
      await sleep(2000);
      cluster = await startCluster({ directory });
      expect(cluster.urlOf('postgres')).toBe(url);
      await untilState(runId, 'completed');
      expect(daemon.child.exitCode).toBeNull();
      expect(Object.values(timesOf(ofKind(await eventsOf(runId), 'training.ended')))).toEqual([1, 1, 1, 1, 1]);
    } finally {
      for (const { child } of daemons) child.kill('SIGKILL');
      await queue.stop(1000);
      await database.$disconnect();
      await cluster.stop();
      rmSync(folder, { recursive: true });
      ({ database, queue, server } = shared);
    }
  });
});

describe('stopping', () => {
  it('gives the run back within seconds, and the next runner goes on', async () => {
    const runId = await queueRun();
    const first = await start();
    const { completed } = await untilMidStage(runId);
    const startedAt = Date.now();
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    const run = await rowsOf(runId);
    expect(run).toMatchObject({ state: 'queued', reason: 'runner was stopped; queued again', leaseToken: null });
    expect(run.recoveries).toBe(0);
    const pids = ofKind(await eventsOf(runId), 'training.started').map(({ pid }) => pid);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await database.runner.findFirst()).toMatchObject({ stoppedAt: expect.any(Date) });

    await start();
    await untilState(runId, 'completed');
    expect(timesOf(ofKind(await eventsOf(runId), 'training.started'))[completed]).toBe(1);
  });
});

describe('a supervised runner', () => {
  it('does not live on when its supervisor is gone', async () => {
    const daemon = await start({ TWOSTAGE_SUPERVISED: '1' });
    daemon.child.stdin!.end();
    expect(await daemon.ended).toBe(0);
  });
});

describe('cancelling', () => {
  it('ends a run in work at once, keeps what was trained, and frees the runner for the next', async () => {
    const runId = await queueRun();
    await start();
    const { completed } = await untilMidStage(runId);
    const startedAt = Date.now();
    expect(await database.$transaction((tx) => requestCancel(tx, runId, null))).toBe('requested');
    const run = await untilState(runId, 'cancelled', 15);
    console.log(`cancelled after ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
    expect(run.trainings.find(({ key }) => key === completed)?.state).toBe('completed');
    expect(run.trainings.filter(({ state }) => state === 'completed' || state === 'cancelled')).toHaveLength(5);
    await untilState(await queueRun({ targets: ['fwd_ret_1d'] }), 'completed');
    await eventsOf(runId);
  });
});

describe('bad input', () => {
  it('fails a run whose data lie outside the data roots, also by a link, in one line', async () => {
    const outside = mkdtempSync(path.join(os.tmpdir(), 'twostage-outside-'));
    writeMarket(outside, { symbols: 1, bars: 10 });
    const link = path.join(home, 'data', 'link');
    symlinkSync(outside, link);
    const leaky = path.join(home, 'data', 'leaky');
    mkdirSync(leaky);
    symlinkSync(path.join(outside, 'S0.csv'), path.join(leaky, 'S0.csv'));
    const runs = await Promise.all([outside, link, leaky].map((dataDir) => queueRun({ dataDir })));
    await start();
    const roots = path.join(home, 'data');
    const lines = ` lies outside the data roots of this runner (${roots})`;
    expect((await untilState(runs[0], 'failed')).reason).toBe(outside + lines);
    expect((await untilState(runs[1], 'failed')).reason).toBe(link + lines);
    expect((await untilState(runs[2], 'failed')).reason).toBe(
      `${leaky}/S0.csv is a link that leads outside the data roots of this runner`,
    );
    rmSync(outside, { recursive: true });
  });

  it('ends at once where the database does not answer', async () => {
    const env = {
      DATABASE_URL: 'postgresql://me:s3cret@127.0.0.1:1/market',
      TWOSTAGE_HOME: home,
      TWOSTAGE_DATA_ROOTS: home,
    };
    const error = await startDaemon(env).catch((thrown: Error) => thrown);
    expect(String(error)).toContain('no PostgreSQL answers at 127.0.0.1:1/market: connection refused');
    expect(String(error)).not.toContain('s3cret');
  });
});

describe('a registered dataset', () => {
  const register = async (name: string, folder: string) => {
    const { id } = await database.$transaction(async (tx) => {
      const dataset = await tx.dataset.create({ data: { name, path: folder } });
      await queue.enqueueInspection(tx, dataset.id);
      return dataset;
    });
    return until('dataset is read', 30, async () => {
      const dataset = await database.dataset.findUniqueOrThrow({ where: { id } });
      return dataset.status !== 'inspecting' && dataset;
    });
  };

  it('is read, or refused with the file and line that are wrong', async () => {
    await start();
    const good = await register('good', market);
    expect(good).toMatchObject({ status: 'ready', reason: null, simulated: false });
    expect(good.inspection).toMatchObject({
      rows: 2000,
      bars: 400,
      symbols: ['S0', 'S1', 'S2', 'S3', 'S4'],
      interval: '1d',
    });
    const broken = path.join(home, 'data', 'broken');
    mkdirSync(broken);
    writeFileSync(path.join(broken, 'A.csv'), 'date,open,high,low,close,volume\n2020-01-01,1,1,1,many,5\n');
    const refused = await register('broken', broken);
    expect(refused).toMatchObject({ status: 'refused', reason: expect.stringMatching(/A\.csv.*line 2.*close/) });
    expect(await register('nowhere', path.join(home, 'data', 'nowhere'))).toMatchObject({
      status: 'refused',
      reason: `${path.join(home, 'data', 'nowhere')}: there is no such folder`,
    });
  });

  it('has features tried on its bars, each with its own fault', async () => {
    await start();
    const { id: datasetId } = await database.dataset.create({ data: { name: 'features', path: market } });
    const answerOf = async (datasetId: string, given: Record<string, string>) => {
      const check = { datasetId, askedById: 'someone', features: 'auto', expressions: featuresByName(given) } as const;
      const id = await database.$transaction((tx) => queue.enqueueFeatureCheck(tx, check));
      return until('features are checked', 30, async () => (await queue.readFeatureCheck(id))!.answer);
    };
    // The database would put the shorter name first.
    const given = {
      _move: 'close / lag(close) OVER past - 1',
      up: '_move > 0',
      to: 'lead(close) OVER past',
      KMID: '1',
    };
    expect(await answerOf(datasetId, given)).toEqual({
      kind: 'checked',
      faults: [
        { name: 'to', message: 'lead() looks at later bars; lag() looks back' },
        { name: 'KMID', message: 'a column or feature of this name exists already' },
      ],
      symbols: ['S0'],
    });
    const outside = await database.dataset.create({ data: { name: 'outside', path: os.tmpdir() } });
    expect(await answerOf(outside.id, given)).toEqual({ kind: 'refused', message: expect.stringMatching(/data root/) });
  });
});
