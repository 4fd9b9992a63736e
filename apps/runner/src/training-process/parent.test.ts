import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foldSettingsSchema } from '@twostage/core/runs/config';
import { childEnvironment } from './environment.ts';
import { type ChildReport, type RunChildInput, runChild } from './parent.ts';
import type { ChildMessage, TrainJob } from './protocol.ts';

const fixture = (name: string) => ({
  file: process.execPath,
  args: [path.resolve(import.meta.dirname, '../../test/fixtures/children', `${name}.mjs`)],
});
/** A zombie whose new parent is slow to reap it runs no more. */
const isRunning = (pid: number) => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
};
const isThere = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'twostage-child-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Seen extends ChildReport {
  pid: number;
  messages: ChildMessage[];
  lines: string[];
}

async function runFixture(
  name: string,
  settings: Partial<RunChildInput> & { act?: (pid: number, abort: AbortController) => void } = {},
): Promise<Seen> {
  const abort = new AbortController();
  const messages: ChildMessage[] = [];
  const lines: string[] = [];
  let pid = 0;
  const job: TrainJob = {
    kind: 'train',
    training: { id: 'T', family: 'FTRLProximal', target: 'y_a', scope: { kind: 'crossSectional' }, stage: 'cpu' },
    trainingDir: directory,
    datasetDir: directory,
    folds: foldSettingsSchema.parse({ count: 1, embargoBars: 0, validationFraction: 0.2 }),
    lookback: 2,
    costBasisPoints: 5,
    quantiles: 5,
    seed: 1,
    threads: 1,
    device: 'cpu',
    parameters: {},
  };
  let acted = false;
  const report = await runChild({
    job,
    directory,
    env: childEnvironment(process.env, { stage: 'cpu', device: 'cpu', threads: 1 }),
    deadlineMs: 20_000,
    memoryCapBytes: 2 ** 30,
    graceMs: 500,
    signal: abort.signal,
    command: fixture(name),
    onStarted: (started) => {
      pid = started;
    },
    onMessage: (message) => {
      messages.push(message);
      if (!acted) settings.act?.(pid, abort);
      acted = true;
    },
    onLine: (stream, line) => lines.push(`${stream}: ${line}`),
    ...settings,
  });
  if (pid !== 0) expect(isThere(pid), 'the child was reaped').toBe(false);
  return { ...report, pid, messages, lines };
}

