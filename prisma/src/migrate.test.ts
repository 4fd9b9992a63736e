import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { diffMigrationsToSchema } from '../scripts/schemaEngine.ts';
import { migrate } from './migrate.ts';
import { prepareDatabase } from './prepare.ts';
import { createTestDatabase, type TestDatabase } from './testing/testDatabase.ts';

let server: TestDatabase;
let admin: pg.Client;
let folder: string;
beforeAll(async () => {
  server = await createTestDatabase();
  admin = new pg.Client({ connectionString: server.url });
  await admin.connect();
  folder = await mkdtemp(path.join(os.tmpdir(), 'twostage-migrations-'));
});
afterAll(async () => {
  await admin.end();
  await server.drop();
  await rm(folder, { recursive: true });
});

let databases = 0;
async function emptyDatabase(): Promise<{ url: string; query: (sql: string) => Promise<pg.QueryResult> }> {
  const name = `${new URL(server.url).pathname.slice(1)}_${++databases}`;
  await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`);
  const url = server.url.replace(/[^/]+$/, name);
  return {
    url,
    query: async (sql) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      return client.query(sql).finally(() => client.end());
    },
  };
}
async function writeMigration(name: string, sql: string): Promise<void> {
  await mkdir(path.join(folder, name), { recursive: true });
  await writeFile(path.join(folder, name, 'migration.sql'), sql);
}

describe('migrating', () => {
  it('applies each migration once, however many do it at a time, and nothing the second time', async () => {
    const { url, query } = await emptyDatabase();
    const applied = await Promise.all([1, 2, 3, 4].map(() => prepareDatabase(url)));
    expect(applied.filter((names) => names.applied.length > 0)).toHaveLength(1);
    expect(await migrate(url)).toEqual([]);
    const { rows } = await query('SELECT migration_name, finished_at, applied_steps_count FROM _prisma_migrations');
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatchObject({ finished_at: expect.any(Date), applied_steps_count: 1 });
    const queues = await query('SELECT name FROM pgboss.queue ORDER BY name');
    expect(queues.rows.map(({ name }) => name)).toEqual(expect.arrayContaining(['inspect-dataset', 'runs']));
  });

  it('leaves nothing of a migration that fails, and goes on once it is mended', async () => {
    const { url, query } = await emptyDatabase();
    await writeMigration('1_good', 'CREATE TABLE one (id int)');
    await writeMigration('2_bad', 'CREATE TABLE two (id int); SELECT no_such_function()');
    await expect(migrate(url, folder)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringMatching(/^the migration 2_bad failed and left nothing behind: .*no_such_function/),
    });
    const tables = await query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
    expect(tables.rows.map(({ tablename }) => tablename)).toEqual(['_prisma_migrations', 'one']);
    await writeMigration('2_bad', 'CREATE TABLE two (id int)');
    expect(await migrate(url, folder)).toEqual(['2_bad']);
  });

  it('refuses where an applied migration was edited', async () => {
    const { url } = await emptyDatabase();
    await writeMigration('1_good', 'CREATE TABLE one (id int)');
    await migrate(url, folder);
    await writeMigration('1_good', 'CREATE TABLE one (id bigint)');
    await expect(migrate(url, folder)).rejects.toMatchObject({ code: 'CONFLICT', message: /1_good was edited/ });
  });
});

it('the migrations lead exactly to schema.prisma', async () => {
  expect(await diffMigrationsToSchema(server.url)).toBe('');
});
