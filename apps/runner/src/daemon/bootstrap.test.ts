import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { createDatabaseClient } from '@twostage/prisma/client';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { afterAll, beforeAll, expect, it } from 'vitest';

let server: TestDatabase;
let home: string;
beforeAll(async () => {
  server = await createTestDatabase();
  home = mkdtempSync(path.join(os.tmpdir(), 'twostage-first-'));
});
afterAll(async () => {
  rmSync(home, { recursive: true });
  await server.drop();
});

const script = path.join(import.meta.dirname, 'bootstrap.ts');
async function run(env: Record<string, string>, ...args: string[]) {
  const command = ['--import', import.meta.resolve('tsx'), script, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, {
    env: { ...process.env, TWOSTAGE_HOME: home, TWOSTAGE_DATA_ROOTS: path.join(home, 'data'), ...env },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

it('lays out the sample once, and queues the demo run unless told not to', async () => {
  const env = { DATABASE_URL: server.url };
  const plain = await run(env, '--no-demo');
  expect(plain).toEqual({ setupToken: expect.any(String), datasetId: expect.any(String), runId: null });
  expect(existsSync(path.join(home, 'data', 'simulated-market', 'README.md'))).toBe(true);
  const withDemo = await run(env);
  expect(withDemo).toMatchObject({ datasetId: plain.datasetId, runId: expect.any(String) });

  const database = createDatabaseClient(server.url);
  const dataset = await database.dataset.findUniqueOrThrow({ where: { id: plain.datasetId } });
  expect(dataset).toMatchObject({ simulated: true, path: path.join(home, 'data', 'simulated-market') });
  expect(dataset.title).toContain('Simulated');
  const demo = await database.run.findUniqueOrThrow({ where: { id: withDemo.runId } });
  expect(demo).toMatchObject({ state: 'queued', datasetId: plain.datasetId });
  expect(demo.config).toMatchObject({ dataDir: dataset.path, modelTypes: 'sequential', families: [] });
  await database.$disconnect();
});

it('says in one line that the database does not answer', async () => {
  const failure = await run({ DATABASE_URL: 'postgresql://me:s3cret@127.0.0.1:1/market' }).catch((error) => error);
  expect(failure).toMatchObject({
    code: 1,
    stderr: 'no PostgreSQL answers at 127.0.0.1:1/market: connection refused\n',
  });
});
