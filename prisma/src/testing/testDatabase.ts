import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { migrationsDirectory } from '../migrate.ts';
import { type Cluster, startCluster } from '../postgres/cluster.ts';
import { createDatabase } from '../postgres.ts';
import { prepareDatabase } from '../prepare.ts';

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * An empty, migrated database on a real PostgreSQL, for one test file. All files of all packages share one server, which a
 * watcher of its own ends once nobody has been connected for a while: also after tests that were killed.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { cluster, keepAlive } = await sharedCluster();
  try {
    const template = await migratedTemplate(cluster);
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await keepAlive.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
    return {
      url: cluster.urlOf(name),
      drop: async () => {
        await keepAlive.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        await keepAlive.end();
      },
    };
  } catch (error) {
    await keepAlive.end();
    throw error;
  }
}

/** Durability is of no use to a test. */
const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

async function sharedCluster(): Promise<{ cluster: Cluster; keepAlive: pg.Client }> {
  const directory = path.join(os.tmpdir(), `twostage-test-postgres-${process.getuid?.() ?? os.userInfo().username}`);
  for (let attempt = 0; ; attempt++) {
    const cluster = await startCluster({ directory, settings });
    const keepAlive = new pg.Client({ connectionString: cluster.urlOf('postgres') });
    keepAlive.on('error', () => {}); // its next query rejects
    try {
      await keepAlive.connect();
      if (!cluster.adopted) watch(cluster);
      return { cluster, keepAlive };
    } catch (error) {
      // The watcher ended it between the look and the connection.
      if (attempt === 5) throw error;
    }
  }
}

function watch(cluster: Cluster): void {
  const watcher = path.join(import.meta.dirname, 'stopWhenUnused.ts');
  spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), watcher, cluster.directory, cluster.urlOf('postgres')],
    {
      detached: true,
      stdio: 'ignore',
    },
  ).unref();
}

/** Migrated once for each state of the migrations, then copied by every test file. */
async function migratedTemplate(cluster: Cluster): Promise<string> {
  const hash = createHash('sha256');
  const files = [import.meta.filename.replace(/testing.*$/, 'queue.ts')];
  for (const entry of readdirSync(migrationsDirectory, { withFileTypes: true }))
    if (entry.isDirectory()) files.push(path.join(migrationsDirectory, entry.name, 'migration.sql'));
  for (const file of files.sort()) hash.update(readFileSync(file));
  const name = `template_${hash.digest('hex').slice(0, 16)}`;
  const client = new pg.Client({ connectionString: cluster.urlOf('postgres') });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    const { rows } = await client.query('SELECT datistemplate FROM pg_database WHERE datname = $1', [name]);
    if (rows[0]?.datistemplate) return name;
    await createDatabase(cluster.urlOf('postgres'), name);
    await prepareDatabase(cluster.urlOf(name));
    // Sealed: a connection to a template would keep it from being copied.
    await client.query(`ALTER DATABASE ${name} WITH IS_TEMPLATE true ALLOW_CONNECTIONS false`);
    return name;
  } finally {
    await client.end();
  }
}
