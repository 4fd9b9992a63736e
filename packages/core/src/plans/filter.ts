import { DomainError } from '../errors.ts';
import type { FamilyDefinition, FamilyId } from '../families/family.ts';
import type { ModelTypes } from '../runs/config.ts';
import type { Scope, TrainingSpec } from '../runs/training.ts';
import { chooseFamilies } from '../stages/planStages.ts';
import { trainsOn } from '../stages/suitability.ts';
import { jobName, jobPlaces } from './jobPlaces.ts';
import type { PlanLeftOut } from './leftOut.ts';
import type { PlanJob } from './masterPlan.ts';
import { orderTrainings, type Wish, trainingsOf } from './plannedTrainings.ts';

/** What a run asks for, beside its plan. */
export interface PlanRequest {
  readonly jobs: readonly PlanJob[];
  readonly catalogue: readonly FamilyDefinition[];
  readonly modelTypes: ModelTypes;
  /** Empty: every family of `modelTypes`. */
  readonly families: readonly FamilyId[];
  /** Empty: those of the plan. */
  readonly targets: readonly string[];
  /** Those of the run, in the order of the data. */
  readonly symbols: readonly string[];
  /** Those of the data: what the run leaves out is removed, what is in neither is a fault of the plan. */
  readonly knownSymbols: readonly string[];
}

export interface Narrowed {
  readonly from: number;
  readonly to: number;
}

export interface FilteredPlan {
  /** In running order: every one of stage cpu before any of stage gpu. */
  readonly trainings: readonly TrainingSpec[];
  /** That are learnt, in the run's order; else in the plan's. */
  readonly targets: readonly string[];
  /** In the order of the plan. */
  readonly leftOut: readonly PlanLeftOut[];
  /** What the run asked for by name and no job of the plan trains. */
  readonly notPlanned: { readonly targets: readonly string[]; readonly families: readonly FamilyId[] };
  readonly counts: Readonly<Record<'jobs' | 'targets' | 'symbols' | 'families', Narrowed>>;
}

/**
 * What a run trains of its plan: the jobs, narrowed by the families, targets and symbols that the run asks for, as trainings in
 * order; and all that is left out, each with its reason. Pure.
 * Within a stage the TensorFlow group runs before the Torch group; in a group higher priorities go first, of equal ones the order of the
 * plan holds.
 * @throws DomainError UNKNOWN_SYMBOL, INVALID_INPUT (jobs that contradict each other) naming job and path
 */
export function filterPlan(request: PlanRequest): FilteredPlan {
  const { jobs, catalogue, modelTypes, symbols } = request;
  const asked = request.targets.length > 0 ? distinct(request.targets) : distinct(jobs.map(({ target }) => target));
  const chosen = chooseFamilies(catalogue, modelTypes, request.families);
  const judged = jobs.map((job, at) => judgeJob(job, at, { ...request, targets: asked, chosen }));
  const { trainings, leftOut } = trainingsOf(
    judged.flatMap(({ wishes }) => wishes),
    asked,
  );
  const ordered = orderTrainings(trainings, chosen);
  const trained = new Set(ordered.flatMap(({ plan }) => plan!.jobs));
  const targets = asked.filter((target) => ordered.some((spec) => (spec.targets ?? [spec.target]).includes(target)));
  const families = chosen.filter(({ id }) => ordered.some(({ family }) => family === id)).map(({ id }) => id);
  const pooled = ordered.some(({ scope }) => scope.kind === 'crossSectional');
  const alone = distinct(ordered.flatMap(({ scope }) => (scope.kind === 'symbol' ? [scope.symbol] : [])));
  return {
    trainings: ordered,
    targets,
    leftOut: inPlanOrder([...judged.flatMap((job) => job.leftOut), ...leftOut], jobs),
    notPlanned: {
      targets: request.targets.length > 0 ? asked.filter((target) => !jobs.some((job) => job.target === target)) : [],
      families: request.families.filter((family) => !jobs.some((job) => job.model_families.includes(family))),
    },
    counts: {
      jobs: { from: jobs.length, to: trained.size },
      targets: { from: asked.length, to: targets.length },
      symbols: { from: symbols.length, to: pooled ? symbols.length : alone.length },
      families: { from: chosen.length, to: families.length },
    },
  };
}

