import { type Role, roles } from '@twostage/core/access/roles';
import type { DomainError } from '@twostage/core/errors';
import { type PlanVersionState, planVersionStates, type ReviewAction } from '@twostage/core/plans/review';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRunInput } from '../../contracts/runs.ts';
import { addDataset } from '../../testing/fixtures.ts';
import { addVersion, hashOf, onePlan } from '../../testing/plans.ts';
import { startTestServer, type TestServer } from '../../testing/testServer.ts';
import type { ServiceContext } from '../context.ts';
import { startRun } from '../startRun.ts';
import { approvePlan, discardPlan, rejectPlan, revokePlan, submitPlan, withdrawPlan } from './decidePlan.ts';
import { draftPlan } from './draftPlan.ts';
import { editPlan } from './editPlan.ts';
import { commentOnPlan } from './planComments.ts';

type Api = ReturnType<TestServer['api']>;
interface Subject {
  readonly versionId: string;
  readonly planId: string;
}
interface Way {
  readonly service: (context: ServiceContext, subject: Subject) => Promise<unknown>;
  readonly trpc: (api: Api, subject: Subject) => Promise<unknown>;
  /** Method, path and body; null: REST has no such thing. */
  readonly rest: ((subject: Subject) => [string, string, object]) | null;
}

const hash = hashOf(onePlan());
const why = 'because it is so';
const launch = ({ versionId }: Subject) =>
  startRunInput.parse({ datasetId, config: { name: 'planned' }, planVersion: { versionId, hash } });
const next = ({ planId, versionId }: Subject) => ({
  into: { kind: 'version' as const, planId },
  source: { kind: 'version' as const, versionId },
  note: 'next',
});
const edit = ({ versionId }: Subject) => ({ versionId, revision: 0, plan: onePlan(), note: 'other words' });

/** Every action of the rules in every way that there is to it. Total by type. */
const ways: Record<ReviewAction, Way> = {
  edit: {
    service: (context, subject) => editPlan(context, edit(subject)),
    trpc: (api, subject) => api.plans.edit.mutate(edit(subject)),
    rest: ({ versionId }) => ['PATCH', `plan-versions/${versionId}`, { revision: 0, note: 'other words' }],
  },
  submit: {
    service: (context, { versionId }) => submitPlan(context, { versionId, hash }),
    trpc: (api, { versionId }) => api.plans.submit.mutate({ versionId, hash }),
    rest: ({ versionId }) => ['POST', `plan-versions/${versionId}/submit`, { hash }],
  },
  discard: {
    service: (context, { versionId }) => discardPlan(context, { versionId }),
    trpc: (api, { versionId }) => api.plans.discard.mutate({ versionId }),
    rest: ({ versionId }) => ['DELETE', `plan-versions/${versionId}`, {}],
  },
  withdraw: {
    service: (context, { versionId }) => withdrawPlan(context, { versionId }),
    trpc: (api, { versionId }) => api.plans.withdraw.mutate({ versionId }),
    rest: ({ versionId }) => ['POST', `plan-versions/${versionId}/withdraw`, {}],
  },
  approve: {
    service: (context, { versionId }) => approvePlan(context, { versionId, hash, reason: '' }),
    trpc: (api, { versionId }) => api.plans.approve.mutate({ versionId, hash }),
    rest: ({ versionId }) => ['POST', `plan-versions/${versionId}/approve`, { hash }],
  },
  reject: {
    service: (context, { versionId }) => rejectPlan(context, { versionId, hash, reason: why }),
    trpc: (api, { versionId }) => api.plans.reject.mutate({ versionId, hash, reason: why }),
    rest: ({ versionId }) => ['POST', `plan-versions/${versionId}/reject`, { hash, reason: why }],
  },
  revoke: {
    service: (context, { versionId }) => revokePlan(context, { versionId, hash, reason: why }),
    trpc: (api, { versionId }) => api.plans.revoke.mutate({ versionId, hash, reason: why }),
    rest: ({ versionId }) => ['POST', `plan-versions/${versionId}/revoke`, { hash, reason: why }],
  },
  comment: {
    service: (context, { versionId }) => commentOnPlan(context, { versionId, text: why }),
    trpc: (api, { versionId }) => api.plans.comment.mutate({ versionId, text: why }),
    rest: ({ versionId }) => ['POST', `plan-versions/${versionId}/comments`, { text: why }],
  },
  draftNext: {
    service: (context, subject) => draftPlan(context, next(subject)),
    trpc: (api, subject) => api.plans.draft.mutate(next(subject)),
    rest: (subject) => ['POST', 'plans', next(subject)],
  },
  launch: {
    service: (context, subject) => startRun(context, launch(subject)),
    trpc: (api, subject) => api.runs.start.mutate(launch(subject)),
    rest: null,
  },
};

