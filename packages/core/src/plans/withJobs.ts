import type { MasterPlan, PlanJob } from './masterPlan.ts';
import { planSummary } from './summary.ts';

/** The plan with other jobs, what it says of itself counted anew; all else stays. */
export function withJobs(plan: MasterPlan, jobs: readonly PlanJob[]): MasterPlan {
  return {
    ...plan,
    metadata: {
      ...plan.metadata,
      total_jobs: jobs.length,
      model_families: [...new Set(jobs.flatMap(({ model_families: families }) => families))],
    },
    jobs: [...jobs],
    summary: { ...plan.summary, ...planSummary(jobs) },
  };
}
