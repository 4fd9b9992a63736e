import { DomainError } from '@twostage/core/errors';
import type { RunConfigInput } from '@twostage/core/runs/config';
import { createDatabaseClient, type Database } from '@twostage/prisma/client';
import { readEvents } from '@twostage/prisma/eventLog';
import { type JobQueue, openJobQueue } from '@twostage/prisma/queue';
import { createTestDatabase, type TestDatabase } from '@twostage/prisma/testing/testDatabase';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRunInput } from '../contracts/runs.ts';
import { addDataset } from '../testing/fixtures.ts';
import { cancelRun } from './cancelRun.ts';
import type { ServiceContext } from './context.ts';
import { startRun } from './startRun.ts';

let database: TestDatabase;
let prisma: Database;
let queue: JobQueue;
let context: ServiceContext;
let datasetId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  prisma = createDatabaseClient(database.url);
  queue = await openJobQueue(database.url, { supervise: false, onError: () => {} });
  const user = await prisma.user.create({ data: { name: 'Mo', email: 'mo@example.com', role: 'member' } });
  datasetId = await addDataset(prisma, { symbols: ['AAPL', 'AMZN', 'GOOGL', 'MSFT'], bars: 400 });
  context = { prisma, queue, actor: { userId: user.id, role: 'member' }, dataRoots: [], publicUrl: 'http://test' };
});
afterAll(async () => {
  await queue.stop(0);
  await prisma.$disconnect();
  await database.drop();
});

const start = (config: Partial<RunConfigInput>, id = datasetId, within = context) =>
  startRun(within, startRunInput.parse({ datasetId: id, config }));
