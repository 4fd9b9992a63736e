import { describe, expect, test } from 'vitest';
import { canonicalPlanJson } from './canonicalJson.ts';
import { checkMasterPlan, type MasterPlan } from './masterPlan.ts';

const read = (value: unknown): MasterPlan => {
  const checked = checkMasterPlan(value);
  if (checked.kind !== 'plan') throw new Error(checked.faults.map(({ message }) => message).join());
  return checked.plan;
};
const job = { job_id: 'j', target: 'y_a', route: 'ROUTE_CROSS_SECTIONAL', model_families: ['LightGBM'] };

describe('the canonical text of a plan', () => {
  test('is the same for every order of keys and every spelling of a family, and holds all of it', () => {
    const one = read({ metadata: { b: 1, a: { d: 1, c: [2, 1] } }, jobs: [job], summary: { 10: 1, 9: 2 } });
    const other = read({
      summary: { 9: 2, 10: 1 },
      jobs: [{ model_families: ['light-gbm'], route: job.route, target: 'y_a', job_id: 'j', symbol: null }],
      metadata: { a: { c: [2, 1], d: 1 }, b: 1 },
    });
    expect(canonicalPlanJson(one)).toBe(canonicalPlanJson(other));
    expect(canonicalPlanJson(one)).toBe(
      '{"jobs":[{"job_id":"j","metadata":{},"model_families":["LightGBM"],"priority":0,"reason":"","route":"ROUTE_CROSS_SECTIONAL","symbol":null,"target":"y_a"}],"metadata":{"a":{"c":[2,1],"d":1},"b":1},"summary":{"9":2,"10":1}}',
    );
  });

  test.each<[string, object]>([
    ['a job', { jobs: [{ ...job, priority: 1 }] }],
    ['the order of jobs', { jobs: [{ ...job, job_id: 'i' }, job] }],
    ['metadata', { jobs: [job, { ...job, job_id: 'i' }], metadata: { run_id: 'x' } }],
    ['the summary', { jobs: [job, { ...job, job_id: 'i' }], summary: { total_jobs: 2 } }],
  ])('differs where %s does', (_, other) => {
    const plan = read({ jobs: [job, { ...job, job_id: 'i' }] });
    expect(canonicalPlanJson(read(other))).not.toBe(canonicalPlanJson(plan));
  });

  test('survives being read again', () => {
    const text = canonicalPlanJson(read({ jobs: [job] }));
    expect(canonicalPlanJson(read(JSON.parse(text)))).toBe(text);
  });
});
