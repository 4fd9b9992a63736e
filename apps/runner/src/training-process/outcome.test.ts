import type { TrainingResult } from '@twostage/core/runs/training';
import { describe, expect, it } from 'vitest';
import { type ChildEnd, outcomeOf } from './outcome.ts';

const result = { notes: [], folds: [], artifacts: [], device: 'cpu' } as unknown as TrainingResult;
const end = (known: Partial<ChildEnd>): ChildEnd => ({
  stopCause: null,
  result: null,
  failure: null,
  exitCode: null,
  signal: null,
  lastStderrLine: null,
  ...known,
});

describe('outcomeOf', () => {
  it.each<[string, Partial<ChildEnd>, object]>([
    ['result and exit 0', { result, exitCode: 0 }, { kind: 'completed', result }],
    [
      'result, then slow to leave',
      { result, signal: 'SIGKILL', stopCause: { kind: 'lingering' } },
      { kind: 'completed' },
    ],
    [
      'result, then a crash',
      { result, signal: 'SIGSEGV' },
      { kind: 'failed', message: 'crashed with SIGSEGV', signal: 'SIGSEGV' },
    ],
    [
      'result, then another code',
      { result, exitCode: 7 },
      { kind: 'failed', message: 'sent its result, then exited with code 7 in place of 0' },
    ],
    ['cancel, whatever the end', { stopCause: { kind: 'cancel' }, signal: 'SIGKILL' }, { kind: 'cancelled' }],
    ['deadline', { stopCause: { kind: 'deadline', afterMs: 5 }, signal: 'SIGTERM' }, { kind: 'timedOut', afterMs: 5 }],
    [
      'memory',
      { stopCause: { kind: 'memory', rssBytes: 300 * 2 ** 20, capBytes: 2 ** 28 }, signal: 'SIGKILL' },
      { kind: 'killed', reason: 'memory', message: 'used 300 MB, more than its memory cap of 256 MB' },
    ],
    ['SIGKILL by someone', { signal: 'SIGKILL' }, { kind: 'killed', reason: 'signal', signal: 'SIGKILL' }],
    ['SIGTERM by someone', { signal: 'SIGTERM' }, { kind: 'killed', reason: 'signal', signal: 'SIGTERM' }],
    [
      'a native abort',
      { signal: 'SIGABRT', lastStderrLine: 'check failed' },
      { kind: 'failed', message: 'crashed with SIGABRT; last on stderr: check failed' },
    ],
    [
      'its own word before its code',
      { failure: 'no such device', exitCode: 1 },
      { kind: 'failed', message: 'no such device', exitCode: 1 },
    ],
    ['exit 0 without a result', { exitCode: 0 }, { kind: 'failed', message: 'exited with code 0 without a result' }],
  ])('%s', (_, known, expected) => {
    expect(outcomeOf(end(known))).toMatchObject(expected);
  });
});
