import type { LossPoint } from '@twostage/core/runs/events';
import type { TrainingView } from '@twostage/core/runs/view';
import { trainingTitle } from './trainingFigures.ts';

/** One line of a loss chart. */
export interface LossLine {
  readonly key: string;
  readonly label: string;
  readonly kind: 'train' | 'validation' | 'scalar';
  /** Place in the palette. */
  readonly color: number;
  readonly points: readonly { readonly step: number; readonly loss: number }[];
}

/** Columns as uPlot takes them: the steps of all lines, ascending, and a loss a line; null where a line has none. */
export interface LossTable {
  readonly steps: number[];
  readonly losses: (number | null)[][];
}

const pick = (losses: readonly LossPoint[], fold: number, kind: 'train' | 'validation') => {
  const points: { step: number; loss: number }[] = [];
  for (const point of losses) {
    if (point.fold !== fold) continue;
    const loss = kind === 'train' ? point.trainLoss : point.validationLoss;
    if (loss === null || !Number.isFinite(loss)) continue;
    const last = points.at(-1);
    // A fold that was begun again repeats its steps: the later figure holds.
    if (last && last.step >= point.step) while (points.length > 0 && points.at(-1)!.step >= point.step) points.pop();
    points.push({ step: point.step, loss });
  }
  return points;
};

/** Train and validation of one training in one fold. */
export function trainingLines(training: TrainingView, fold: number, color: number): LossLine[] {
  const { id } = training.spec;
  return [
    { key: `${id}:train`, label: 'Training', kind: 'train', color, points: pick(training.losses, fold, 'train') },
    {
      key: `${id}:validation`,
      label: 'Validation',
      kind: 'validation',
      color,
      points: pick(training.losses, fold, 'validation'),
    },
  ];
}

/**
 * Validation of every training in one fold, one colour each; families that keep no validation loss show training.
 * @param placeOf a training's place in the palette
 */
export function overlayLines(
  trainings: readonly TrainingView[],
  fold: number,
  placeOf: (training: TrainingView, index: number) => number = (_, index) => index,
): LossLine[] {
  return trainings.flatMap((training, index) => {
    const color = placeOf(training, index);
    const validation = pick(training.losses, fold, 'validation');
    const kind = validation.length > 0 ? 'validation' : 'train';
    const points = validation.length > 0 ? validation : pick(training.losses, fold, 'train');
    if (points.length === 0) return [];
    return [{ key: `${training.spec.id}:${kind}`, label: trainingTitle(training.spec), kind, color, points }];
  });
}

/** Each line over its first value, so that targets of other spreads can be laid over each other. */
export function relativeLines(lines: readonly LossLine[]): LossLine[] {
  return lines.map((line) => {
    const first = line.points[0]?.loss;
    if (!first) return { ...line, points: [] };
    return { ...line, points: line.points.map(({ step, loss }) => ({ step, loss: loss / first })) };
  });
}

/**
 * The lines as one table over the steps of all.
 * @param positiveOnly leaves out losses that a logarithmic axis cannot show
 */
export function lossTable(lines: readonly LossLine[], positiveOnly: boolean): LossTable {
  const steps = [...new Set(lines.flatMap((line) => line.points.map((point) => point.step)))].sort((a, b) => a - b);
  const row = new Map(steps.map((step, index) => [step, index]));
  const losses = lines.map((line) => {
    const column = new Array<number | null>(steps.length).fill(null);
    for (const { step, loss } of line.points) {
      if (!positiveOnly || loss > 0) column[row.get(step)!] = loss;
    }
    return column;
  });
  return { steps, losses };
}

/** Folds that have a loss to show, ascending. */
export function foldsWithLosses(trainings: readonly TrainingView[]): number[] {
  const folds = new Set<number>();
  for (const training of trainings) for (const point of training.losses) folds.add(point.fold);
  return [...folds].sort((a, b) => a - b);
}
