import { DomainError } from '@twostage/core/errors';
import type { FamilyId } from '@twostage/core/families/family';
import type { Weights } from '@twostage/engines/graph/program';
import type { FitInput } from '../trainer.ts';
import type { NetworkEngine } from './artifact.ts';
import { chooseEngine } from './engine.ts';
import type { TrainingSettings } from './trainingParameters.ts';
import { type NetworkTask, trainOn } from './trainOn.ts';

export interface FittedNetwork {
  /** What trained it, and what it is to be saved for. */
  readonly engine: NetworkEngine;
  readonly weights: Weights;
}

/**
 * Trains one network of the TensorFlow group on native TensorFlow, or on ONNX Runtime where it is missing.
 * @throws DomainError TOO_FEW_BARS without a training row
 */
export async function fitNetwork(
  input: FitInput,
  settings: TrainingSettings,
  { family, ...task }: NetworkTask & { readonly family: FamilyId },
): Promise<FittedNetwork> {
  requireTrainingRows(family, task.train.rows);
  const { engine, createRuntime } = await chooseEngine(input);
  return { engine, weights: await trainOn(createRuntime, input, settings, task) };
}

/** @throws DomainError TOO_FEW_BARS */
export function requireTrainingRows(family: FamilyId, rows: number): void {
  if (rows === 0) throw new DomainError('TOO_FEW_BARS', `${family} needs at least 1 training row, got 0`);
}
