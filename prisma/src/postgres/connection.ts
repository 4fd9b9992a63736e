import { DomainError } from '@twostage/core/errors';
import pg from 'pg';

/** `host:port/database` of a connection string, never its user or password. */
export function describeUrl(url: string): string {
  try {
    const { hostname, port, pathname, searchParams } = new URL(url);
    const host = hostname || searchParams.get('host') || 'localhost';
    return `${host}:${port || 5432}/${decodeURIComponent(pathname.slice(1)) || 'postgres'}`;
  } catch {
    return 'the address in DATABASE_URL';
  }
}

/** Why a server does not answer a query there, in a few words; null where it does. */
export async function connectionProblem(url: string, timeoutMs: number): Promise<string | null> {
  if (!URL.canParse(url) || !/^postgres(ql)?:$/.test(new URL(url).protocol))
    return 'it is not a URL of the form postgresql://user:password@host:port/database';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  client.on('error', () => {}); // a connection lost after its answer is not asked about
  try {
    await client.connect();
    await client.query('SELECT 1');
    return null;
  } catch (error) {
    return reasonOf(error, timeoutMs);
  } finally {
    client.end().catch(() => {});
  }
}

/**
 * Resolves once the database answers.
 * @throws DomainError DATABASE_UNREACHABLE within 10 s, one line that names host, port and database
 */
export async function assertReachable(url: string): Promise<void> {
  const problem = await connectionProblem(url, 4000);
  if (problem)
    throw new DomainError('DATABASE_UNREACHABLE', `no PostgreSQL answers at ${describeUrl(url)}: ${problem}`);
}

const wordsByCode: Record<string, string> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no host of that name',
  EAI_AGAIN: 'its name could not be resolved',
  ETIMEDOUT: 'it did not answer',
  EHOSTUNREACH: 'no route to the host',
  ECONNRESET: 'it closed the connection',
};

function reasonOf(error: unknown, timeoutMs: number): string {
  // `localhost` has two addresses: node-postgres then throws an AggregateError without a message.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  const { code, message } = first as { code?: string; message?: string };
  if (code && wordsByCode[code]) return wordsByCode[code];
  if (/timeout/i.test(message ?? '')) return `it did not answer within ${timeoutMs / 1000} s`;
  return (message ?? String(first)).split('\n')[0];
}
