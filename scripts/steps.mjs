/**
 * Runs the steps of a set-up one after another and says how each went. No dependencies: it runs before `npm ci`.
 * On a terminal a step shows its running time; elsewhere one line when it begins and one when it ends.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
/** State of this installation: database, datasets, runs, logs. */
export const home = path.resolve(process.env.TWOSTAGE_HOME ?? path.join(root, '.twostage'));
export const logs = path.join(home, 'logs');

/** Where progress goes: a command whose output is read by a program moves it to stderr. */
export const progress = { stream: process.stdout };

const seconds = (sinceMs) => `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;

/** @param work receives `say(detail)`, which shows what the step is doing right now; its value is shown as the result. */
export async function step(title, work) {
  const startedMs = Date.now();
  const out = progress.stream;
  const live = out.isTTY;
  const print = (line) => out.write(`${line}\n`);
  let detail = '';
  const draw = () =>
    out.write(`\r\x1b[2K◌ ${title} ${seconds(startedMs)} ${detail}`.slice(0, (out.columns ?? 120) + 4));
  const timer = live ? setInterval(draw, 200) : undefined;
  if (!live) print(`◌ ${title} …`);
  try {
    const result = await work((text) => {
      detail = text;
    });
    clearInterval(timer);
    print(
      `${live ? '\r\x1b[2K' : ''}✓ ${title} (${seconds(startedMs)})${typeof result === 'string' ? `: ${result}` : ''}`,
    );
    return result;
  } catch (error) {
    clearInterval(timer);
    print(`${live ? '\r\x1b[2K' : ''}✗ ${title} (${seconds(startedMs)})`);
    throw error;
  }
}

/**
 * Runs a command to its end. Its output goes to `logs/<name>.log`; `show` passes it through instead.
 * @throws Error with the command, its exit code and its last lines.
 */
export function run(name, command, args, { cwd = root, env = {}, show = false, onLine } = {}) {
  mkdirSync(logs, { recursive: true });
  const logFile = path.join(logs, `${name}.log`);
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', show ? 'inherit' : 'pipe', show ? 'inherit' : 'pipe'],
    });
    const tail = [];
    if (!show) {
      const log = createWriteStream(logFile);
      for (const stream of [child.stdout, child.stderr]) {
        stream.pipe(log, { end: false });
        stream.setEncoding('utf8').on('data', (text) => {
          for (const line of text.split('\n')) {
            if (line.trim() === '') continue;
            tail.push(line);
            if (tail.length > 25) tail.shift();
            onLine?.(line);
          }
        });
      }
    }
    child.on('error', (error) => reject(new Error(`${command}: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else {
        const end = signal ?? `exit code ${code}`;
        reject(
          new Error(
            `${[command, ...args].join(' ')} ended with ${end}${tail.length > 0 ? `\n${tail.join('\n')}\n(whole log: ${logFile})` : ''}`,
          ),
        );
      }
    });
  });
}
