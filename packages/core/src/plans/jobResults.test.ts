import { describe, expect, test } from 'vitest';
import type { Metrics, TrainingSpec } from '../runs/training.ts';
import { type JobTraining, jobResults, routeComparisons, verdictOf } from './jobResults.ts';
import { type PlanJob, planJobSchema } from './masterPlan.ts';

const metrics = (ic: number | null): Metrics => ({
  ...{ rows: 10, bars: 10, icKind: 'timeSeries', ic, rankIc: ic, icir: null, icT: null },
  ...{ mse: null, mae: null, r2: null, hitRate: null },
});
const job = (id: string, route: PlanJob['route'], over: object = {}): PlanJob =>
  planJobSchema.parse({ job_id: id, target: 'y_a', route, model_families: ['LightGBM'], ...over });
const training = (
  family: TrainingSpec['family'],
  symbol: string | null,
  jobs: string[],
  figures: { ic?: number | null; bySymbol?: Record<string, number>; byTarget?: Record<string, number> } | 'failed',
): JobTraining => {
  const result = figures === 'failed' ? null : figures;
  const targets = Object.keys(result?.byTarget ?? {});
  return {
    spec: {
      id: `${family}.${symbol ?? 'all'}`,
      family,
      target: targets[0] ?? 'y_a',
      ...(targets.length > 1 && { targets }),
      scope: symbol === null ? { kind: 'crossSectional' } : { kind: 'symbol', symbol },
      stage: 'cpu',
      plan: { jobs, priority: 0, experimental: false },
    },
    state: result ? 'completed' : 'failed',
    outcome: result
      ? {
          kind: 'completed',
          result: {
            ...{ metrics: metrics(result.ic ?? null), folds: [], artifacts: [], device: '', notes: [] },
            bySymbol: Object.entries(result.bySymbol ?? {}).map(([name, ic]) => ({
              ...{ symbol: name, target: 'y_a', metrics: metrics(ic) },
            })),
            ...(targets.length > 0 && {
              byTarget: targets.map((target) => ({ target, metrics: metrics(result.byTarget![target]!) })),
            }),
          },
        }
      : { kind: 'failed', message: 'no', exitCode: 1, signal: null },
  };
};

const jobs = [
  job('pooled', 'ROUTE_CROSS_SECTIONAL'),
  job('own', 'ROUTE_BOTH', { symbol: 'A', training_type: 'symbol_specific' }),
  job('other', 'ROUTE_CROSS_SECTIONAL', { target: 'y_b' }),
  job('no', 'ROUTE_BLOCKED', { reason: 'no signal' }),
  job('served', 'ROUTE_CROSS_SECTIONAL', { symbol: 'B', model_families: [], reason: 'served' }),
];
const trainings = [
  training('LightGBM', null, ['pooled'], { ic: 0.02, bySymbol: { A: 0.01 } }),
  training('XGBoost', null, ['pooled'], { ic: 0.01, bySymbol: { A: 0.03 } }),
  training('MultiTask', null, ['pooled', 'other'], { byTarget: { y_a: 0.05, y_b: -0.01 } }),
  training('MLP', null, ['pooled'], 'failed'),
  training('LightGBM', 'A', ['own'], { ic: 0.04 }),
  training('XGBoost', 'A', ['own'], { ic: null }),
];

describe('results by job', () => {
  test('the best of its trainings on its target; what failed is counted; what trains nothing says why', () => {
    const results = jobResults(jobs, trainings, [
      { job: 'no', kind: 'blocked', reason: 'no signal' },
      { job: 'served', kind: 'idle', reason: 'served' },
      { job: 'own', family: 'MLP', kind: 'removed', reason: 'not asked for' },
    ]);
    expect(
      results.map(({ job: { job_id: id }, state, reason, completed, failed, best, leftOut }) => [
        ...[id, state, reason, completed, failed, best && `${best.family} ${best.metrics.ic}`, leftOut.length],
      ]),
    ).toEqual([
      ['pooled', 'planned', null, 3, 1, 'MultiTask 0.05', 0],
      ['own', 'planned', null, 2, 0, 'LightGBM 0.04', 1],
      ['other', 'planned', null, 1, 0, 'MultiTask -0.01', 0],
      ['no', 'blocked', 'no signal', 0, 0, null, 0],
      ['served', 'idle', 'served', 0, 0, null, 0],
    ]);
  });

  test('before a run is planned its jobs wait, but for those that are blocked anyway', () => {
    expect(jobResults(jobs, [], []).map(({ state, reason }) => [state, reason])).toEqual([
      ['waiting', null],
      ['waiting', null],
      ['waiting', null],
      ['blocked', 'no signal'],
      ['waiting', null],
    ]);
  });

  test('a ROUTE_BOTH compares the pooled model that was best on the symbol with the best of the symbol’s own', () => {
    expect(
      routeComparisons(jobs, trainings).map(({ target, symbol, pooled, own }) => [
        ...[target, symbol, `${pooled?.family} ${pooled?.metrics.ic}`, `${own?.family} ${own?.metrics.ic}`],
      ]),
    ).toEqual([['y_a', 'A', 'XGBoost 0.03', 'LightGBM 0.04']]);
    expect(routeComparisons([jobs[0]!], trainings), 'no ROUTE_BOTH').toEqual([]);
  });

  test.each<[number | null, number | null, number, object | null]>([
    [0.03, 0.04, 0.004, { side: 'alone', apart: false }],
    [0.03, 0.01, 0.004, { side: 'together', apart: true }],
    [0.03, null, 0.004, null],
    [null, 0.03, 0.004, null],
  ])('%s together and %s alone, each ± %s: %j', (together, alone, error, expected) => {
    const judged = (ic: number | null) => ({
      ...{ training: 't', family: 'LightGBM' as const },
      metrics: {
        ...metrics(ic),
        standardErrors: { ic: error, rankIc: null, icir: null, mse: null, mae: null, r2: null, hitRate: null },
      },
    });
    const found = verdictOf({ pooled: judged(together), own: judged(alone) });
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatchObject(expected);
  });
});
