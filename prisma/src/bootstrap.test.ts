import { runConfigSchema } from '@twostage/core/runs/config';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bootstrap } from './bootstrap.ts';
import { createDatabaseClient, type Database } from './client.ts';
import type { JobQueue } from './queue.ts';
import { hashToken } from './setupToken.ts';
import { openTestQueue } from './testing/fixtures.ts';
import { createTestDatabase, type TestDatabase } from './testing/testDatabase.ts';

let server: TestDatabase;
let database: Database;
let queue: JobQueue;
beforeAll(async () => {
  server = await createTestDatabase();
  database = createDatabaseClient(server.url);
  queue = await openTestQueue(server.url);
});
afterAll(async () => {
  await queue.stop(1000);
  await database.$disconnect();
  await server.drop();
});

const sample = { name: 'Sample', path: '/data/sample', title: 'A sample', description: 'made up' };
const demo = runConfigSchema.parse({ name: 'Demo', dataDir: sample.path });
const jobs = () => database.$queryRaw<{ name: string }[]>`SELECT name FROM pgboss.job ORDER BY name`;

it('lays out dataset, demo run and one-time token once, however often and however many at a time', async () => {
  const [first, ...others] = await Promise.all([1, 2, 3].map(() => bootstrap(database, queue, { sample, demo })));
  const all = [first, ...others];
  expect(all.filter(({ runId }) => runId !== null)).toHaveLength(1);
  expect(new Set(all.map(({ datasetId }) => datasetId)).size).toBe(1);
  expect(await jobs()).toEqual([{ name: 'inspect-dataset' }, { name: 'runs' }]);
  expect(await database.dataset.findMany()).toMatchObject([{ ...sample, simulated: true, status: 'inspecting' }]);
  expect(await database.run.findMany()).toMatchObject([
    { name: 'Demo', createdById: null, state: 'queued', lastSeq: 1 },
  ]);
  const audit = await database.auditEntry.findMany({ orderBy: { at: 'asc' } });
  expect(audit).toMatchObject([
    { actorId: null, action: 'dataset.register', subject: `dataset:${first.datasetId}` },
    { actorId: null, action: 'run.start' },
  ]);

  const again = await bootstrap(database, queue, { sample, demo });
  expect(again).toMatchObject({ datasetId: first.datasetId, runId: null });
  await database.run.deleteMany();
  expect((await bootstrap(database, queue, { sample, demo })).runId).toBeNull();
});

it('keeps only the hash of the newest token, and gives none once there is a person', async () => {
  const { setupToken } = await bootstrap(database, queue, { sample: null, demo: null });
  expect(setupToken).toHaveLength(32);
  const kept = await database.setupToken.findMany();
  expect(kept.map(({ hash }) => hash)).toEqual([hashToken(setupToken!)]);
  expect(kept[0].expiresAt.getTime()).toBeGreaterThan(Date.now());
  await database.user.create({ data: { name: 'A', email: 'a@example.org', role: 'admin' } });
  expect((await bootstrap(database, queue, { sample: null, demo: null })).setupToken).toBeNull();
});
