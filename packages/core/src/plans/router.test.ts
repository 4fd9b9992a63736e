import { describe, expect, test } from 'vitest';
import type { FamilyDefinition } from '../families/family.ts';
import { draftPlan } from './draftPlan.ts';
import type { MeasuredEvidence, ProbeEvidence, SymbolEvidence, TargetEvidence } from './evidence.ts';
import { familiesFor } from './familyRules.ts';
import { checkMasterPlan } from './masterPlan.ts';
import { defaultPolicy, planPolicySchema } from './policy.ts';
import { routeTargets } from './router.ts';

/** Shifts of mean 0 and deviation 0.01: an IC of 0.05 stands five of them out. */
const shifted = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01));

const probeOf = (ic: number, over: Partial<ProbeEvidence> = {}): ProbeEvidence => ({
  probe: 'Ridge',
  ic: { value: ic, standardError: 0.01 },
  byFold: [ic, ic, ic, ic],
  byPeriod: [ic, ic, ic, ic, ic, ic],
  early: ic,
  recent: ic,
  r2: 0.01,
  shifted,
  ...over,
});
const measured = (ic: number, over: Partial<ProbeEvidence> = {}, windows = 500): MeasuredEvidence => ({
  ...{ kind: 'measured', rows: 5000, judgedRows: 3000, windows, bars: 1000 },
  probes: [probeOf(ic, over)],
});
const symbolOf = (
  symbol: string,
  ic: number,
  advantage: number,
  over: Partial<ProbeEvidence> = {},
): SymbolEvidence => ({
  ...measured(ic, over),
  symbol,
  pooledIc: { value: ic - advantage, standardError: 0.01 },
  advantage: { value: advantage, standardError: 0.01 },
});
const targetOf = (target: string, over: Partial<TargetEvidence>): TargetEvidence => ({
  ...{ target, labelBars: 2, leaks: [], correlations: [] },
  pooled: measured(0),
  symbols: [symbolOf('A', 0, 0), symbolOf('B', 0, 0)],
  ...over,
});
const routesOf = (evidence: Partial<TargetEvidence>, policy = defaultPolicy) => {
  const [routed] = routeTargets([targetOf('t', evidence)], policy);
  return [routed!.pooled, ...routed!.symbols].map(({ route }) => route.replace('ROUTE_', ''));
};

describe('the router', () => {
  test.each<[string, Partial<TargetEvidence>, string[]]>([
    ['nothing', {}, ['BLOCKED', 'BLOCKED', 'BLOCKED']],
    ['found for all', { pooled: measured(0.05) }, ['CROSS_SECTIONAL', 'CROSS_SECTIONAL', 'CROSS_SECTIONAL']],
    [
      'found for one',
      { symbols: [symbolOf('A', 0.06, 0.06), symbolOf('B', 0, 0)] },
      ['BLOCKED', 'SYMBOL_SPECIFIC', 'BLOCKED'],
    ],
    [
      'for all, and better for one',
      { pooled: measured(0.05), symbols: [symbolOf('A', 0.08, 0.04), symbolOf('B', 0.06, 0.01)] },
      ['CROSS_SECTIONAL', 'BOTH', 'CROSS_SECTIONAL'],
    ],
    [
      'significant but weak',
      { pooled: measured(0.05) },
      ['EXPERIMENTAL_ONLY', 'EXPERIMENTAL_ONLY', 'EXPERIMENTAL_ONLY'],
    ],
    [
      'now and then',
      { pooled: measured(0.05, { byPeriod: [0.2, -0.1, 0.2, -0.1, 0.2, -0.1] }) },
      ['EXPERIMENTAL_ONLY', 'EXPERIMENTAL_ONLY', 'EXPERIMENTAL_ONLY'],
    ],
    [
      'fading',
      { pooled: measured(0.05, { early: 0.1, recent: 0.01 }) },
      ['EXPERIMENTAL_ONLY', 'EXPERIMENTAL_ONLY', 'EXPERIMENTAL_ONLY'],
    ],
    [
      'fading for all, and the same signal for one',
      {
        pooled: measured(0.05, { early: 0.1, recent: 0.01 }),
        symbols: [symbolOf('A', 0.06, 0.001), symbolOf('B', 0.09, 0.05)],
      },
      ['EXPERIMENTAL_ONLY', 'EXPERIMENTAL_ONLY', 'SYMBOL_SPECIFIC'],
    ],
    ['leaked', { pooled: measured(0.05), leaks: ['feature x knows'] }, ['BLOCKED', 'BLOCKED', 'BLOCKED']],
    ['an R² that no forecast has', { pooled: measured(0.9, { r2: 0.8 }) }, ['BLOCKED', 'BLOCKED', 'BLOCKED']],
    ['too few windows', { pooled: measured(0.05, {}, 20) }, ['BLOCKED', 'BLOCKED', 'BLOCKED']],
  ])('%s', (name, evidence, expected) => {
    const policy = name === 'significant but weak' ? { ...defaultPolicy, minimumPooledIc: 0.06 } : defaultPolicy;
    expect(routesOf(evidence, policy)).toEqual(expected);
  });

  test('says why, with the figures', () => {
    const [found] = routeTargets([targetOf('t', { pooled: measured(0.031) })], defaultPolicy);
    expect(found!.pooled.reason).toBe(
      'IC 0.031 ± 0.010 (Ridge), p = 0.0014 of 100 shifts; same sign in 4 of 4 folds, 6 of 6 sub-periods.',
    );
    const [short] = routeTargets([targetOf('t', { pooled: measured(0.05, {}, 20) })], defaultPolicy);
    expect(short!.pooled.reason).toBe(
      'Too small a sample: 20 label windows that share no bar, where 60 are the least.',
    );
  });

  test('ranks the most predictable first', () => {
    const ranked = routeTargets(
      [0.02, 0.09, 0].map((ic, i) => targetOf(`t${i}`, { pooled: measured(ic) })),
      defaultPolicy,
    );
    expect(ranked.map(({ target }) => target)).toEqual(['t1', 't0', 't2']);
  });
});