describe('runChild', () => {
  it('hands on messages in order and the result of a child that behaves', async () => {
    const { outcome, messages, peakRssBytes, seconds } = await runFixture('completes');
    expect(outcome).toMatchObject({ kind: 'completed', result: { metrics: { ic: 0.1 } } });
    expect(messages.map(({ type }) => type)).toEqual(['progress', 'progress', 'progress', 'result']);
    // How much of so short a life is seen is up to the scheduler; that a peak is told is asserted below.
    expect(peakRssBytes).toBeGreaterThan(0);
    expect(seconds).toBeGreaterThan(0);
    expect(JSON.parse(await readFile(path.join(directory, 'job.json'), 'utf8'))).toMatchObject({ kind: 'train' });
  });

  it('ends one that hangs at its deadline', async () => {
    const { outcome, seconds } = await runFixture('hangs', { deadlineMs: 700 });
    expect(outcome).toEqual({ kind: 'timedOut', afterMs: 700 });
    expect(seconds).toBeLessThan(30);
  });

  it('kills one that ignores TERM after the grace, and calls it by its cause', async () => {
    const timedOut = await runFixture('ignores-term', { deadlineMs: 700, graceMs: 300 });
    expect(timedOut.outcome).toEqual({ kind: 'timedOut', afterMs: 700 });
    expect(timedOut.lines).toContain('stdout: TERM ignored');
    const cancelled = await runFixture('ignores-term', { act: (_, abort) => abort.abort('cancel') });
    expect(cancelled.outcome).toEqual({ kind: 'cancelled' });
  });

  it('cancels one that is asked before it could start', async () => {
    const { outcome } = await runFixture('hangs', { signal: AbortSignal.abort('cancel') });
    expect(outcome).toEqual({ kind: 'cancelled' });
  });

  it('tells a kill from outside from its own', async () => {
    const { outcome } = await runFixture('hangs', { act: (pid) => process.kill(pid, 'SIGKILL') });
    expect(outcome).toMatchObject({ kind: 'killed', reason: 'signal', signal: 'SIGKILL' });
    const terminated = await runFixture('hangs', { act: (pid) => process.kill(pid, 'SIGTERM') });
    expect(terminated.outcome).toMatchObject({ kind: 'killed', reason: 'signal', signal: 'SIGTERM' });
  });

  it('kills one that eats more memory than its cap', async () => {
    const { outcome, peakRssBytes } = await runFixture('eats-memory', { memoryCapBytes: 256 * 2 ** 20 });
    expect(outcome).toMatchObject({ kind: 'killed', reason: 'memory' });
    expect(outcome).toHaveProperty(
      'message',
      expect.stringMatching(/^used \d+ MB, more than its memory cap of 256 MB$/),
    );
    expect(peakRssBytes).toBeGreaterThan(256 * 2 ** 20);
  });

  it('names the signal of a crash and what stderr said last', async () => {
    const { outcome } = await runFixture('segfaults');
    expect(outcome).toEqual({
      kind: 'failed',
      message: 'crashed with SIGSEGV; last on stderr: about to read address 0',
      exitCode: null,
      signal: 'SIGSEGV',
    });
  });

  it.each([
    [
      'sends-garbage',
      /^sent "<html>not a message<\/html>" on its channel, where one JSON message a line was expected: not JSON$/,
    ],
    [
      'sends-wrong-shape',
      /^sent "\{.*dreaming.*" on its channel, where one JSON message a line was expected: progress.phase: /,
    ],
    ['exits-silently', /^exited with code 0 without a result$/],
    ['exits-3', /^exited with code 3; last on stderr: library says: no such device$/],
    ['throws-at-start', /^exited with code 1; last on stderr: Error \[ERR_MODULE_NOT_FOUND\]: .*not-there\.mjs/],
    ['reports-failure', /^LightGBM library not found$/],
  ])('%s → failed, with a message', async (name, message) => {
    const { outcome } = await runFixture(name);
    expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringMatching(message) });
  });

  it('fails one whose program is not there', async () => {
    const { outcome } = await runFixture('completes', { command: { file: '/nonexistent/node', args: [] } });
    expect(outcome).toMatchObject({ kind: 'failed', message: expect.stringContaining('/nonexistent/node') });
  });

  it('survives a flood: the file is cut, the lines are thinned, the result stands', async () => {
    const { outcome, lines } = await runFixture('floods-stdout');
    expect(outcome.kind).toBe('completed');
    expect(lines.length).toBeLessThan(2000);
    expect(lines.some((line) => /… [\d,]+ lines left out here; see stdout.log/.test(line))).toBe(true);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(2100);
    for (const control of ['\0', '\x1b']) expect(lines.join('')).not.toContain(control);
    const { size } = await stat(path.join(directory, 'stdout.log'));
    expect(size).toBeGreaterThan(60 * 2 ** 20);
    expect(size).toBeLessThan(66 * 2 ** 20);
  });

  it('lets one that finished but lingers keep its result', async () => {
    const { outcome, seconds } = await runFixture('lingers', { graceMs: 300 });
    expect(outcome.kind).toBe('completed');
    expect(seconds).toBeLessThan(30);
  });

  it('ends what a child left behind in its group', async () => {
    const { outcome, messages } = await runFixture('leaves-grandchild');
    expect(outcome.kind).toBe('completed');
    const note = messages.find((message) => message.type === 'note')!;
    const grandchild = Number(note.line.split(' ')[1]);
    await expect.poll(() => isRunning(grandchild)).toBe(false);
  });
});

describe('childEnvironment', () => {
  it('caps every thread pool and hides every device from stage cpu', () => {
    const env = childEnvironment(
      { PATH: '/bin', CUDA_VISIBLE_DEVICES: '1' },
      { stage: 'cpu', device: 'cuda', threads: 3 },
    );
    expect(env).toMatchObject({
      PATH: '/bin',
      OMP_NUM_THREADS: '3',
      TF_NUM_INTRAOP_THREADS: '3',
      CUDA_VISIBLE_DEVICES: '',
    });
  });
  it('leaves the devices of stage gpu as they are, unless the run is told to stay on the CPU', () => {
    const inherited = { CUDA_VISIBLE_DEVICES: '1' };
    expect(childEnvironment(inherited, { stage: 'gpu', device: 'auto', threads: 1 }).CUDA_VISIBLE_DEVICES).toBe('1');
    expect(childEnvironment(inherited, { stage: 'gpu', device: 'cpu', threads: 1 }).CUDA_VISIBLE_DEVICES).toBe('');
  });
});
