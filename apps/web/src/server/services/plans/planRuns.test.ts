import { whyNotExecuted } from '@twostage/prisma/planVersions';
import { describe, expect, it } from 'vitest';
import { startRunInput } from '../../contracts/runs.ts';
import { addVersion, hashOf, onePlan } from '../../testing/plans.ts';
import { hash, planTeam } from '../../testing/planTeam.ts';
import { parseConfig } from '../runRows.ts';
import { startRun } from '../startRun.ts';
import { revokePlan } from './decidePlan.ts';
import { getPlanVersion } from './readPlans.ts';

const { as, approved, server, datasetId, person } = planTeam();
const versionOf = (versionId: string) => getPlanVersion(as('Ann'), { versionId });
const launch = (versionId: string, over: object = {}, config: object = {}) =>
  startRunInput.parse({
    ...{ datasetId: datasetId(), config: { name: 'planned', ...config } },
    planVersion: { versionId, hash, ...over },
  });

describe('a run of a version', () => {
  it('takes the jobs and targets of exactly what was approved', async () => {
    const { planId, versionId } = await approved();
    const { id } = await startRun(as('Ann'), launch(versionId));
    const run = await server().prisma.run.findUniqueOrThrow({ where: { id } });
    const config = parseConfig(run.config);
    expect(run.planVersionId).toBe(versionId);
    expect(config).toMatchObject({
      targets: ['fwd_ret_1d'],
      plan: { source: { kind: 'version', planId, versionId, number: 1 }, hash, jobs: onePlan().jobs },
    });
    expect((await versionOf(versionId)).runs).toMatchObject([{ id, state: 'queued' }]);
    expect(await whyNotExecuted(server().prisma, config.plan!, false)).toBeNull();
  });

  it.each([
    ['another hash', { hash: 'b'.repeat(64) }, {}, /was changed after you looked at it/],
    [
      'a target that it does not train',
      { targets: ['fwd_ret_9d'] },
      {},
      /the plan trains no target "fwd_ret_9d"; it trains fwd_ret_1d/,
    ],
    [
      'families that leave nothing',
      {},
      { families: ['MLP'] },
      /leaves nothing to train: of 2 jobs none is left\n {2}removed: .*not for LightGBM\n {2}blocked: /,
    ],
  ])('%s: refused, and no run is made', async (_, over, config, message) => {
    const { versionId } = await approved();
    const before = await server().prisma.run.count();
    await expect(startRun(as('Ann'), launch(versionId, over, config))).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
    expect(await server().prisma.run.count()).toBe(before);
  });

  it('a plan that names a symbol which the data do not have', async () => {
    const plan = onePlan({ jobs: [{ ...onePlan().jobs[0]!, symbol: 'ZZZ', route: 'ROUTE_SYMBOL_SPECIFIC' }] });
    const { versionId } = await addVersion(server().prisma, {
      ...{ state: 'approved', authorId: person('Ann').id, datasetId: datasetId(), plan },
    });
    await expect(startRun(as('Bob'), launch(versionId, { hash: hashOf(plan) }))).rejects.toMatchObject({
      ...{ code: 'UNKNOWN_SYMBOL', message: expect.stringMatching(/the data have no symbol ZZZ/) },
    });
  });

  describe('once more before anything is spawned', () => {
    const queued = async () => {
      const { planId, versionId } = await approved();
      const { id } = await startRun(as('Ann'), launch(versionId));
      const { config } = await server().prisma.run.findUniqueOrThrow({ where: { id } });
      return { planId, versionId, plan: parseConfig(config).plan! };
    };
    it('revoked between launch and start', async () => {
      const { versionId, plan } = await queued();
      await revokePlan(as('Bob'), { versionId, hash, reason: 'a leak was found' });
      const why = expect.stringMatching(/ v1 is not approved any more, it is revoked: a leak was found$/);
      expect(await whyNotExecuted(server().prisma, plan, false)).toEqual(why);
      expect(await whyNotExecuted(server().prisma, plan, true)).toEqual(why);
    });

    it('superseded: refused before it began, finished where it had', async () => {
      const { versionId, plan } = await queued();
      await server().prisma.planVersion.update({ where: { id: versionId }, data: { state: 'superseded' } });
      expect(await whyNotExecuted(server().prisma, plan, false)).toMatch(/it is superseded$/);
      expect(await whyNotExecuted(server().prisma, plan, true)).toBeNull();
    });

    it('edited after approval: the database refuses, and who gets past it is found out', async () => {
      const { versionId, plan } = await queued();
      const text = (await server().prisma.planVersion.findUniqueOrThrow({ where: { id: versionId } })).text;
      const other = text.replace('LightGBM', 'XGBoost');
      const edit = () => server().prisma.planVersion.update({ where: { id: versionId }, data: { text: other } });
      await expect(edit()).rejects.toThrow(/its text stays as it is/);
      await server().prisma.$executeRaw`ALTER TABLE plan_version DISABLE TRIGGER plan_version_keep`;
      await edit();
      await server().prisma.$executeRaw`ALTER TABLE plan_version ENABLE TRIGGER plan_version_keep`;
      expect(await whyNotExecuted(server().prisma, plan, false)).toMatch(
        /not the one that was approved: its text was changed/,
      );
      await expect(startRun(as('Ann'), launch(versionId))).rejects.toMatchObject({
        message: expect.stringMatching(/changed past review/),
      });
    });

    it('jobs in the run that are not in the plan', async () => {
      const { plan } = await queued();
      expect(await whyNotExecuted(server().prisma, { ...plan, jobs: [] }, false)).toMatch(
        /the jobs of this run are not those/,
      );
      const source = { kind: 'file', path: 'plan.json' } as const;
      expect(await whyNotExecuted(server().prisma, { ...plan, source }, false)).toMatch(/an approved version only/);
    });
  });
});
