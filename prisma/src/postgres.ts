import path from 'node:path';
import pg from 'pg';
import { startCluster } from './postgres/cluster.ts';
import { assertReachable } from './postgres/connection.ts';

export interface OpenedDatabase {
  readonly url: string;
  readonly kind: 'embedded' | 'external';
  /** Stops the embedded server; an external one is left alone. */
  stop(): Promise<void>;
}

const databaseName = 'twostage';

/**
 * The database of an installation: `databaseUrl` where one is set, else an embedded PostgreSQL in `home`/postgres. An embedded
 * server that still runs, e.g. after the process that started it was killed, is adopted.
 * @throws DomainError DATABASE_UNREACHABLE
 */
export async function openDatabase(options: {
  home: string;
  databaseUrl?: string | undefined;
  log?: (line: string) => void;
}): Promise<OpenedDatabase> {
  if (options.databaseUrl) {
    await assertReachable(options.databaseUrl);
    return { url: options.databaseUrl, kind: 'external', stop: async () => {} };
  }
  const cluster = await startCluster({
    directory: path.join(options.home, 'postgres'),
    ...(options.log && { log: options.log }),
  });
  await createDatabase(cluster.urlOf('postgres'), databaseName);
  options.log?.(`PostgreSQL on port ${cluster.port}${cluster.adopted ? ' (was running)' : ''}`);
  return { url: cluster.urlOf(databaseName), kind: 'embedded', stop: () => cluster.stop() };
}

/** Creates the database unless it is there; `template` copies another one. */
export async function createDatabase(adminUrl: string, name: string, template?: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    const from = template ? ` TEMPLATE ${client.escapeIdentifier(template)}` : '';
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}${from}`).catch((error) => {
      // 42P04, 23505: two starts at once; the other one made it.
      if (error.code !== '42P04' && error.code !== '23505') throw error;
    });
  } finally {
    await client.end();
  }
}
