/** Finds a Chromium for the browser tests, or installs Debian's. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { run } from './steps.mjs';

const candidates = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export function findChromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  return candidates.find((file) => existsSync(file)) ?? null;
}

/** @returns path of the browser. @throws Error with the command that installs one. */
export async function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  const canInstall = process.platform === 'linux' && process.getuid?.() === 0 && hasCommand('apt-get');
  if (!canInstall) {
    throw new Error(
      'the browser tests need Chromium: install it (Debian: sudo apt-get install chromium) or set CHROMIUM_PATH',
    );
  }
  const quiet = { env: { DEBIAN_FRONTEND: 'noninteractive' } };
  await run('chromium', 'apt-get', ['update', '-q'], quiet);
  await run('chromium', 'apt-get', ['install', '-y', '-q', '--no-install-recommends', 'chromium'], quiet);
  return findChromium();
}

function hasCommand(name) {
  try {
    execFileSync('which', [name], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
