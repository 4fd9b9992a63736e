import { describe, expect, it } from 'vitest';
import type { Metrics } from '../runs/training.ts';
import { judgeAgainstEvidence } from './againstEvidence.ts';
import { diffPlans } from './diff.ts';
import { type JobTraining, jobResults } from './jobResults.ts';
import { type MasterPlan, masterPlanSchema, type Route } from './masterPlan.ts';
import { nextPlan } from './nextPlan.ts';

const metrics = (rankIc: number | null, error: number | null): Metrics => ({
  ...{ rows: 10, bars: 10, icKind: 'crossSectional', ic: rankIc, rankIc, icir: null, icT: null },
  ...{ mse: null, mae: null, r2: null, hitRate: null },
  standardErrors: { ic: error, rankIc: error, icir: null, mse: null, mae: null, r2: null, hitRate: null },
});

function planOf(route: Route, metadata: object, families = ['LightGBM', 'MLP']): MasterPlan {
  return masterPlanSchema.parse({
    metadata: { run_id: 'before', author: 'kept' },
    jobs: [
      { job_id: 'a', target: 'y_a', route, model_families: families, reason: 'was', metadata },
      { job_id: 'idle', target: 'y_b', symbol: 'A', route: 'ROUTE_CROSS_SECTIONAL', model_families: [] },
    ],
  });
}
function training(family: 'LightGBM' | 'MLP', figures: [number | null, number | null] | 'failed'): JobTraining {
  return {
    spec: {
      ...{ id: `${family}.y_a.all`, family, target: 'y_a', scope: { kind: 'crossSectional' }, stage: 'cpu' },
      plan: { jobs: ['a'], priority: 0, experimental: false },
    },
    state: figures === 'failed' ? 'failed' : 'completed',
    outcome:
      figures === 'failed'
        ? { kind: 'failed', message: 'no', exitCode: 1, signal: null }
        : {
            kind: 'completed',
            result: { metrics: metrics(...figures), folds: [], artifacts: [], device: '', notes: [] },
          },
  };
}
const evidence = { ic: 0.05, ic_error: 0.01 };

describe('a job against its evidence', () => {
  // t by hand: (reached − expected) / √(0.01² + error²).
  it.each([
    ['as expected', evidence, [0.05, 0.01], { kind: 'met', t: 0, real: true }],
    ['more than expected', evidence, [0.09, 0.01], { kind: 'met', real: true }],
    ['less, but by chance', evidence, [0.03, 0.02], { kind: 'met', t: -0.02 / Math.sqrt(0.0005), real: false }],
    ['less by more than chance', evidence, [0.01, 0.01], { kind: 'short', t: -0.04 / Math.sqrt(0.0002), real: false }],
    ['no evidence', {}, [0.05, 0.01], { kind: 'unknown', why: expect.stringContaining('names no evidence') }],
    ['no rank IC', evidence, [null, null], { kind: 'unknown', why: expect.stringContaining('no rank IC') }],
    ['nothing completed', evidence, 'failed', { kind: 'unknown', why: 'none of its trainings completed' }],
  ] as const)('%s', (_, metadata, figures, expected) => {
    const { jobs } = planOf('ROUTE_CROSS_SECTIONAL', metadata);
    const given = figures === 'failed' ? figures : ([...figures] as [number | null, number | null]);
    const [result] = jobResults(jobs, [training('LightGBM', given)], []);
    const verdict = judgeAgainstEvidence(result!);
    expect(verdict).toMatchObject('t' in expected ? { ...expected, t: expect.closeTo(expected.t, 12) } : expected);
  });

  it('a job that trained nothing is held against nothing', () => {
    const { jobs } = planOf('ROUTE_CROSS_SECTIONAL', evidence);
    expect(judgeAgainstEvidence(jobResults(jobs, [], [])[1]!)).toMatchObject({ kind: 'unknown' });
  });
});

describe('the next version of a plan', () => {
  const draft = (plan: MasterPlan, trainings: JobTraining[]) =>
    nextPlan(plan, {
      ...{ runId: 'r1', runName: 'run 12', finishedAt: '2026-01-02T03:04:05.000Z' },
      results: jobResults(plan.jobs, trainings, [{ job: 'idle', kind: 'idle', reason: '' }]),
    });

  it.each<[string, Route, [number, number], Route]>([
    ['keeps what holds', 'ROUTE_CROSS_SECTIONAL', [0.05, 0.01], 'ROUTE_CROSS_SECTIONAL'],
    ['makes what fell short an experiment', 'ROUTE_CROSS_SECTIONAL', [0.021, 0.005], 'ROUTE_EXPERIMENTAL_ONLY'],
    ['makes what is not above nothing an experiment', 'ROUTE_BOTH', [0.01, 0.03], 'ROUTE_EXPERIMENTAL_ONLY'],
    ['blocks an experiment that found nothing', 'ROUTE_EXPERIMENTAL_ONLY', [0.01, 0.03], 'ROUTE_BLOCKED'],
    ['keeps an experiment that found less', 'ROUTE_EXPERIMENTAL_ONLY', [0.021, 0.005], 'ROUTE_EXPERIMENTAL_ONLY'],
    ['takes an experiment that holds in', 'ROUTE_EXPERIMENTAL_ONLY', [0.05, 0.01], 'ROUTE_CROSS_SECTIONAL'],
  ])('%s', (_, route, figures, expected) => {
    const plan = planOf(route, evidence);
    const next = draft(plan, [training('LightGBM', figures), training('MLP', [figures[0] - 0.01, figures[1]])]);
    expect(next.jobs[0]).toMatchObject({
      ...{ job_id: 'a', route: expected, model_families: ['LightGBM', 'MLP'] },
      metadata: { ic: figures[0], ic_error: figures[1], ic_of_run: 'r1', previous_reason: 'was' },
    });
    expect(next.jobs[0]!.reason).toMatch(/^run 12: rank IC -?\d\.\d{4} ± \d\.\d{4}, 0\.0500 expected \(LightGBM\)/);
    expect(next.jobs[1]).toEqual(plan.jobs[1]);
    expect(next.metadata).toMatchObject({ author: 'kept', run_id: 'r1', total_jobs: 2 });
    expect(masterPlanSchema.parse(next)).toEqual(next);
  });

  it('drops a family that failed in every training, and says so', () => {
    const plan = planOf('ROUTE_CROSS_SECTIONAL', evidence);
    const next = draft(plan, [training('LightGBM', [0.05, 0.01]), training('MLP', 'failed')]);
    expect(diffPlans(plan, next).changed[0]).toMatchObject({ familiesRemoved: ['MLP'], familiesAdded: [] });
    expect(next.jobs[0]!.reason).toContain('without MLP, which failed');
  });

  it('keeps the families of a job in which all failed: a person decides', () => {
    const plan = planOf('ROUTE_CROSS_SECTIONAL', evidence, ['MLP']);
    const next = draft(plan, [training('MLP', 'failed')]);
    expect(next.jobs[0]).toMatchObject({ model_families: ['MLP'], reason: 'run 12: no rank IC; MLP failed' });
  });

  it('a run that was stopped before it trained anything changes no job', () => {
    const plan = planOf('ROUTE_CROSS_SECTIONAL', evidence);
    expect(diffPlans(plan, draft(plan, []))).toMatchObject({ added: [], removed: [], changed: [] });
  });
});
