import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { masterPlanSchema } from '@twostage/core/plans/masterPlan';
import { planColumns } from '@twostage/prisma/planVersions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Installation } from './testing/installation.ts';
import { writeMarket } from './testing/market.ts';

let here: Installation;

beforeAll(async () => {
  here = await Installation.open(mkdtempSync(path.join(os.tmpdir(), 'twostage-planned-')));
  writeMarket(here.market, { symbols: 3, bars: 400 });
  await here.start();
});
afterAll(async () => {
  await here.close();
  rmSync(here.home, { recursive: true });
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
  const { id: planId } = await here.database.plan.create({ data: { name } });
  const { id: versionId } = await here.database.planVersion.create({
    data: {
      ...{ planId, number: 1, state: 'approved', origin: { kind: 'empty' }, authorIds: [], ...columns },
      approvedHash: columns.hash,
    },
  });
  await meanwhile(versionId);
  const config = {
    ...{ name, features: 'basic' as const, targets: ['fwd_ret_1d'] },
    parameters: { FTRLProximal: { l1: 0 } },
    plan: {
      source: { kind: 'version' as const, planId, versionId, planName: name, number: 1 },
      ...{ hash: columns.hash, jobs: plan.jobs },
    },
  };
  const id = await here.queueRun(config, versionId);
  return here.until('the run ends', async () => {
    const run = await here.rowsOf(id);
    return ['completed', 'partial', 'failed', 'cancelled'].includes(run.state) && run;
  });
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
      here.database.planVersion.update({ where: { id }, data }),
    );
    expect(run).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason), trainings: [] });
  });
});