/** In which state what may be done by whom, and what becomes of it: written down apart from the rules that are tested. */
const members: readonly Role[] = ['member', 'approver', 'admin'];
const approvers: readonly Role[] = ['approver', 'admin'];
const table: Record<ReviewAction, Partial<Record<PlanVersionState, [PlanVersionState | 'gone', readonly Role[]]>>> = {
  edit: { draft: ['draft', members] },
  submit: { draft: ['inReview', members] },
  // A stranger's: for an admin alone.
  discard: { draft: ['gone', ['admin']] },
  withdraw: { inReview: ['draft', ['admin']] },
  approve: { inReview: ['approved', approvers] },
  reject: { inReview: ['rejected', approvers] },
  revoke: { approved: ['revoked', approvers] },
  comment: Object.fromEntries(planVersionStates.map((state) => [state, [state, members]])),
  draftNext: Object.fromEntries(
    (['approved', 'rejected', 'superseded', 'revoked'] as const).map((state) => [state, [state, members]]),
  ),
  launch: { approved: ['approved', members] },
};
const least: Record<ReviewAction, Role> = {
  ...{ edit: 'member', submit: 'member', discard: 'member', withdraw: 'member', comment: 'member' },
  ...{ approve: 'approver', reject: 'approver', revoke: 'approver', draftNext: 'member', launch: 'member' },
};

let server: TestServer;
let queue: JobQueue;
let datasetId: string;
let strangerId: string;
const people = {} as Record<Role, { id: string; cookie: string }>;

beforeAll(async () => {
  server = await startTestServer();
  queue = await openJobQueue(server.databaseUrl, { supervise: false, onError: () => {} });
  datasetId = await addDataset(server.prisma);
  strangerId = (await server.addUser('member', 'stranger')).id;
  for (const role of roles) {
    const { id, email } = await server.addUser(role);
    people[role] = { id, cookie: await server.signIn(email) };
  }
});
afterAll(async () => {
  await queue.stop(0);
  await server.close();
});

const contextOf = (role: Role): ServiceContext => ({
  ...{ prisma: server.prisma, queue, dataRoots: [], publicUrl: server.url },
  actor: { userId: people[role].id, role },
});
const stateOf = async (id: string): Promise<PlanVersionState | 'gone'> =>
  (await server.prisma.planVersion.findUnique({ where: { id } }))?.state ?? 'gone';
const stepsOf = (id: string) => server.prisma.auditEntry.count({ where: { subject: `planVersion:${id}` } });
const newSubject = (state: PlanVersionState, authorId = strangerId): Promise<Subject> =>
  addVersion(server.prisma, { state, authorId, datasetId });

