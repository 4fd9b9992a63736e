import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import { z } from 'zod';

/** What the process is told by its environment. */
export interface ServerConfig {
  readonly databaseUrl: string;
  /** The first port to try. */
  readonly port: number;
  readonly host: string;
  /** State of this installation. */
  readonly home: string;
  readonly authSecret: string;
  /** Where browsers reach this server; null: at its own address. */
  readonly publicUrl: string | null;
  readonly dataRoots: readonly string[];
  /** Whether X-Forwarded-For is the word of a proxy of ours. */
  readonly trustProxy: boolean;
}

const unset = 'is not set; `npm start` sets it, or give the URL of a PostgreSQL';
const environmentSchema = z.object({
  DATABASE_URL: z.string(unset).min(1, unset),
  PORT: z.coerce.number('is not a port').int().min(1).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  TWOSTAGE_HOME: z.string().optional(),
  BETTER_AUTH_SECRET: z.string().min(32, 'has fewer than 32 characters').optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: 'is not an http(s) URL' }).optional(),
  TWOSTAGE_DATA_ROOTS: z.string().default(''),
  TRUST_PROXY: z.enum(['0', '1'], 'is 0 or 1').default('0'),
});

/** @throws DomainError INVALID_INPUT naming the variable */
export function readConfig(environment: NodeJS.ProcessEnv): ServerConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new DomainError('INVALID_INPUT', `${issue.path.join('.')} ${issue.message}`);
  }
  const given = parsed.data;
  const home = path.resolve(given.TWOSTAGE_HOME ?? path.join(import.meta.dirname, '../../../../.twostage'));
  return {
    databaseUrl: given.DATABASE_URL,
    port: given.PORT,
    host: given.HOST,
    home,
    authSecret: given.BETTER_AUTH_SECRET ?? keptSecret(home),
    publicUrl: given.PUBLIC_URL ? new URL(given.PUBLIC_URL).origin : null,
    dataRoots: [path.join(home, 'data'), ...given.TWOSTAGE_DATA_ROOTS.split(path.delimiter).filter(Boolean)].map(
      (root) => path.resolve(root),
    ),
    trustProxy: given.TRUST_PROXY === '1',
  };
}

/** A secret of this installation's own, made once, so that sessions outlive a restart. Readable by its owner only. */
function keptSecret(home: string): string {
  const file = path.join(home, 'secrets.json');
  const kept: Record<string, unknown> = readJson(file);
  if (typeof kept.auth === 'string') return kept.auth;
  const auth = randomBytes(32).toString('hex');
  mkdirSync(home, { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...kept, auth }, null, 2)}\n`, { mode: 0o600 });
  return auth;
}

export function readJson(file: string): Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
