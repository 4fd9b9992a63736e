import type { FamilyId } from '../families/family.ts';
import { familyIds } from '../families/family.ts';
import { type PlanJob, type Route, routes, type TrainingType, trainingTypeOf, trainingTypes } from './masterPlan.ts';

/** What a plan comes to, in the words of its file: the object under its key `summary`. */
export interface PlanSummary {
  readonly total_jobs: number;
  /** Every route, those without a job too. */
  readonly by_route: Readonly<Record<Route, number>>;
  readonly by_type: Readonly<Record<TrainingType, number>>;
  readonly total_targets: number;
  readonly total_symbols: number;
  /** Jobs that train a family, in the order of families; those without one are left out. */
  readonly model_families: Readonly<Partial<Record<FamilyId, number>>>;
  readonly blocked: number;
  readonly experimental: number;
}

export function planSummary(jobs: readonly PlanJob[]): PlanSummary {
  const count = (fits: (job: PlanJob) => boolean) => jobs.filter(fits).length;
  const by_route = Object.fromEntries(routes.map((route) => [route, count((job) => job.route === route)]));
  const by_type = Object.fromEntries(trainingTypes.map((type) => [type, count((job) => trainingTypeOf(job) === type)]));
  const trainable = jobs.filter(({ route }) => route !== 'ROUTE_BLOCKED');
  const families = familyIds
    .map((id) => [id, trainable.filter(({ model_families: named }) => named.includes(id)).length] as const)
    .filter(([, jobsOf]) => jobsOf > 0);
  return {
    total_jobs: jobs.length,
    by_route: by_route as Record<Route, number>,
    by_type: by_type as Record<TrainingType, number>,
    total_targets: new Set(jobs.map(({ target }) => target)).size,
    total_symbols: new Set(jobs.flatMap(({ symbol }) => symbol ?? [])).size,
    model_families: Object.fromEntries(families),
    blocked: by_route.ROUTE_BLOCKED ?? 0,
    experimental: by_route.ROUTE_EXPERIMENTAL_ONLY ?? 0,
  };
}
