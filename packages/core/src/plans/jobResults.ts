import type { FamilyId } from '../families/family.ts';
import type { TrainingState } from '../runs/lifecycle.ts';
import type { Metrics, Outcome, TrainingSpec } from '../runs/training.ts';
import type { PlanLeftOut } from './leftOut.ts';
import type { PlanJob } from './masterPlan.ts';

/** What is to be known of a training here: of a view of a run, of its record. */
export interface JobTraining {
  readonly spec: TrainingSpec;
  readonly state: TrainingState;
  readonly outcome: Outcome | null;
}

/** A training and what it is judged by. */
export interface JudgedTraining {
  readonly training: string;
  readonly family: FamilyId;
  readonly metrics: Metrics;
}

/** What became of a job. */
export interface JobResult {
  readonly job: PlanJob;
  /** `waiting`: the run is not planned yet. All but `planned`: nothing of it is trained, see PlanLeftOut. */
  readonly state: PlanLeftOut['kind'] | 'planned' | 'waiting';
  /** Why it is not trained; null where it is. */
  readonly reason: string | null;
  readonly experimental: boolean;
  /** Families of it that are not trained. */
  readonly leftOut: readonly PlanLeftOut[];
  /** Ids, in running order. */
  readonly trainings: readonly string[];
  readonly completed: number;
  /** Ended in any other way. */
  readonly failed: number;
  /** Families that ended in it and never well: failed, timed out or killed, each time. */
  readonly lostFamilies: readonly FamilyId[];
  /** By IC on the job's target, of its pooled trainings, or of those of its symbol where it has no pooled ones. */
  readonly best: JudgedTraining | null;
}

/** All symbols together against one alone, on the same symbol: what a ROUTE_BOTH is asked for. */
export interface RouteComparison {
  readonly target: string;
  readonly symbol: string;
  /** The best pooled training, judged on this symbol's test rows alone. */
  readonly pooled: JudgedTraining | null;
  /** The best training of the symbol's own. */
  readonly own: JudgedTraining | null;
}

/** What became of each job, in the order of the plan. Pure; while a run goes on, of what has ended. */
export function jobResults(
  jobs: readonly PlanJob[],
  trainings: readonly JobTraining[],
  leftOut: readonly PlanLeftOut[],
): JobResult[] {
  return jobs.map((job) => {
    const own = trainings.filter(({ spec }) => spec.plan?.jobs.includes(job.job_id));
    const missing = leftOut.filter((one) => one.job === job.job_id);
    const blocked = job.route === 'ROUTE_BLOCKED';
    const wholly = missing.find(({ family }) => family === undefined) ?? missing[0];
    const pooled = own.filter(({ spec }) => spec.scope.kind === 'crossSectional');
    return {
      job,
      state: blocked ? 'blocked' : own.length > 0 ? 'planned' : (wholly?.kind ?? 'waiting'),
      reason: own.length > 0 || (!blocked && !wholly) ? null : (wholly?.reason ?? (job.reason || null)),
      experimental: job.route === 'ROUTE_EXPERIMENTAL_ONLY',
      leftOut: missing.filter(({ family }) => family !== undefined),
      trainings: own.map(({ spec }) => spec.id),
      completed: own.filter(({ state }) => state === 'completed').length,
      failed: own.filter(({ outcome }) => outcome !== null && outcome.kind !== 'completed').length,
      lostFamilies: job.model_families.filter((family) => isLost(own.filter(({ spec }) => spec.family === family))),
      best: bestOf(pooled.length > 0 ? pooled : own, (training) => metricsOf(training, job.target)),
    };
  });
}

const isLost = (trainings: readonly JobTraining[]): boolean =>
  trainings.length > 0 &&
  trainings.every(({ state }) => state === 'failed' || state === 'timedOut' || state === 'killed');

/** A row a target and symbol that a ROUTE_BOTH job trains alone, in the order of the plan. Pure. */
export function routeComparisons(jobs: readonly PlanJob[], trainings: readonly JobTraining[]): RouteComparison[] {
  const both = new Set(jobs.filter(({ route }) => route === 'ROUTE_BOTH').map(({ job_id: id }) => id));
  const pairs = new Map<string, { target: string; symbol: string }>();
  for (const { spec } of trainings) {
    const { scope, plan } = spec;
    if (scope.kind !== 'symbol' || !plan?.jobs.some((id) => both.has(id))) continue;
    for (const target of targetsOf(spec))
      pairs.set(JSON.stringify([target, scope.symbol]), { target, symbol: scope.symbol });
  }
  return [...pairs.values()].map(({ target, symbol }) => {
    const ofTarget = trainings.filter(({ spec }) => targetsOf(spec).includes(target));
    const pooled = ofTarget.filter(({ spec }) => spec.scope.kind === 'crossSectional');
    const own = ofTarget.filter(({ spec }) => spec.scope.kind === 'symbol' && spec.scope.symbol === symbol);
    return {
      target,
      symbol,
      pooled: bestOf(pooled, (training) => metricsOnSymbol(training, target, symbol)),
      own: bestOf(own, (training) => metricsOf(training, target)),
    };
  });
}

export interface Verdict {
  readonly side: 'together' | 'alone';
  /** IC of the better less that of the other. */
  readonly difference: number;
  /** Whether they differ by more than twice the error of their difference, as if they were independent. */
  readonly apart: boolean;
}

/** Which of a comparison is better by IC; null while one of them is not known. */
export function verdictOf({ pooled, own }: Pick<RouteComparison, 'pooled' | 'own'>): Verdict | null {
  const [together, alone] = [pooled?.metrics.ic ?? null, own?.metrics.ic ?? null];
  if (together === null || alone === null) return null;
  const difference = Math.abs(together - alone);
  const errors = [pooled, own].map((judged) => judged?.metrics.standardErrors?.ic ?? null);
  const known = errors.filter((error) => error !== null);
  const apart = known.length === 2 && difference > 2 * Math.hypot(...known);
  return { side: together >= alone ? 'together' : 'alone', difference, apart };
}

const targetsOf = ({ target, targets }: TrainingSpec): readonly string[] => targets ?? [target];

const resultOf = ({ outcome }: JobTraining) => (outcome?.kind === 'completed' ? outcome.result : null);

function metricsOf(training: JobTraining, target: string): Metrics | null {
  const result = resultOf(training);
  if (result?.byTarget) return result.byTarget.find((judged) => judged.target === target)?.metrics ?? null;
  return result?.metrics ?? null;
}

const metricsOnSymbol = (training: JobTraining, target: string, symbol: string): Metrics | null =>
  resultOf(training)?.bySymbol?.find((judged) => judged.target === target && judged.symbol === symbol)?.metrics ?? null;

/** The highest IC; one that is not defined is the lowest. */
function bestOf(
  trainings: readonly JobTraining[],
  metricsFor: (training: JobTraining) => Metrics | null,
): JudgedTraining | null {
  let best: JudgedTraining | null = null;
  for (const training of trainings) {
    const metrics = metricsFor(training);
    if (metrics === null) continue;
    const { id, family } = training.spec;
    if (best === null || (metrics.ic ?? -2) > (best.metrics.ic ?? -2)) best = { training: id, family, metrics };
  }
  return best;
}