/** done, or the code of the refusal, by each way in. */
async function tried(action: ReviewAction, state: PlanVersionState, role: Role, authorId?: string) {
  const { service, trpc, rest } = ways[action];
  const outcome: [string, PlanVersionState | 'gone', number][] = [];
  const note = async ({ versionId }: Subject, work: Promise<string>) => {
    const said = await work;
    outcome.push([said, await stateOf(versionId), await stepsOf(versionId)]);
  };
  const direct = await newSubject(state, authorId);
  await note(
    direct,
    service(contextOf(role), direct).then(
      () => 'done',
      ({ code }: DomainError) => code,
    ),
  );
  const over = await newSubject(state, authorId);
  await note(
    over,
    trpc(server.api(people[role].cookie), over).then(
      () => 'done',
      (error) => error.data?.domainCode ?? String(error),
    ),
  );
  if (rest) {
    const subject = await newSubject(state, authorId);
    const [method, path, body] = rest(subject);
    await note(
      subject,
      fetch(`${server.url}/api/v1/${path}`, {
        method,
        headers: { 'content-type': 'application/json', origin: server.url, cookie: people[role].cookie },
        body: JSON.stringify(body),
      }).then(async (response) => {
        const answer = (await response.json()) as { domainCode?: string };
        return response.ok ? 'done' : (answer.domainCode ?? `status ${response.status}`);
      }),
    );
  }
  return outcome;
}

const actions = Object.keys(ways) as ReviewAction[];
describe.each(actions)('%s', (action) => {
  it.each(planVersionStates.flatMap((state) => roles.map((role) => [state, role] as const)))(
    'of a version that is %s, by a %s: the same by direct call, tRPC and REST',
    async (state, role) => {
      const row = table[action][state];
      const outcomes = await tried(action, state, role);
      const mayAtAll = roles.indexOf(role) >= roles.indexOf(least[action]);
      const theirs = action === 'discard' || action === 'withdraw';
      if (row?.[1].includes(role)) {
        const [after] = row;
        for (const outcome of outcomes) {
          expect(outcome.slice(0, 2)).toEqual(['done', after]);
          // Drafting the next is a step of the next.
          if (action !== 'draftNext') expect(outcome[2]).toBe(1);
        }
      } else {
        const code = mayAtAll && (!theirs || role === 'admin') ? 'CONFLICT' : 'FORBIDDEN';
        for (const outcome of outcomes) expect(outcome).toEqual([code, state, 0]);
      }
    },
  );
});

describe('who wrote it', () => {
  it.each(['approve', 'reject'] as const)('may not %s it, unless the setting lets them', async (action) => {
    const { id } = people.approver;
    for (const outcome of await tried(action, 'inReview', 'approver', id)) {
      expect(outcome).toEqual(['FORBIDDEN', 'inReview', 0]);
    }
    await server.api(people.admin.cookie).plans.setReviewSetting.mutate({ authorMayApprove: 'always' });
    for (const outcome of await tried(action, 'inReview', 'approver', id)) expect(outcome[0]).toBe('done');
    await server.api(people.admin.cookie).plans.setReviewSetting.mutate({ authorMayApprove: 'automatic' });
  });

  it.each([
    ['discard', 'draft'],
    ['withdraw', 'inReview'],
  ] as const)('may %s it', async (action, state) => {
    for (const outcome of await tried(action, state, 'member', people.member.id)) expect(outcome[0]).toBe('done');
  });

  it('is whoever saved it, too', async () => {
    const { versionId } = await newSubject('draft');
    await editPlan(contextOf('approver'), { versionId, revision: 0, note: 'my words' });
    await submitPlan(contextOf('member'), { versionId, hash });
    await expect(approvePlan(contextOf('approver'), { versionId, hash, reason: '' })).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'approving a version is for others than those who wrote in it: you did',
    });
    await approvePlan(contextOf('admin'), { versionId, hash, reason: '' });
    expect(await stateOf(versionId)).toBe('approved');
  });
});

describe('someone who is not signed in', () => {
  it.each(actions)('may not %s', async (action) => {
    const subject = await newSubject('draft');
    const { trpc, rest } = ways[action];
    await expect(trpc(server.api(), subject)).rejects.toMatchObject({ data: { httpStatus: 401 } });
    if (!rest) return;
    const [method, path, body] = rest(subject);
    const headers = { 'content-type': 'application/json', origin: server.url };
    const response = await fetch(`${server.url}/api/v1/${path}`, { method, headers, body: JSON.stringify(body) });
    expect(response.status).toBe(401);
  });
});
