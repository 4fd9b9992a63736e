import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LoggedEvent, RunEvent } from '@twostage/core/runs/events';
import { viewOf } from '@twostage/prisma/eventLog';
import { startCluster } from '@twostage/prisma/postgres/cluster';
import { prepareDatabase } from '@twostage/prisma/prepare';
import { recoverExpiredLeases } from '@twostage/prisma/recovery';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Installation } from './testing/installation.ts';
import { writeMarket } from './testing/market.ts';

let here: Installation;
let home: string;

beforeAll(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'twostage-interrupted-'));
  writeMarket(path.join(home, 'data', 'market'), { symbols: 5, bars: 400 });
});
afterAll(() => rmSync(home, { recursive: true }));
// A database a test: a run that one test leaves is not taken up by the runner of the next.
beforeEach(async () => {
  here = await Installation.open(home);
});
afterEach(() => here.close());

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

describe('SIGKILL in mid-stage', () => {
  it('is queued within 30 s with no runner alive, then completed without repeating what was trained', async () => {
    const runId = await here.queueRun();
    const first = await here.start();
    await here.untilMidStage(runId);
    const pids = ofKind(await here.eventsOf(runId), 'training.started').map(({ pid }) => pid);
    const startedAt = Date.now();
    first.child.kill('SIGKILL');
    await first.ended;
    const left = (await here.rowsOf(runId)).trainings;
    expect(left.some(({ state }) => state === 'completed')).toBe(true);

    // What the web process does, every few seconds.
    const run = await here.until('run is queued', async () => {
      await recoverExpiredLeases(here.database, here.queue);
      const row = await here.rowsOf(runId);
      return row.state === 'queued' && row;
    });
    const seconds = (Date.now() - startedAt) / 1000;
    console.log(`status true ${seconds.toFixed(1)} s after SIGKILL`);
    expect(seconds).toBeLessThan(30);
    expect(run).toMatchObject({ reason: 'the runner vanished; queued again', recoveries: 1 });
    expect(run.trainings.filter(({ state }) => state === 'running')).toEqual([]);
    expect(pids.filter(isAlive)).toEqual([]);

    await here.start();
    await here.untilState(runId, 'completed');
    const events = await here.eventsOf(runId);
    const starts = timesOf(ofKind(events, 'training.started'));
    const ends = ofKind(events, 'training.ended');
    for (const { key, state } of left) expect(starts[key], `${key} was ${state}`).toBe(state === 'running' ? 2 : 1);
    expect(Object.values(timesOf(ends))).toEqual([1, 1, 1, 1, 1]);
    expect(ends.every(({ outcome }) => outcome.kind === 'completed')).toBe(true);
    expect((await viewOf(here.database, runId)).state).toBe('completed');
  });

  it('is taken over by another runner that was waiting', async () => {
    // Both are there before the run is: starting one takes longer than a training.
    const runners = [await here.start(), await here.start()];
    const runId = await here.queueRun();
    await here.untilMidStage(runId);
    const holder = runners.find((runner) => runner.output().includes('run taken'))!;
    holder.child.kill('SIGKILL');
    await here.untilState(runId, 'completed');
    const other = runners.find((runner) => runner !== holder)!;
    expect(other.output()).toContain('runner vanished');
    const events = await here.eventsOf(runId);
    expect(Object.values(timesOf(ofKind(events, 'training.ended')))).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('a database that restarts', () => {
  it('costs the training in work, not the run, nor the runner', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'twostage-restart-'));
    chmodSync(folder, 0o755);
    const directory = path.join(folder, 'postgres');
    let cluster = await startCluster({ directory });
    const url = cluster.urlOf('postgres');
    await prepareDatabase(url);
    const here = await Installation.open(home, { url, drop: async () => {} });
    try {
      const runId = await here.queueRun();
      const daemon = await here.start();
      await here.untilMidStage(runId);
      await cluster.stop();
      await sleep(2000);
      cluster = await startCluster({ directory });
      expect(cluster.urlOf('postgres')).toBe(url);
      await here.untilState(runId, 'completed');
      expect(daemon.child.exitCode).toBeNull();
      expect(Object.values(timesOf(ofKind(await here.eventsOf(runId), 'training.ended')))).toEqual([1, 1, 1, 1, 1]);
    } finally {
      await here.close();
      await cluster.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('stopping', () => {
  it('gives the run back within seconds, and the next runner goes on', async () => {
    const runId = await here.queueRun();
    const first = await here.start();
    const { completed } = await here.untilMidStage(runId);
    const startedAt = Date.now();
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(20_000);
    const run = await here.rowsOf(runId);
    expect(run).toMatchObject({ state: 'queued', reason: 'runner was stopped; queued again', leaseToken: null });
    expect(run.recoveries).toBe(0);
    const pids = ofKind(await here.eventsOf(runId), 'training.started').map(({ pid }) => pid);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(await here.database.runner.findFirst()).toMatchObject({ stoppedAt: expect.any(Date) });

    await here.start();
    await here.untilState(runId, 'completed');
    expect(timesOf(ofKind(await here.eventsOf(runId), 'training.started'))[completed]).toBe(1);
  });
});