const counts = async () => ({
  runs: await prisma.run.count(),
  events: await prisma.runEvent.count(),
  audit: await prisma.auditEntry.count(),
  jobs: await jobs(),
});
const jobs = async (runId?: string): Promise<number> => {
  const rows = await prisma.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pgboss.job WHERE name = 'runs' AND (${runId ?? null}::text IS NULL OR data ->> 'runId' = ${runId ?? ''})`;
  return Number(rows[0]!.count);
};

describe('startRun', () => {
  it('writes the run, its first event, the audit row and the job', async () => {
    const { id } = await start({ name: 'first', symbols: ['MSFT'], families: ['LightGBM'], seed: 7 });
    const run = await prisma.run.findUniqueOrThrow({ where: { id } });
    expect(run).toMatchObject({ name: 'first', state: 'queued', lastSeq: 1, datasetId });
    expect(run.config).toMatchObject({ dataDir: '/data/market', symbols: ['MSFT'], seed: 7, lookback: 20 });
    const events = await readEvents(prisma, id, 0, 10);
    expect(events.map(({ seq, event }) => [seq, event.kind])).toEqual([[1, 'run.stateChanged']]);
    expect(await jobs(id)).toBe(1);
    expect(await prisma.auditEntry.count({ where: { subject: `run:${id}`, action: 'run.start' } })).toBe(1);
  });

  it('leaves nothing where the job cannot be written', async () => {
    const before = await counts();
    const broken: ServiceContext = {
      ...context,
      queue: { ...queue, enqueueRun: (tx) => tx.$executeRaw`INSERT INTO pgboss.no_such_table VALUES (1)` as never },
    };
    await expect(start({ name: 'lost' }, datasetId, broken)).rejects.toThrow(/no_such_table/);
    expect(await counts()).toEqual(before);
  });

  const refused: [string, Partial<RunConfigInput>, string, string, RegExp][] = [
    [
      'an unknown symbol',
      { symbols: ['MSFT', 'AAPPL'] },
      'UNKNOWN_SYMBOL',
      'config.symbols.1',
      /has no symbol "AAPPL"; it has AAPL, /,
    ],
    ['a symbol twice', { symbols: ['MSFT', 'MSFT'] }, 'INVALID_INPUT', 'config.symbols.1', /MSFT is named twice/],
    [
      'an unknown target',
      { targets: ['fwd_ret_1d', 'y_nxt'] },
      'UNKNOWN_TARGET',
      'config.targets.1',
      /no target "y_nxt"; it has fwd_ret_\{k\}d .* columns y_next$/,
    ],
    ['a horizon of nothing', { targets: ['fwd_ret_0d'] }, 'UNKNOWN_TARGET', 'config.targets.0', /fwd_ret_0d/],
    ['a target twice', { targets: ['y_next', 'y_next'] }, 'INVALID_INPUT', 'config.targets.1', /named twice/],
    [
      'a mode without families',
      { modelTypes: 'cross-sectional', families: ['LSTM'] },
      'INVALID_INPUT',
      'config.families',
      /trains families of stage 1 and of TensorFlow only; LSTM is not/,
    ],
    [
      'a family that needs more symbols',
      { symbols: ['MSFT'], families: ['MetaLearning'] },
      'INVALID_INPUT',
      'config.families',
      /MetaLearning cannot be trained: it needs at least \d+ symbols, there is 1$/,
    ],
    [
      'a family across symbols, where each is alone',
      { scope: 'symbol', families: ['LightGBM', 'MetaLearning'] },
      'INVALID_INPUT',
      'config.families',
      /MetaLearning cannot be trained: .* a model of one symbol has 1$/,
    ],
    [
      'an unknown parameter',
      { parameters: { LightGBM: { leafs: 3 } } },
      'INVALID_INPUT',
      'config.parameters.LightGBM.leafs',
      /has no parameter "leafs"; it has rounds, /,
    ],
    [
      'a parameter out of bounds',
      { parameters: { LightGBM: { learningRate: 5 } } },
      'INVALID_INPUT',
      'config.parameters.LightGBM.learningRate',
      /LightGBM.learningRate: .*, got 5/,
    ],
    [
      'a parameter of another type',
      { parameters: { MLP: { epochs: 'many' } } },
      'INVALID_INPUT',
      'config.parameters.MLP.epochs',
      /MLP.epochs: /,
    ],
    [
      'too few bars',
      { folds: { count: 40 } },
      'TOO_FEW_BARS',
      'config.folds.count',
      /40 folds need at least \d+ bars .*; market has 400/,
    ],
    [
      'too few bars for the horizon',
      { targets: ['fwd_ret_300d'] },
      'TOO_FEW_BARS',
      'config.folds.count',
      /label 301 bars ahead/,
    ],
  ];
  it.each(refused)('refuses %s', async (_what, config, code, field, message) => {
    const before = await counts();
    const error = await start(config).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DomainError);
    expect(error).toMatchObject({ code, field, message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('\n');
    expect(await counts()).toEqual(before);
  });

  it('refuses a dataset that is not there, not read yet, or was refused', async () => {
    await expect(start({}, 'nothing')).rejects.toMatchObject({ code: 'NOT_FOUND', field: 'datasetId' });
    const fresh = await prisma.dataset.create({ data: { name: 'fresh', path: '/data/fresh' } });
    await expect(start({}, fresh.id)).rejects.toThrow('the dataset fresh has not been read by a runner yet');
    const bad = { name: 'bad', path: '/data/bad', status: 'refused' as const, reason: 'no time column in A.csv' };
    const { id } = await prisma.dataset.create({ data: bad });
    await expect(start({}, id)).rejects.toThrow('the dataset bad was refused: no time column in A.csv');
  });

  it('refuses what the schema refuses', () => {
    const bad: Partial<RunConfigInput>[] = [
      { families: ['NoSuchFamily' as never] },
      { targets: [] },
      { targets: ['close'] },
      { folds: { count: 0 } },
      { seed: -1 },
      { device: 'tpu' as never },
      { lookback: 1.5 },
      { name: ' ' },
    ];
    for (const config of bad) expect(startRunInput.safeParse({ datasetId, config }).success).toBe(false);
  });
});

describe('cancelRun', () => {
  it('ends a queued run at once, and refuses one that has ended', async () => {
    const { id } = await start({ name: 'short' });
    expect(await cancelRun(context, { runId: id })).toEqual({ state: 'cancelled' });
    const run = await prisma.run.findUniqueOrThrow({ where: { id } });
    expect(run).toMatchObject({ state: 'cancelled', cancelRequestedById: context.actor.userId });
    expect(run.endedAt).not.toBeNull();
    await expect(cancelRun(context, { runId: id })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: `run ${run.number} has ended already: cancelled`,
    });
  });

  it('asks the runner of a run in work, once', async () => {
    const { id } = await start({ name: 'held' });
    await prisma.run.update({ where: { id }, data: { state: 'running', leaseToken: 'x' } });
    expect(await cancelRun(context, { runId: id })).toEqual({ state: 'running' });
    expect(await cancelRun(context, { runId: id })).toEqual({ state: 'running' });
    expect((await prisma.run.findUniqueOrThrow({ where: { id } })).cancelRequestedAt).not.toBeNull();
    expect(await prisma.auditEntry.count({ where: { subject: `run:${id}`, action: 'run.cancel' } })).toBe(1);
  });

  it('knows no run of another name', async () => {
    await expect(cancelRun(context, { runId: 'nothing' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
