import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeMarket } from '../../test/market.ts';
import { type RunRecord, runRecordSchema } from '../orchestrator/runRecord.ts';

const bin = path.resolve(import.meta.dirname, '../../../../scripts/twostage.mjs');
let root: string;
const inRoot = (name: string) => path.join(root, name);

/** As a router of before writes it: every route, spellings of its own, keys that are nobody's here. */
const master = {
  metadata: { generated_at: '2025-11-30T10:00:00Z', run_id: 'r1', git_commit: 'abc', config_hash: 'd', total_jobs: 7 },
  jobs: [
    {
      job_id: 'pooled_5d',
      target: 'fwd_ret_5d',
      symbol: null,
      route: 'ROUTE_CROSS_SECTIONAL',
      training_type: 'cross_sectional',
      model_families: ['ftrl_proximal', 'lightgbm'],
      priority: 1,
      reason: 'pooled IC 0.03 ± 0.01',
      metadata: { n_symbols: 3 },
      parameters: { LightGBM: { rounds: 7 } },
    },
    {
      job_id: 'bbb_2d',
      target: 'fwd_ret_2d',
      symbol: 'BBB',
      route: 'ROUTE_SYMBOL_SPECIFIC',
      training_type: 'symbol_specific',
      model_families: ['ftrl_proximal'],
      priority: 0,
      reason: 'its own',
      metadata: {},
    },
    {
      job_id: 'both_1d',
      target: 'fwd_ret_1d',
      symbol: null,
      route: 'ROUTE_BOTH',
      training_type: 'cross_sectional',
      model_families: ['ftrl_proximal', 'lightgbm'],
      priority: 3,
      reason: 'both',
      metadata: {},
    },
    {
      job_id: 'aaa_1d',
      target: 'fwd_ret_1d',
      symbol: 'AAA',
      route: 'ROUTE_BOTH',
      training_type: 'symbol_specific',
      model_families: ['ftrl_proximal', 'mlp'],
      priority: 3,
      reason: 'both',
      metadata: {},
    },
    {
      job_id: 'try_ccc',
      target: 'fwd_ret_1d',
      symbol: 'CCC',
      route: 'ROUTE_EXPERIMENTAL_ONLY',
      training_type: 'symbol_specific',
      model_families: ['ftrl_proximal'],
      priority: -1,
      reason: 'thin',
      metadata: {},
    },
    {
      job_id: 'dead_10d',
      target: 'fwd_ret_10d',
      symbol: null,
      route: 'ROUTE_BLOCKED',
      training_type: 'cross_sectional',
      model_families: [],
      priority: 0,
      reason: 'IC 0.001, t 0.2',
      metadata: {},
    },
    {
      job_id: 'dead_aaa',
      target: 'fwd_ret_5d',
      symbol: 'AAA',
      route: 'ROUTE_BLOCKED',
      training_type: 'symbol_specific',
      model_families: ['lightgbm'],
      priority: 0,
      reason: 'unstable',
      metadata: {},
    },
  ],
  summary: { total_jobs: 7 },
};
type Job = Omit<(typeof master)['jobs'][number], 'symbol' | 'parameters'> & {
  symbol: string | null;
  parameters?: object;
};
const [pooled] = master.jobs as Job[];

beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'twostage-plan-'));
  await writeMarket(inRoot('market'), ['AAA', 'BBB', 'CCC'], 300);
  await writePlan('globals/training_plan', master.jobs);
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function writePlan(folder: string, jobs: readonly object[]): Promise<string> {
  await mkdir(inRoot(folder), { recursive: true });
  const file = path.join(folder, 'master_training_plan.json');
  await writeFile(inRoot(file), JSON.stringify({ ...master, jobs }, null, 2));
  return file;
}
const lines = (text: string) => text.split('\n').filter((line) => line !== '');
function train(out: string, ...flags: string[]) {
  const quick = ['--folds', '2', '--lookback', '5', '--threads', '1', '--set', 'LightGBM.rounds=20', 'MLP.epochs=1'];
  const given = ['train', '--data-dir', 'market', '--output-dir', out, ...quick, ...flags];
  const env = { ...process.env, NO_COLOR: '1' };
  return spawnSync(process.execPath, [bin, ...given], { cwd: root, encoding: 'utf8', env });
}

