import type { PlanJob } from './masterPlan.ts';

/** What a plan decides about a target: of all symbols together, and of each that has a job of its own. */
export interface TargetPlan {
  readonly target: string;
  readonly pooled: readonly PlanJob[];
  readonly symbols: readonly { readonly symbol: string; readonly jobs: readonly PlanJob[] }[];
}

/** What a plan decides about a symbol alone. */
export interface SymbolPlan {
  readonly symbol: string;
  readonly targets: readonly { readonly target: string; readonly jobs: readonly PlanJob[] }[];
}

/** Targets in the order of the plan, the symbols of each by name. */
export const planByTarget = (jobs: readonly PlanJob[]): TargetPlan[] =>
  grouped(jobs, ({ target }) => target).map(([target, ofTarget]) => ({
    target,
    pooled: ofTarget.filter(({ symbol }) => symbol === null),
    symbols: bySymbol(ofTarget).map(([symbol, own]) => ({ symbol, jobs: own })),
  }));

/** Symbols by name, the targets of each in the order of the plan. */
export const planBySymbol = (jobs: readonly PlanJob[]): SymbolPlan[] =>
  bySymbol(jobs).map(([symbol, own]) => ({
    symbol,
    targets: grouped(own, ({ target }) => target).map(([target, ofTarget]) => ({ target, jobs: ofTarget })),
  }));

const bySymbol = (jobs: readonly PlanJob[]): [string, PlanJob[]][] =>
  grouped(
    jobs.filter(({ symbol }) => symbol !== null),
    ({ symbol }) => symbol!,
  ).sort(([a], [b]) => (a < b ? -1 : 1));

/** Groups in the order in which they first come. */
function grouped(jobs: readonly PlanJob[], keyOf: (job: PlanJob) => string): [string, PlanJob[]][] {
  const groups = new Map<string, PlanJob[]>();
  for (const job of jobs) {
    const group = groups.get(keyOf(job));
    if (group) group.push(job);
    else groups.set(keyOf(job), [job]);
  }
  return [...groups];
}
