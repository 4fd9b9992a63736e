import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { planBuildProgressSchema, planBuildRequestSchema } from '@twostage/core/plans/buildRequest';
import { checkMasterPlan } from '@twostage/core/plans/masterPlan';
import { writeScenario } from '@twostage/data/simulate/scenarios/writeScenario';
import { cancelPlanBuild, createPlanBuild } from '@twostage/prisma/planBuilds';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Installation } from './testing/installation.ts';

let here: Installation;
let home: string;

beforeAll(async () => {
  home = mkdtempSync(path.join(os.tmpdir(), 'twostage-plan-build-'));
  const outputDir = path.join(home, 'data', 'market');
  await writeScenario({ scenario: 'predictability', outputDir, symbols: 3, bars: 500, seed: 3 });
});
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(async () => {
  here = await Installation.open(home);
});
afterEach(() => here.close());

const ask = (over: object = {}) =>
  here.database.$transaction((tx) =>
    createPlanBuild(tx, here.queue, {
      ...{ datasetId: null, createdById: null },
      request: planBuildRequestSchema.parse({
        ...{ dataDir: here.market, targets: ['y_pooled_1d', 'y_noise_1d'], threads: 1 },
        ...{ policy: { shifts: 25, treeShifts: 19 }, ...over },
      }),
    }),
  );
const rowOf = (id: string) => here.database.planBuild.findUniqueOrThrow({ where: { id } });
type Row = Awaited<ReturnType<typeof rowOf>>;
const until = (id: string, what: string, fits: (row: Row) => boolean): Promise<Row> =>
  here.until(what, async () => {
    const row = await rowOf(id);
    return fits(row) && row;
  });
const leftovers = () => {
  const folder = path.join(home, 'plan-builds');
  return existsSync(folder) ? readdirSync(folder) : [];
};
const endless = { policy: { shifts: 9999, treeShifts: 999 } };

describe('a plan that is asked for', () => {
  it('is built and kept with its row, with progress on the way', async () => {
    await here.start();
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
    await here.start();
    const wrong = await ask({ targets: ['y_nothing'] });
    const outside = await ask({ dataDir: '/etc' });
    const done = ({ status }: Row) => status === 'refused';
    expect((await until(wrong.id, 'refused', done)).reason).toMatch(/^target "y_nothing": neither a column/);
    expect((await until(outside.id, 'refused', done)).reason).toMatch(/outside the data roots/);
  });

  it('is cancelled at once before a runner has begun it, and stopped where one has', async () => {
    const waiting = await ask();
    expect(await here.database.$transaction((tx) => cancelPlanBuild(tx, waiting.id))).toBe('cancelled');
    await here.start();
    const begun = await ask(endless);
    await until(
      begun.id,
      'measuring',
      ({ progress }) => planBuildProgressSchema.safeParse(progress).data?.step === 'measuring',
    );
    expect(await here.database.$transaction((tx) => cancelPlanBuild(tx, begun.id))).toBe('requested');
    expect(await until(begun.id, 'cancelled', ({ status }) => status === 'cancelled')).toMatchObject({ result: null });
    expect(await rowOf(waiting.id)).toMatchObject({ status: 'cancelled', startedAt: null });
    expect(await here.database.$transaction((tx) => cancelPlanBuild(tx, begun.id))).toBe('ended');
    expect(leftovers()).toEqual([]);
  });

  it('is taken up by another runner where one was stopped or vanished', async () => {
    const first = await here.start();
    const { id } = await ask();
    await until(id, 'begun', ({ status }) => status === 'running');
    first.child.kill('SIGTERM');
    await first.ended;
    await here.start();
    expect(await until(id, 'ready', ({ status }) => status === 'ready')).toMatchObject({ reason: null });
  });
});
