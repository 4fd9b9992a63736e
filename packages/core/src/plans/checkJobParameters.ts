import { DomainError } from '../errors.ts';
import type { FamilyDefinition, FamilyId } from '../families/family.ts';
import { resolveParameters } from '../families/parameters.ts';
import type { ParametersByFamily } from '../runs/config.ts';
import { jobName } from './jobPlaces.ts';
import type { PlanJob } from './masterPlan.ts';

/**
 * The parameters that jobs set, on top of the run's. Pure.
 * @throws DomainError INVALID_INPUT naming job and path
 */
export function checkJobParameters(
  jobs: readonly PlanJob[],
  parameters: ParametersByFamily,
  catalogue: Readonly<Record<FamilyId, FamilyDefinition>>,
): void {
  jobs.forEach((job, at) => {
    for (const family of job.model_families) {
      try {
        resolveParameters(catalogue[family], { ...parameters[family], ...job.parameters?.[family] });
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        const path = `jobs.${at}.${error.field ?? `parameters.${family}`}`;
        const message = `${path}: ${jobName(job)}: ${error.message}`;
        throw new DomainError(error.code, message, { field: `plan.${path}`, cause: error });
      }
    }
  });
}
