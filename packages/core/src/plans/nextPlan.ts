import { judgeAgainstEvidence } from './againstEvidence.ts';
import type { JobResult } from './jobResults.ts';
import type { MasterPlan, PlanJob, Route } from './masterPlan.ts';
import { withJobs } from './withJobs.ts';

/** What a run says of a plan, beside its jobs' results. */
export interface RunOfPlan {
  readonly runId: string;
  /** For a person: `run 12`. */
  readonly runName: string;
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly results: readonly JobResult[];
}

/**
 * The plan that a run suggests, for a person to look over. A job that fell short of its evidence, or whose rank IC is not above nothing,
 * becomes an experiment, an experiment of that kind is blocked; an experiment that holds what it promised and is above nothing gets the
 * route of its type. A family that never completed in a job leaves it. What was reached is the job's evidence from now on. Jobs that
 * trained nothing stay as they are. Pure.
 */
export function nextPlan(plan: MasterPlan, run: RunOfPlan): MasterPlan {
  const byJob = new Map(run.results.map((result) => [result.job.job_id, result]));
  const jobs = plan.jobs.map((job) => {
    const result = byJob.get(job.job_id);
    return result === undefined || result.state !== 'planned' ? job : nextJob(job, result, run);
  });
  return withJobs({ ...plan, metadata: { ...plan.metadata, generated_at: run.finishedAt, run_id: run.runId } }, jobs);
}

function nextJob(job: PlanJob, result: JobResult, run: RunOfPlan): PlanJob {
  const verdict = judgeAgainstEvidence(result);
  const metrics = result.best?.metrics;
  const ic = metrics?.rankIc ?? null;
  const error = metrics?.standardErrors?.rankIc ?? null;
  const families = job.model_families.filter((family) => !result.lostFamilies.includes(family));
  const dropped = result.lostFamilies;
  const known = ic !== null && error !== null;
  const above = known && ic > 2 * error;
  const route = nextRoute(job, { above, short: verdict.kind === 'short', known });
  const figures = known ? `rank IC ${ic.toFixed(4)} ± ${error.toFixed(4)}` : 'no rank IC';
  const expected = verdict.kind === 'unknown' ? '' : `, ${verdict.expected.toFixed(4)} expected`;
  const said = [
    `${run.runName}: ${figures}${expected}${result.best ? ` (${result.best.family})` : ''}`,
    ...(route === job.route ? [] : [routeReason(route, verdict.kind === 'short')]),
    ...(dropped.length > 0
      ? [families.length > 0 ? `without ${dropped.join(', ')}, which failed` : `${dropped.join(', ')} failed`]
      : []),
  ];
  if (result.completed === 0 && dropped.length === 0) return job;
  return {
    ...job,
    route,
    // One without a family would train nothing and say no more of it: whoever looks it over decides.
    model_families: families.length > 0 ? families : job.model_families,
    reason: said.join('; '),
    metadata: {
      ...job.metadata,
      ...(known && { ic, ic_error: error, ic_of_run: run.runId }),
      ...(verdict.kind !== 'unknown' && { against_evidence: verdict.kind, expected_ic: verdict.expected }),
      previous_reason: job.reason,
    },
  };
}

function nextRoute(
  { route, symbol }: PlanJob,
  { above, short, known }: { above: boolean; short: boolean; known: boolean },
): Route {
  if (!known) return route;
  if (route === 'ROUTE_EXPERIMENTAL_ONLY') {
    if (above && !short) return symbol === null ? 'ROUTE_CROSS_SECTIONAL' : 'ROUTE_SYMBOL_SPECIFIC';
    return above ? route : 'ROUTE_BLOCKED';
  }
  return above && !short ? route : 'ROUTE_EXPERIMENTAL_ONLY';
}

function routeReason(route: Route, short: boolean): string {
  if (route === 'ROUTE_BLOCKED') return 'nothing found as an experiment either: blocked';
  if (route !== 'ROUTE_EXPERIMENTAL_ONLY') return 'holds: no longer experimental';
  return short ? 'less than expected: experimental' : 'not apart from nothing: experimental';
}
