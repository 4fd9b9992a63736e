import { z } from 'zod';
import type { PlanJob } from './masterPlan.ts';

/** How much a plan is, for a list of plans. */
export const planCountsSchema = z.object({
  jobs: z.number().int(),
  /** That name a family and are not blocked. */
  training: z.number().int(),
  blocked: z.number().int(),
  experimental: z.number().int(),
  targets: z.number().int(),
  /** That a job names; those of jobs of all symbols are not counted. */
  symbols: z.number().int(),
  /** That some job trains. */
  families: z.number().int(),
});
export type PlanCounts = z.infer<typeof planCountsSchema>;

export const trainsSomething = ({ route, model_families: families }: PlanJob): boolean =>
  route !== 'ROUTE_BLOCKED' && families.length > 0;

export function countPlan(jobs: readonly PlanJob[]): PlanCounts {
  const training = jobs.filter(trainsSomething);
  return {
    jobs: jobs.length,
    training: training.length,
    blocked: jobs.filter(({ route }) => route === 'ROUTE_BLOCKED').length,
    experimental: jobs.filter(({ route }) => route === 'ROUTE_EXPERIMENTAL_ONLY').length,
    targets: new Set(jobs.map(({ target }) => target)).size,
    symbols: new Set(jobs.flatMap(({ symbol }) => symbol ?? [])).size,
    families: new Set(training.flatMap(({ model_families: families }) => families)).size,
  };
}
