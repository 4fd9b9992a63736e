import type { JobResult, RouteComparison } from '@twostage/core/plans/jobResults';
import { type PlanJob, planJobSchema } from '@twostage/core/plans/masterPlan';
import type { RunPlan } from '@twostage/core/plans/runPlan';
import type { Metrics } from '@twostage/core/runs/training';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { ComparisonTable } from './ComparisonTable.tsx';
import { JobsTable } from './JobsTable.tsx';
import { PlanBadge } from '@twostage/figures/run/planBadges.tsx';
import { matchingJobs } from '@twostage/figures/run/planLooks';

const text = (element: React.ReactElement) =>
  renderToStaticMarkup(element)
    .replaceAll(/<[^>]+>/g, '|')
    .replaceAll(/\|+/g, '|');
const ignore = () => {};
const job = (over: object = {}): PlanJob =>
  planJobSchema.parse({
    ...{ job_id: 'aapl_5d', target: 'fwd_ret_5d', symbol: 'AAPL', route: 'ROUTE_BOTH', model_families: ['LightGBM'] },
    ...{ reason: 'own IC 0.04', priority: 2, ...over },
  });
const metrics = (ic: number, error: number): Metrics => ({
  ...{ rows: 10, bars: 10, icKind: 'timeSeries', ic, rankIc: 0.01, icir: null, icT: null },
  ...{ mse: null, mae: null, r2: null, hitRate: null },
  standardErrors: { ic: error, rankIc: null, icir: null, mse: null, mae: null, r2: null, hitRate: null },
});
const trained: JobResult = {
  ...{ job: job(), state: 'planned', reason: null, experimental: false, completed: 1, failed: 1 },
  leftOut: [{ job: 'aapl_5d', family: 'MLP', kind: 'removed', reason: 'the run asks for LightGBM, not for MLP' }],
  trainings: ['a', 'b'],
  lostFamilies: [],
  best: { training: 'a', family: 'LightGBM', metrics: metrics(0.0312, 0.01) },
};
const blocked: JobResult = {
  ...trained,
  ...{ job: job({ job_id: 'no', symbol: null, route: 'ROUTE_BLOCKED' }), state: 'blocked', reason: 'no signal' },
  ...{ trainings: [], completed: 0, failed: 0, leftOut: [], best: null },
};

describe('the jobs of a run', () => {
  it('each with its route, its best training, and why what is missing is missing', () => {
    const shown = text(<JobsTable results={[trained, blocked]} onOpen={ignore} onClear={ignore} />);
    expect(shown).toContain(
      'fwd_ret_5d| · AAPL|aapl_5d · priority 2|Both|1 of 2| (1 failed)|LightGBM|+0.0312| ± 0.0100|+0.0100|–|own IC 0.04|Without MLP: the run asks for LightGBM, not for MLP|',
    );
    expect(shown).toContain('fwd_ret_5d| · all symbols|no · priority 2|Blocked|–|–|–|–|–|no signal|');
  });

  it('a filter that nothing passes can be taken away', () => {
    expect(text(<JobsTable results={[]} onOpen={ignore} onClear={ignore} />)).toContain('Show every job');
  });

  it.each<[Parameters<typeof matchingJobs>[1], string, string[]]>([
    ['all', '', ['aapl_5d', 'no']],
    ['trained', '', ['aapl_5d']],
    ['not-trained', '', ['no']],
    ['all', 'AAPL lightgbm', ['aapl_5d']],
    ['all', 'blocked', ['no']],
    ['trained', 'blocked', []],
  ])('%s with "%s": %j', (filter, words, expected) => {
    expect(matchingJobs([trained, blocked], filter, words).map((result) => result.job.job_id)).toEqual(expected);
  });
});

describe('all symbols together against one alone', () => {
  const compared: RouteComparison = {
    ...{ target: 'fwd_ret_5d', symbol: 'AAPL' },
    pooled: { training: 'a', family: 'XGBoost', metrics: metrics(0.06, 0.01) },
    own: { training: 'b', family: 'LightGBM', metrics: metrics(0.02, 0.01) },
  };
  it('names the better one, and whether by more than chance', () => {
    const shown = (comparison: RouteComparison) => text(<ComparisonTable comparisons={[comparison]} onOpen={ignore} />);
    expect(shown(compared)).toContain(
      '|fwd_ret_5d |· AAPL|XGBoost|+0.0600| ± 0.0100|LightGBM|+0.0200| ± 0.0100|together|',
    );
    const near = { ...compared, own: { ...compared.own!, metrics: metrics(0.05, 0.01) } };
    expect(shown(near)).toContain('|together, within their error|');
    expect(shown({ ...compared, own: null })).toContain('± 0.0100|–|–|');
  });
});

describe('what a run was decided by', () => {
  const plan = (source: RunPlan['source']): RunPlan => ({ source, hash: 'a'.repeat(64), jobs: [job()] });
  it.each<[RunPlan | undefined, RegExp]>([
    [undefined, /Without a training plan.*>Exploratory</],
    [plan({ kind: 'file', path: 'x/plan.json' }), /x\/plan\.json, which nobody approved.*>plan\.json</],
    [
      plan({ kind: 'version', planId: 'p', versionId: 'v', planName: 'momentum', number: 3 }),
      /the approved plan momentum v3: 1 jobs, sha256 aaaaaaaaaaaa.*>momentum v3</,
    ],
  ])('%#', (given, expected) => {
    expect(renderToStaticMarkup(<PlanBadge plan={given} />)).toMatch(expected);
  });
});