describe('a plan with every route, found in its place', () => {
  let record: RunRecord;
  let stdout: string[];
  beforeAll(async () => {
    const done = train('out');
    expect(done.stderr).toBe('');
    expect(done.status).toBe(0);
    stdout = lines(done.stdout);
    record = runRecordSchema.parse(JSON.parse(await readFile(inRoot('out/run.json'), 'utf8')));
  });

  it('is said aloud, with what it narrowed and what it blocked', () => {
    expect(stdout[0]).toBe(
      '📋 Training plan: globals/training_plan/master_training_plan.json (found; --no-training-plan ignores it)',
    );
    expect(record.summary).toEqual([
      '🎯 Sequential mode: training all models (sequential + cross-sectional): 3 models',
      "📊 Stage 1 (CPU): 2 models - ['LightGBM', 'FTRLProximal']",
      '📊 Stage 2 (GPU): 1 model - 1 TF, 0 Torch, 0 others',
      '📋 Training plan filter applied: 4 → 3 targets',
      '📋 Training plan filter applied: 20 → 3 families',
      '📋 Training plan filter applied: 7 → 5 jobs',
      '🧪 1 of 8 trainings is experimental',
      '⛔ Blocked: job dead_10d (fwd_ret_10d): IC 0.001, t 0.2',
      '⛔ Blocked: job dead_aaa (fwd_ret_5d, AAA): unstable',
    ]);
    for (const line of record.summary.slice(3)) expect(stdout).toContain(line);
  });

  it('is trained to the letter: every job, in the order of stages and priorities, and nothing else', async () => {
    expect(record.trainings.map(({ spec, state }) => [spec.id, state])).toEqual(
      [
        'LightGBM.fwd_ret_1d.all',
        'FTRLProximal.fwd_ret_1d.all',
        'FTRLProximal.fwd_ret_1d.symbol-AAA',
        'LightGBM.fwd_ret_5d.all',
        'FTRLProximal.fwd_ret_5d.all',
        'FTRLProximal.fwd_ret_2d.symbol-BBB',
        'FTRLProximal.fwd_ret_1d.symbol-CCC',
        'MLP.fwd_ret_1d.symbol-AAA',
      ].map((id) => [id, 'completed']),
    );
    const begun = stdout.flatMap((line) => /^(\S+): started/.exec(line)?.[1] ?? []);
    expect(begun, 'with one thread they begin in that order').toEqual(record.trainings.map(({ spec }) => spec.id));
    const { targets } = JSON.parse(await readFile(inRoot('out/dataset/manifest.json'), 'utf8'));
    expect(targets.map(({ name }: { name: string }) => name)).toEqual(['fwd_ret_5d', 'fwd_ret_2d', 'fwd_ret_1d']);
  });

  it('a job’s parameters are those of its training alone; experimental ones are marked', async () => {
    const parametersOf = async (id: string) =>
      JSON.parse(await readFile(inRoot(`out/trainings/${id}/job.json`), 'utf8')).parameters;
    expect((await parametersOf('LightGBM.fwd_ret_5d.all')).rounds).toBe(7);
    expect((await parametersOf('LightGBM.fwd_ret_1d.all')).rounds).toBe(20);
    expect(record.trainings.filter(({ spec }) => spec.plan!.experimental).map(({ spec }) => spec.plan)).toEqual([
      { jobs: ['try_ccc'], priority: -1, experimental: true },
    ]);
  });

  it('results stand by job, with the pooled model beside the symbol’s own on that symbol alone', async () => {
    const { jobs, comparisons, plan } = JSON.parse(await readFile(inRoot('out/jobs.json'), 'utf8'));
    expect(plan).toEqual({
      source: { kind: 'file', path: 'globals/training_plan/master_training_plan.json' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(
      jobs.map(({ job, state, completed, reason }: never) => [(job as Job).job_id, state, completed, reason]),
    ).toEqual([
      ['pooled_5d', 'planned', 2, null],
      ['bbb_2d', 'planned', 1, null],
      ['both_1d', 'planned', 2, null],
      ['aaa_1d', 'planned', 2, null],
      ['try_ccc', 'planned', 1, null],
      ['dead_10d', 'blocked', 0, 'IC 0.001, t 0.2'],
      ['dead_aaa', 'blocked', 0, 'unstable'],
    ]);
    const [compared] = comparisons;
    expect(comparisons).toHaveLength(1);
    expect(compared).toMatchObject({ target: 'fwd_ret_1d', symbol: 'AAA' });
    const own = record.trainings.find(({ spec }) => spec.id === compared.own.training)!;
    expect(own.outcome).toMatchObject({ kind: 'completed', result: { metrics: compared.own.metrics } });
    expect(compared.pooled.metrics.icKind).toBe('timeSeries');
    // The tear sheet of the pooled model breaks it down by symbol, too, by way of its own.
    const better = record.trainings.find(({ spec }) => spec.id === compared.pooled.training)!;
    if (better.outcome?.kind !== 'completed') throw new Error('expected it to be completed');
    const sheet = better.outcome.result.tearSheet!.find(({ title }) => title === 'By symbol')!;
    if (sheet.kind !== 'table') throw new Error('expected a table');
    const row = sheet.rows.find(([symbol]) => symbol === 'AAA')!;
    expect(compared.pooled.metrics.ic).toBeCloseTo(row[1] as number, 5);
    expect(compared.pooled.metrics.rows).toBe(row.at(-1));
    const at = stdout.indexOf('By job of the training plan');
    expect(stdout[at + 1]).toMatch(/^job +target +symbol +route +trainings +best +IC +Rank IC/);
    expect(stdout[at + 6]).toMatch(/^try_ccc +fwd_ret_1d +CCC +EXPERIMENTAL_ONLY +1\/1 .* experimental$/);
    expect(stdout[at + 7]).toMatch(/^dead_10d +fwd_ret_10d +all +BLOCKED +– +blocked: IC 0\.001, t 0\.2$/);
    expect(stdout).toContain('All symbols together against one alone');
  });

  it('is repeated from run.json, narrowed by flags, and left aside where that is asked', async () => {
    const again = train(
      'again',
      '--config',
      'out/run.json',
      '--families',
      'FTRLProximal',
      '--symbols',
      'AAA',
      'CCC',
      '--targets',
      'fwd_ret_1d',
    );
    expect(again.stderr).toBe('');
    const { summary, trainings } = JSON.parse(await readFile(inRoot('again/run.json'), 'utf8'));
    expect(lines(again.stdout)[0]).toMatch(/^📋 Training plan: globals/);
    expect(summary).toContain('📋 Training plan filter applied: 7 → 3 jobs');
    expect(summary).toContain(
      '⏭️ Left out: job aaa_1d (fwd_ret_1d, AAA), MLP: the run asks for FTRLProximal, not for MLP',
    );
    expect(trainings.map(({ spec }: RunRecord['trainings'][number]) => spec.id)).toEqual([
      'FTRLProximal.fwd_ret_1d.all',
      'FTRLProximal.fwd_ret_1d.symbol-AAA',
      'FTRLProximal.fwd_ret_1d.symbol-CCC',
    ]);
    const without = train('without', '--no-training-plan', '--families', 'FTRLProximal', '--config', 'out/run.json');
    expect(without.status).toBe(0);
    const bare = JSON.parse(await readFile(inRoot('without/run.json'), 'utf8'));
    expect(bare.config.plan).toBeUndefined();
    expect(existsSync(inRoot('without/jobs.json'))).toBe(false);
  });
});

describe('a plan that cannot be followed: said by job and path, exit code 2, nothing written', () => {
  const job = (over: object) => ({ ...pooled, ...over });
  it.each<[string, object[], string[], RegExp[]]>([
    [
      'nothing left',
      [job({ route: 'ROUTE_BLOCKED', reason: 'no signal' }), job({ job_id: 'b', model_families: ['lstm'] })],
      ['--families', 'LightGBM'],
      [
        /^error: the training plan edited\/master_training_plan\.json leaves nothing to train: of 2 jobs none is left$/,
        /^ {2}blocked: job pooled_5d \(fwd_ret_5d\): no signal$/,
        /^ {2}removed: job b \(fwd_ret_5d\), LSTM: the run asks for LightGBM, not for LSTM$/,
      ],
    ],
    [
      'no jobs',
      [],
      [],
      [/leaves nothing to train: of 0 jobs none is left$/, /^ {2}no job of the plan names fwd_ret_1d$/],
    ],
    [
      'a symbol that is not there',
      [job({}), job({ job_id: 'x', symbol: 'ZZZ', route: 'ROUTE_SYMBOL_SPECIFIC', training_type: 'symbol_specific' })],
      [],
      [/^error: jobs\.1\.symbol: job x \(fwd_ret_5d, ZZZ\): the data have no symbol ZZZ; they have AAA, BBB, CCC$/],
    ],
    [
      'a target that is none',
      [job({ target: 'close' })],
      [],
      [/^error: jobs\.0\.target: job pooled_5d \(close\): a target is fwd_ret_/],
    ],
    [
      'a target that is not there',
      [job({}), job({ job_id: 'y', target: 'y_nothing' })],
      [],
      [/^error: jobs\.1\.target: job y \(y_nothing\): target "y_nothing": neither a column of the files/],
    ],
    [
      'several faults, a line each',
      [job({ model_families: ['lgbm'] }), job({ route: 'ROUTE_ANY' })],
      [],
      [
        /^error: edited\/master_training_plan\.json is no training plan:$/,
        /^ {2}jobs\.0\.model_families\.0: no family 'lgbm'; there are LightGBM/,
        /^ {2}jobs\.1\.route: /,
      ],
    ],
    [
      'a parameter there is not',
      [job({ parameters: { LightGBM: { rouds: 3 } } })],
      [],
      [/^error: jobs\.0\.parameters\.LightGBM\.rouds: job pooled_5d \(fwd_ret_5d\): LightGBM has no parameter "rouds"/],
    ],
    ['a scope beside it', [job({})], ['--scope', 'both'], [/^error: --scope: the training plan decides/]],
  ])('%s', async (_, jobs, flags, expected) => {
    await writePlan('edited', jobs);
    const before = await readdir(root, { recursive: true });
    const { status, stderr } = train('refused', '--training-plan-dir', 'edited', ...flags);
    expect(lines(stderr)).toEqual(expected.map((line) => expect.stringMatching(line)));
    expect(status).toBe(2);
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  it.each<[string[], RegExp]>([
    [['--training-plan-dir', 'nowhere'], /^error: --training-plan-dir: nowhere: there is no such file or folder/],
    [
      ['--training-plan-dir', 'market'],
      /^error: --training-plan-dir: there is no master_training_plan\.json in market$/,
    ],
    [['--training-plan-dir', 'edited', '--no-training-plan'], /contradict each other/],
  ])('%j', (flags, expected) => {
    const { status, stderr } = train('refused', ...flags);
    expect(lines(stderr)).toEqual([expect.stringMatching(expected)]);
    expect(status).toBe(2);
  });
});

describe('twostage plan', () => {
  const plan = (...given: string[]) => {
    const env = { ...process.env, NO_COLOR: '1' };
    return spawnSync(process.execPath, [bin, 'plan', ...given], { cwd: root, encoding: 'utf8', env });
  };
  const found = 'globals/training_plan';

  it('show: jobs by route and target, and by earlier runs how long it may take', () => {
    const { stdout, stderr, status } = plan('show', found, '--data-dir', 'market', '--results', 'out');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const said = lines(stdout);
    expect(said[0]).toBe('globals/training_plan/master_training_plan.json');
    expect(said[1]).toMatch(/^sha256 [0-9a-f]{12} · generated 2025-11-30T10:00:00Z · by run r1$/);
    expect(said).toContain('ROUTE_BOTH                  2');
    expect(said.find((line) => line.startsWith('fwd_ret_5d'))).toMatch(
      /^fwd_ret_5d +CROSS_SECTIONAL +– +FTRLProximal LightGBM +1$/,
    );
    expect(said).toContain('Families by jobs: LightGBM 2, FTRLProximal 5, MLP 1');
    expect(said).toContain('⛔ Blocked: job dead_10d (fwd_ret_10d): IC 0.001, t 0.2');
    const [, seconds] = /^8 trainings, about ([\d.]+)s \(stage cpu .*s for 7, stage gpu .*s for 1\), memory up to/.exec(
      said.at(-1)!,
    )!;
    expect(Number(seconds), 'of trainings that took a moment each').toBeLessThan(240);
  });

  it('show without data says what it lacks; --json and --markdown are for programs and readers', () => {
    expect(lines(plan('show', found).stdout).at(-1)).toMatch(/^--data-dir says/);
    const json = JSON.parse(plan('show', found, '--json').stdout);
    expect(json).toMatchObject({ summary: { total_jobs: 7, by_route: { ROUTE_BLOCKED: 2 } }, estimate: null });
    expect(plan('show', found, '--markdown').stdout).toMatch(
      /^# Training plan\n\n7 jobs of 4 targets and 3 symbols\.\n/,
    );
  });

  it('check: fine, or each fault by its path', async () => {
    const fine = plan('check', found, '--data-dir', 'market');
    expect(fine.stdout).toMatch(
      /^fine: globals\/training_plan\/master_training_plan\.json, 7 jobs, sha256 [0-9a-f]{64}\n$/,
    );
    expect(fine.status).toBe(0);
    await writePlan('faulty', [
      { ...pooled, target: 'y_nothing' },
      { ...pooled, job_id: 'k', symbol: 'AAB', route: 'ROUTE_SYMBOL_SPECIFIC', training_type: 'symbol_specific' },
      { ...pooled, job_id: 'm', parameters: { LightGBM: { rounds: 0 } } },
      { ...pooled, job_id: 'n', target: 'y_nothing', route: 'ROUTE_BLOCKED' },
    ]);
    const faulty = plan('check', 'faulty', '--data-dir', 'market');
    expect(faulty.status).toBe(2);
    expect(lines(faulty.stdout)).toEqual([
      '3 faults in faulty/master_training_plan.json',
      '  jobs.0.target: job pooled_5d (y_nothing): market has no such column',
      '  jobs.1.symbol: job k (fwd_ret_5d, AAB): market has no such symbol; did you mean AAA?',
      expect.stringMatching(/^ {2}jobs\.2\.parameters\.LightGBM: job m \(fwd_ret_5d\): LightGBM\.rounds: .*, got 0$/),
    ]);
    await writePlan('faulty', [{ ...pooled, route: 'ROUTE_X', model_families: ['lgbm'] }]);
    expect(lines(plan('check', 'faulty').stdout)).toEqual([
      '2 faults in faulty/master_training_plan.json',
      expect.stringMatching(/^ {2}jobs\.0\.route: /),
      expect.stringMatching(/^ {2}jobs\.0\.model_families\.0: no family 'lgbm'/),
    ]);
  });

  it('diff: what is decided otherwise, job by job, with the exit code of diff', async () => {
    const [first, second, ...rest] = master.jobs;
    await writePlan('newer', [
      {
        ...first,
        route: 'ROUTE_BLOCKED',
        reason: 'faded',
        model_families: ['lightgbm', 'lstm'],
        parameters: undefined,
      },
      { ...second, symbol: 'CCC' },
      ...rest,
    ]);
    const { stdout, status } = plan('diff', found, 'newer');
    expect(lines(stdout)).toEqual([
      '- job bbb_2d (fwd_ret_2d, BBB) ROUTE_SYMBOL_SPECIFIC: FTRLProximal',
      '+ job bbb_2d (fwd_ret_2d, CCC) ROUTE_SYMBOL_SPECIFIC: FTRLProximal',
      '~ job pooled_5d (fwd_ret_5d)',
      '    route: ROUTE_CROSS_SECTIONAL → ROUTE_BLOCKED',
      '    without FTRLProximal',
      '    with LSTM',
      '    LightGBM.rounds: 7 → not set',
      '    reason: "pooled IC 0.03 ± 0.01" → "faded"',
      '1 added, 1 removed, 1 changed, 5 unchanged',
    ]);
    expect(status).toBe(1);
    expect(plan('diff', found, found).status).toBe(0);
  });
});
