import { describe, expect, test } from 'vitest';
import { planMarkdown } from './markdown.ts';
import { type MasterPlan, masterPlanSchema } from './masterPlan.ts';
import { planSummary } from './summary.ts';
import { planBySymbol, planByTarget } from './views.ts';

const plan: MasterPlan = masterPlanSchema.parse({
  metadata: { generated_at: '2026-01-02', run_id: 'r_1' },
  jobs: [
    {
      job_id: 'a',
      target: 'y_a',
      route: 'ROUTE_CROSS_SECTIONAL',
      model_families: ['LSTM', 'LightGBM'],
      reason: 'x | y',
    },
    {
      job_id: 'b',
      target: 'y_b',
      symbol: 'B',
      route: 'ROUTE_SYMBOL_SPECIFIC',
      model_families: ['LightGBM'],
      priority: 2,
    },
    { job_id: 'c', target: 'y_a', symbol: 'B', route: 'ROUTE_EXPERIMENTAL_ONLY', model_families: ['LightGBM'] },
    { job_id: 'd', target: 'y_a', symbol: 'A', route: 'ROUTE_BLOCKED', model_families: ['MLP'], reason: 'no\nsignal' },
    { job_id: 'e', target: 'y_b', route: 'ROUTE_BOTH', training_type: 'cross_sectional', model_families: [] },
  ],
});
const ids = (jobs: readonly { job_id: string }[]) => jobs.map(({ job_id: id }) => id);

describe('what a plan comes to', () => {
  test('counts by route, type and family; what is blocked trains no family', () => {
    expect(planSummary(plan.jobs)).toEqual({
      total_jobs: 5,
      by_route: {
        ROUTE_CROSS_SECTIONAL: 1,
        ROUTE_SYMBOL_SPECIFIC: 1,
        ROUTE_BOTH: 1,
        ROUTE_EXPERIMENTAL_ONLY: 1,
        ROUTE_BLOCKED: 1,
      },
      by_type: { cross_sectional: 2, symbol_specific: 3 },
      total_targets: 2,
      total_symbols: 2,
      model_families: { LightGBM: 3, LSTM: 1 },
      blocked: 1,
      experimental: 1,
    });
  });

  test('by target: pooled jobs, and those of symbols, by name', () => {
    const views = planByTarget(plan.jobs);
    expect(
      views.map(({ target, pooled, symbols }) => [target, ids(pooled), symbols.map(({ symbol }) => symbol)]),
    ).toEqual([
      ['y_a', ['a'], ['A', 'B']],
      ['y_b', ['e'], ['B']],
    ]);
    expect(views[0]!.symbols.map(({ jobs }) => ids(jobs))).toEqual([['d'], ['c']]);
  });

  test('by symbol: its targets in the order of the plan; pooled jobs are of none', () => {
    expect(
      planBySymbol(plan.jobs).map(({ symbol, targets }) => [
        symbol,
        targets.map(({ target, jobs }) => [target, ids(jobs)]),
      ]),
    ).toEqual([
      ['A', [['y_a', ['d']]]],
      [
        'B',
        [
          ['y_b', ['b']],
          ['y_a', ['c']],
        ],
      ],
    ]);
  });

  test('for people: a section a target, cells that hold what breaks tables', () => {
    const text = planMarkdown(plan);
    expect(text.split('\n').slice(0, 6)).toEqual([
      '# Training plan',
      '',
      '5 jobs of 2 targets and 2 symbols.',
      '',
      '- Generated: 2026-01-02',
      '- Run: r\\_1',
    ]);
    expect(text).toContain('| ROUTE\\_BLOCKED | 1 |\n');
    expect(text).toContain(
      '\n## y\\_a\n\n| Symbol | Route | Families | Priority | Reason |\n| --- | --- | --- | --- | --- |\n',
    );
    expect(text).toContain('\n| all | ROUTE\\_CROSS\\_SECTIONAL | LSTM, LightGBM | 0 | x \\| y |\n');
    expect(text).toContain('\n| A | ROUTE\\_BLOCKED | MLP | 0 | no signal |\n');
  });
});
