import { planJobSchema } from '@twostage/core/plans/masterPlan';
import { emptyRunView } from '@twostage/core/runs/view';
import { expect, it } from 'vitest';
import { jobLines } from './jobTable.ts';

const blocked = (count: number) =>
  Array.from({ length: count }, (_, i) =>
    planJobSchema.parse({
      job_id: `no_${i}`,
      target: 'y_a',
      symbol: `S${i}`,
      route: 'ROUTE_BLOCKED',
      model_families: [],
      reason: 'noise',
    }),
  );
const lines = (count: number) =>
  jobLines({ source: { kind: 'file', path: 'p' }, hash: 'a'.repeat(64), jobs: blocked(count) }, emptyRunView()).join(
    '\n',
  );

it('of very many jobs that train nothing the first are shown, the others counted', () => {
  expect(lines(12)).toContain('no_11');
  expect(lines(12)).not.toContain('more that train nothing');
  expect(lines(60)).toContain('… and 48 more that train nothing: jobs.json says why');
  expect(lines(60)).not.toContain('no_12 ');
});
