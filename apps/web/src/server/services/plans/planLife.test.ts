import { type MasterPlan, masterPlanSchema } from '@twostage/core/plans/masterPlan';
import { planOfText } from '@twostage/prisma/planVersions';
import { io } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { draftPlanInput } from '../../contracts/plans.ts';
import { hashOf, onePlan } from '../../testing/plans.ts';
import { hash, planTeam } from '../../testing/planTeam.ts';
import { approvePlan, discardPlan, rejectPlan, submitPlan } from './decidePlan.ts';
import { draftPlan } from './draftPlan.ts';
import { editPlan } from './editPlan.ts';
import { estimateBasis } from './estimateBasis.ts';
import { exportPlan } from './exportPlan.ts';
import { commentOnPlan, resolvePlanComment } from './planComments.ts';
import { planDiff } from './planDiff.ts';
import { planInbox } from './planInbox.ts';
import { getPlan, getPlanVersion, listPlans } from './readPlans.ts';

const { as, fresh, draft, submitted, approved, server, person } = planTeam();
const versionOf = (versionId: string) => getPlanVersion(as('Ann'), { versionId });

describe('a plan from file to approval', () => {
  it('is drafted, submitted, approved by another, and knows each step', async () => {
    const { planId, versionId } = await draft({ note: 'first try' });
    expect(await versionOf(versionId)).toMatchObject({
      ...{ number: 1, state: 'draft', note: 'first try', hash, origin: 'mine.json', author: { name: 'Ann' } },
      counts: { jobs: 2, training: 1, blocked: 1, targets: 2, families: 1 },
      may: { edit: { kind: 'allowed' }, approve: { kind: 'refused', reason: expect.stringMatching(/role approver/) } },
      dataset: { name: 'market' },
    });
    await submitPlan(as('Ann'), { versionId, hash, note: 'please look' });
    expect(await planInbox(as('Bob'))).toMatchObject([
      { kind: 'decide', version: { id: versionId }, what: 'Ann asks for your decision' },
    ]);
    await approvePlan(as('Bob'), { versionId, hash, reason: 'looks right' });
    const done = await versionOf(versionId);
    expect(done).toMatchObject({
      ...{ state: 'approved', decidedBy: { name: 'Bob' }, decisionReason: 'looks right' },
      may: { launch: { kind: 'allowed' }, edit: { kind: 'refused' } },
    });
    expect(done.steps.map(({ action, actor, reason }) => [action, actor?.name, reason])).toEqual([
      ['plan.draft', 'Ann', 'first try'],
      ['plan.submit', 'Ann', 'please look'],
      ['plan.approve', 'Bob', 'looks right'],
    ]);
    expect(await planInbox(as('Bob'))).toEqual([]);
    expect(await getPlan(as('Ann'), { planId })).toMatchObject({
      approved: { id: versionId },
      open: null,
      versions: 1,
    });
  });

  it('the next version has it as parent, says what differs, and supersedes it once approved', async () => {
    const first = await approved();
    const next = await draftPlan(as('Ann'), {
      ...{ into: { kind: 'version', planId: first.planId }, source: { kind: 'version', versionId: first.versionId } },
      ...{ note: '' },
    });
    const plan = onePlan({
      jobs: masterPlanSchema.parse({
        jobs: [
          {
            ...{ job_id: 'all', target: 'fwd_ret_1d', route: 'ROUTE_EXPERIMENTAL_ONLY' },
            ...{ model_families: ['XGBoost'], parameters: { XGBoost: { rounds: 30 } } },
          },
        ],
      }).jobs,
    });
    const saved = await editPlan(as('Ann'), { versionId: next.versionId, revision: 0, plan });
    expect(saved).toEqual({ revision: 1, hash: hashOf(plan) });
    const { from, to, diff } = await planDiff(as('Bob'), {
      fromVersionId: first.versionId,
      toVersionId: next.versionId,
    });
    expect([from.number, to.number, to.parent?.number]).toEqual([1, 2, 1]);
    expect(diff).toMatchObject({
      ...{ added: [], removed: [{ job_id: 'no' }], unchanged: 0 },
      changed: [
        {
          ...{ route: { from: 'ROUTE_CROSS_SECTIONAL', to: 'ROUTE_EXPERIMENTAL_ONLY' } },
          ...{ familiesAdded: ['XGBoost'], familiesRemoved: ['LightGBM'] },
          parameters: [{ family: 'XGBoost', parameter: 'rounds', to: 30 }],
        },
      ],
    });
    await submitPlan(as('Ann'), { versionId: next.versionId, hash: saved.hash });
    expect(await approvePlan(as('Bob'), { versionId: next.versionId, hash: saved.hash, reason: '' })).toEqual({
      superseded: 1,
    });
    expect((await versionOf(first.versionId)).state).toBe('superseded');
    expect((await versionOf(first.versionId)).steps.at(-1)).toMatchObject({ action: 'plan.supersede' });
  });

  it('comes out of the browser as it went in', async () => {
    const { versionId } = await draft();
    const text = await exportPlan(as('Ann'), { versionId, file: 'master_training_plan.json' });
    expect(JSON.parse(text)).toEqual(onePlan());
    expect(await exportPlan(as('Ann'), { versionId, file: 'training_plan.md' })).toContain('## fwd\\_ret\\_1d');
    const cookie = await server().signIn(person('Ann').email);
    const response = await fetch(`${server().url}/api/v1/plan-versions/${versionId}/master_training_plan.json`, {
      headers: { cookie },
    });
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="master_training_plan.json"');
    expect(await response.text()).toBe(text);
  });

  it('is talked about by job', async () => {
    const { versionId } = await submitted();
    const { commentId } = await commentOnPlan(as('Bob'), { versionId, jobId: 'all', text: 'why not XGBoost?' });
    await expect(commentOnPlan(as('Bob'), { versionId, jobId: 'none', text: 'what?' })).rejects.toMatchObject({
      ...{ code: 'NOT_FOUND', message: expect.stringMatching(/has no job none$/) },
    });
    expect(await planInbox(as('Ann'))).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'answer', what: '1 comment waits for an answer' })]),
    );
    await resolvePlanComment(as('Ann'), { commentId, resolved: true });
    expect(await versionOf(versionId)).toMatchObject({
      openComments: 0,
      comments: [{ jobId: 'all', author: { name: 'Bob' }, resolvedBy: { name: 'Ann' } }],
    });
  });
});

