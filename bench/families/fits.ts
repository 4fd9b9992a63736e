import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { typescriptLoader } from '../../apps/runner/src/training-process/command.ts';
import { childEnvironment } from '../../apps/runner/src/training-process/environment.ts';
import type { FitJob, FitResult } from './protocol.ts';

const program = fileURLToPath(new URL('./child.ts', import.meta.url));
const deadlineMs = 600_000;

/** Fits in child processes, at most so many at a time, each of one thread; the same fit is done once, whoever needs it. */
export class Fits {
  readonly #known = new Map<string, Promise<FitResult>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(
    atATime: number,
    private readonly onDone: (job: FitJob, result: FitResult) => void = () => {},
  ) {
    this.#free = atATime;
  }

  /** @throws Error with the last lines that the child wrote, where it gave no result */
  of(job: FitJob): Promise<FitResult> {
    const key = JSON.stringify(job);
    const known = this.#known.get(key) ?? this.#start(job);
    this.#known.set(key, known);
    return known;
  }

  async #start(job: FitJob): Promise<FitResult> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      const result = await fitInChild(job);
      this.onDone(job, result);
      return result;
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}

function fitInChild(job: FitJob): Promise<FitResult> {
  const child = fork(program, [JSON.stringify(job)], {
    execArgv: [...typescriptLoader],
    env: childEnvironment(process.env, { stage: 'cpu', device: 'cpu', threads: 1 }),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: deadlineMs,
  });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    let result: FitResult | null = null;
    child.once('message', (message) => {
      result = message as FitResult;
    });
    child.once('error', reject);
    child.once('close', (code, signal) => {
      if (result) resolve(result);
      else
        reject(new Error(`${job.contestant} on ${job.scenario} ended with ${signal ?? code} and no result\n${said}`));
    });
  });
}
