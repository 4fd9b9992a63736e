import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { DomainError } from '../errors.ts';
import type { FamilyDefinition, FamilyId } from '../families/family.ts';
import type { TrainingSpec } from '../runs/training.ts';
import { filterPlan, type PlanRequest } from './filter.ts';
import { filterLines, requireTrainings } from './filterLines.ts';
import { type PlanJob, planJobSchema } from './masterPlan.ts';

const family = (id: FamilyId, over: Partial<FamilyDefinition> = {}): FamilyDefinition => ({
  id,
  title: id,
  summary: '',
  source: '',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'typescript',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'one',
  parameters: z.object({}),
  ...over,
});
const catalogue = [
  family('LightGBM'),
  family('XGBoost'),
  family('MetaLearning', { minimum: { symbols: 2, targets: 1 } }),
  family('MLP', { stage: 'gpu', framework: 'tensorflow' }),
  family('MultiTask', {
    stage: 'gpu',
    framework: 'tensorflow',
    targets: 'together',
    minimum: { symbols: 1, targets: 2 },
  }),
  family('LSTM', { stage: 'gpu', framework: 'torch', input: 'sequence' }),
];

const job = (over: object = {}): PlanJob =>
  planJobSchema.parse({
    job_id: 'j',
    target: 'y_a',
    route: 'ROUTE_CROSS_SECTIONAL',
    model_families: ['LightGBM'],
    ...over,
  });
const specific = (symbol: string, over: object = {}): PlanJob =>
  job({
    job_id: symbol.toLowerCase(),
    symbol,
    route: 'ROUTE_SYMBOL_SPECIFIC',
    training_type: 'symbol_specific',
    ...over,
  });

const filter = (jobs: PlanJob[], over: Partial<PlanRequest> = {}) =>
  filterPlan({
    jobs,
    catalogue,
    modelTypes: 'sequential',
    families: [],
    targets: [],
    symbols: ['A', 'B', 'C'],
    knownSymbols: ['A', 'B', 'C', 'D'],
    ...over,
  });
const ids = (trainings: readonly TrainingSpec[]) => trainings.map(({ id }) => id);
const trained = (jobs: PlanJob[], over?: Partial<PlanRequest>) => ids(filter(jobs, over).trainings);

