import type { Scope } from '../runs/training.ts';
import type { PlanJob } from './masterPlan.ts';

/** How a job reads in a message: `job aapl_5d (fwd_ret_5d, AAPL)`. */
export const jobName = ({ job_id: id, target, symbol }: Pick<PlanJob, 'job_id' | 'target' | 'symbol'>): string =>
  `job ${id} (${target}${symbol === null ? '' : `, ${symbol}`})`;

/**
 * Where a job trains: on all symbols of the run together, on one, or both.
 *
 *   ROUTE_CROSS_SECTIONAL    all symbols together; where it names a symbol, that one is served by the model of all
 *   ROUTE_SYMBOL_SPECIFIC    its symbol; where it names none, each symbol of the run
 *   ROUTE_BOTH               by `training_type` the half that it says, the other half being another job; where it does not say:
 *                            all together, and its symbol, or each symbol where it names none
 *   ROUTE_EXPERIMENTAL_ONLY  its symbol, or all together where it names none
 *   ROUTE_BLOCKED            nowhere
 *
 * @param symbols of the run
 */
export function jobPlaces(
  job: Pick<PlanJob, 'route' | 'training_type' | 'symbol'>,
  symbols: readonly string[],
): Scope[] {
  const { route, training_type: type, symbol } = job;
  const together: Scope[] = [{ kind: 'crossSectional' }];
  const alone: Scope[] = (symbol === null ? symbols : [symbol]).map((each) => ({ kind: 'symbol', symbol: each }));
  switch (route) {
    case 'ROUTE_BLOCKED':
      return [];
    case 'ROUTE_CROSS_SECTIONAL':
      return together;
    case 'ROUTE_SYMBOL_SPECIFIC':
      return alone;
    case 'ROUTE_BOTH':
      if (type === undefined) return [...together, ...alone];
      return type === 'cross_sectional' ? together : alone;
    case 'ROUTE_EXPERIMENTAL_ONLY':
      return symbol === null ? together : alone;
  }
}
