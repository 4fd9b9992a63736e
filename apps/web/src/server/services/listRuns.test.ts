import type { RunConfigInput } from '@twostage/core/runs/config';
import type { RunEvent } from '@twostage/core/runs/events';
import type { Metrics, TrainingSpec } from '@twostage/core/runs/training';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { appendEvents } from '@twostage/prisma/eventLog';
import type { JobQueue } from '@twostage/prisma/queue';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ListRunsInput } from '../contracts/runs.ts';
import { addDataset, addRun } from '../testing/fixtures.ts';
import { compareRuns } from './compareRuns.ts';
import type { ServiceContext } from './context.ts';
import { getRun } from './getRun.ts';
import { listRuns } from './listRuns.ts';

let database: TestDatabase;
let prisma: Database;
let context: ServiceContext;
let mo: string;
let datasetId: string;
const ids: Record<string, string> = {};

/** Five runs, made in this order; two have started, one of them has ended with results. */
beforeAll(async () => {
  database = await createTestDatabase();
  prisma = createDatabaseClient(database.url);
  mo = (await prisma.user.create({ data: { name: 'Mo', email: 'mo@example.com', role: 'member' } })).id;
  datasetId = await addDataset(prisma);
  const queue: JobQueue = null as never; // listing and comparing enqueue nothing
  context = { prisma, queue, actor: { userId: mo, role: 'viewer' }, dataRoots: [], publicUrl: 'http://test' };
  const runs: Record<string, Partial<RunConfigInput>> = {
    'Alpha trees': { families: ['LightGBM', 'XGBoost'], seed: 1 },
    'beta nets': { families: ['MLP'], folds: { count: 5 } },
    'gamma everything': {},
    'delta tabular': { modelTypes: 'cross-sectional' },
    'epsilon 100%_done': { families: ['LSTM'] },
  };
  for (const [name, config] of Object.entries(runs)) {
    const createdById = name === 'beta nets' ? null : mo;
    ids[name] = await addRun(prisma, database.url, { createdById, datasetId, config: { name, ...config } });
  }
  await play(ids['Alpha trees']!, [0.03, 0.05]);
  await appendEvents(prisma, { runId: ids['beta nets']!, events: [stateOf('preparing')] });
});
afterAll(async () => {
  await prisma.$disconnect();
  await database.drop();
});

const stateOf = (state: 'preparing' | 'running' | 'completed'): RunEvent => {
  return { kind: 'run.stateChanged', state, reason: null, runner: 'test' };
};
const metricsOf = (rankIc: number): Metrics => ({
  rows: 100,
  bars: 50,
  icKind: 'crossSectional',
  ic: rankIc / 2,
  rankIc,
  icir: 0.1,
  icT: 1,
  mse: 1,
  mae: 1,
  r2: 0,
  hitRate: 0.5,
});
async function play(runId: string, rankIcs: number[], targets?: Record<string, number>): Promise<void> {
  const byTarget =
    targets && Object.entries(targets).map(([target, rankIc]) => ({ target, metrics: metricsOf(rankIc) }));
  const specs = rankIcs.map((_, index): TrainingSpec => {
    const family = index === 0 ? 'LightGBM' : 'XGBoost';
    const scope = { kind: 'crossSectional' } as const;
    return { id: `${family}.fwd_ret_1d.all`, family, target: 'fwd_ret_1d', scope, stage: 'cpu' };
  });
  await appendEvents(prisma, {
    runId,
    events: [
      stateOf('preparing'),
      stateOf('running'),
      { kind: 'run.planned', trainings: specs, folds: [], summary: [] },
      { kind: 'stage.started', stage: 'cpu' },
      ...specs.flatMap((spec, index): RunEvent[] => [
        { kind: 'training.started', training: spec.id, pid: 1, threads: 1 },
        {
          kind: 'training.ended',
          training: spec.id,
          seconds: 2,
          peakRssBytes: 1e6,
          outcome: {
            kind: 'completed',
            result: {
              metrics: metricsOf(rankIcs[index]!),
              folds: [],
              artifacts: [],
              device: 'cpu',
              notes: [],
              ...(byTarget && { byTarget }),
            },
          },
        },
      ]),
      { kind: 'stage.ended', stage: 'cpu' },
      stateOf('completed'),
    ],
  });
}

