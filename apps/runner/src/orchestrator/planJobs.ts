import { DomainError } from '@twostage/core/errors';
import { type FilteredPlan, filterPlan } from '@twostage/core/plans/filter';
import { filterLines, requireTrainings } from '@twostage/core/plans/filterLines';
import { jobName } from '@twostage/core/plans/jobPlaces';
import { type RunPlan, planSourceName } from '@twostage/core/plans/runPlan';
import type { RunConfig } from '@twostage/core/runs/config';
import { chooseFamilies, summaryLines } from '@twostage/core/stages/planStages';
import { families } from '@twostage/families/catalogue';

export type PlannedConfig = RunConfig & { readonly plan: RunPlan };

/**
 * What a run trains of its plan. Pure.
 * @param symbols of the run
 * @param knownSymbols of the data
 * @throws DomainError INVALID_INPUT where nothing is left, with a line a reason; what `filterPlan` throws
 */
export function planJobs(
  { plan, modelTypes, families: named, targets }: PlannedConfig,
  symbols: readonly string[],
  knownSymbols: readonly string[],
): FilteredPlan {
  const { jobs } = plan;
  const filtered = filterPlan({
    jobs,
    catalogue: families,
    modelTypes,
    families: named,
    targets,
    symbols,
    knownSymbols,
  });
  return requireTrainings(filtered, jobs, planSourceName(plan.source));
}

/** The lines printed before training. */
export function planSummary({ plan, modelTypes }: PlannedConfig, filtered: FilteredPlan): string[] {
  const trained = new Set(filtered.trainings.map(({ family }) => family));
  const chosen = chooseFamilies(families, modelTypes, []).filter(({ id }) => trained.has(id));
  return [...summaryLines(chosen, modelTypes), ...filterLines(filtered, plan.jobs)];
}

/** A target that the data do not have, said of the job that wants it; whatever else, as it is. */
export function ofJob(error: unknown, { plan }: PlannedConfig, targets: readonly string[]): unknown {
  if (!(error instanceof DomainError) || error.code !== 'UNKNOWN_TARGET') return error;
  const target = targets[Number(error.field?.split('.')[1])];
  const at = plan.jobs.findIndex((job) => job.target === target && job.route !== 'ROUTE_BLOCKED');
  if (at < 0) return error;
  const message = `jobs.${at}.target: ${jobName(plan.jobs[at]!)}: ${error.message}`;
  return new DomainError(error.code, message, { field: `plan.jobs.${at}.target`, cause: error });
}