describe('two at once', () => {
  it('one decides, the other is told who and when; nothing is half decided', async () => {
    const { versionId } = await submitted();
    const settled = await Promise.allSettled([
      approvePlan(as('Bob'), { versionId, hash, reason: '' }),
      rejectPlan(as('Cid'), { versionId, hash, reason: 'not yet' }),
    ]);
    const refused = settled.filter((one) => one.status === 'rejected');
    expect(refused).toHaveLength(1);
    expect(refused[0]!.reason).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/, by (Bob|Cid) at 20/),
    });
    const { state, steps } = await versionOf(versionId);
    expect(['approved', 'rejected']).toContain(state);
    expect(steps.filter(({ action }) => /approve|reject/.test(action))).toHaveLength(1);
  });

  it('one saves, the other is told; the text is that of one of them', async () => {
    const { versionId } = await draft();
    const settled = await Promise.allSettled([
      editPlan(as('Ann'), { versionId, revision: 0, note: 'hers' }),
      editPlan(as('Bob'), { versionId, revision: 0, note: 'his' }),
    ]);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const refused = settled.find((one) => one.status === 'rejected')!;
    expect(refused.reason).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/was changed by (Ann|Bob) at/),
    });
    expect(await versionOf(versionId)).toMatchObject({ revision: 1, note: expect.stringMatching(/^(hers|his)$/) });
  });

  it('one drafts the next version, the other is told', async () => {
    const { planId, versionId } = await approved();
    const next = () =>
      draftPlan(
        as('Ann'),
        draftPlanInput.parse({ into: { kind: 'version', planId }, source: { kind: 'version', versionId } }),
      );
    const settled = await Promise.allSettled([next(), next(), next()]);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of settled)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({ code: 'CONFLICT', message: expect.stringMatching(/v2 is a draft, by Ann/) });
  });

  it('a plan approved while it changes under the approver is not approved', async () => {
    const { versionId } = await submitted();
    await expect(approvePlan(as('Bob'), { versionId, hash: 'a'.repeat(64), reason: '' })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/was changed after you looked at it/),
    });
    expect((await versionOf(versionId)).state).toBe('inReview');
  });
});