interface JudgedJob {
  readonly wishes: readonly Wish[];
  readonly leftOut: readonly PlanLeftOut[];
}

function judgeJob(
  job: PlanJob,
  at: number,
  request: PlanRequest & { readonly chosen: readonly FamilyDefinition[] },
): JudgedJob {
  const { symbols, knownSymbols, chosen } = request;
  const wholly = (kind: PlanLeftOut['kind'], reason: string): JudgedJob => ({
    wishes: [],
    leftOut: [{ job: job.job_id, kind, reason }],
  });
  // What trains nothing may well do so because there are no data of it.
  if (job.route === 'ROUTE_BLOCKED') return wholly('blocked', job.reason || 'the plan blocks it and says no more');
  if (job.model_families.length === 0) return wholly('idle', job.reason || 'it names no family');
  if (job.symbol !== null && !knownSymbols.includes(job.symbol)) throw unknownSymbol(job, at, knownSymbols);
  if (!request.targets.includes(job.target))
    return wholly('removed', `the run asks for ${shown(request.targets)}, not for ${job.target}`);
  if (job.symbol !== null && !symbols.includes(job.symbol))
    return wholly('removed', `the run asks for ${shown(symbols)}, not for ${job.symbol}`);

  const places = jobPlaces(job, symbols);
  const wishes: Wish[] = [];
  const leftOut: PlanLeftOut[] = [];
  for (const id of job.model_families) {
    const drop = (reason: string) => leftOut.push({ job: job.job_id, family: id, kind: 'removed', reason });
    const family = chosen.find((one) => one.id === id);
    if (!family) {
      drop(notChosen(id, request));
      continue;
    }
    const fits = places.filter(({ kind }) => trainsOn(family, kind === 'symbol' ? 1 : symbols.length));
    const least = `${id} needs at least ${family.minimum.symbols} symbols`;
    const alone = places.every(({ kind }) => kind === 'symbol');
    if (fits.length === 0) drop(`${least}, ${alone ? 'a model of one symbol has 1' : `there is ${symbols.length}`}`);
    else if (fits.length < places.length) drop(`${least}: it has no models of one symbol`);
    for (const scope of fits) {
      const blocker = request.jobs.find((other) => blocks(other, { target: job.target, family: id, scope }));
      if (blocker) drop(`${scope.kind === 'symbol' ? `of ${scope.symbol}: ` : ''}${jobName(blocker)} blocks it`);
      else wishes.push({ job, at, family, scope });
    }
  }
  return { wishes, leftOut };
}

/** A job that blocks names the families that it blocks, or none where it blocks them all. */
function blocks(job: PlanJob, { target, family, scope }: { target: string; family: FamilyId; scope: Scope }): boolean {
  if (job.route !== 'ROUTE_BLOCKED' || job.target !== target) return false;
  if (job.symbol !== (scope.kind === 'symbol' ? scope.symbol : null)) return false;
  return job.model_families.length === 0 || job.model_families.includes(family);
}

const notChosen = (id: FamilyId, { families, modelTypes }: PlanRequest): string =>
  families.length > 0 && !families.includes(id)
    ? `the run asks for ${shown(families)}, not for ${id}`
    : `${id} is none of the families of the mode ${modelTypes}`;

function unknownSymbol(job: PlanJob, at: number, known: readonly string[]): DomainError {
  const message = `jobs.${at}.symbol: ${jobName(job)}: the data have no symbol ${job.symbol}; they have ${shown(known)}`;
  return new DomainError('UNKNOWN_SYMBOL', message, { field: `plan.jobs.${at}.symbol` });
}

/** A job's whole absence first, then its families'. */
function inPlanOrder(leftOut: readonly PlanLeftOut[], jobs: readonly PlanJob[]): PlanLeftOut[] {
  const places = new Map(jobs.map(({ job_id: id }, at) => [id, at]));
  return [...leftOut].sort((a, b) => places.get(a.job)! - places.get(b.job)!);
}

const mostShown = 8;
function shown(names: readonly string[]): string {
  if (names.length <= mostShown) return names.join(', ');
  return `${names.slice(0, mostShown).join(', ')} and ${names.length - mostShown} more`;
}

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