describe('where a job trains, by its route', () => {
  test.each<[string, object, string[]]>([
    ['a pooled one on all symbols together', {}, ['all']],
    ['a specific one on its symbol', { route: 'ROUTE_SYMBOL_SPECIFIC', symbol: 'B' }, ['symbol-B']],
    [
      'a specific one that names no symbol on each',
      { route: 'ROUTE_SYMBOL_SPECIFIC' },
      ['symbol-A', 'symbol-B', 'symbol-C'],
    ],
    ['half of both: pooled', { route: 'ROUTE_BOTH', training_type: 'cross_sectional' }, ['all']],
    ['half of both: its symbol', { route: 'ROUTE_BOTH', training_type: 'symbol_specific', symbol: 'C' }, ['symbol-C']],
    ['both at once, of one symbol', { route: 'ROUTE_BOTH', symbol: 'C' }, ['all', 'symbol-C']],
    ['both at once, of each symbol', { route: 'ROUTE_BOTH' }, ['all', 'symbol-A', 'symbol-B', 'symbol-C']],
    ['an experimental one, pooled', { route: 'ROUTE_EXPERIMENTAL_ONLY' }, ['all']],
    ['an experimental one of its symbol', { route: 'ROUTE_EXPERIMENTAL_ONLY', symbol: 'A' }, ['symbol-A']],
    ['a blocked one nowhere', { route: 'ROUTE_BLOCKED' }, []],
  ])('%s', (_, over, places) => {
    expect(trained([job(over)])).toEqual(places.map((place) => `LightGBM.y_a.${place}`));
  });

  test('a training says which job wants it, how urgently, and what the job sets', () => {
    const [spec] = filter([
      job({ priority: 4, parameters: { LightGBM: { rounds: 9 }, LSTM: { units: 2 } } }),
    ]).trainings;
    expect(spec).toEqual({
      id: 'LightGBM.y_a.all',
      family: 'LightGBM',
      target: 'y_a',
      scope: { kind: 'crossSectional' },
      stage: 'cpu',
      plan: { jobs: ['j'], priority: 4, experimental: false, parameters: { rounds: 9 } },
    });
  });

  test('a job that sets no parameters goes along with one that does', () => {
    const [spec] = filter([job(), job({ job_id: 'k', parameters: { LightGBM: { rounds: 2 } } })]).trainings;
    expect(spec!.plan).toMatchObject({ jobs: ['j', 'k'], parameters: { rounds: 2 } });
  });

  test('pooled models are judged on each symbol that has a model of its own of that target, of whatever family', () => {
    const { trainings } = filter([
      job({ model_families: ['LightGBM', 'MLP'], route: 'ROUTE_BOTH', training_type: 'cross_sectional' }),
      job({ job_id: 'b', target: 'y_b' }),
      specific('C', { route: 'ROUTE_BOTH', model_families: ['XGBoost'] }),
      specific('A', { route: 'ROUTE_BOTH' }),
    ]);
    expect(trainings.map(({ id, plan }) => [id, plan?.alsoJudgedOn])).toEqual([
      ['LightGBM.y_a.all', ['A', 'C']],
      ['LightGBM.y_b.all', undefined],
      ['XGBoost.y_a.symbol-C', undefined],
      ['LightGBM.y_a.symbol-A', undefined],
      ['MLP.y_a.all', ['A', 'C']],
    ]);
  });

  test('a training is experimental where experimental jobs alone want it', () => {
    const experimental = job({
      job_id: 'x',
      route: 'ROUTE_EXPERIMENTAL_ONLY',
      model_families: ['LightGBM', 'XGBoost'],
    });
    expect(filter([job(), experimental]).trainings.map(({ id, plan }) => [id, plan?.jobs, plan?.experimental])).toEqual(
      [
        ['LightGBM.y_a.all', ['j', 'x'], false],
        ['XGBoost.y_a.all', ['x'], true],
      ],
    );
  });
});

describe('the order of trainings', () => {
  test('stages, then frameworks, then priority, then the plan', () => {
    const families = ['LSTM', 'MLP', 'XGBoost', 'LightGBM'];
    const jobs = [
      job({ job_id: 'low', target: 'y_low', model_families: families }),
      job({ job_id: 'first', target: 'y_first', model_families: families, priority: 5 }),
      specific('B', { target: 'y_mid', model_families: ['LSTM', 'LightGBM'], priority: 1 }),
      job({ job_id: 'also', target: 'y_also', model_families: ['LightGBM'] }),
    ];
    expect(trained(jobs)).toEqual([
      'LightGBM.y_first.all',
      'XGBoost.y_first.all',
      'LightGBM.y_mid.symbol-B',
      'LightGBM.y_low.all',
      'XGBoost.y_low.all',
      'LightGBM.y_also.all',
      'MLP.y_first.all',
      'MLP.y_low.all',
      'LSTM.y_first.all',
      'LSTM.y_mid.symbol-B',
      'LSTM.y_low.all',
    ]);
  });
});

