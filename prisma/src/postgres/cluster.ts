import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DomainError, messageOf } from '@twostage/core/errors';
import { type Binaries, findBinaries } from './binaries.ts';
import { connectionProblem } from './connection.ts';
import { freePort } from './freePort.ts';
import { type Owner, reachableBy, systemStateDir, unprivilegedOwner } from './owner.ts';

const run = promisify(execFile);
const user = 'twostage';
const startTimeoutMs = 30_000;

export interface Cluster {
  /** A server of its own, at 127.0.0.1. */
  readonly port: number;
  /** Holds data/, cluster.json (port, password) and server.log. */
  readonly directory: string;
  /** Whether it ran already. */
  readonly adopted: boolean;
  urlOf(database: string): string;
  stop(): Promise<void>;
}

export interface ClusterOptions {
  /** Where the cluster lives; moved below /var/lib/twostage where root's PostgreSQL could not enter it. */
  readonly directory: string;
  /** Extra settings, e.g. `fsync=off`. */
  readonly settings?: readonly string[];
  readonly log?: (line: string) => void;
}

interface Known {
  password: string;
  port: number;
}

/**
 * A running PostgreSQL in `directory`: adopted where one runs there (it outlives the process that started it, also one
 * that was killed), started where it does not, initialised the first time.
 * @throws DomainError DATABASE_UNREACHABLE with the server's own reason
 */
export async function startCluster({ directory, settings = [], log }: ClusterOptions): Promise<Cluster> {
  const owner = await unprivilegedOwner();
  const place = await enterablePlace(directory, owner);
  const binaries = await findBinaries(owner);
  const deadline = Date.now() + startTimeoutMs;
  let reason = 'it did not answer';
  while (Date.now() < deadline) {
    if (!(await known(place))) {
      log?.('initialising PostgreSQL');
      await initialise(place, binaries, owner);
    }
    const state = await known(place);
    if (!state) continue;
    const running = await runningPort(place);
    if (running !== null && (await connectionProblem(urlOf(running, state, 'postgres'), 3000)) === null)
      return cluster(place, state, running, true, binaries, owner);
    // A server whose postmaster was killed keeps its shared memory until its last backend has noticed: try again.
    const outcome = await startServer(place, state, settings, binaries, owner);
    if (outcome.port !== null) return cluster(place, state, outcome.port, false, binaries, owner);
    reason = outcome.reason;
    await sleep(250);
  }
  throw new DomainError('DATABASE_UNREACHABLE', `PostgreSQL in ${place} did not start: ${reason}`);
}

/** Stops the server of a cluster's folder, wherever that folder lies now. */
export async function stopCluster(directory: string): Promise<void> {
  const owner = await unprivilegedOwner();
  await stopServer(directory, await findBinaries(owner), owner);
}

async function enterablePlace(directory: string, owner: Owner | null): Promise<string> {
  const parent = path.dirname(path.resolve(directory));
  await mkdir(parent, { recursive: true });
  if (!owner || (await reachableBy(owner, parent))) return path.resolve(directory);
  const key = createHash('sha256').update(path.resolve(directory)).digest('hex').slice(0, 12);
  await mkdir(systemStateDir, { recursive: true, mode: 0o755 });
  return path.join(systemStateDir, `postgres-${key}`);
}

async function known(place: string): Promise<Known | null> {
  try {
    return JSON.parse(await readFile(path.join(place, 'cluster.json'), 'utf8')) as Known;
  } catch {
    return null;
  }
}