describe('listRuns', () => {
  const filters: [string, ListRunsInput, string[]][] = [
    ['nothing', {}, ['epsilon 100%_done', 'delta tabular', 'gamma everything', 'beta nets', 'Alpha trees']],
    ['text in any case', { text: 'ALPHA' }, ['Alpha trees']],
    ['text with wildcards as they stand', { text: '100%_d' }, ['epsilon 100%_done']],
    ['a wildcard that stands nowhere', { text: 'a%s' }, []],
    ['a number', { text: '#2' }, ['beta nets']],
    ['states', { states: ['completed', 'preparing'] }, ['beta nets', 'Alpha trees']],
    ['a tabular family', { families: ['XGBoost'] }, ['delta tabular', 'gamma everything', 'Alpha trees']],
    ['a sequence family', { families: ['LSTM'] }, ['epsilon 100%_done', 'gamma everything']],
    ['the creator', { creatorId: 'nobody' }, []],
    [
      'name ascending',
      { sortBy: 'name', order: 'asc', families: ['MLP'] },
      ['beta nets', 'delta tabular', 'gamma everything'],
    ],
    ['both conditions', { text: 'a', states: ['completed'] }, ['Alpha trees']],
    ['a day to come', { createdAfter: new Date(Date.now() + 1e8) }, []],
    ['until a day to come', { createdBefore: new Date(Date.now() + 1e8), text: 'beta' }, ['beta nets']],
  ];
  it.each(filters)('by %s', async (_what, input, expected) => {
    const page = await listRuns(context, input);
    const names = page.runs.map(({ name }) => name);
    if (input?.sortBy === 'name') expect(names.sort()).toEqual(expected);
    else expect(names).toEqual(expected);
    expect(page.total).toBe(expected.length);
  });

  it.each(['createdAt', 'startedAt', 'endedAt', 'name', 'state'] as const)(
    'pages by %s hold every run once, in both directions, nulls last',
    async (sortBy) => {
      for (const order of ['asc', 'desc'] as const) {
        const seen: { name: string; key: unknown }[] = [];
        let cursor: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof listRuns>> = await listRuns(context, {
            sortBy,
            order,
            limit: 2,
            cursor,
          });
          seen.push(...page.runs.map((run) => ({ name: run.name, key: run[sortBy] })));
          cursor = page.nextCursor;
        } while (cursor !== null);
        expect(seen.map(({ name }) => name).sort()).toEqual(Object.keys(ids).sort());
        const keys = seen.map(({ key }) => key);
        expect(keys.indexOf(null) === -1 || keys.slice(keys.indexOf(null)).every((key) => key === null)).toBe(true);
      }
    },
  );

  it('shows what came of a run', async () => {
    const { runs } = await listRuns(context, { text: 'Alpha' });
    expect(runs[0]).toMatchObject({
      number: 1,
      state: 'completed',
      createdBy: { id: mo, name: 'Mo' },
      dataset: { id: datasetId, name: 'market', simulated: false },
      families: ['LightGBM', 'XGBoost'],
      targets: ['fwd_ret_1d'],
      symbolCount: 0,
      trainings: { total: 2, running: 0, completed: 2, failed: 0 },
      bestRankIc: { training: 'XGBoost.fwd_ret_1d.all', value: 0.05 },
    });
  });
});

describe('getRun', () => {
  it('says whether the person may cancel it', async () => {
    const member = { ...context, actor: { userId: mo, role: 'member' as const } };
    const may = async (name: string) => (await getRun(member, { runId: ids[name]! })).mayCancel;
    expect([await may('gamma everything'), await may('beta nets'), await may('Alpha trees')]).toEqual([
      true,
      false,
      false,
    ]);
    expect((await getRun(context, { runId: ids['gamma everything']! })).mayCancel).toBe(false);
  });
});

describe('compareRuns', () => {
  it('puts settings and figures side by side, in the order asked for', async () => {
    const compared = await compareRuns(context, { ids: [ids['beta nets']!, ids['Alpha trees']!] });
    expect(compared.runs.map(({ name }) => name)).toEqual(['beta nets', 'Alpha trees']);
    const differing = compared.configuration.filter(({ differs }) => differs);
    expect(differing).toEqual([
      { path: 'name', values: ['"beta nets"', '"Alpha trees"'], differs: true },
      { path: 'families', values: ['["MLP"]', '["LightGBM","XGBoost"]'], differs: true },
      { path: 'folds.count', values: ['5', '3'], differs: true },
      { path: 'seed', values: ['42', '1'], differs: true },
    ]);
    expect(compared.configuration.find(({ path }) => path === 'lookback')).toMatchObject({ values: ['20', '20'] });
    expect(compared.trainings.map(({ spec }) => spec.id)).toEqual([
      'LightGBM.fwd_ret_1d.all',
      'XGBoost.fwd_ret_1d.all',
    ]);
    expect(compared.trainings[1]!.byRun).toEqual([null, { state: 'completed', seconds: 2, metrics: metricsOf(0.05) }]);
  });

  it('sets targets that were learnt together apart', async () => {
    const id = await addRun(prisma, database.url, { createdById: mo, datasetId, config: { name: 'together' } });
    await play(id, [0.02], { fwd_ret_1d: 0.02, fwd_ret_5d: 0.04 });
    const { trainings } = await compareRuns(context, { ids: [ids['Alpha trees']!, id] });
    expect(trainings.map(({ spec, byRun }) => [spec.target, byRun[1]?.metrics?.rankIc ?? null])).toEqual([
      ['fwd_ret_1d', 0.02],
      ['fwd_ret_5d', 0.04],
      ['fwd_ret_1d', null],
    ]);
    await prisma.run.delete({ where: { id } });
  });

  it('refuses a run that is not there, and one compared with itself', async () => {
    const id = ids['beta nets']!;
    await expect(compareRuns(context, { ids: [id, 'nothing'] })).rejects.toThrow('there is no run nothing');
    await expect(compareRuns(context, { ids: [id, id] })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});
