import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { DomainError } from '@twostage/core/errors';
import type { StageId } from '@twostage/core/families/family';
import type { Device } from '@twostage/core/runs/config';
import { childEnvironment } from './environment.ts';
import { runChild } from './parent.ts';
import type { ChildMessage, Job } from './protocol.ts';

export interface TaskSettings {
  readonly stage: StageId;
  readonly device: Device;
  readonly threads?: number;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
  /** Every message, the last one too. */
  readonly onMessage?: (message: ChildMessage) => void;
}

/**
 * Runs a short job that is no training (predict, probe, evidence) in a child of its own and returns its last message.
 * @throws DomainError ENGINE_FAILED with one line on how the child ended, CANCELLED
 */
export async function runTask<Type extends ChildMessage['type']>(
  job: Job,
  answer: Type,
  settings: TaskSettings,
): Promise<Extract<ChildMessage, { type: Type }>> {
  const directory = await mkdtemp(path.join(tmpdir(), 'twostage-task-'));
  let answered: ChildMessage | undefined;
  try {
    const { outcome } = await runChild({
      job,
      directory,
      env: childEnvironment(process.env, { ...settings, threads: settings.threads ?? availableParallelism() }),
      deadlineMs: settings.deadlineMs,
      memoryCapBytes: Number.POSITIVE_INFINITY,
      graceMs: 2000,
      signal: settings.signal ?? new AbortController().signal,
      onStarted: () => {},
      onMessage: (message) => {
        settings.onMessage?.(message);
        if (message.type === answer) answered = message;
      },
      onLine: (_, line) => settings.onLine?.(line),
    });
    if (answered) return answered as Extract<ChildMessage, { type: Type }>;
    if (outcome.kind === 'cancelled') throw new DomainError('CANCELLED', `${job.kind} was cancelled`);
    const why = 'message' in outcome ? outcome.message : `${outcome.kind} after ${settings.deadlineMs / 1000} s`;
    throw new DomainError('ENGINE_FAILED', `${job.kind}: ${why}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
