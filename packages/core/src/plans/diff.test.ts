import { describe, expect, test } from 'vitest';
import { diffPlans } from './diff.ts';
import { type PlanJob, planJobSchema } from './masterPlan.ts';

const job = (over: object = {}): PlanJob =>
  planJobSchema.parse({
    job_id: 'j',
    target: 'y_a',
    route: 'ROUTE_CROSS_SECTIONAL',
    model_families: ['LightGBM', 'LSTM'],
    priority: 1,
    reason: 'pooled',
    ...over,
  });
const diff = (before: PlanJob[], after: PlanJob[]) => diffPlans({ jobs: before }, { jobs: after });
const nothing = { added: [], removed: [], changed: [], unchanged: 0 };

describe('what two plans decide otherwise', () => {
  test('nothing, where only ids, metadata and the order of families differ', () => {
    const after = job({ job_id: 'k', metadata: { ic: 0.1 }, model_families: ['LSTM', 'LightGBM'], owner: 'x' });
    expect(diff([job()], [after])).toEqual({ ...nothing, unchanged: 1 });
  });

  test('a target, a symbol and a training type make a job: another one is another job', () => {
    const pooled = job();
    const own = job({ job_id: 's', symbol: 'AAPL', route: 'ROUTE_SYMBOL_SPECIFIC' });
    const other = job({ job_id: 'o', target: 'y_b' });
    expect(diff([pooled, other], [pooled, own])).toEqual({ ...nothing, added: [own], removed: [other], unchanged: 1 });
  });

  test('a training type that is said is the one that goes without saying', () => {
    const own = { symbol: 'AAPL', route: 'ROUTE_BOTH' };
    expect(diff([job(own)], [job({ ...own, training_type: 'symbol_specific' })])).toEqual({ ...nothing, unchanged: 1 });
  });

  test.each<[string, object, object]>([
    [
      'route and reason',
      { route: 'ROUTE_BLOCKED', reason: 'no signal' },
      {
        route: { from: 'ROUTE_CROSS_SECTIONAL', to: 'ROUTE_BLOCKED' },
        reason: { from: 'pooled', to: 'no signal' },
      },
    ],
    ['families', { model_families: ['LSTM', 'MLP'] }, { familiesAdded: ['MLP'], familiesRemoved: ['LightGBM'] }],
    ['priority', { priority: 3 }, { priority: { from: 1, to: 3 } }],
    [
      'parameters, set and changed and no longer set',
      { parameters: { LightGBM: { rounds: 20, dart: true }, LSTM: {} } },
      {
        parameters: [
          { family: 'LightGBM', parameter: 'rounds', from: 10, to: 20 },
          { family: 'LightGBM', parameter: 'dart', from: undefined, to: true },
          { family: 'LSTM', parameter: 'units', from: 8, to: undefined },
        ],
      },
    ],
  ])('a change of %s', (_, over, expected) => {
    const before = job({ parameters: { LightGBM: { rounds: 10 }, LSTM: { units: 8 } } });
    const after = job({ parameters: before.parameters, ...over });
    const key = { target: 'y_a', symbol: null, trainingType: 'cross_sectional' };
    const change = { key, before, after, familiesAdded: [], familiesRemoved: [], parameters: [], ...expected };
    expect(diff([before], [after])).toEqual({ ...nothing, changed: [change] });
  });

  test('jobs of one key are paired by id first, then in their order', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => job({ job_id: id, reason: id }));
    const renamed = job({ job_id: 'z', reason: 'a' });
    expect(diff([a!, b!], [renamed, b!, c!])).toEqual({ ...nothing, added: [c], unchanged: 2 });
  });
});
