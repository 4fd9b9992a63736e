import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunConfigInput, runConfigSchema } from '@twostage/core/runs/config';
import type { RunState } from '@twostage/core/runs/lifecycle';
import { applyEvent, emptyRunView, type RunView } from '@twostage/core/runs/view';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeMarket } from '../../test/market.ts';
import { MemoryLog, onFirst } from '../../test/memoryLog.ts';
import { type EventSink, executeRun } from './executeRun.ts';
import { readTrainingRecord } from './trainingRecord.ts';

let root: string;
let dataDir: string;
let runDir: string;
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-run-'));
  dataDir = path.join(root, 'data');
  await writeMarket(dataDir, ['AAA', 'BBB', 'CCC'], 320);
});
beforeEach(async () => {
  runDir = await mkdtemp(path.join(root, 'run-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const isThere = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const acts = (told: Record<string, 'hangs' | 'fails' | 'trades'> = {}) => ({
  file: process.execPath,
  args: [path.resolve(import.meta.dirname, '../../test/fixtures/children/acts.mjs'), JSON.stringify(told)],
});
const idOf = (family: string) => `${family}.fwd_ret_1d.all`;

interface Settings {
  readonly told?: Record<string, 'hangs' | 'fails' | 'trades'>;
  readonly signal?: AbortSignal;
  readonly config?: Partial<RunConfigInput>;
  readonly view?: RunView;
}
const someFamilies: RunConfigInput['families'] = ['LightGBM', 'XGBoost', 'FTRLProximal', 'MLP', 'LSTM'];
const start = (log: EventSink, { told, signal, config, view = emptyRunView() }: Settings = {}): Promise<RunState> =>
  executeRun({
    runId: 'r',
    config: runConfigSchema.parse({
      dataDir,
      families: someFamilies,
      folds: { count: 1 },
      lookback: 5,
      packing: false,
      ...config,
    }),
    runDir,
    sink: log,
    view,
    signal: signal ?? new AbortController().signal,
    runner: 'test',
    childCommand: acts(told),
  });

describe('executeRun', () => {
  it('walks both stages in order and leaves a whole record', async () => {
    const cpuPids: number[] = [];
    const stillThere: number[] = [];
    const log = new MemoryLog((event, { view }) => {
      if (event.kind !== 'training.started') return;
      if (view.trainings.get(event.training)!.spec.stage === 'cpu') cpuPids.push(event.pid);
      else stillThere.push(...cpuPids.filter(isThere));
    });
    expect(await start(log)).toBe('completed');
    expect(cpuPids).toHaveLength(3);
    expect(stillThere, 'the barrier: every child of stage cpu was reaped before one of stage gpu began').toEqual([]);
    expect(log.ofKind('training.started').map(({ training }) => training.split('.')[0])).toEqual([
      'LightGBM',
      'XGBoost',
      'FTRLProximal',
      'MLP',
      'LSTM',
    ]);
    const kinds = log.events.map(({ kind }) => kind).filter((kind) => /^run|^stage/.test(kind));
    expect(kinds).toEqual([
      'run.stateChanged',
      'run.prepared',
      'run.planned',
      'run.stateChanged',
      'stage.started',
      'stage.ended',
      'stage.started',
      'stage.ended',
      'run.stateChanged',
    ]);
    const record = JSON.parse(await readFile(path.join(runDir, 'run.json'), 'utf8'));
    expect(record).toMatchObject({ state: 'completed', datasetId: log.view.dataset!.id });
    expect(record.trainings).toHaveLength(5);
    const csv = (await readFile(path.join(runDir, 'leaderboard.csv'), 'utf8')).trim().split('\n');
    expect(csv).toHaveLength(6);
    expect((await stat(path.join(runDir, 'trainings', idOf('LSTM'), 'predictions.parquet'))).size).toBeGreaterThan(0);
    expect(await readTrainingRecord(runDir, idOf('MLP'))).toMatchObject({ outcome: { kind: 'completed' } });
  });

  it('says at its end what choosing the best training is worth, in the log and in the record', async () => {
    const told = { [idOf('LightGBM')]: 'trades', [idOf('XGBoost')]: 'trades', [idOf('MLP')]: 'trades' } as const;
    const log = new MemoryLog();
    expect(await start(log, { told })).toBe('completed');
    expect(log.events.slice(-2).map(({ kind }) => kind)).toEqual(['run.judged', 'run.stateChanged']);
    const { selections } = JSON.parse(await readFile(path.join(runDir, 'run.json'), 'utf8'));
    expect(selections).toEqual(log.view.selections);
    expect(selections).toMatchObject([{ target: 'fwd_ret_1d', trials: 3, bars: 100, overfitting: { blocks: 16 } }]);
    const named = selections[0].ranking.map(({ training }: { training: string }) => training);
    expect(named.sort()).toEqual(Object.keys(told).sort());
    expect((await stat(path.join(runDir, 'trainings', idOf('MLP'), 'portfolio.parquet'))).size).toBeGreaterThan(0);
  });

  it('completes without that where a portfolio was spoilt meanwhile, and says so', async () => {
    const log = new MemoryLog((event) => {
      if (event.kind === 'training.ended')
        writeFileSync(path.join(runDir, 'trainings', event.training, 'portfolio-columns.json'), '{}');
    });
    const config = { families: ['LightGBM' as const] };
    expect(await start(log, { config, told: { [idOf('LightGBM')]: 'trades' } })).toBe('completed');
    expect(log.ofKind('run.judged')).toEqual([]);
    expect(log.ofKind('log').map(({ line }) => line)).toEqual([
      expect.stringMatching(/^what choosing the best training is worth could not be said: .*portfolio-columns\.json/),
    ]);
  });

  it('a child killed from outside costs its training alone', async () => {
    const log: MemoryLog = new MemoryLog(
      onFirst(
        (event) => event.kind === 'training.progress' && event.training === idOf('XGBoost'),
        () => process.kill(log.view.trainings.get(idOf('XGBoost'))!.pid!, 'SIGKILL'),
      ),
    );
    expect(await start(log, { told: { [idOf('XGBoost')]: 'hangs' } })).toBe('partial');
    expect(log.states()).toEqual({
      LightGBM: 'completed',
      XGBoost: 'killed',
      FTRLProximal: 'completed',
      MLP: 'completed',
      LSTM: 'completed',
    });
    expect(log.view.reason).toMatch(
      /^1 of 5 trainings did not complete; XGBoost\.fwd_ret_1d\.all killed: ended by SIGKILL/,
    );
  });

  it('fails when every training fails', async () => {
    const log = new MemoryLog();
    const config = { families: ['LightGBM' as const] };
    expect(await start(log, { config, told: { [idOf('LightGBM')]: 'fails' } })).toBe('failed');
    expect(log.view.trainings.get(idOf('LightGBM'))!.outcome).toMatchObject({
      kind: 'failed',
      message: 'told to fail',
    });
  });

  it('cancels: the running child is gone, the rest never starts', async () => {
    const cancel = new AbortController();
    const log = new MemoryLog((event) => {
      if (event.kind === 'training.progress') cancel.abort('cancel');
    });
    expect(await start(log, { told: { [idOf('LightGBM')]: 'hangs' }, signal: cancel.signal })).toBe('cancelled');
    expect(new Set(Object.values(log.states()))).toEqual(new Set(['cancelled']));
    const pids = log.ofKind('training.started').map(({ pid }) => pid);
    expect(pids).toHaveLength(1);
    expect(isThere(pids[0]!)).toBe(false);
    expect(log.view.stages.gpu.state).toBe('done');
  });

  it('cancels while the dataset is prepared', async () => {
    const log = new MemoryLog();
    expect(await start(log, { signal: AbortSignal.abort('cancel') })).toBe('cancelled');
    expect(log.view.trainings.size).toBe(0);
  });

  it('stopped by a shutdown, goes on from the view without repeating what has ended', async () => {
    const shutdown = new AbortController();
    const first = new MemoryLog((event) => {
      if (event.kind === 'training.progress' && event.training === idOf('XGBoost')) shutdown.abort('shutdown');
    });
    expect(await start(first, { told: { [idOf('XGBoost')]: 'hangs' }, signal: shutdown.signal })).toBe('running');
    expect(first.states()).toMatchObject({ LightGBM: 'completed', XGBoost: 'running', FTRLProximal: 'pending' });
    const pid = first.view.trainings.get(idOf('XGBoost'))!.pid!;
    expect(isThere(pid)).toBe(false);
    const manifest = path.join(runDir, 'dataset', 'manifest.json');
    const { mtimeMs } = await stat(manifest);

    const second = new MemoryLog();
    Object.assign(second.view, structuredClone(first.view));
    expect(await start(second, { view: first.view })).toBe('completed');
    expect(second.ofKind('training.started').map(({ training }) => training)).toEqual(
      ['XGBoost', 'FTRLProximal', 'MLP', 'LSTM'].map(idOf),
    );
    expect(second.ofKind('training.requeued').map(({ training }) => training)).toEqual([idOf('XGBoost')]);
    expect(second.logged[0]!.seq).toBe(first.logged.at(-1)!.seq + 1);
    expect((await stat(manifest)).mtimeMs, 'the dataset was taken as it was').toBe(mtimeMs);
  });

  it('takes over a training whose end is on disk but not in the log, and mends a broken dataset', async () => {
    const whole = new MemoryLog();
    const config = { families: ['LightGBM' as const, 'MLP' as const] };
    await start(whole, { config });
    const cut = whole.logged.findIndex(({ event }) => event.kind === 'training.ended');
    const view = emptyRunView();
    for (const logged of whole.logged.slice(0, cut)) applyEvent(view, logged);
    await rm(path.join(runDir, 'trainings', idOf('MLP')), { recursive: true });
    await writeFile(path.join(runDir, 'dataset', 'close.f64'), 'short');

    const again = new MemoryLog();
    Object.assign(again.view, structuredClone(view));
    expect(await start(again, { config, view })).toBe('completed');
    expect(again.ofKind('training.started').map(({ training }) => training)).toEqual([idOf('MLP')]);
    expect(again.ofKind('training.ended').map(({ training }) => training)).toEqual([idOf('LightGBM'), idOf('MLP')]);
  });

  it('does not go on with other data than it began with', async () => {
    const first = new MemoryLog();
    const shutdown = new AbortController();
    const stopAt = new MemoryLog((event) => {
      if (event.kind === 'training.progress') shutdown.abort('shutdown');
    });
    const ownData = path.join(runDir, 'market');
    await writeMarket(ownData, ['AAA', 'BBB'], 320);
    const config = { dataDir: ownData, families: ['LightGBM' as const] };
    await start(stopAt, { config, told: { [idOf('LightGBM')]: 'hangs' }, signal: shutdown.signal });
    await rm(path.join(runDir, 'dataset'), { recursive: true });
    await writeMarket(ownData, ['AAA', 'BBB'], 330);
    Object.assign(first.view, structuredClone(stopAt.view));
    expect(await start(first, { config, view: stopAt.view })).toBe('failed');
    expect(first.view.reason).toMatch(/changed since this run began/);
    expect(first.states()).toEqual({ LightGBM: 'skipped' });
  });

  it('writes nothing more once its lease is lost', async () => {
    const lost = new AbortController();
    let countAtLoss = Number.POSITIVE_INFINITY;
    const log = new MemoryLog((event, { events }) => {
      if (event.kind !== 'training.started') return;
      lost.abort('lost');
      countAtLoss = events.length;
    });
    expect(await start(log, { told: { [idOf('LightGBM')]: 'hangs' }, signal: lost.signal })).toBe('running');
    expect(log.events).toHaveLength(countAtLoss);
    expect(isThere(log.ofKind('training.started')[0]!.pid)).toBe(false);
    expect(await readTrainingRecord(runDir, idOf('LightGBM'))).toBeNull();
  });

  it('stops the child and rejects when its events can no longer be kept', async () => {
    const pids: number[] = [];
    const sink: EventSink = {
      async append(events) {
        for (const event of events) {
          if (event.kind === 'training.started') pids.push(event.pid);
          if (event.kind === 'training.progress') throw new Error('the database is gone');
        }
      },
    };
    await expect(start(sink, { told: { [idOf('LightGBM')]: 'hangs' } })).rejects.toThrow('the database is gone');
    expect(pids).toHaveLength(1);
    expect(isThere(pids[0]!)).toBe(false);
  });

  it.each<[string, Partial<RunConfigInput>, RegExp]>([
    ['no such folder', { dataDir: '/nonexistent/market' }, /\/nonexistent\/market/],
    ['an unknown symbol', { symbols: ['AAA', 'AAPL'] }, /AAPL.*AAA/],
    ['more folds than the bars allow', { folds: { count: 40 } }, /need at least \d+ bars; there are 320/],
    ['a target no one can compute', { targets: ['y_unknown'] }, /y_unknown/],
  ])('%s fails the run with one line', async (_, config, message) => {
    const log = new MemoryLog();
    expect(await start(log, { config })).toBe('failed');
    expect(log.view.reason).toMatch(message);
    expect(log.view.reason).not.toContain('\n');
    expect(log.view.trainings.size).toBe(0);
  });
});

describe('packing', () => {
  const packed: Partial<RunConfigInput> = { packing: true, threads: 2, families: ['LightGBM', 'FTRLProximal', 'MLP'] };
  const both = [idOf('LightGBM'), idOf('FTRLProximal')];
  const hang = Object.fromEntries(both.map((id) => [id, 'hangs' as const]));
  const runningIn = ({ view }: MemoryLog) => [...view.trainings.values()].filter(({ state }) => state === 'running');

  it('runs trainings of stage cpu beside each other, each with its share, and those of stage gpu after the last of them', async () => {
    let most = 0;
    const alive: boolean[] = [];
    const log = new MemoryLog((event, it) => {
      const running = runningIn(it);
      most = Math.max(most, running.length);
      if (event.kind !== 'training.started') return;
      const { stage } = it.view.trainings.get(event.training)!.spec;
      if (stage === 'gpu')
        alive.push(
          ...it
            .ofKind('training.started')
            .slice(0, -1)
            .map(({ pid }) => isThere(pid)),
        );
    });
    expect(await start(log, { config: packed })).toBe('completed');
    expect(most).toBe(2);
    const started = log.ofKind('training.started').map(({ training, threads }) => [training, threads]);
    // Two processes that begin together may say so in either order.
    expect(new Map(started.slice(0, 2) as [string, number][])).toEqual(new Map(both.map((id) => [id, 1])));
    expect(started.slice(2)).toEqual([[idOf('MLP'), 2]]);
    expect(alive, 'the barrier').toEqual([false, false]);
  });

  it('gives the cores to one alone whose last digits depend on its threads', async () => {
    const log = new MemoryLog((_, it) => {
      if (it.view.trainings.get(idOf('XGBoost'))?.state === 'running') expect(runningIn(it)).toHaveLength(1);
    });
    expect(await start(log, { config: { ...packed, families: ['LightGBM', 'XGBoost', 'FTRLProximal'] } })).toBe(
      'completed',
    );
    expect(log.ofKind('training.started')[0]).toMatchObject({ training: idOf('XGBoost'), threads: 2 });
  });

  it('a failure beside costs its training alone', async () => {
    const log = new MemoryLog();
    expect(await start(log, { config: packed, told: { [idOf('LightGBM')]: 'fails' } })).toBe('partial');
    expect(log.states()).toEqual({ LightGBM: 'failed', FTRLProximal: 'completed', MLP: 'completed' });
  });

  const whenBothRun = (then: () => void) =>
    new MemoryLog(onFirst((event, it) => event.kind === 'training.progress' && runningIn(it).length === 2, then));
  const pidsOf = (log: MemoryLog) => log.ofKind('training.started').map(({ pid }) => pid);

  it('cancels all that run', async () => {
    const cancel = new AbortController();
    const log = whenBothRun(() => cancel.abort('cancel'));
    expect(await start(log, { config: packed, told: hang, signal: cancel.signal })).toBe('cancelled');
    expect(new Set(Object.values(log.states()))).toEqual(new Set(['cancelled']));
    expect(pidsOf(log).map(isThere)).toEqual([false, false]);
  });

  it('ends none of them once its lease is lost', async () => {
    const lost = new AbortController();
    const log = whenBothRun(() => lost.abort('lost'));
    expect(await start(log, { config: packed, told: hang, signal: lost.signal })).toBe('running');
    expect(log.ofKind('training.ended')).toEqual([]);
    expect(pidsOf(log).map(isThere)).toEqual([false, false]);
    for (const id of both) expect(await readTrainingRecord(runDir, id)).toBeNull();
  });

  it('stopped by a shutdown, trains again what ran, and not what had ended', async () => {
    const shutdown = new AbortController();
    const first = new MemoryLog((event, { view }) => {
      const ended = view.trainings.get(idOf('FTRLProximal'))?.state === 'completed';
      if (event.kind === 'training.ended' && ended) shutdown.abort('shutdown');
    });
    const told = { [idOf('LightGBM')]: 'hangs' as const };
    expect(await start(first, { config: packed, told, signal: shutdown.signal })).toBe('running');
    expect(first.states()).toEqual({ LightGBM: 'running', FTRLProximal: 'completed', MLP: 'pending' });
    const second = new MemoryLog();
    Object.assign(second.view, structuredClone(first.view));
    expect(await start(second, { config: packed, view: first.view })).toBe('completed');
    expect(second.ofKind('training.started').map(({ training }) => training)).toEqual(['LightGBM', 'MLP'].map(idOf));
  });

  it('stops what runs beside a training that cannot be written down', async () => {
    const log: MemoryLog = whenBothRun(() => {
      const folder = path.join(runDir, 'trainings', idOf('FTRLProximal'));
      // Its record has no place to go.
      rmSync(folder, { recursive: true, force: true });
      writeFileSync(folder, 'in the way');
      process.kill(log.view.trainings.get(idOf('FTRLProximal'))!.pid!, 'SIGKILL');
    });
    expect(await start(log, { config: packed, told: hang })).toBe('failed');
    expect(pidsOf(log).map(isThere)).toEqual([false, false]);
    expect(log.states()).toMatchObject({ MLP: 'skipped' });
  });
});
