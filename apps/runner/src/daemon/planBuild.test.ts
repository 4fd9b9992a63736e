import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { planBuildProgressSchema, planBuildRequestSchema } from '@twostage/core/plans/buildRequest';
import { checkMasterPlan } from '@twostage/core/plans/masterPlan';
import { writeScenario } from '@twostage/data/simulate/scenarios/writeScenario';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { cancelPlanBuild, createPlanBuild } from '@twostage/prisma/planBuilds';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type DaemonProcess, startDaemon } from './testing/daemonProcess.ts';

vi.setConfig({ testTimeout: 300_000 });

let server: TestDatabase;
let database: Database;
let queue: JobQueue;
let home: string;
const daemons: DaemonProcess[] = [];

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'twostage-plan-build-'));
  const outputDir = path.join(home, 'data', 'market');
  await writeScenario({ scenario: 'predictability', outputDir, symbols: 3, bars: 500, seed: 3 });
});
afterAll(() => rmSync(home, { recursive: true }));
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

async function start(): Promise<DaemonProcess> {
  const daemon = await startDaemon({
    DATABASE_URL: server.url,
    TWOSTAGE_HOME: home,
    TWOSTAGE_DATA_ROOTS: path.join(home, 'data'),
  });
  daemons.push(daemon);
  return daemon;
}
const ask = (over: object = {}) =>
  database.$transaction((tx) =>
    createPlanBuild(tx, queue, {
      ...{ datasetId: null, createdById: null },
      request: planBuildRequestSchema.parse({
        ...{ dataDir: path.join(home, 'data', 'market'), targets: ['y_pooled_1d', 'y_noise_1d'], threads: 1 },
        ...{ policy: { shifts: 25, treeShifts: 19 }, ...over },
      }),
    }),
  );
const rowOf = (id: string) => database.planBuild.findUniqueOrThrow({ where: { id } });
type Row = Awaited<ReturnType<typeof rowOf>>;
async function until(id: string, what: string, fits: (row: Row) => boolean): Promise<Row> {
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(50)) {
    const row = await rowOf(id);
    if (fits(row)) return row;
  }
  throw new Error(`${what}: not within two minutes; ${daemons.map(({ output }) => output()).join('\n')}`);
}
const leftovers = () => {
  const folder = path.join(home, 'plan-builds');
  return existsSync(folder) ? readdirSync(folder) : [];
};
const endless = { policy: { shifts: 9999, treeShifts: 999 } };

describe('a plan that is asked for', () => {
  it('is built and kept with its row, with progress on the way', async () => {
    await start();
    const { id } = await ask();
    const measuring = await until(id, 'measuring', ({ progress }) => progress !== null);
    expect(planBuildProgressSchema.parse(measuring.progress)).toMatchObject({ step: expect.any(String) });
    const row = await until(id, 'ended', ({ status }) => status !== 'queued' && status !== 'running');
    expect(row).toMatchObject({ status: 'ready', reason: null, runner: os.hostname(), endedAt: expect.any(Date) });
    const checked = checkMasterPlan(row.result);
    if (checked.kind !== 'plan') throw new Error(JSON.stringify(checked));
    expect(checked.plan.metadata.run_id).toBe(id);
    const pooled = checked.plan.jobs.find(({ job_id: job }) => job === 'y_pooled_1d.all');
    expect(pooled).toMatchObject({ route: 'ROUTE_CROSS_SECTIONAL', metadata: { finding: 'found' } });
    expect(leftovers()).toEqual([]);
  });

  it('is refused in one line where its data are wrong or lie outside the data roots', async () => {
    await start();
    const wrong = await ask({ targets: ['y_nothing'] });
    const outside = await ask({ dataDir: '/etc' });
    const done = ({ status }: Row) => status === 'refused';
    expect((await until(wrong.id, 'refused', done)).reason).toMatch(/^target "y_nothing": neither a column/);
    expect((await until(outside.id, 'refused', done)).reason).toMatch(/outside the data roots/);
  });

  it('is cancelled at once before a runner has begun it, and stopped where one has', async () => {
    const waiting = await ask();
    expect(await database.$transaction((tx) => cancelPlanBuild(tx, waiting.id))).toBe('cancelled');
    await start();
    const begun = await ask(endless);
    await until(
      begun.id,
      'measuring',
      ({ progress }) => planBuildProgressSchema.safeParse(progress).data?.step === 'measuring',
    );
    expect(await database.$transaction((tx) => cancelPlanBuild(tx, begun.id))).toBe('requested');
    expect(await until(begun.id, 'cancelled', ({ status }) => status === 'cancelled')).toMatchObject({ result: null });
    expect(await rowOf(waiting.id)).toMatchObject({ status: 'cancelled', startedAt: null });
    expect(await database.$transaction((tx) => cancelPlanBuild(tx, begun.id))).toBe('ended');
    expect(leftovers()).toEqual([]);
  });

  it('is taken up by another runner where one was stopped or vanished', async () => {
    const first = await start();
    const { id } = await ask();
    await until(id, 'begun', ({ status }) => status === 'running');
    first.child.kill('SIGTERM');
    await first.ended;
    await start();
    expect(await until(id, 'ready', ({ status }) => status === 'ready')).toMatchObject({ reason: null });
  });
});
