import { messageOf } from '@twostage/core/errors';
import { estimatePlan, type PlanEstimate } from '@twostage/core/plans/estimate';
import { type FilteredPlan, filterPlan } from '@twostage/core/plans/filter';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import { families } from '@twostage/families/catalogue';
import type { EstimateBasis } from '../../../server/contracts/plans.ts';

export type JobsEstimate =
  | { readonly kind: 'estimate'; readonly estimate: PlanEstimate; readonly filtered: FilteredPlan }
  /** The data lack something that the jobs name, in one line. */
  | { readonly kind: 'fault'; readonly message: string };

/**
 * What these jobs would train on the data of the basis, and how long that may take.
 * @param asked only these of its symbols; empty: all
 */
export function estimateJobs(
  jobs: readonly PlanJob[],
  basis: EstimateBasis,
  asked: readonly string[] = [],
): JobsEstimate {
  const symbols = asked.length > 0 ? asked : basis.symbols;
  const share = symbols.length / Math.max(1, basis.symbols.length);
  const data = { ...basis.data, rows: basis.data.rows * share, symbols: symbols.length };
  try {
    const filtered = filterPlan({
      ...{ jobs, catalogue: families, modelTypes: 'sequential', families: [], targets: [] },
      ...{ symbols, knownSymbols: basis.symbols },
    });
    return { kind: 'estimate', filtered, estimate: estimatePlan({ ...basis, data, trainings: filtered.trainings }) };
  } catch (error) {
    return { kind: 'fault', message: messageOf(error) };
  }
}
