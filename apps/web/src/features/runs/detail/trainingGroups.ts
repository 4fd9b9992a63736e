import type { Framework, StageId } from '@twostage/core/families/family';
import { trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { TrainingView } from '@twostage/core/runs/view';
import { catalogue } from '@twostage/families/catalogue';
import { bestValidationLoss, doneFraction, icSoFar, trainingTitle } from '@twostage/figures/run/trainingFigures';

/** Trainings that share a library's process rules: within stage gpu, TensorFlow runs before Torch. */
export interface TrainingGroup {
  readonly framework: Framework;
  readonly trainings: readonly TrainingView[];
}

/** In running order; groups without a training are left out. */
export function groupsOf(trainings: readonly TrainingView[], stage: StageId): TrainingGroup[] {
  const order: Framework[] = stage === 'cpu' ? ['cpu'] : ['tensorflow', 'torch'];
  return order
    .map((framework) => ({
      framework,
      trainings: trainings.filter(({ spec }) => spec.stage === stage && catalogue[spec.family].framework === framework),
    }))
    .filter((group) => group.trainings.length > 0);
}

/** How far a group is: what ended counts whole. */
export function groupProgress(trainings: readonly TrainingView[]): {
  ended: number;
  running: number;
  fraction: number;
} {
  let ended = 0;
  let running = 0;
  let done = 0;
  for (const training of trainings) {
    if (trainingHasEnded(training.state)) {
      ended += 1;
      done += 1;
    } else {
      if (training.state === 'running') running += 1;
      done += doneFraction(training);
    }
  }
  return { ended, running, fraction: trainings.length > 0 ? done / trainings.length : 0 };
}

export const rowSortKeys = ['plan', 'title', 'state', 'progress', 'valLoss', 'ic', 'time', 'memory'] as const;
export type RowSortKey = (typeof rowSortKeys)[number];

const stateOrder = ['running', 'pending', 'failed', 'killed', 'timedOut', 'cancelled', 'skipped', 'completed'];

const sortValues: Record<Exclude<RowSortKey, 'plan' | 'title'>, (training: TrainingView) => number | null> = {
  state: ({ state }) => stateOrder.indexOf(state),
  progress: doneFraction,
  valLoss: bestValidationLoss,
  ic: icSoFar,
  time: ({ seconds, startedAt }) =>
    seconds !== null ? seconds * 1000 : startedAt === null ? null : Date.now() - startedAt,
  memory: ({ peakRssBytes, progress }) => peakRssBytes ?? progress?.rssBytes ?? null,
};

/** Those that have no such figure come last, whichever way. */
export function sortTrainings(
  trainings: readonly TrainingView[],
  by: RowSortKey,
  direction: 'asc' | 'desc',
): readonly TrainingView[] {
  if (by === 'plan') return trainings;
  const sign = direction === 'asc' ? 1 : -1;
  if (by === 'title') {
    return [...trainings].sort((a, b) => sign * trainingTitle(a.spec).localeCompare(trainingTitle(b.spec)));
  }
  const valued = trainings.map((training) => ({ training, value: sortValues[by](training) }));
  return valued
    .sort(({ value: a }, { value: b }) =>
      a === null || b === null ? Number(a === null) - Number(b === null) : sign * (a - b),
    )
    .map(({ training }) => training);
}
