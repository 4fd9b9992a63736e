import type { JobResult } from '@twostage/core/plans/jobResults';
import type { Route } from '@twostage/core/plans/masterPlan';
import type { Tone } from '../Badge.tsx';

export const routeLooks: Readonly<Record<Route, { label: string; tone: Tone; title: string }>> = {
  ROUTE_CROSS_SECTIONAL: { label: 'All symbols', tone: 'accent', title: 'One model of all symbols together' },
  ROUTE_SYMBOL_SPECIFIC: { label: 'One symbol', tone: 'cpu', title: 'A model of one symbol alone' },
  ROUTE_BOTH: { label: 'Both', tone: 'gpu', title: 'A model of all symbols, and one of the symbol, to be compared' },
  ROUTE_EXPERIMENTAL_ONLY: { label: 'Experimental', tone: 'warn', title: 'Trained to learn more, not to be relied on' },
  ROUTE_BLOCKED: { label: 'Blocked', tone: 'bad', title: 'Not trained' },
};

export const jobFilters = ['all', 'trained', 'not-trained'] as const;
export type JobFilter = (typeof jobFilters)[number];

/** Jobs that pass a choice and hold every word of a text in their id, target, symbol, route or families. */
export function matchingJobs(results: readonly JobResult[], filter: JobFilter, text: string): JobResult[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return results.filter(({ job, state }) => {
    if (filter !== 'all' && (state === 'planned') !== (filter === 'trained')) return false;
    const { job_id: id, target, symbol, route, model_families: families } = job;
    const said = [id, target, symbol ?? 'all', route, routeLooks[route].label, ...families].join(' ').toLowerCase();
    return words.every((word) => said.includes(word));
  });
}
