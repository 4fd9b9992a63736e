import { execFile, spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reachableBy } from './postgres/owner.ts';
import { type OpenedDatabase, openDatabase } from './postgres.ts';

const nobody = { uid: 65534, gid: 65534 };
const canBeNobody = process.getuid?.() === 0 && (await reachableBy(nobody, import.meta.dirname));
let home: string;
let opened: OpenedDatabase | null = null;
beforeEach(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), 'twostage-home-'));
  await chmod(home, 0o755);
});
afterEach(async () => {
  await opened?.stop();
  opened = null;
  await rm(home, { recursive: true });
});

async function query<Row extends pg.QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return (await client.query<Row>(sql).finally(() => client.end())).rows;
}
const postmaster = async (url: string) => {
  const [{ data_directory }] = await query<{ data_directory: string }>(url, 'SHOW data_directory');
  return Number((await readFile(path.join(data_directory, 'postmaster.pid'), 'utf8')).split('\n')[0]);
};

describe('the embedded server', () => {
  it('keeps its data, its port and UTF-8 over a stop', async () => {
    opened = await openDatabase({ home });
    const { url } = opened;
    await query(url, "CREATE TABLE kept AS SELECT 'grün 🚀' AS word");
    await opened.stop();
    opened = await openDatabase({ home });
    expect(opened.url).toBe(url);
    expect(await query(url, 'SELECT word, upper(word) AS loud FROM kept')).toEqual([
      { word: 'grün 🚀', loud: 'GRÜN 🚀' },
    ]);
    expect(await query(url, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
  });

  it('outlives the process that started it, and is adopted by the next', async () => {
    const script = `import('${import.meta.resolve('./postgres.ts')}').then(async ({ openDatabase }) => {
      console.log((await openDatabase({ home: ${JSON.stringify(home)} })).url); setInterval(() => {}, 1e6); })`;
    const starter = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), '-e', script]);
    const url = await new Promise<string>((resolve, reject) => {
      starter.stdout.once('data', (text) => resolve(String(text).trim()));
      starter.once('exit', () => reject(new Error('the starter ended')));
    });
    const before = await postmaster(url);
    starter.removeAllListeners('exit');
    const ended = new Promise((resolve) => starter.once('exit', resolve));
    starter.kill('SIGKILL');
    await ended;
    opened = await openDatabase({ home });
    expect(opened.url).toBe(url);
    expect(await postmaster(url)).toBe(before);
  });

  it('comes back after its own SIGKILL, with what was committed', async () => {
    opened = await openDatabase({ home });
    await query(opened.url, 'CREATE TABLE kept AS SELECT 7 AS number');
    const lingering = new pg.Client({ connectionString: opened.url });
    lingering.on('error', () => {});
    await lingering.connect();
    process.kill(await postmaster(opened.url), 'SIGKILL');
    opened = await openDatabase({ home });
    expect(await query(opened.url, 'SELECT number FROM kept')).toEqual([{ number: 7 }]);
    await lingering.end().catch(() => {});
  });

  it('takes another port where its own is taken', async () => {
    opened = await openDatabase({ home });
    const port = Number(new URL(opened.url).port);
    await opened.stop();
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
    opened = await openDatabase({ home });
    expect(Number(new URL(opened.url).port)).not.toBe(port);
    expect(await query(opened.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await new Promise((resolve) => squatter.close(resolve));
  });

  it.runIf(process.getuid?.() === 0)('also runs for root where the folder is private', async () => {
    await chmod(home, 0o700);
    opened = await openDatabase({ home });
    const [{ data_directory }] = await query<{ data_directory: string }>(opened.url, 'SHOW data_directory');
    expect(data_directory.startsWith(home)).toBe(false);
    await opened.stop();
    opened = null;
    await rm(path.dirname(data_directory), { recursive: true });
  });

  it.runIf(canBeNobody)('also runs for a user who is not root', async () => {
    await chmod(home, 0o777);
    const script = `import('${import.meta.resolve('./postgres.ts')}').then(async ({ openDatabase }) => {
      const opened = await openDatabase({ home: ${JSON.stringify(home)} }); await opened.stop(); console.log('stopped'); })`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', import.meta.resolve('tsx'), '-e', script],
      { ...nobody, env: { ...process.env, HOME: home } },
    );
    expect(stdout.trim()).toBe('stopped');
  });
});

describe('a DATABASE_URL', () => {
  const refused = async (databaseUrl: string) => {
    const startedAt = performance.now();
    const error = await openDatabase({ home, databaseUrl }).then(
      () => null,
      (thrown) => thrown,
    );
    return { code: error.code, message: error.message as string, seconds: (performance.now() - startedAt) / 1000 };
  };

  it('that nobody answers is one line that names host, port and database, not the password', async () => {
    const answer = await refused('postgresql://me:s3cret@127.0.0.1:1/market');
    expect(answer.code).toBe('DATABASE_UNREACHABLE');
    expect(answer.message).toBe('no PostgreSQL answers at 127.0.0.1:1/market: connection refused');
    const unknown = await refused('postgresql://me:s3cret@db.invalid/market');
    expect(unknown.message).toMatch(/^no PostgreSQL answers at db\.invalid:5432\/market: /);
    expect(unknown.message).not.toContain('s3cret');
  });

  it('of a server that says nothing is given up within 10 s', async () => {
    const mute = createServer(() => {});
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    const answer = await refused(`postgresql://me:s3cret@127.0.0.1:${port}/market`);
    expect(answer.message).toBe(`no PostgreSQL answers at 127.0.0.1:${port}/market: it did not answer within 4 s`);
    expect(answer.seconds).toBeLessThan(10);
    mute.close();
  });

  it('of another kind, with a wrong password or without its database is told apart', async () => {
    expect((await refused('mysql://me:s3cret@127.0.0.1/market')).message).toContain('it is not a URL of the form');
    opened = await openDatabase({ home });
    const wrong = opened.url.replace(/:[^:@]+@/, ':s3cret@');
    expect((await refused(wrong)).message).toContain('password authentication failed');
    expect((await refused(opened.url.replace(/[^/]+$/, 'nothing'))).message).toContain(
      'database "nothing" does not exist',
    );
  });
});
