import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { DomainError } from '@twostage/core/errors';

const run = promisify(execFile);

/** Who a PostgreSQL started by root runs as: it refuses to run as root itself. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** For what root's PostgreSQL cannot keep under a private home folder. */
export const systemStateDir = '/var/lib/twostage';

/** @returns null where this process is not root and PostgreSQL can run as the same user. */
export async function unprivilegedOwner(): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null;
  const found = await lookUp('postgres');
  if (found) return found;
  const commands: [string, string[]][] = [
    ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres']],
    ['adduser', ['-S', '-D', '-H', 'postgres']], // BusyBox
  ];
  for (const [command, args] of commands) {
    await run(command, args).catch(() => {}); // absent, or lost the race against another start: the look-up decides
    const created = await lookUp('postgres');
    if (created) return created;
  }
  const nobody = await lookUp('nobody');
  if (nobody) return nobody;
  throw new DomainError(
    'DATABASE_UNREACHABLE',
    'PostgreSQL does not run as root and no other user could be made; create a user named postgres, or set DATABASE_URL',
  );
}

async function lookUp(user: string): Promise<Owner | null> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', user]), run('id', ['-g', user])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/** Whether `owner` may enter the folder: every folder above it lets others, its owner or its group pass. */
export async function reachableBy(owner: Owner, directory: string): Promise<boolean> {
  let current = path.resolve(directory);
  for (;;) {
    const found = await stat(current).catch(() => null);
    if (found) {
      const enter = found.uid === owner.uid ? 0o100 : found.gid === owner.gid ? 0o010 : 0o001;
      if ((found.mode & enter) === 0) return false;
    }
    const parent = path.dirname(current);
    if (parent === current) return true;
    current = parent;
  }
}
