import { type Actor, type Role, roles } from '@twostage/core/access/roles';
import { DomainError } from '@twostage/core/errors';
import { planBuildRequestSchema } from '@twostage/core/plans/buildRequest';
import { createPlanBuild } from '@twostage/prisma/planBuilds';
import { openJobQueue } from '@twostage/prisma/queue';
import type { JobQueue } from '@twostage/prisma/queue';
import { TRPCClientError } from '@trpc/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AppRouter } from '../api/router.ts';
import { addDataset, addRun } from '../testing/fixtures.ts';
import { startTestServer, type TestServer } from '../testing/testServer.ts';
import { addPerson } from './addPerson.ts';
import { cancelRun } from './cancelRun.ts';
import { compareRuns } from './compareRuns.ts';
import type { ServiceContext } from './context.ts';
import { deactivatePerson } from './deactivatePerson.ts';
import { getDataset } from './getDataset.ts';
import { getRun } from './getRun.ts';
import { listDatasets } from './listDatasets.ts';
import { listPeople } from './listPeople.ts';
import { listRuns } from './listRuns.ts';
import { reactivatePerson } from './reactivatePerson.ts';
import { draftPlan } from './plans/draftPlan.ts';
import { cancelPlanBuild, listPlanBuilds, requestPlanBuild } from './plans/planBuilds.ts';
import { planInbox } from './plans/planInbox.ts';
import { listPlans } from './plans/readPlans.ts';
import { setReviewSetting } from './plans/reviewSetting.ts';
import { readFeatureCheck } from './readFeatureCheck.ts';
import { readRunEvents } from './readRunEvents.ts';
import { registerDataset } from './registerDataset.ts';
import { renewPasswordLink } from './renewPasswordLink.ts';
import { requestFeatureCheck } from './requestFeatureCheck.ts';
import { setRole } from './setRole.ts';
import { startRun } from './startRun.ts';
import { systemStatus } from './systemStatus.ts';
import { draftPlanInput, requestPlanBuildInput } from '../contracts/plans.ts';
import { startRunInput } from '../contracts/runs.ts';

type Api = ReturnType<TestServer['api']>;
/** One thing a person may want to do, through the service and through HTTP; both prepare what they need. */
interface Case {
  readonly does: string;
  readonly allowed: readonly Role[];
  readonly service: (context: ServiceContext) => Promise<unknown>;
  readonly http: (api: Api, actor: Actor) => Promise<unknown>;
}

let server: TestServer;
let queue: JobQueue;
let datasetId: string;
let someoneId: string;
let runIds: string[];
const people = {} as Record<Role, { id: string; email: string; cookie: string }>;
let unique = 0;

const everyone = roles;
const members: readonly Role[] = ['member', 'approver', 'admin'];
const admins: readonly Role[] = ['admin'];
const newRun = (ownerId: string | null) =>
  addRun(server.prisma, server.databaseUrl, { createdById: ownerId, datasetId });
const start = () => startRunInput.parse({ datasetId, config: { name: 'a run' } });
const featureCheck = () => ({
  datasetId,
  features: 'auto' as const,
  expressions: [{ name: 'up', expression: 'close > open' }],
});
const emptyDraft = () =>
  draftPlanInput.parse({ into: { kind: 'plan', name: `plan ${++unique}` }, source: { kind: 'empty' } });
const build = () => requestPlanBuildInput.parse({ datasetId, request: {} });
const builtBy = (createdById: string) =>
  server.prisma.$transaction(async (tx) => {
    const request = planBuildRequestSchema.parse({ dataDir: '/data/market' });
    return (await createPlanBuild(tx, queue, { request, datasetId, createdById })).id;
  });
const askedBy = (askedById: string) =>
  server.prisma.$transaction((tx) => queue.enqueueFeatureCheck(tx, { ...featureCheck(), askedById }));
const person = () => ({ name: 'New', email: `new${++unique}@example.com`, role: 'viewer' as const });
const victim = async () => (await server.addUser('viewer')).id;
const folder = () => ({ name: `data ${++unique}`, path: `${server.home}/data/${unique}` });