describe('bad input', () => {
  const withJobs = (...jobs: object[]) => JSON.stringify({ jobs });
  const job = { job_id: 'a', target: 'fwd_ret_1d', route: 'ROUTE_BOTH', model_families: ['LightGBM'] };
  it.each([
    ['no JSON', '{', /^mine\.json is no training plan: not JSON: /],
    ['no jobs', '{}', /jobs: /],
    [
      'an unknown family',
      withJobs({ ...job, model_families: ['Gradient'] }),
      /jobs\.0\.model_families\.0: no family 'Gradient'/,
    ],
    ['an unknown route', withJobs({ ...job, route: 'ROUTE_66' }), /jobs\.0\.route: /],
    ['two jobs of one id', withJobs(job, job), /jobs\.1\.job_id: 'a' is the job_id of jobs\.0 too/],
    ['a type without its symbol', withJobs({ ...job, training_type: 'symbol_specific' }), /jobs\.0\.symbol: /],
  ])('a file with %s is refused in one line, and nothing is made', async (_, text, message) => {
    const before = [await server().prisma.plan.count(), await server().prisma.auditEntry.count()];
    await expect(draft({ source: { kind: 'file', fileName: 'mine.json', text } })).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', message: expect.stringMatching(message) },
    });
    expect([await server().prisma.plan.count(), await server().prisma.auditEntry.count()]).toEqual(before);
  });

  it('a name that is taken', async () => {
    const into = { kind: 'plan', name: fresh() };
    await draft({ into });
    await expect(draft({ into })).rejects.toMatchObject({ code: 'CONFLICT', field: 'into.name' });
  });

  it('a draft that leaves nothing to train cannot be submitted', async () => {
    const empty = onePlan({ jobs: onePlan().jobs.slice(1) });
    const { versionId } = await draft({ source: { kind: 'file', fileName: 'mine.json', text: JSON.stringify(empty) } });
    await expect(submitPlan(as('Ann'), { versionId, hash: hashOf(empty) })).rejects.toMatchObject({
      message: expect.stringMatching(/leaves nothing to train: of its 1 jobs every one is blocked/),
    });
    expect((await versionOf(versionId)).state).toBe('draft');
  });

  it('a save that is no plan changes nothing and names the path', async () => {
    const { versionId } = await draft();
    const plan = { jobs: [{ ...job, model_families: ['Nothing'] }] };
    await expect(editPlan(as('Ann'), { versionId, revision: 0, plan })).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', field: 'plan.jobs.0.model_families.0' },
    });
    expect(await versionOf(versionId)).toMatchObject({ revision: 0, hash });
  });

  it('a parameter out of its bounds is refused when it is saved, not when a run starts', async () => {
    const { versionId } = await draft();
    const plan = { jobs: [{ ...job, parameters: { LightGBM: { rounds: -5 } } }] };
    await expect(editPlan(as('Ann'), { versionId, revision: 0, plan })).rejects.toMatchObject({
      ...{ code: 'INVALID_INPUT', message: expect.stringMatching(/^jobs\.0\.parameters\.LightGBM\.rounds: job a/) },
    });
    expect(await versionOf(versionId)).toMatchObject({ revision: 0, hash });
  });

  it.each(['draftPlan', 'getPlanVersion', 'approvePlan'])('%s of what is not there', async (what) => {
    const gone = 'nothing';
    const work = {
      draftPlan: () => draft({ into: { kind: 'version', planId: gone } }),
      getPlanVersion: () => versionOf(gone),
      approvePlan: () => approvePlan(as('Bob'), { versionId: gone, hash, reason: '' }),
    }[what]!;
    await expect(work()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('a discarded draft takes its plan with it where it was the only one', async () => {
    const { planId, versionId } = await draft();
    expect(await discardPlan(as('Ann'), { versionId })).toEqual({ planGone: true });
    await expect(getPlan(as('Ann'), { planId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await listPlans(as('Ann'))).map(({ id }) => id)).not.toContain(planId);
  });
});

describe('an estimate', () => {
  it('starts from the data of the version and what trainings took', async () => {
    const { versionId } = await draft();
    expect(await estimateBasis(as('Ann'), { versionId })).toMatchObject({
      ...{ data: { rows: 3000, symbols: 3, folds: 3 }, symbols: ['AAPL', 'MSFT', 'GOOGL'], past: [], packing: true },
    });
    await editPlan(as('Ann'), { versionId, revision: 0, datasetId: null });
    expect(await estimateBasis(as('Ann'), { versionId })).toBeNull();
  });
});

describe('live', () => {
  it('whoever has plans open is told of each step', async () => {
    const cookie = await server().signIn(person('Ann').email);
    const socket = io(server().url, { extraHeaders: { cookie }, transports: ['websocket'], forceNew: true });
    try {
      const heard: string[] = [];
      socket.on('plansChanged', ({ planIds }: { planIds: string[] }) => heard.push(...planIds));
      await new Promise((resolve) => socket.on('connect', () => resolve(null)));
      expect(await socket.emitWithAck('watchPlans')).toEqual({ ok: true });
      const { planId, versionId } = await submitted();
      await expect.poll(() => heard).toContain(planId);
      heard.length = 0;
      await approvePlan(as('Bob'), { versionId, hash, reason: '' });
      await expect.poll(() => heard).toContain(planId);
    } finally {
      socket.close();
    }
  });
});

it('what is stored is read back as the plan it was', () => {
  const plan: MasterPlan = onePlan({ summary: { nested: { b: 1, a: [1.5e-7, 1e21, -0.1] } } });
  expect(planOfText(JSON.stringify(plan))).toEqual(plan);
});
