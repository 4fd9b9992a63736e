import type { FamilyId, StageId } from '../families/family.ts';
import type { TrainingSpec } from '../runs/training.ts';
import { type Figures, measured } from './measuredFamilies.ts';

/** A training that ended, and what it took. */
export interface PastTraining {
  readonly family: FamilyId;
  /** Rows (bars of a symbol) of its scope in the dataset. */
  readonly rows: number;
  readonly features: number;
  readonly seconds: number;
  readonly peakRssBytes: number | null;
  /** Targets that it learnt: 1, but where a family learns several together. */
  readonly targetsTogether: number;
  /** Absent: the usual 3. */
  readonly folds?: number;
}

export interface EstimateInput {
  readonly trainings: readonly Pick<TrainingSpec, 'family' | 'stage' | 'targets' | 'scope'>[];
  readonly data: {
    /** Of all symbols of the run. */
    readonly rows: number;
    readonly symbols: number;
    readonly features: number;
    readonly folds: number;
  };
  readonly past: readonly PastTraining[];
  readonly cores: number;
  /** Whether trainings of stage cpu run beside each other. */
  readonly packing: boolean;
}

export interface StageEstimate {
  readonly trainings: number;
  /** Wall time. */
  readonly seconds: number;
  /** Of all its processes that may run at a time. */
  readonly peakRssBytes: number;
}

export interface PlanEstimate {
  readonly trainings: number;
  /** Wall time: one stage after the other. */
  readonly seconds: number;
  readonly peakRssBytes: number;
  readonly stages: Readonly<Record<StageId, StageEstimate>>;
  /** Families that never ran here: theirs are figures of another machine. */
  readonly unmeasured: readonly FamilyId[];
}

/** A process starts and loads its engine and its rows. */
const startSeconds = 1.5;
/** Earlier trainings that say the most: those whose work was most alike. */
const nearest = 5;

/**
 * How long a plan's trainings may take, and how much memory: by earlier trainings of each family whose work was most alike, else by figures
 * that were measured once. Time and memory beyond what a process takes anyway grow with rows, features and folds; of less they shrink
 * more slowly, since part of a fit stays. Pure.
 */
export function estimatePlan({ trainings, data, past, cores, packing }: EstimateInput): PlanEstimate {
  const byFamily = new Map<FamilyId, PastTraining[]>();
  for (const one of past) byFamily.set(one.family, [...(byFamily.get(one.family) ?? []), one]);
  const estimated = trainings.map((training) => ({
    stage: training.stage,
    ...estimateTraining(training, data, byFamily.get(training.family) ?? []),
  }));
  const ofStage = (stage: StageId, slots: number): StageEstimate => {
    const own = estimated.filter((training) => training.stage === stage);
    const largest = own.map(({ peakRssBytes }) => peakRssBytes).sort((a, b) => b - a);
    return {
      trainings: own.length,
      seconds: makespan(
        own.map(({ seconds }) => seconds),
        slots,
      ),
      peakRssBytes: largest.slice(0, slots).reduce((sum, bytes) => sum + bytes, 0),
    };
  };
  const stages = { cpu: ofStage('cpu', packing ? Math.max(1, cores) : 1), gpu: ofStage('gpu', 1) };
  const unmeasured = new Set(trainings.map(({ family }) => family).filter((family) => !byFamily.has(family)));
  return {
    trainings: trainings.length,
    seconds: stages.cpu.seconds + stages.gpu.seconds,
    peakRssBytes: Math.max(stages.cpu.peakRssBytes, stages.gpu.peakRssBytes),
    stages,
    unmeasured: [...unmeasured],
  };
}

function estimateTraining(
  { family, targets, scope }: EstimateInput['trainings'][number],
  data: EstimateInput['data'],
  past: readonly PastTraining[],
): { seconds: number; peakRssBytes: number } {
  const rows = scope.kind === 'symbol' ? data.rows / Math.max(1, data.symbols) : data.rows;
  const work = {
    rows: Math.max(1, rows),
    features: Math.max(1, data.features),
    folds: Math.max(1, data.folds),
    targets: targets?.length ?? 1,
  };
  const known = past.length > 0 ? past : [measured[family]];
  const alike = known
    .map((one) => ({ one, apart: Math.abs(Math.log(shareOf(work, pastWork(one)))) }))
    .sort((a, b) => a.apart - b.apart)
    .slice(0, nearest)
    .map(({ one }) => one);
  const { baseBytes } = measured[family];
  const bytes = alike.flatMap(({ peakRssBytes, ...one }) => {
    if (peakRssBytes === null) return [];
    const share = (work.rows * work.features) / (one.rows * one.features);
    return [baseBytes + Math.max(0, peakRssBytes - baseBytes) * damped(share, 0.5)];
  });
  return {
    seconds: median(
      alike.map((one) => {
        const share = shareOf(work, pastWork(one));
        return startSeconds + Math.max(0, one.seconds - startSeconds) * share;
      }),
    ),
    peakRssBytes: bytes.length > 0 ? median(bytes) : baseBytes,
  };
}

interface Work {
  readonly rows: number;
  readonly features: number;
  readonly folds: number;
  readonly targets: number;
}

/** Time of some work as a share of that of another. Targets that are learnt together share most of a network. */
const shareOf = (work: Work, other: Work): number =>
  damped(work.rows / other.rows, 0.75) *
  damped(work.features / other.features, 0.5) *
  (work.folds / other.folds) *
  (work.targets / other.targets) ** 0.5;

/** By trials: on a thirtieth of the rows a fit takes a thirteenth of the time, with a quarter of the features half. */
const damped = (share: number, exponent: number): number => (share < 1 ? share ** exponent : share);

const pastWork = ({ rows, features, folds, targetsTogether }: PastTraining | Figures): Work => ({
  rows: Math.max(1, rows),
  features: Math.max(1, features),
  folds: Math.max(1, folds ?? 3),
  targets: targetsTogether,
});

/** Seconds until the last ends, the longest first, each on the first of so many slots that is free. */
function makespan(seconds: readonly number[], slots: number): number {
  const free = new Float64Array(Math.max(1, Math.min(slots, seconds.length)));
  for (const each of [...seconds].sort((a, b) => b - a)) {
    const at = free.indexOf(Math.min(...free));
    free[at]! += each;
  }
  return Math.max(...free);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