const cases: Case[] = [
  {
    does: 'list runs',
    allowed: everyone,
    service: (context) => listRuns(context, {}),
    http: (api) => api.runs.list.query({}),
  },
  {
    does: 'read a run',
    allowed: everyone,
    service: (context) => getRun(context, { runId: runIds[0]! }),
    http: (api) => api.runs.get.query({ runId: runIds[0]! }),
  },
  {
    does: "read a run's events",
    allowed: everyone,
    service: (context) => readRunEvents(context, { runId: runIds[0]!, afterSeq: 0, limit: 10 }),
    http: (api) => api.runs.events.query({ runId: runIds[0]! }),
  },
  {
    does: 'compare runs',
    allowed: everyone,
    service: (context) => compareRuns(context, { ids: runIds }),
    http: (api) => api.runs.compare.query({ ids: runIds }),
  },
  {
    does: 'start a run',
    allowed: members,
    service: (context) => startRun(context, start()),
    http: (api) => api.runs.start.mutate(start()),
  },
  {
    does: 'cancel an own run',
    allowed: members,
    service: async (context) => cancelRun(context, { runId: await newRun(context.actor.userId) }),
    http: async (api, actor) => api.runs.cancel.mutate({ runId: await newRun(actor.userId) }),
  },
  {
    does: "cancel someone else's run",
    allowed: admins,
    service: async (context) => cancelRun(context, { runId: await newRun(someoneId) }),
    http: async (api) => api.runs.cancel.mutate({ runId: await newRun(someoneId) }),
  },
  {
    does: "cancel the system's run",
    allowed: admins,
    service: async (context) => cancelRun(context, { runId: await newRun(null) }),
    http: async (api) => api.runs.cancel.mutate({ runId: await newRun(null) }),
  },
  {
    does: 'list datasets',
    allowed: everyone,
    service: (context) => listDatasets(context),
    http: (api) => api.datasets.list.query(),
  },
  {
    does: 'read a dataset',
    allowed: everyone,
    service: (context) => getDataset(context, { datasetId }),
    http: (api) => api.datasets.get.query({ datasetId }),
  },
  {
    does: 'register a dataset',
    allowed: members,
    service: (context) => registerDataset(context, folder()),
    http: (api) => api.datasets.register.mutate(folder()),
  },
  {
    does: 'have features checked',
    allowed: members,
    service: (context) => requestFeatureCheck(context, featureCheck()),
    http: (api) => api.features.check.mutate(featureCheck()),
  },
  {
    does: 'read what was said of own features',
    allowed: members,
    service: async (context) => readFeatureCheck(context, { checkId: await askedBy(context.actor.userId) }),
    http: async (api, actor) => api.features.answer.query({ checkId: await askedBy(actor.userId) }),
  },
  {
    does: 'list plans',
    allowed: everyone,
    service: (context) => listPlans(context),
    http: (api) => api.plans.list.query(),
  },
  {
    does: 'read what of plans waits for them',
    allowed: everyone,
    service: (context) => planInbox(context),
    http: (api) => api.plans.inbox.query(),
  },
  {
    does: 'draft a plan',
    allowed: members,
    service: (context) => draftPlan(context, emptyDraft()),
    http: (api) => api.plans.draft.mutate(emptyDraft()),
  },
  {
    does: 'have a plan built',
    allowed: members,
    service: (context) => requestPlanBuild(context, build()),
    http: (api) => api.planBuilds.request.mutate(build()),
  },
  {
    does: 'cancel an own building of a plan',
    allowed: members,
    service: async (context) => cancelPlanBuild(context, { buildId: await builtBy(context.actor.userId) }),
    http: async (api, actor) => api.planBuilds.cancel.mutate({ buildId: await builtBy(actor.userId) }),
  },
  {
    does: "cancel someone else's building of a plan",
    allowed: admins,
    service: async (context) => cancelPlanBuild(context, { buildId: await builtBy(someoneId) }),
    http: async (api) => api.planBuilds.cancel.mutate({ buildId: await builtBy(someoneId) }),
  },
  {
    does: 'list buildings of plans',
    allowed: everyone,
    service: (context) => listPlanBuilds(context),
    http: (api) => api.planBuilds.list.query(),
  },
  {
    does: 'decide whether authors may approve',
    allowed: admins,
    service: (context) => setReviewSetting(context, { authorMayApprove: 'never' }),
    http: (api) => api.plans.setReviewSetting.mutate({ authorMayApprove: 'never' }),
  },
  {
    does: 'list people',
    allowed: everyone,
    service: (context) => listPeople(context),
    http: (api) => api.people.list.query(),
  },
  {
    does: 'add a person',
    allowed: admins,
    service: (context) => addPerson(context, person()),
    http: (api) => api.people.add.mutate(person()),
  },
  {
    does: 'set a role',
    allowed: admins,
    service: async (context) => setRole(context, { userId: await victim(), role: 'member' }),
    http: async (api) => api.people.setRole.mutate({ userId: await victim(), role: 'member' }),
  },
  {
    does: 'deactivate a person',
    allowed: admins,
    service: async (context) => deactivatePerson(context, { userId: await victim() }),
    http: async (api) => api.people.deactivate.mutate({ userId: await victim() }),
  },
  {
    does: 'let a person in again',
    allowed: admins,
    service: async (context) => reactivatePerson(context, { userId: await victim() }),
    http: async (api) => api.people.reactivate.mutate({ userId: await victim() }),
  },
  {
    does: 'make a new password link',
    allowed: admins,
    service: async (context) => renewPasswordLink(context, { userId: await victim() }),
    http: async (api) => api.people.renewPasswordLink.mutate({ userId: await victim() }),
  },
  {
    does: 'read the status of the system',
    allowed: everyone,
    service: (context) => systemStatus(context),
    http: (api) => api.system.status.query(),
  },
];

