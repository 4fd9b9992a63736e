import { type ChildProcess, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { trainingDirectory } from '@twostage/core/runs/runDirectory';
import type { Outcome, TrainingResult } from '@twostage/core/runs/training';
import { readChannel } from './channel.ts';
import { type ChildCommand, defaultChildCommand } from './command.ts';
import { memoryPollMs, readMemory } from './memory.ts';
import { outcomeOf, type StopCause } from './outcome.ts';
import { keepOutput } from './outputLog.ts';
import { type ChildMessage, channelFd, type Job } from './protocol.ts';
import { cleanLine } from './text.ts';

export interface RunChildInput {
  readonly job: Job;
  /** Existing folder for job.json, stdout.log and stderr.log. */
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly deadlineMs: number;
  readonly memoryCapBytes: number;
  /** How long a child that was asked to stop may take before it is killed. */
  readonly graceMs: number;
  /** Aborted: the child is asked to stop. */
  readonly signal: AbortSignal;
  readonly command?: ChildCommand;
  readonly onStarted: (pid: number) => void;
  readonly onMessage: (message: ChildMessage) => void;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string) => void;
}

export interface ChildReport {
  readonly outcome: Outcome;
  readonly seconds: number;
  readonly peakRssBytes: number | null;
}

/** How long pipes may stay open after the child was reaped, e.g. held by a process it left behind. */
const pipeDrainMs = 2000;

/**
 * Runs one job in a fresh process and says how it ended. When it resolves, the child has been reaped, its process group
 * is gone and its logs are closed. Never rejects for anything the child does.
 */
export async function runChild(input: RunChildInput): Promise<ChildReport> {
  const jobFile = path.join(input.directory, trainingDirectory.job);
  await writeFile(jobFile, `${JSON.stringify(input.job, null, 2)}\n`);
  const startedMs = performance.now();
  const command = input.command ?? defaultChildCommand;
  const child = spawn(command.file, [...command.args, jobFile], {
    // A group of its own: Ctrl-C in a terminal reaches the parent only, and the group can be ended as a whole.
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    env: { ...input.env, TWOSTAGE_PARENT_PID: String(process.pid) },
  });
  const ended = new Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; spawnError: Error | null }>(
    (resolve) => {
      child.once('exit', (exitCode, signal) => resolve({ exitCode, signal, spawnError: null }));
      child.once('error', (spawnError) => {
        if (child.pid === undefined) resolve({ exitCode: null, signal: null, spawnError });
      });
    },
  );
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  if (child.pid === undefined) {
    const { spawnError } = await ended;
    const message = `its process could not be started: ${spawnError?.message ?? command.file}`;
    return { outcome: { kind: 'failed', message, exitCode: null, signal: null }, seconds: 0, peakRssBytes: null };
  }

  const log = (stream: 'stdout' | 'stderr') =>
    keepOutput(
      child[stream]!,
      path.join(input.directory, trainingDirectory[stream]),
      trainingDirectory[stream],
      (line) => input.onLine(stream, line),
    );
  const stdout = log('stdout');
  const stderr = log('stderr');
  // The write end of the child's stdin stays open and unused: its end tells the child that the parent is gone.
  child.stdin!.on('error', () => {});

  const watch = watchChild(child, input);
  input.onStarted(child.pid);
  const { exitCode, signal } = await ended;
  watch.end();
  killGroup(child, 'SIGKILL');
  await withinMs(closed, pipeDrainMs);
  for (const stream of child.stdio) stream?.destroy();
  stdout.end();
  stderr.end();
  const outcome = outcomeOf({ ...watch.seen(), exitCode, signal, lastStderrLine: stderr.lastTellingLine() });
  return { outcome, seconds: (performance.now() - startedMs) / 1000, peakRssBytes: watch.peakRssBytes() };
}

/** Deadline, memory cap, cancel and channel of a running child; the first cause to stop it stands. */
function watchChild(child: ChildProcess, input: RunChildInput) {
  const pid = child.pid!;
  const timers = new Set<NodeJS.Timeout>();
  let reaped = false;
  // Messages still in the pipe arrive after the child was reaped: by then its process id may be another's.
  const later = (ms: number, action: () => void) => {
    if (!reaped) timers.add(setTimeout(action, ms));
  };
  const kill = (signal: NodeJS.Signals) => {
    if (!reaped) killGroup(child, signal);
  };
  let stopCause: StopCause | null = null;
  let result: TrainingResult | null = null;
  let failure: string | null = null;
  let peakRssBytes: number | null = null;

  const stop = (cause: StopCause, how: 'ask' | 'kill') => {
    if (stopCause !== null) return;
    // With its result sent, its work is done, whatever makes it leave.
    stopCause = result === null ? cause : { kind: 'lingering' };
    if (how === 'kill') return kill('SIGKILL');
    kill('SIGTERM');
    later(input.graceMs, () => kill('SIGKILL'));
  };
  const sample = async () => {
    const reading = await readMemory(pid);
    if (reading === null) return;
    peakRssBytes = Math.max(peakRssBytes ?? 0, reading.peakRssBytes);
    const { rssBytes } = reading;
    if (rssBytes > input.memoryCapBytes) stop({ kind: 'memory', rssBytes, capBytes: input.memoryCapBytes }, 'kill');
  };

  readChannel(
    child.stdio[channelFd] as Readable,
    (message) => {
      void sample();
      if (message.type === 'result') {
        const { notes, device } = message.result;
        result = { ...message.result, notes: notes.map(cleanLine), device: cleanLine(device) };
        later(input.graceMs, () => stop({ kind: 'lingering' }, 'kill'));
      }
      if (message.type === 'failed') failure = cleanLine(message.message);
      if (stopCause === null) input.onMessage(message);
    },
    (message) => stop({ kind: 'channel', message }, 'kill'),
  );
  void sample();
  const poll = setInterval(sample, memoryPollMs);
  later(input.deadlineMs, () => stop({ kind: 'deadline', afterMs: input.deadlineMs }, 'ask'));
  const onAbort = () => stop({ kind: 'cancel' }, 'ask');
  if (input.signal.aborted) onAbort();
  else input.signal.addEventListener('abort', onAbort, { once: true });

  return {
    seen: () => ({ stopCause, result, failure }),
    peakRssBytes: () => peakRssBytes,
    end() {
      reaped = true;
      clearInterval(poll);
      for (const timer of timers) clearTimeout(timer);
      input.signal.removeEventListener('abort', onAbort);
    },
  };
}

/** Signals the child and whatever it started. */
function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (process.platform === 'win32') {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid!, signal);
  } catch {
    // Nobody of the group is left.
  }
}

async function withinMs(promise: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, limit]);
  clearTimeout(timer);
}
