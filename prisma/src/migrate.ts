import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { DomainError, messageOf } from '@twostage/core/errors';
import pg from 'pg';
import { assertReachable } from './postgres/connection.ts';

export const migrationsDirectory = path.resolve(import.meta.dirname, '../migrations');

/** The key of Prisma's own migrate: both tools wait for each other. */
const advisoryLock = 72707369;

/**
 * Applies what is missing, each migration in a transaction of its own, and keeps the books as `prisma migrate deploy` does, which
 * needs a native engine that is a download. Any number may run at once.
 * @returns names of the migrations applied now
 * @throws DomainError DATABASE_UNREACHABLE, or CONFLICT where an applied migration was edited or one failed before
 */
export async function migrate(url: string, directory = migrationsDirectory): Promise<string[]> {
  await assertReachable(url);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    await client.query(booksTable);
    const books = await readBooks(client);
    const applied: string[] = [];
    for (const name of await migrationNames(directory)) {
      const sql = await readFile(path.join(directory, name, 'migration.sql'), 'utf8');
      const checksum = createHash('sha256').update(sql).digest('hex');
      const known = books.get(name);
      if (known === undefined) {
        await apply(client, name, sql, checksum);
        applied.push(name);
      } else if (known !== checksum) {
        throw new DomainError(
          'CONFLICT',
          `the migration ${name} was edited after it was applied; add a new one instead`,
        );
      }
    }
    return applied;
  } finally {
    await client.end();
  }
}

const booksTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ, migration_name VARCHAR(255) NOT NULL,
  logs TEXT, rolled_back_at TIMESTAMPTZ, started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;

/** Name → checksum of every migration applied. */
async function readBooks(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string; finished_at: Date | null }>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  );
  const unfinished = rows.find((row) => row.finished_at === null);
  if (unfinished)
    throw new DomainError('CONFLICT', `the migration ${unfinished.migration_name} was begun and never finished`);
  return new Map(rows.map((row) => [row.migration_name, row.checksum]));
}

async function migrationNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

async function apply(client: pg.Client, name: string, sql: string, checksum: string): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), now(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK');
    throw new DomainError('CONFLICT', `the migration ${name} failed and left nothing behind: ${messageOf(cause)}`, {
      cause,
    });
  }
}
