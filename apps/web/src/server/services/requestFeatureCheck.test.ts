import { featuresByName } from '@twostage/core/runs/featureExpressions';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestFeatureCheckInput } from '../contracts/featureChecks.ts';
import { addDataset } from '../testing/fixtures.ts';
import type { ServiceContext } from './context.ts';
import { readFeatureCheck } from './readFeatureCheck.ts';
import { requestFeatureCheck } from './requestFeatureCheck.ts';

let database: TestDatabase;
let prisma: Database;
let queue: JobQueue;
let contextOf: (userId: string) => ServiceContext;
let [mo, jo, datasetId] = ['', '', ''];

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = createDatabaseClient(database.url);
  queue = await openJobQueue(database.url, { supervise: false, onError: () => {} });
  const add = async (name: string) =>
    (await prisma.user.create({ data: { name, email: `${name}@example.com`, role: 'member' } })).id;
  [mo, jo, datasetId] = [await add('mo'), await add('jo'), await addDataset(prisma)];
  contextOf = (userId) => ({
    prisma,
    queue,
    actor: { userId, role: 'member' },
    dataRoots: [],
    publicUrl: 'http://test',
  });
});
afterAll(async () => {
  await queue.stop(0);
  await prisma.$disconnect();
  await database.drop();
});

const expressions = featuresByName({ longer: 'close / open', up: 'longer > 1' });
const ask = (id = datasetId) =>
  requestFeatureCheck(contextOf(mo), requestFeatureCheckInput.parse({ datasetId: id, features: 'auto', expressions }));

describe('a check of features', () => {
  it('waits for a runner, its features in order, its request in the audit', async () => {
    const { checkId } = await ask();
    expect(await readFeatureCheck(contextOf(mo), { checkId })).toEqual({ answer: null });
    const found = await queue.readFeatureCheck(checkId);
    expect(found?.check).toEqual({ datasetId, features: 'auto', expressions, askedById: mo });
    expect(await prisma.auditEntry.findFirst({ where: { subject: `dataset:${datasetId}` } })).toMatchObject({
      action: 'features.check',
      actorId: mo,
      details: { names: ['longer', 'up'] },
    });
  });

  it('is answered to whoever asked, and to nobody else', async () => {
    const { checkId } = await ask();
    const answer = { kind: 'checked', faults: [{ name: 'up', message: 'no' }], symbols: ['AAPL'] } as const;
    // No runner works on this database: a worker of the test answers in its place.
    const worker = await openJobQueue(database.url, { supervise: false, onError: () => {} });
    await worker.workOnFeatureChecks(async () => ({ ...answer, faults: [...answer.faults], symbols: ['AAPL'] }));
    await expect.poll(() => readFeatureCheck(contextOf(mo), { checkId })).toEqual({ answer });
    await worker.stop(0);
    await expect(readFeatureCheck(contextOf(jo), { checkId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is refused, without a trace, where the dataset is not there or not read', async () => {
    const unread = await prisma.dataset.create({ data: { name: 'unread', path: '/data/unread' } });
    const before = await prisma.auditEntry.count();
    await expect(ask('none')).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'datasetId' });
    await expect(ask(unread.id)).rejects.toMatchObject({ code: 'CONFLICT', field: 'datasetId' });
    expect(await prisma.auditEntry.count()).toBe(before);
  });
});