describe('a family that learns targets together', () => {
  const both = (over: object = {}) => job({ model_families: ['MultiTask'], ...over });

  test('learns those of the jobs that name it, in the order of the run', () => {
    const jobs = [
      both({ job_id: 'a' }),
      both({ job_id: 'b', target: 'y_b', priority: 3 }),
      job({ job_id: 'c', target: 'y_c' }),
    ];
    const [, spec] = filter(jobs, { targets: ['y_b', 'y_a', 'y_c'] }).trainings;
    expect(spec).toMatchObject({
      id: 'MultiTask.y_b+y_a.all',
      target: 'y_b',
      targets: ['y_b', 'y_a'],
      plan: { jobs: ['b', 'a'], priority: 3 },
    });
  });

  test('learns no experimental target together with others, and is left out where one is left', () => {
    const jobs = [
      both({ job_id: 'a' }),
      both({ job_id: 'b', target: 'y_b' }),
      both({ job_id: 'x', target: 'y_x', route: 'ROUTE_EXPERIMENTAL_ONLY' }),
      both({ job_id: 's', target: 'y_b', symbol: 'A', route: 'ROUTE_SYMBOL_SPECIFIC' }),
    ];
    const { trainings, leftOut } = filter(jobs);
    expect(ids(trainings)).toEqual(['MultiTask.y_a+y_b.all']);
    expect(leftOut).toEqual([
      {
        job: 'x',
        family: 'MultiTask',
        kind: 'removed',
        reason:
          'MultiTask needs at least 2 targets to learn together; the plan names it for y_x alone in experimental jobs',
      },
      {
        job: 's',
        family: 'MultiTask',
        kind: 'removed',
        reason: 'MultiTask needs at least 2 targets to learn together; of A the plan names it for y_b alone',
      },
    ]);
  });
});

describe('what is left out, and why', () => {
  test.each<[string, PlanJob, Partial<PlanRequest>, object]>([
    [
      'a blocked job, by its reason',
      job({ route: 'ROUTE_BLOCKED', reason: 'IC 0.001', symbol: 'NOWHERE' }),
      {},
      { kind: 'blocked', reason: 'IC 0.001' },
    ],
    [
      'a target the run does not ask for',
      job(),
      { targets: ['y_b'] },
      { kind: 'removed', reason: 'the run asks for y_b, not for y_a' },
    ],
    [
      'a symbol the run does not ask for',
      specific('D', { job_id: 'j' }),
      {},
      { kind: 'removed', reason: 'the run asks for A, B, C, not for D' },
    ],
    ['a job without families', job({ model_families: [] }), {}, { kind: 'idle', reason: 'it names no family' }],
    [
      'a symbol that the model of all symbols serves',
      job({ symbol: 'A', training_type: 'symbol_specific', model_families: [], reason: 'no gain alone' }),
      {},
      { kind: 'idle', reason: 'no gain alone' },
    ],
    [
      'a family the run does not ask for',
      job(),
      { families: ['XGBoost'] },
      { family: 'LightGBM', kind: 'removed', reason: 'the run asks for XGBoost, not for LightGBM' },
    ],
    [
      'a family the mode has not',
      job({ model_families: ['LSTM'] }),
      { modelTypes: 'cross-sectional' },
      { family: 'LSTM', kind: 'removed', reason: 'LSTM is none of the families of the mode cross-sectional' },
    ],
    [
      'a family that needs symbols, of one',
      specific('A', { job_id: 'j', model_families: ['MetaLearning'] }),
      {},
      {
        family: 'MetaLearning',
        kind: 'removed',
        reason: 'MetaLearning needs at least 2 symbols, a model of one symbol has 1',
      },
    ],
    [
      'a family that needs symbols, of a run with one',
      job({ model_families: ['MetaLearning'] }),
      { symbols: ['A'] },
      { family: 'MetaLearning', kind: 'removed', reason: 'MetaLearning needs at least 2 symbols, there is 1' },
    ],
  ])('%s', (_, wanted, over, expected) => {
    const { trainings, leftOut } = filter([wanted], over);
    expect(trainings).toEqual([]);
    expect(leftOut).toEqual([{ job: 'j', ...expected }]);
  });

  test('a blocked symbol is blocked for jobs of each symbol too, a blocked family for that family alone', () => {
    const jobs = [
      job({ route: 'ROUTE_SYMBOL_SPECIFIC', model_families: ['LightGBM', 'XGBoost'] }),
      specific('B', { route: 'ROUTE_BLOCKED', model_families: [] }),
      specific('C', { route: 'ROUTE_BLOCKED', model_families: ['XGBoost'] }),
    ];
    const { trainings, leftOut } = filter(jobs);
    expect(ids(trainings).sort()).toEqual(['LightGBM.y_a.symbol-A', 'LightGBM.y_a.symbol-C', 'XGBoost.y_a.symbol-A']);
    expect(leftOut.filter(({ job: id }) => id === 'j').map(({ family: of, reason }) => [of, reason])).toEqual([
      ['LightGBM', 'of B: job b (y_a, B) blocks it'],
      ['XGBoost', 'of B: job b (y_a, B) blocks it'],
      ['XGBoost', 'of C: job c (y_a, C) blocks it'],
    ]);
  });
});