/** Builds the cluster beside its place and renames it there, so that a kill in between leaves nothing half-made. */
async function initialise(place: string, binaries: Binaries, owner: Owner | null): Promise<void> {
  const building = `${place}.new-${process.pid}`;
  await rm(building, { recursive: true, force: true });
  await mkdir(building, { mode: 0o755 });
  const password = randomBytes(18).toString('base64url');
  const passwordFile = path.join(building, 'password');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner) {
    await chmod(building, 0o755);
    await chown(building, owner.uid, owner.gid);
    await chown(passwordFile, owner.uid, owner.gid);
  }
  const args = [`--pgdata=${path.join(building, 'data')}`, `--username=${user}`, `--pwfile=${passwordFile}`];
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--lc-messages=C');
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--no-instructions');
  try {
    await run(binaries.initdb, args, { ...owner, cwd: building, env: { ...process.env, LC_ALL: 'C' } });
  } catch (error) {
    await rm(building, { recursive: true, force: true });
    const detail = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? messageOf(error);
    throw new DomainError('DATABASE_UNREACHABLE', `PostgreSQL could not be initialised in ${place}: ${detail}`, {
      cause: error,
    });
  }
  await rm(passwordFile);
  await writeFile(path.join(building, 'cluster.json'), JSON.stringify({ password, port: 0 } satisfies Known), {
    mode: 0o600,
  });
  try {
    await rename(building, place);
  } catch (error) {
    // Another start was faster: its cluster is the one. A folder without cluster.json is none of ours.
    await rm(building, { recursive: true, force: true });
    if (await known(place)) return;
    throw new DomainError('DATABASE_UNREACHABLE', `${place} holds something that is not our PostgreSQL: move it away`, {
      cause: error,
    });
  }
}

/** Port in postmaster.pid (its fourth line); null where no server says that it runs. */
async function runningPort(place: string): Promise<number | null> {
  try {
    const lines = (await readFile(path.join(place, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(lines[0]), 0);
    return Number(lines[3]) || null;
  } catch {
    return null;
  }
}

async function startServer(
  place: string,
  state: Known,
  settings: readonly string[],
  binaries: Binaries,
  owner: Owner | null,
): Promise<{ port: number | null; reason: string }> {
  const port = await freePort(state.port);
  const logFile = path.join(place, 'server.log');
  await rm(logFile, { force: true }); // one start's lines only; pg_ctl makes it anew as the server's user
  const options = [`-p ${port}`, '-c listen_addresses=127.0.0.1', "-c unix_socket_directories=''"];
  for (const setting of ['max_connections=200', ...settings]) options.push(`-c ${setting}`);
  const args = ['start', '-w', '-t', '20', '-D', path.join(place, 'data'), '-l', logFile, '-o', options.join(' ')];
  try {
    // pg_ctl makes the server a session of its own: Ctrl-C in our terminal does not reach it.
    await run(binaries.pgCtl, args, { ...owner, cwd: place, env: { ...process.env, LC_ALL: 'C' } });
  } catch (error) {
    const lines = (await readFile(logFile, 'utf8').catch(() => '')).split('\n');
    const fatal = lines.findLast((line) => /FATAL|PANIC/.test(line));
    return { port: null, reason: fatal?.replace(/^.*?(?=FATAL|PANIC)/, '') ?? firstLine(error) };
  }
  // Whole or not at all: another process may be reading it.
  const next = path.join(place, `cluster.json.new-${process.pid}`);
  await writeFile(next, JSON.stringify({ ...state, port } satisfies Known), { mode: 0o600 });
  await rename(next, path.join(place, 'cluster.json'));
  return { port, reason: '' };
}

const firstLine = (error: unknown) =>
  ((error as { stderr?: string }).stderr?.trim() || messageOf(error)).split('\n')[0];

function cluster(
  place: string,
  state: Known,
  port: number,
  adopted: boolean,
  binaries: Binaries,
  owner: Owner | null,
): Cluster {
  return {
    port,
    directory: place,
    adopted,
    urlOf: (database) => urlOf(port, state, database),
    stop: () => stopServer(place, binaries, owner),
  };
}

const urlOf = (port: number, state: Known, database: string) =>
  `postgresql://${user}:${encodeURIComponent(state.password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;

async function stopServer(place: string, binaries: Binaries, owner: Owner | null): Promise<void> {
  const data = path.join(place, 'data');
  for (const mode of ['fast', 'immediate']) {
    if (!(await lstat(path.join(data, 'postmaster.pid')).catch(() => null))) return;
    const args = ['stop', '-w', '-t', '15', '-m', mode, '-D', data];
    const stopped = await run(binaries.pgCtl, args, { ...owner, cwd: place }).then(
      () => true,
      () => false,
    );
    if (stopped || (await runningPort(place)) === null) return;
  }
}
