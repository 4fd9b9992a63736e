import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { masterPlanSchema } from '@twostage/core/plans/masterPlan';
import { runConfigSchema } from '@twostage/core/runs/config';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { planColumns } from '@twostage/prisma/planVersions';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { createRun } from '@twostage/prisma/runs';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type DaemonProcess, startDaemon } from './testing/daemonProcess.ts';
import { writeMarket } from './testing/market.ts';

vi.setConfig({ testTimeout: 180_000 });

let server: TestDatabase;
let database: Database;
let queue: JobQueue;
let home: string;
let daemon: DaemonProcess;
const market = () => path.join(home, 'data', 'market');

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'twostage-planned-'));
  writeMarket(market(), { symbols: 3, bars: 400 });
  server = await createTestDatabase();
  database = createDatabaseClient(server.url);
  queue = await openJobQueue(server.url, { supervise: false, onError: () => {} });
  daemon = await startDaemon({
    ...{ DATABASE_URL: server.url, TWOSTAGE_HOME: home, TWOSTAGE_DATA_ROOTS: path.join(home, 'data') },
  });
}, 60_000);
afterAll(async () => {
  daemon.child.kill('SIGKILL');
  await daemon.ended;
  await queue.stop(1000);
  await database.$disconnect();
  await server.drop();
  rmSync(home, { recursive: true });
});

const plan = masterPlanSchema.parse({
  jobs: [
    { job_id: 'all', target: 'fwd_ret_1d', route: 'ROUTE_CROSS_SECTIONAL', model_families: ['FTRLProximal'] },
    { job_id: 'no', target: 'fwd_ret_5d', route: 'ROUTE_BLOCKED', model_families: [], reason: 'noise' },
  ],
});

/** A run of a version that is approved when it is queued, and what becomes of the version before a runner takes it. */
async function runOf(name: string, meanwhile: (versionId: string) => Promise<unknown>) {
  const columns = planColumns(plan);
  const { id: planId } = await database.plan.create({ data: { name } });
  const { id: versionId } = await database.planVersion.create({
    data: {
      ...{ planId, number: 1, state: 'approved', origin: { kind: 'empty' }, authorIds: [], ...columns },
      approvedHash: columns.hash,
    },
  });
  await meanwhile(versionId);
  const config = runConfigSchema.parse({
    ...{ name, dataDir: market(), features: 'basic', targets: ['fwd_ret_1d'] },
    parameters: { FTRLProximal: { l1: 0 } },
    plan: {
      source: { kind: 'version', planId, versionId, planName: name, number: 1 },
      ...{ hash: columns.hash, jobs: plan.jobs },
    },
  });
  const { id } = await database.$transaction((tx) =>
    createRun(tx, queue, { config, datasetId: null, createdById: null, planVersionId: versionId }),
  );
  for (const deadline = Date.now() + 120_000; Date.now() < deadline; await sleep(100)) {
    const run = await database.run.findUniqueOrThrow({ where: { id }, include: { trainings: true } });
    if (['completed', 'partial', 'failed', 'cancelled'].includes(run.state)) return run;
  }
  throw new Error(`the run did not end: ${daemon.output()}`);
}

describe('a run of an approved version', () => {
  it('trains its jobs and no more', async () => {
    const run = await runOf('momentum', async () => {});
    expect(run.state, run.reason ?? '').toBe('completed');
    expect(run.trainings.map(({ key }) => key)).toEqual(['FTRLProximal.fwd_ret_1d.all']);
  });

  it.each([
    [
      'revoked',
      { state: 'revoked', decisionReason: 'a leak' },
      /momentum \w+ v1 is not approved any more, it is revoked: a leak$/,
    ],
    ['superseded', { state: 'superseded' }, /is not approved any more, it is superseded$/],
    ['approved as another text', { approvedHash: 'c'.repeat(64) }, /is not the one that was approved/],
  ] as const)('%s before it starts: it fails with the reason, and nothing is spawned', async (what, data, reason) => {
    const run = await runOf(`momentum ${what.split(' ')[0]}`, (id) =>
      database.planVersion.update({ where: { id }, data }),
    );
    expect(run).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason), trainings: [] });
  });
});