describe('what is said before training', () => {
  test('what was narrowed, what is blocked and left out, and what no job names', () => {
    const jobs = [
      specific('A', { target: 'y_b' }),
      specific('B', { route: 'ROUTE_EXPERIMENTAL_ONLY' }),
      job({ job_id: 'no', target: 'y_c', route: 'ROUTE_BLOCKED', reason: 'no signal' }),
      specific('D'),
      job({ job_id: 'served', symbol: 'C', model_families: [] }),
    ];
    const filtered = filter(jobs, { targets: ['y_a', 'y_b', 'y_c', 'y_d'], families: ['LightGBM', 'XGBoost'] });
    expect(filtered.targets).toEqual(['y_a', 'y_b']);
    expect(filterLines(filtered, jobs)).toEqual([
      '📋 Training plan filter applied: 4 → 2 targets',
      '📋 Training plan filter applied: 3 → 2 symbols',
      '📋 Training plan filter applied: 2 → 1 families',
      '📋 Training plan filter applied: 5 → 2 jobs',
      '🧪 1 of 2 trainings is experimental',
      '⛔ Blocked: job no (y_c): no signal',
      '📋 1 job names no family and trains nothing',
      '⏭️ Left out: job d (y_a, D): the run asks for A, B, C, not for D',
      '⏭️ The run asks for y_d, which no job of the plan names',
      '⏭️ The run asks for XGBoost, which no job of the plan names',
    ]);
  });

  test('nothing, where all of a plan is trained with all families', () => {
    const jobs = [job({ model_families: ['LightGBM'] })];
    expect(filterLines(filter(jobs, { families: ['LightGBM'] }), jobs)).toEqual([]);
  });

  test('a plan that leaves nothing is an error with a line a reason', () => {
    const jobs = [job({ route: 'ROUTE_BLOCKED', reason: 'no signal' }), specific('D')];
    expect(() => requireTrainings(filter(jobs), jobs, 'plan.json')).toThrowError(
      [
        'the training plan plan.json leaves nothing to train: of 2 jobs none is left',
        '  blocked: job j (y_a): no signal',
        '  removed: job d (y_a, D): the run asks for A, B, C, not for D',
      ].join('\n'),
    );
  });

  test('of very many reasons the first are shown, the others counted', () => {
    const jobs = Array.from({ length: 50 }, (_, i) => job({ job_id: `j${i}`, route: 'ROUTE_BLOCKED' }));
    let message = '';
    try {
      requireTrainings(filter(jobs), jobs, 'p');
    } catch (error) {
      message = (error as DomainError).message;
    }
    expect(message.split('\n')).toHaveLength(21);
    expect(message).toMatch(/\n {2}… and 31 more$/);
  });
});

describe('faults of a plan name job and path', () => {
  test.each<[string, PlanJob[], string, string, RegExp]>([
    [
      'a symbol the data have not',
      [job(), specific('FOO')],
      'UNKNOWN_SYMBOL',
      'plan.jobs.1.symbol',
      /^jobs\.1\.symbol: job foo \(y_a, FOO\): the data have no symbol FOO; they have A, B, C, D$/,
    ],
    [
      'two jobs that set the parameters of one training differently',
      [job({ parameters: { LightGBM: { rounds: 1 } } }), job({ job_id: 'k', parameters: { LightGBM: { rounds: 2 } } })],
      'INVALID_INPUT',
      'plan.jobs.1.parameters.LightGBM',
      /^jobs\.1\.parameters\.LightGBM: job j \(y_a\) and job k \(y_a\) have one training of LightGBM/,
    ],
  ])('%s', (_, jobs, code, field, message) => {
    expect(() => filter(jobs)).toThrowError(
      expect.objectContaining({ code, field, message: expect.stringMatching(message) }),
    );
  });
});
