import type { Role } from '@twostage/core/access/roles';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { afterAll, beforeAll } from 'vitest';
import { draftPlanInput } from '../contracts/plans.ts';
import type { ServiceContext } from '../services/context.ts';
import { approvePlan, submitPlan } from '../services/plans/decidePlan.ts';
import { draftPlan } from '../services/plans/draftPlan.ts';
import { addDataset } from './fixtures.ts';
import { hashOf, onePlan } from './plans.ts';
import { startTestServer, type TestServer } from './testServer.ts';

/** Of the plan that `draft` makes. */
export const hash = hashOf(onePlan());

/** A member, Ann, and two approvers, Bob and Cid, on a server of their own that lives as long as the file's tests. */
export function planTeam() {
  let server: TestServer;
  let queue: JobQueue;
  let datasetId: string;
  let names = 0;
  const people = new Map<string, { id: string; email: string; role: Role }>();
  beforeAll(async () => {
    server = await startTestServer();
    queue = await openJobQueue(server.databaseUrl, { supervise: false, onError: () => {} });
    datasetId = await addDataset(server.prisma);
    for (const [name, role] of [
      ['Ann', 'member'],
      ['Bob', 'approver'],
      ['Cid', 'approver'],
    ] as const)
      people.set(name, { ...(await server.addUser(role, name)), role });
  }, 60_000);
  afterAll(async () => {
    await queue.stop(0);
    await server.close();
  });
  const as = (name: string): ServiceContext => {
    const { id, role } = people.get(name)!;
    return {
      ...{ prisma: server.prisma, queue, dataRoots: [], publicUrl: server.url },
      actor: { userId: id, role },
    };
  };
  const fresh = () => `plan of ${++names}`;
  const draft = (over: object = {}) =>
    draftPlan(
      as('Ann'),
      draftPlanInput.parse({
        into: { kind: 'plan', name: fresh() },
        source: { kind: 'file', fileName: 'mine.json', text: JSON.stringify(onePlan()) },
        datasetId,
        ...over,
      }),
    );
  const submitted = async (over: object = {}) => {
    const made = await draft(over);
    await submitPlan(as('Ann'), { versionId: made.versionId, hash });
    return made;
  };
  const approved = async () => {
    const made = await submitted();
    await approvePlan(as('Bob'), { versionId: made.versionId, hash, reason: '' });
    return made;
  };
  return {
    ...{ as, fresh, draft, submitted, approved },
    server: () => server,
    datasetId: () => datasetId,
    person: (name: string) => people.get(name)!,
  };
}
