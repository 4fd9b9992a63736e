import { DomainError } from '../errors.ts';
import type { FamilyDefinition } from '../families/family.ts';
import type { FamilyParameters } from '../runs/config.ts';
import { type PlannedTraining, type Scope, type TrainingSpec, trainingId } from '../runs/training.ts';
import { jobName } from './jobPlaces.ts';
import type { PlanLeftOut } from './leftOut.ts';
import type { PlanJob } from './masterPlan.ts';

/** That a job wants one model of a family, of its target. */
export interface Wish {
  readonly job: PlanJob;
  /** Of the job in its plan. */
  readonly at: number;
  readonly family: FamilyDefinition;
  readonly scope: Scope;
}

/** The wishes for one model: one, but where several jobs want the same. */
type Model = readonly [Wish, ...Wish[]];

/** A training, and the place in the plan of the first job that wants it. */
export interface PlacedTraining {
  readonly spec: TrainingSpec;
  readonly at: number;
}

/**
 * One training a model, or one for all targets of a family that learns them together. An experimental job's target is not learnt
 * together with others, whose models would otherwise depend on it.
 * @param targets in the order in which a training that learns several lists them
 * @throws DomainError INVALID_INPUT where jobs set the parameters of one training differently
 */
export function trainingsOf(
  wishes: readonly Wish[],
  targets: readonly string[],
): { trainings: PlacedTraining[]; leftOut: PlanLeftOut[] } {
  const models: Model[] = [
    ...groupsOf(wishes, ({ family, job, scope }) => trainingId(family.id, job.target, scope)).values(),
  ];
  const trainings: PlacedTraining[] = [];
  const leftOut: PlanLeftOut[] = [];
  for (const model of models.filter(([{ family }]) => family.targets === 'each')) trainings.push(training([model]));
  const together = models.filter(([{ family }]) => family.targets === 'together');
  for (const group of groupsOf(together, togetherKey).values()) {
    const { family } = group[0][0];
    if (group.length >= family.minimum.targets) {
      const places = new Map(targets.map((target, place) => [target, place]));
      const placeOf = ([{ job }]: Model) => places.get(job.target)!;
      trainings.push(training([...group].sort((a, b) => placeOf(a) - placeOf(b))));
      continue;
    }
    const reason = `${family.id} needs at least ${family.minimum.targets} targets to learn together; ${whose(group)}`;
    for (const { job } of group.flat()) leftOut.push({ job: job.job_id, family: family.id, kind: 'removed', reason });
  }
  return { trainings: judgedBeside(trainings), leftOut };
}

const frameworkOrder = { cpu: 0, tensorflow: 1, torch: 2 } as const;

/** Stages, and in stage gpu its groups, in their order; in each higher priorities first, then the order of the plan. */
export function orderTrainings(
  trainings: readonly PlacedTraining[],
  families: readonly FamilyDefinition[],
): TrainingSpec[] {
  const groupOf = new Map(families.map(({ id, framework }) => [id, frameworkOrder[framework]]));
  const placeOf = new Map(families.map(({ id }, place) => [id, place]));
  const pooledFirst = ({ scope }: TrainingSpec) => (scope.kind === 'crossSectional' ? 0 : 1);
  return [...trainings]
    .sort(
      ({ spec: a, at: atA }, { spec: b, at: atB }) =>
        groupOf.get(a.family)! - groupOf.get(b.family)! ||
        b.plan!.priority - a.plan!.priority ||
        atA - atB ||
        pooledFirst(a) - pooledFirst(b) ||
        placeOf.get(a.family)! - placeOf.get(b.family)!,
    )
    .map(({ spec }) => spec);
}

const isExperimental = (model: Model): boolean => model.every(({ job }) => job.route === 'ROUTE_EXPERIMENTAL_ONLY');

const togetherKey = (model: Model): string =>
  JSON.stringify([model[0].family.id, model[0].scope, isExperimental(model)]);

function whose(group: readonly Model[]): string {
  const named = group.map(([{ job }]) => job.target).join(', ');
  const experimental = isExperimental(group[0]!) ? ' in experimental jobs' : '';
  const [{ scope }] = group[0]!;
  return `${scope.kind === 'symbol' ? `of ${scope.symbol} ` : ''}the plan names it for ${named} alone${experimental}`;
}

/** @param models a target each */
function training(models: readonly Model[]): PlacedTraining {
  const wishes = models.flat();
  const { family, scope } = wishes[0]!;
  const targets = models.map(([{ job }]) => job.target);
  const jobs = [...new Set(wishes.map(({ job }) => job.job_id))];
  const parameters = commonParameters(wishes);
  const plan: PlannedTraining = {
    jobs,
    priority: Math.max(...wishes.map(({ job }) => job.priority)),
    experimental: models.every(isExperimental),
    ...(Object.keys(parameters).length > 0 && { parameters }),
  };
  const spec: TrainingSpec = {
    id: trainingId(family.id, targets, scope),
    family: family.id,
    target: targets[0]!,
    ...(targets.length > 1 && { targets }),
    scope,
    stage: family.stage,
    plan,
  };
  return { spec, at: Math.min(...wishes.map(({ at }) => at)) };
}

/** Of the jobs that set any: one that sets none goes along. @throws DomainError INVALID_INPUT where two set them differently */
function commonParameters(wishes: readonly Wish[]): FamilyParameters {
  const { family } = wishes[0]!;
  const set = ({ parameters }: PlanJob): FamilyParameters => parameters?.[family.id] ?? {};
  const text = (job: PlanJob) => JSON.stringify(Object.entries(set(job)).sort(([a], [b]) => (a < b ? -1 : 1)));
  const setting = wishes.filter(({ job }) => Object.keys(set(job)).length > 0);
  const first = setting[0]?.job;
  if (!first) return {};
  const other = setting.find(({ job }) => text(job) !== text(first));
  if (!other) return set(first);
  const path = `jobs.${other.at}.parameters.${family.id}`;
  throw new DomainError(
    'INVALID_INPUT',
    `${path}: ${jobName(first)} and ${jobName(other.job)} have one training of ${family.id}, and set its parameters differently`,
    { field: `plan.${path}` },
  );
}

/** Pooled models are judged on each symbol that has a model of its own of the same target, whatever its family. */
function judgedBeside(trainings: readonly PlacedTraining[]): PlacedTraining[] {
  const alone = new Map<string, Set<string>>();
  for (const { spec } of trainings) {
    if (spec.scope.kind !== 'symbol') continue;
    for (const target of targetsOf(spec)) alone.set(target, (alone.get(target) ?? new Set()).add(spec.scope.symbol));
  }
  return trainings.map(({ spec, at }) => {
    const symbols = new Set(targetsOf(spec).flatMap((target) => [...(alone.get(target) ?? [])]));
    if (spec.scope.kind === 'symbol' || symbols.size === 0) return { spec, at };
    return { spec: { ...spec, plan: { ...spec.plan!, alsoJudgedOn: [...symbols].sort() } }, at };
  });
}

const targetsOf = ({ target, targets }: TrainingSpec): readonly string[] => targets ?? [target];

function groupsOf<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, [Value, ...Value[]]> {
  const groups = new Map<string, [Value, ...Value[]]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group) group.push(value);
    else groups.set(key, [value]);
  }
  return groups;
}