beforeAll(async () => {
  server = await startTestServer();
  queue = await openJobQueue(server.databaseUrl, { supervise: false, onError: () => {} });
  datasetId = await addDataset(server.prisma);
  someoneId = (await server.addUser('member')).id;
  runIds = [await newRun(someoneId), await newRun(someoneId)];
  for (const role of roles) {
    const user = await server.addUser(role);
    people[role] = { ...user, cookie: await server.signIn(user.email) };
  }
});
afterAll(async () => {
  await queue.stop(0);
  await server.close();
});

const contextOf = (role: Role): ServiceContext => ({
  prisma: server.prisma,
  queue,
  actor: { userId: people[role].id, role },
  dataRoots: [`${server.home}/data`],
  publicUrl: server.url,
});

describe.each(roles)('a %s', (role) => {
  it.each(cases)('may or may not $does', async ({ allowed, service, http }) => {
    const inService = await service(contextOf(role)).then(
      () => 'done',
      (error: DomainError) => error,
    );
    const overHttp = await http(server.api(people[role].cookie), contextOf(role).actor).then(
      () => 'done',
      (error: TRPCClientError<AppRouter>) => error,
    );
    if (allowed.includes(role)) {
      expect([inService, overHttp]).toEqual(['done', 'done']);
      return;
    }
    expect(inService).toBeInstanceOf(DomainError);
    expect(inService).toMatchObject({ code: 'FORBIDDEN' });
    expect((inService as DomainError).message).toMatch(
      new RegExp(`needs the role ${allowed[0]}; your role is ${role}$`),
    );
    expect(overHttp).toBeInstanceOf(TRPCClientError);
    expect(overHttp).toMatchObject({
      message: (inService as DomainError).message,
      data: { httpStatus: 403, domainCode: 'FORBIDDEN' },
    });
  });
});

describe('someone who is not signed in', () => {
  it.each(cases)('may not $does', async ({ http }) => {
    const refused = await http(server.api(), { userId: someoneId, role: 'viewer' }).then(
      () => null,
      (error: TRPCClientError<AppRouter>) => error,
    );
    expect(refused?.data).toMatchObject({ httpStatus: 401 });
  });
});

it('a refused write leaves no trace, a done one an audit row', async () => {
  const before = await server.prisma.auditEntry.count();
  await addPerson(contextOf('member'), person()).catch(() => {});
  await startRun(contextOf('viewer'), start()).catch(() => {});
  expect(await server.prisma.auditEntry.count()).toBe(before);
  const run = await startRun(contextOf('member'), start());
  const entry = await server.prisma.auditEntry.findFirst({ where: { subject: `run:${run.id}` } });
  expect(entry).toMatchObject({ action: 'run.start', actorId: people.member.id });
});
