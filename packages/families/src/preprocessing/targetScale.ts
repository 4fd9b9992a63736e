import { DomainError } from '@twostage/core/errors';
import type { RowIndices } from '@twostage/core/panel/panel';
import type { FitInput } from '../trainer.ts';

/** Centre and spread of the label over the training rows, in the label's unit. */
export interface TargetScale {
  readonly mean: number;
  /** > 0 */
  readonly deviation: number;
}

/**
 * Learns from `rows` alone.
 * @param target finite on every one of `rows`
 * @throws DomainError INVALID_INPUT if a label of `rows` is not finite
 */
export function fitTargetScale(target: Float64Array, rows: RowIndices): TargetScale {
  let sum = 0;
  for (const row of rows) sum += target[row]!;
  const mean = rows.length > 0 ? sum / rows.length : 0;
  let squares = 0;
  for (const row of rows) squares += (target[row]! - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, rows.length));
  if (!Number.isFinite(deviation)) {
    throw new DomainError('INVALID_INPUT', 'every training row needs a finite label, got one that is not');
  }
  return { mean, deviation: deviation > 0 ? deviation : 1 };
}

/**
 * Whether probabilities can be learnt: the target is a direction, and the training rows hold both of its values.
 * @param scale of the training rows
 */
export const learnsProbabilities = ({ targets }: Pick<FitInput, 'targets'>, { mean }: TargetScale): boolean =>
  targets[0]?.direction === true && mean > 0 && mean < 1;

/** @returns [rows], unitless */
export function scaleTarget(target: Float64Array, rows: RowIndices, { mean, deviation }: TargetScale): Float32Array {
  return Float32Array.from(rows, (row) => (target[row]! - mean) / deviation);
}

/** A network's output back in the label's unit. */
export function unscaleTarget(output: number, { mean, deviation }: TargetScale): number {
  return output * deviation + mean;
}

/**
 * Passes a squared error of the standardised target on in the label's own unit squared, so that the losses of every family that
 * minimises it can be read against each other.
 */
export function reportInLabelUnit(report: FitInput['report'], { deviation }: TargetScale): FitInput['report'] {
  const unscale = (loss: number | null) => (loss === null ? null : loss * deviation ** 2);
  return (progress) =>
    report({
      ...progress,
      trainLoss: unscale(progress.trainLoss),
      validationLoss: unscale(progress.validationLoss),
      bestValidationLoss: unscale(progress.bestValidationLoss),
    });
}
