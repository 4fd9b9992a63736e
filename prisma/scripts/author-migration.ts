/**
 * Writes the migration that leads from the migrations so far to schema.prisma:
 *   npm run author-migration -w @twostage/prisma -- add-something
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startCluster } from '../src/postgres/cluster.ts';
import { diffMigrationsToSchema, prismaDir } from './schemaEngine.ts';

const name = process.argv[2];
if (!name || !/^[a-z0-9-]+$/.test(name)) {
  console.error('a migration needs a name of lower-case letters, digits and dashes, e.g. add-run-notes');
  process.exit(2);
}
const directory = path.join(os.tmpdir(), `twostage-migration-${process.pid}`);
const cluster = await startCluster({ directory, settings: ['fsync=off'] });
try {
  const sql = await diffMigrationsToSchema(cluster.urlOf('postgres'));
  if (sql === '') console.log('schema.prisma and the migrations agree: nothing to write');
  else {
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
    const folder = path.join(prismaDir, 'migrations', `${stamp}_${name}`);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'migration.sql'), sql);
    console.log(`wrote ${path.relative(process.cwd(), folder)}/migration.sql`);
  }
} finally {
  await cluster.stop();
  rmSync(cluster.directory, { recursive: true, force: true });
}
process.exit(0);