const family = (id: FamilyDefinition['id'], over: Partial<FamilyDefinition> = {}): FamilyDefinition => ({
  ...{ id, title: id, summary: '', source: '', stage: 'cpu', framework: 'cpu', engine: 'typescript' },
  ...{ input: 'tabular', output: 'point', targets: 'each', minimum: { symbols: 1, targets: 1 }, threads: 'one' },
  parameters: planPolicySchema.pick({}),
  ...over,
});
const families = [
  family('LightGBM'),
  family('MetaLearning', { minimum: { symbols: 2, targets: 1 } }),
  family('MultiTask', { stage: 'gpu', targets: 'together', minimum: { symbols: 1, targets: 2 } }),
  family('LSTM', { stage: 'gpu', input: 'sequence' }),
];

describe('families by job', () => {
  const offer = { symbols: 5, rows: 9000, bars: 2000, experimental: false, relatedTargets: ['other'] };
  test.each<[string, Partial<typeof offer>, string[]]>([
    ['all where there is enough', {}, ['LightGBM', 'MetaLearning', 'MultiTask', 'LSTM']],
    ['of one symbol, none that needs several', { symbols: 1, relatedTargets: [] }, ['LightGBM', 'LSTM']],
    [
      'without a related target, none that learns them together',
      { relatedTargets: [] },
      ['LightGBM', 'MetaLearning', 'LSTM'],
    ],
    ['few bars, no sequences', { bars: 300 }, ['LightGBM', 'MetaLearning', 'MultiTask']],
    ['few rows, no networks', { rows: 900 }, ['LightGBM', 'MetaLearning']],
    ['an experiment, its families', { experimental: true }, ['LightGBM']],
  ])('%s', (_, over, expected) => {
    expect(familiesFor(families, { ...offer, ...over }, defaultPolicy).families).toEqual(expected);
  });
});

test('a plan has a job of all and of each symbol, those of trained ones with families, related targets together', () => {
  const found = (target: string, other: string) =>
    targetOf(target, { pooled: measured(0.05), correlations: [{ target: other, correlation: -0.6 }] });
  const plan = draftPlan({
    evidence: [found('y_a', 'y_b'), found('y_b', 'y_a'), targetOf('y_noise', {})],
    ...{ policy: defaultPolicy, families, symbols: ['A', 'B'], metadata: { run_id: 'r' } },
  });
  expect(checkMasterPlan(plan).kind).toBe('plan');
  expect(plan.metadata).toMatchObject({ run_id: 'r', total_jobs: 9, policy: { folds: 4 } });
  const byId = Object.fromEntries(plan.jobs.map((job) => [job.job_id, job]));
  expect(byId['y_a.all']).toMatchObject({
    ...{ route: 'ROUTE_CROSS_SECTIONAL', training_type: 'cross_sectional', priority: 4.97 },
    model_families: ['LightGBM', 'MetaLearning', 'MultiTask', 'LSTM'],
  });
  expect(byId['y_a.A']).toMatchObject({ route: 'ROUTE_CROSS_SECTIONAL', symbol: 'A', model_families: [], priority: 0 });
  expect(byId['y_noise.all']).toMatchObject({ route: 'ROUTE_BLOCKED', model_families: [] });
  expect(plan.summary).toMatchObject({
    total_jobs: 9,
    ranking: [{ target: 'y_a' }, { target: 'y_b' }, { target: 'y_noise' }],
  });
});
