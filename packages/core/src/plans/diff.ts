import type { FamilyId } from '../families/family.ts';
import { familyIds } from '../families/family.ts';
import { type MasterPlan, type PlanJob, type Route, type TrainingType, trainingTypeOf } from './masterPlan.ts';

/** What a job is about: two jobs of one key, in two plans, are the same decision taken again. */
export interface JobKey {
  readonly target: string;
  /** null: all symbols together. */
  readonly symbol: string | null;
  readonly trainingType: TrainingType;
}

export interface Changed<Value> {
  readonly from: Value;
  readonly to: Value;
}

/** `undefined`: it was not, or no longer is, set by the job. */
export interface ParameterChange extends Changed<number | boolean | string | undefined> {
  readonly family: FamilyId;
  readonly parameter: string;
}

/** What is no longer the same about a job; absent and empty: unchanged. */
export interface JobChange {
  readonly key: JobKey;
  readonly before: PlanJob;
  readonly after: PlanJob;
  readonly route?: Changed<Route>;
  readonly familiesAdded: readonly FamilyId[];
  readonly familiesRemoved: readonly FamilyId[];
  readonly parameters: readonly ParameterChange[];
  readonly priority?: Changed<number>;
  readonly reason?: Changed<string>;
}

export interface PlanDiff {
  /** In the order of the newer plan. */
  readonly added: readonly PlanJob[];
  /** In the order of the older plan. */
  readonly removed: readonly PlanJob[];
  /** In the order of the newer plan. */
  readonly changed: readonly JobChange[];
  readonly unchanged: number;
}

export const jobKey = (job: PlanJob): JobKey => ({
  target: job.target,
  symbol: job.symbol,
  trainingType: trainingTypeOf(job),
});

/**
 * What `after` decides otherwise than `before`, job by job. Pure.
 * Where several jobs have one key, those of one job_id belong together, the others in their order. A job_id, metadata and keys that are
 * not known here are no decision: where nothing else changed, the job is unchanged.
 */
export function diffPlans(before: Pick<MasterPlan, 'jobs'>, after: Pick<MasterPlan, 'jobs'>): PlanDiff {
  const partners = pairJobs(before.jobs, after.jobs);
  const changes = after.jobs.flatMap((job) => {
    const old = partners.get(job);
    return old === undefined ? [] : [changeOf(old, job)];
  });
  const kept = new Set(partners.values());
  const changed = changes.filter(isChange);
  return {
    added: after.jobs.filter((job) => !partners.has(job)),
    removed: before.jobs.filter((job) => !kept.has(job)),
    changed,
    unchanged: changes.length - changed.length,
  };
}

/** Newer job → the older one that it continues. */
function pairJobs(before: readonly PlanJob[], after: readonly PlanJob[]): Map<PlanJob, PlanJob> {
  const left = new Map<string, PlanJob[]>();
  for (const job of before) {
    const same = left.get(keyText(job));
    if (same) same.push(job);
    else left.set(keyText(job), [job]);
  }
  const partners = new Map<PlanJob, PlanJob>();
  const take = (job: PlanJob, fits: (old: PlanJob) => boolean) => {
    const candidates = left.get(keyText(job));
    const at = candidates?.findIndex(fits) ?? -1;
    if (at >= 0) partners.set(job, candidates!.splice(at, 1)[0]!);
  };
  for (const job of after) take(job, (old) => old.job_id === job.job_id);
  for (const job of after) if (!partners.has(job)) take(job, () => true);
  return partners;
}

const keyText = (job: PlanJob): string => JSON.stringify(Object.values(jobKey(job)));

function changeOf(before: PlanJob, after: PlanJob): JobChange {
  const changed = <Value>(from: Value, to: Value) => (from === to ? undefined : { from, to });
  const route = changed(before.route, after.route);
  const priority = changed(before.priority, after.priority);
  const reason = changed(before.reason, after.reason);
  return {
    key: jobKey(after),
    before,
    after,
    ...(route && { route }),
    familiesAdded: after.model_families.filter((family) => !before.model_families.includes(family)),
    familiesRemoved: before.model_families.filter((family) => !after.model_families.includes(family)),
    parameters: parameterChanges(before, after),
    ...(priority && { priority }),
    ...(reason && { reason }),
  };
}

function parameterChanges(before: PlanJob, after: PlanJob): ParameterChange[] {
  return familyIds.flatMap((family) => {
    const [from, to] = [before.parameters?.[family] ?? {}, after.parameters?.[family] ?? {}];
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return names
      .filter((parameter) => from[parameter] !== to[parameter])
      .map((parameter) => ({ family, parameter, from: from[parameter], to: to[parameter] }));
  });
}

const isChange = ({ route, familiesAdded, familiesRemoved, parameters, priority, reason }: JobChange): boolean =>
  [route, priority, reason].some((change) => change !== undefined) ||
  [familiesAdded, familiesRemoved, parameters].some(({ length }) => length > 0);
