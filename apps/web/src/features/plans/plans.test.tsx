import { diffPlans } from '@twostage/core/plans/diff';
import { planJobSchema } from '@twostage/core/plans/masterPlan';
import { defaultPolicy } from '@twostage/core/plans/policy';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import type { EstimateBasis, PlanComment } from '../../server/contracts/plans.ts';
import { openCommentsByJob } from './Comments.tsx';
import { placeInput } from './DraftPlaceFields.tsx';
import { changeLines, diffWords } from './diffWords.ts';
import { EstimateBar } from './editor/EstimateBar.tsx';
import { estimateJobs } from './editor/estimateJobs.ts';
import { PolicyPanel } from './evidence/PolicyPanel.tsx';

const job = (over: object = {}) =>
  planJobSchema.parse({
    ...{ job_id: 'a', target: 'fwd_ret_1d', route: 'ROUTE_CROSS_SECTIONAL', model_families: ['LightGBM'] },
    ...over,
  });
const text = (element: React.ReactElement) =>
  renderToStaticMarkup(element)
    .replace(/<[^>]*>/g, '|')
    .replace(/\|+/g, '|');

describe('what differs', () => {
  it('is said of jobs: how many, and of each what', () => {
    const before = [job(), job({ job_id: 'b', target: 'y_b' })];
    const after = [
      job({
        ...{ route: 'ROUTE_BOTH', model_families: ['XGBoost'], priority: 2, reason: 'why' },
        parameters: { XGBoost: { rounds: 9 } },
      }),
      job({ job_id: 'c', target: 'y_c' }),
    ];
    const diff = diffPlans({ jobs: before }, { jobs: after });
    expect(diffWords(diff)).toBe('1 job added, 1 job removed, 1 job changed');
    expect(diffWords(diffPlans({ jobs: before }, { jobs: before }))).toBe('the same 2 jobs');
    expect(changeLines(diff.changed[0]!).map(({ what, words }) => `${what}: ${words}`)).toEqual([
      'Route: All symbols → Both',
      'Family: + XGBoost',
      'Family: − LightGBM',
      'XGBoost rounds: as the run has it → 9',
      'Priority: 0 → 2',
      'Reason: “” → “why”',
    ]);
  });
});

it('open comments are counted by job; those that are resolved, and those on the whole, are not', () => {
  const comment = (jobId: string | null, resolvedAt: Date | null): PlanComment => ({
    ...{ id: '', jobId, text: '', author: null, at: new Date(0), resolvedAt, resolvedBy: null },
  });
  const all = [
    comment('a', null),
    comment('a', null),
    comment('a', new Date()),
    comment('b', new Date()),
    comment(null, null),
  ];
  expect([...openCommentsByJob(all)]).toEqual([['a', 2]]);
});

it('a draft goes into a plan that is there, or into one that has a name', () => {
  expect(placeInput({ planId: 'p', name: '' })).toEqual({ kind: 'version', planId: 'p' });
  expect(placeInput({ planId: '', name: ' dow ' })).toEqual({ kind: 'plan', name: 'dow' });
  expect(placeInput({ planId: '', name: ' ' })).toBeNull();
});

describe('the estimate', () => {
  const basis: EstimateBasis = {
    ...{ data: { rows: 30_000, symbols: 10, features: 158, folds: 3 }, past: [], cores: 2, packing: true },
    symbols: Array.from({ length: 10 }, (_, i) => `S${i}`),
  };
  const own = job({ job_id: 'o', symbol: 'S1', route: 'ROUTE_SYMBOL_SPECIFIC' });
  const trainings = (jobs: Parameters<typeof estimateJobs>[0], asked?: string[]) => {
    const found = estimateJobs(jobs, basis, asked);
    return found.kind === 'estimate' ? found.estimate.trainings : found.message;
  };

  it('counts what the data and the choice of symbols leave', () => {
    expect(trainings([job(), own])).toBe(2);
    expect(trainings([job(), own], ['S2', 'S3'])).toBe(1);
    expect(trainings([job({ symbol: 'ZZZ', route: 'ROUTE_SYMBOL_SPECIFIC' })])).toMatch(/the data have no symbol ZZZ/);
  });

  it('is told with what changed, what was never measured here, and what is left out', () => {
    const shown = text(
      <EstimateBar
        jobs={[job(), own, job({ job_id: 'm', target: 'y_m', model_families: ['MetaLearning', 'MultiTask'] })]}
        before={[job()]}
        basis={basis}
      />,
    );
    expect(shown).toContain('|3 trainings|');
    expect(shown).toContain('+2 trainings');
    expect(shown).toContain('since they never ran here');
    expect(shown).toContain('1 thing would be left out');
    expect(text(<EstimateBar jobs={[job()]} before={[job()]} basis={null} />)).toContain('Choose the data');
  });
});

it('a policy names only what differs from the defaults', () => {
  expect(text(<PolicyPanel policy={defaultPolicy} />)).toContain('The defaults. At most 5 %');
  expect(text(<PolicyPanel policy={{ ...defaultPolicy, folds: 6 }} />)).toContain('but for folds = 6.');
});
