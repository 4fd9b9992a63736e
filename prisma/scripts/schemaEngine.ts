/**
 * Prisma's schema engine as WebAssembly, for developers: it writes migrations and finds drift without the native engine,
 * which is a download of its own. It is never needed to run or migrate an installation (see src/migrate.ts).
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { MigrationList, SchemaEngine } from '@prisma/schema-engine-wasm';

export const prismaDir = path.resolve(import.meta.dirname, '..');
const migrationsDir = path.join(prismaDir, 'migrations');
const schemaFile = path.join(prismaDir, 'schema.prisma');

/** SQL that leads from the migrations to the schema; empty where they agree. `url`: a server where databases may be made. */
export async function diffMigrationsToSchema(url: string): Promise<string> {
  const { SchemaEngine: Engine } = await loadEngine();
  const engine: SchemaEngine = await Engine.new(
    { datamodels: undefined },
    () => {},
    bindMigrationAwareSqlAdapterFactory(new ShadowDatabases(url)),
  );
  const { stdout } = await engine.diff({
    from: { tag: 'migrations', ...readMigrations() },
    to: { tag: 'schemaDatamodel', files: [{ path: schemaFile, content: readFileSync(schemaFile, 'utf8') }] },
    script: true,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout && !stdout.startsWith('-- This is an empty migration.') ? stdout : '';
}

function readMigrations(): MigrationList {
  const names = existsSync(migrationsDir)
    ? readdirSync(migrationsDir, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    : [];
  const lockFile = path.join(migrationsDir, 'migration_lock.toml');
  return {
    baseDir: migrationsDir,
    lockfile: {
      path: 'migration_lock.toml',
      content: existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : null,
    },
    shadowDbInitScript: '',
    migrationDirectories: names
      .map((entry) => entry.name)
      .sort()
      .map((name) => ({
        path: name,
        migrationFile: {
          path: 'migration.sql',
          content: { tag: 'ok', value: readFileSync(path.join(migrationsDir, name, 'migration.sql'), 'utf8') },
        },
      })),
  };
}

async function loadEngine(): Promise<typeof import('@prisma/schema-engine-wasm')> {
  // Node 20 does not import .wasm files as modules, which is what the package's main file does.
  const glueUrl = import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const glue = await import(glueUrl);
  const wasm = readFileSync(fileURLToPath(new URL('./schema_engine_bg.wasm', glueUrl)));
  const { instance } = await WebAssembly.instantiate(wasm, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return glue;
}

/**
 * Gives the engine a database of its own to replay the migrations in. Given a connection string, the adapter's own shadow
 * database would be the real one.
 */
class ShadowDatabases extends PrismaPg implements SqlMigrationAwareDriverAdapterFactory {
  constructor(private readonly url: string) {
    super(connectionOf(url));
  }
  override async connect() {
    return mended(await super.connect());
  }
  override async connectToShadowDb() {
    const name = `shadow_${randomUUID()}`;
    const admin = await this.connect();
    await admin.executeScript(`CREATE DATABASE "${name}"`);
    const shadow = mended(await new PrismaPg(connectionOf(this.url, name)).connect());
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await admin.executeScript(`DROP DATABASE "${name}" WITH (FORCE)`);
      await admin.dispose();
    };
    return shadow;
  }
}

const connectionOf = (url: string, database?: string) => {
  const { hostname, port, username, password, pathname } = new URL(url);
  return {
    host: hostname,
    port: Number(port) || 5432,
    user: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: database ?? pathname.slice(1),
  };
};

const charOid = 18;
const textOid = 25;
interface PgResult {
  fields?: { dataTypeID: number }[];
}
type Internals = SqlDriverAdapter & {
  performIO(query: unknown): Promise<PgResult>;
  readonly client: { query(sql: string): Promise<unknown> };
};

const mended = <Adapter extends SqlDriverAdapter>(adapter: Adapter): Adapter => runningWhole(readingChars(adapter));

/** The adapter cuts a script at every semicolon, those within a function's body too; PostgreSQL reads it whole. */
function runningWhole<Adapter extends SqlDriverAdapter>(adapter: Adapter): Adapter {
  const { client } = adapter as unknown as Internals;
  adapter.executeScript = async (script) => void (await client.query(script));
  return adapter;
}

/** The adapter knows no column of type "char", which the catalogue tables that the engine reads are full of. */
function readingChars<Adapter extends SqlDriverAdapter>(adapter: Adapter): Adapter {
  const internals = adapter as unknown as Internals;
  const performIO = internals.performIO.bind(adapter);
  let chars: number[] = [];
  internals.performIO = async (query) => {
    const result = await performIO(query);
    chars = [];
    for (const [index, field] of (result.fields ?? []).entries()) {
      if (field.dataTypeID !== charOid) continue;
      field.dataTypeID = textOid;
      chars.push(index);
    }
    return result;
  };
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of chars) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  return adapter;
}
