/** The long-lived processes of `npm start`: kept alive while it runs, stopped in order when it ends. No dependencies. */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { logs, root } from './steps.mjs';

const stopGraceMs = 10_000;
const firstBackoffMs = 500;
const longestBackoffMs = 15_000;

/**
 * Starts `node --import tsx <entry> …`, writes its output to `logs/<name>.log`, and starts it again when it ends unasked.
 * It gets its own process group: Ctrl-C reaches the supervisor alone, which then stops its processes in order. Its standard input
 * is a pipe whose end tells it that the supervisor is gone, however that died.
 */
export function supervise(name, entry, args, env, onLine) {
  mkdirSync(logs, { recursive: true });
  const log = createWriteStream(path.join(logs, `${name}.log`), { flags: 'a' });
  let child;
  let stopping = false;
  let backoffMs = firstBackoffMs;
  let ended = Promise.resolve();

  const start = () => {
    const startedMs = Date.now();
    child = spawn(process.execPath, ['--import', 'tsx', path.join(root, entry), ...args], {
      cwd: root,
      env: { ...process.env, ...env, TWOSTAGE_SUPERVISED: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    });
    child.stdin.on('error', () => {});
    for (const stream of [child.stdout, child.stderr]) {
      stream.pipe(log, { end: false });
      let rest = '';
      stream.setEncoding('utf8').on('data', (text) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop();
        for (const line of lines) onLine?.(line);
      });
    }
    ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        resolve();
        if (stopping) return;
        if (Date.now() - startedMs > 60_000) backoffMs = firstBackoffMs;
        console.log(
          `${name} ended with ${signal ?? `exit code ${code}`}; starting it again in ${backoffMs / 1000} s (log: ${path.join(logs, `${name}.log`)})`,
        );
        setTimeout(() => !stopping && start(), backoffMs);
        backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
      });
    });
  };
  start();

  return {
    name,
    get pid() {
      return child.pid;
    },
    /** TERM, then KILL to the whole group after the grace. Resolves once it is gone. */
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      signalGroup(child, 'SIGTERM', false);
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL', true), stopGraceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

function signalGroup(child, signal, wholeGroup) {
  try {
    process.kill(wholeGroup && process.platform !== 'win32' ? -child.pid : child.pid, signal);
  } catch {
    // Gone already.
  }
}
