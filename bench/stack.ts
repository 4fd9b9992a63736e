import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { openDatabase } from '@twostage/prisma/postgres';

const root = path.resolve(import.meta.dirname, '..');

export const browserOptions = {
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-dev-shm-usage',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
  ],
};

export interface Stack {
  readonly url: string;
  readonly databaseUrl: string;
  /** Creates the first admin in the page, which is then signed in. */
  signIn(page: Page): Promise<void>;
  stop(): Promise<void>;
}

/** Database and web server as in production, in a state directory of their own, without a runner. Needs `npm run build`'s output. */
export async function startStack(): Promise<Stack> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'twostage-bench-'));
  chmodSync(home, 0o755);
  const database = await openDatabase({ home });
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    TWOSTAGE_HOME: home,
    BETTER_AUTH_SECRET: 'bench-only-secret-of-some-length-0123456789',
    PORT: String(port),
  };
  const bootstrap = await firstLine(start('apps/runner/src/daemon/bootstrap.ts', ['--no-demo'], env), /^\{.*\}$/);
  const { setupToken } = JSON.parse(bootstrap);
  const web = start('apps/web/server.ts', [], env);
  const url = (await firstLine(web, /^ready http/)).replace('ready ', '').trim();
  return {
    url,
    databaseUrl: database.url,
    async signIn(page) {
      await page.goto(`${url}/setup?token=${setupToken}`);
      await page.getByLabel('Name').fill('Bench');
      await page.getByLabel('E-mail address').fill('bench@example.com');
      await page.getByLabel('Password', { exact: true }).fill('a-long-enough-password');
      await page.getByRole('button', { name: /create/i }).click();
      await page.waitForURL(/\/runs/);
    },
    async stop() {
      const ended = new Promise((resolve) => web.once('exit', resolve));
      web.kill('SIGTERM');
      await ended;
      await database.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function start(entry: string, args: string[], env: NodeJS.ProcessEnv): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', path.join(root, entry), ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

function firstLine(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let rest = '';
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      const found = lines.find((line) => pattern.test(line));
      if (found) resolve(found);
    });
    child.once('exit', (code) =>
      reject(new Error(`${child.spawnargs.at(-1)} ended with ${code} before it said ${pattern}`)),
    );
  });
}
