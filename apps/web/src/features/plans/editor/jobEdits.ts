import { type FamilyId, familyIds } from '@twostage/core/families/family';
import { type PlanJob, planJobSchema, type Route } from '@twostage/core/plans/masterPlan';
import { type Cell, cellKey, cellOfJob } from './cells.ts';

/** A change to a plan's jobs. Pure; what it does not touch is the same object afterwards. */
export type JobEdit = (jobs: readonly PlanJob[]) => readonly PlanJob[];

type Change = (job: PlanJob) => PlanJob;

/** Applies a change to the jobs of these cells; a job that a person changed says so, since its evidence no longer speaks for all of it. */
const changing =
  (cells: ReadonlySet<string>, change: Change): JobEdit =>
  (jobs) => {
    let touched = false;
    const next = jobs.map((job) => {
      if (!cells.has(cellKey(cellOfJob(job)))) return job;
      const changed = change(job);
      if (changed === job) return job;
      touched = true;
      return { ...changed, metadata: { ...changed.metadata, edited_by_hand: true } };
    });
    return touched ? next : jobs;
  };

/** Types that a route does not allow go back to what the job's symbol says. */
export const setRoute = (cells: ReadonlySet<string>, route: Route): JobEdit =>
  changing(cells, (job) => {
    if (job.route === route) return job;
    const { training_type: type, ...rest } = job;
    const keeps = type !== undefined && !(route === 'ROUTE_SYMBOL_SPECIFIC' && type === 'cross_sectional');
    return { ...rest, ...(keeps && { training_type: type }), route };
  });

export const setFamily = (cells: ReadonlySet<string>, family: FamilyId, on: boolean): JobEdit =>
  changing(cells, (job) => {
    if (job.model_families.includes(family) === on) return job;
    return on
      ? { ...job, model_families: ordered([...job.model_families, family]) }
      : { ...job, model_families: job.model_families.filter((id) => id !== family) };
  });

export const setFamilies = (cells: ReadonlySet<string>, families: readonly FamilyId[]): JobEdit =>
  changing(cells, (job) => ({ ...job, model_families: ordered(families) }));

export const setPriority = (cells: ReadonlySet<string>, priority: number): JobEdit =>
  changing(cells, (job) => (job.priority === priority ? job : { ...job, priority }));

export const setReason = (cells: ReadonlySet<string>, reason: string): JobEdit =>
  changing(cells, (job) => (job.reason === reason ? job : { ...job, reason }));

/** @param value undefined: as the run has it */
export const setParameter = (
  cells: ReadonlySet<string>,
  family: FamilyId,
  name: string,
  value: number | boolean | string | undefined,
): JobEdit =>
  changing(cells, (job) => {
    const { [name]: before, ...others } = job.parameters?.[family] ?? {};
    if (before === value) return job;
    const own = value === undefined ? others : { ...others, [name]: value };
    const { [family]: _, ...rest } = job.parameters ?? {};
    const parameters = Object.keys(own).length > 0 ? { ...rest, [family]: own } : rest;
    const { parameters: __, ...bare } = job;
    return Object.keys(parameters).length > 0 ? { ...bare, parameters } : bare;
  });

/** A job for each of these cells that has none. */
export const addJobs =
  (cells: readonly Cell[], families: readonly FamilyId[]): JobEdit =>
  (jobs) => {
    const taken = new Set(jobs.map((job) => cellKey(cellOfJob(job))));
    const ids = new Set(jobs.map(({ job_id: id }) => id));
    const added = cells
      .filter((cell) => !taken.has(cellKey(cell)))
      .map(({ target, symbol }) => {
        const id = freeId(ids, `${target}.${symbol ?? 'all'}`);
        ids.add(id);
        return planJobSchema.parse({
          ...{ job_id: id, target, symbol, model_families: ordered(families), reason: '' },
          route: symbol === null ? 'ROUTE_CROSS_SECTIONAL' : 'ROUTE_SYMBOL_SPECIFIC',
          metadata: { edited_by_hand: true },
        });
      });
    return added.length > 0 ? [...jobs, ...added] : jobs;
  };

export const removeJobs =
  (cells: ReadonlySet<string>): JobEdit =>
  (jobs) => {
    const kept = jobs.filter((job) => !cells.has(cellKey(cellOfJob(job))));
    return kept.length < jobs.length ? kept : jobs;
  };

/** What these cells' jobs decide, decided for other targets too; what those had is replaced. */
export const copyToTargets =
  (cells: ReadonlySet<string>, targets: readonly string[]): JobEdit =>
  (jobs) => {
    const sources = jobs.filter((job) => cells.has(cellKey(cellOfJob(job))));
    return targets.reduce<readonly PlanJob[]>((all, target) => {
      const own = sources.filter((job) => job.target !== target);
      const replaced = new Set(own.map(({ symbol }) => cellKey({ target, symbol })));
      const kept = all.filter((job) => !replaced.has(cellKey(cellOfJob(job))));
      const ids = new Set(kept.map(({ job_id: id }) => id));
      const copies = own.map((job) => {
        const id = freeId(ids, `${target}.${job.symbol ?? 'all'}`);
        ids.add(id);
        // Evidence is of the target that it was measured on.
        return { ...job, job_id: id, target, metadata: { copied_from: job.job_id, edited_by_hand: true } };
      });
      return copies.length > 0 ? [...kept, ...copies] : all;
    }, jobs);
  };

function freeId(taken: ReadonlySet<string>, wanted: string): string {
  let id = wanted;
  for (let n = 2; taken.has(id); n++) id = `${wanted}.${n}`;
  return id;
}

const ordered = (families: readonly FamilyId[]): FamilyId[] => familyIds.filter((id) => families.includes(id));
