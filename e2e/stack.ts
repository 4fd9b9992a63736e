import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface StackInfo {
  readonly url: string;
  readonly setupLink: string;
  readonly home: string;
  readonly pid: number;
  /** From the start command to the printed address. */
  readonly startSeconds: number;
}

const root = path.resolve(import.meta.dirname, '..');

/** Starts the whole product in a fresh state directory; the returned function stops it as Ctrl-C does and checks that it ended. */
export default async function startStack(): Promise<() => Promise<void>> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'twostage-e2e-'));
  // PostgreSQL refuses to run as root and is started as another user, who must be able to enter.
  const { chmodSync } = await import('node:fs');
  chmodSync(home, 0o755);
  const startedMs = Date.now();
  const child = spawn(
    process.execPath,
    ['scripts/start.mjs', '--port', String(20_000 + Math.floor(Math.random() * 20_000))],
    {
      cwd: root,
      env: { ...process.env, TWOSTAGE_HOME: home, DATABASE_URL: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const { url, setupLink } = await addressOf(child);
  const info: StackInfo = { url, setupLink, home, pid: child.pid!, startSeconds: (Date.now() - startedMs) / 1000 };
  process.env.TWOSTAGE_STACK = JSON.stringify(info);
  writeFileSync(path.join(home, 'stack.json'), JSON.stringify(info));
  return async () => {
    child.kill('SIGINT');
    const ended = await Promise.race([
      new Promise<boolean>((resolve) => child.once('exit', () => resolve(true))),
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 30_000)),
    ]);
    if (!ended) {
      child.kill('SIGKILL');
      throw new Error('npm start did not end within 30 s of Ctrl-C');
    }
    rmSync(home, { recursive: true, force: true });
  };
}

function addressOf(child: ChildProcess): Promise<{ url: string; setupLink: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const timer = setTimeout(() => reject(new Error(`no address within 5 minutes of the start:\n${output}`)), 300_000);
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const url = output.match(/Address\s+(http:\S+)/)?.[1];
        const setupLink = output.match(/(http:\S+\/setup\?token=\S+)/)?.[1];
        if (url && setupLink) {
          clearTimeout(timer);
          resolve({ url, setupLink });
        }
      });
    }
    child.once('exit', (code) => reject(new Error(`the start ended with ${code}:\n${output}`)));
  });
}
