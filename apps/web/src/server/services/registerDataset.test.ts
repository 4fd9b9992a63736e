import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServiceContext } from './context.ts';
import { registerDataset } from './registerDataset.ts';

let database: TestDatabase;
let prisma: Database;
let queue: JobQueue;
let context: ServiceContext;
let root: string;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = createDatabaseClient(database.url);
  queue = await openJobQueue(database.url, { supervise: false, onError: () => {} });
  const user = await prisma.user.create({ data: { name: 'Mo', email: 'mo@example.com', role: 'member' } });
  root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'twostage-roots-')));
  for (const folder of ['data/djia', 'data-private', 'elsewhere', 'data/inner']) {
    mkdirSync(path.join(root, folder), { recursive: true });
  }
  symlinkSync(path.join(root, 'elsewhere'), path.join(root, 'data/way-out'));
  symlinkSync(path.join(root, 'data/inner'), path.join(root, 'data/way-in'));
  context = {
    prisma,
    queue,
    actor: { userId: user.id, role: 'member' },
    dataRoots: [path.join(root, 'data')],
    publicUrl: 'http://test',
  };
});
afterAll(async () => {
  await queue.stop(0);
  await prisma.$disconnect();
  await database.drop();
  rmSync(root, { recursive: true, force: true });
});

let unique = 0;
const register = (folder: string, name = `data ${++unique}`) => registerDataset(context, { name, path: folder });

describe('registerDataset', () => {
  it('writes the dataset, the audit row and the job, and normalises the folder', async () => {
    const { id } = await register(`${root}/data/./djia/../djia/`);
    expect(await prisma.dataset.findUnique({ where: { id } })).toMatchObject({
      path: `${root}/data/djia`,
      status: 'inspecting',
    });
    expect(await prisma.auditEntry.count({ where: { subject: `dataset:${id}` } })).toBe(1);
    const [jobs] = await prisma.$queryRaw<{ count: bigint }[]>`
      SELECT count(*) FROM pgboss.job WHERE name = 'inspect-dataset' AND data ->> 'datasetId' = ${id}`;
    expect(Number(jobs!.count)).toBe(1);
  });

  const refused: [string, string][] = [
    ['a folder elsewhere', '/etc'],
    ['a way up', 'ROOT/data/../elsewhere'],
    ['a name that only begins like the root', 'ROOT/data-private'],
    ['the parent of the root', 'ROOT'],
    ['a link that leads out', 'ROOT/data/way-out'],
    ['a relative folder', 'data/djia'],
    ['a home folder', '~/data'],
    ['a zero byte', 'ROOT/data/\0/x'],
  ];
  it.each(refused)('refuses %s', async (_what, folder) => {
    const before = await prisma.dataset.count();
    const error = await register(folder.replace('ROOT', root)).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code: 'PATH_OUTSIDE_ROOTS', field: 'path' });
    expect(await prisma.dataset.count()).toBe(before);
  });

  it('allows a link that stays inside, and a folder that only the runner has', async () => {
    await register(`${root}/data/way-in`);
    await register(`${root}/data/on-another-machine`);
  });

  it('says what is registered already', async () => {
    await register(`${root}/data/once`, 'once');
    await expect(register(`${root}/data/other`, 'once')).rejects.toMatchObject({ code: 'CONFLICT', field: 'name' });
    await expect(register(`${root}/data/once`)).rejects.toMatchObject({
      code: 'CONFLICT',
      field: 'path',
      message: 'this folder is registered already, as "once"',
    });
  });
});
