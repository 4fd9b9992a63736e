import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runConfigSchema } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMarket } from '../../test/market.ts';
import { executeRun } from './executeRun.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-planned-'));
  await writeMarket(path.join(root, 'data'), ['AAA', 'BBB', 'CCC'], 320);
});
afterAll(() => rm(root, { recursive: true, force: true }));

const job = (over: object) => ({
  ...{ target: 'fwd_ret_1d', symbol: null, route: 'ROUTE_CROSS_SECTIONAL', model_families: ['FTRLProximal'] },
  ...over,
});
const version = { kind: 'version', planId: 'p', versionId: 'v', planName: 'momentum', number: 2 } as const;
const configOf = (jobs: object[], over: object = {}) =>
  runConfigSchema.parse({
    ...{ dataDir: path.join(root, 'data'), folds: { count: 1 }, lookback: 5, packing: false },
    ...{ targets: ['fwd_ret_1d', 'fwd_ret_2d'], plan: { source: version, hash: 'a'.repeat(64), jobs }, ...over },
  });
const children = {
  file: process.execPath,
  args: [path.resolve(import.meta.dirname, '../../test/fixtures/children/acts.mjs'), '{}'],
};

/** Runs it from where the view is; `onEvent` sees each event once it is kept. */
async function run(
  config: ReturnType<typeof configOf>,
  runDir: string,
  view: RunView = emptyRunView(),
  onEvent: (event: RunEvent, signal: AbortController) => void = () => {},
): Promise<RunView> {
  const control = new AbortController();
  const sink = {
    async append(events: readonly RunEvent[]) {
      for (const event of events) {
        expect(applyEvent(view, { runId: 'r', seq: view.lastSeq + 1, at: Date.now(), event })).toBe(true);
        onEvent(event, control);
      }
    },
  };
  const given = { runId: 'r', config, runDir, sink, signal: control.signal, runner: 'test', childCommand: children };
  // The run must not see what its own events change.
  await executeRun({ ...given, view: structuredClone(view) });
  return view;
}

describe('a run of an approved version', () => {
  const jobs = [
    job({ job_id: 'second', target: 'fwd_ret_2d', priority: 1 }),
    job({ job_id: 'first', model_families: ['FTRLProximal', 'MLP'], priority: 2 }),
    job({ job_id: 'dead', symbol: 'AAA', route: 'ROUTE_BLOCKED', reason: 'no signal' }),
    job({ job_id: 'served', symbol: 'BBB', model_families: [], reason: 'served' }),
  ];

  it('trains its jobs by priority, keeps what is not trained in its log, and ends with results by job', async () => {
    const runDir = path.join(root, 'whole');
    const begun: string[] = [];
    const view = await run(configOf(jobs), runDir, undefined, (event) => {
      if (event.kind === 'training.started') begun.push(event.training);
    });
    expect(view.state).toBe('completed');
    expect(begun).toEqual(['FTRLProximal.fwd_ret_1d.all', 'FTRLProximal.fwd_ret_2d.all', 'MLP.fwd_ret_1d.all']);
    expect(view.leftOut).toEqual([
      { job: 'dead', kind: 'blocked', reason: 'no signal' },
      { job: 'served', kind: 'idle', reason: 'served' },
    ]);
    const record = JSON.parse(await readFile(path.join(runDir, 'jobs.json'), 'utf8'));
    expect(record.plan).toEqual({ source: version, hash: 'a'.repeat(64) });
    expect(record.jobs.map(({ state, completed }: { state: string; completed: number }) => [state, completed])).toEqual(
      [
        ['planned', 1],
        ['planned', 2],
        ['blocked', 0],
        ['idle', 0],
      ],
    );
  });

  it('goes on after a shutdown with the jobs that are left, in the same order', async () => {
    const runDir = path.join(root, 'resumed');
    const stopped = await run(configOf(jobs), runDir, undefined, (event, control) => {
      if (event.kind === 'training.ended') control.abort('shutdown');
    });
    expect([...stopped.trainings.values()].map(({ state }) => state)).toEqual(['completed', 'pending', 'pending']);
    const begun: string[] = [];
    const view = await run(configOf(jobs), runDir, stopped, (event) => {
      if (event.kind === 'training.started') begun.push(event.training);
    });
    expect(begun).toEqual(['FTRLProximal.fwd_ret_2d.all', 'MLP.fwd_ret_1d.all']);
    expect(view.state).toBe('completed');
    expect(view.leftOut).toHaveLength(2);
  });

  it.each<[string, object[], object, RegExp]>([
    [
      'nothing to train',
      [job({ job_id: 'dead', route: 'ROUTE_BLOCKED', reason: 'no signal' })],
      {},
      /^the training plan momentum v2 leaves nothing to train: of 1 job none is left\n {2}blocked: job dead .*: no signal/,
    ],
    [
      'a symbol that the data do not have',
      [job({ job_id: 'z', symbol: 'ZZZ', route: 'ROUTE_SYMBOL_SPECIFIC' })],
      { symbols: ['AAA', 'BBB'] },
      /^jobs\.0\.symbol: job z \(fwd_ret_1d, ZZZ\): the data have no symbol ZZZ; they have AAA, BBB, CCC$/,
    ],
  ])('fails at once with %s, before anything is spawned', async (_, given, over, reason) => {
    const view = await run(configOf(given, over), await mkdtemp(path.join(root, 'failed-')));
    expect([view.state, view.trainings.size]).toEqual(['failed', 0]);
    expect(view.reason).toMatch(reason);
  });
});
