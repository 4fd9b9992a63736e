import { DomainError } from '@twostage/core/errors';
import type { FamilyId } from '@twostage/core/families/family';
import { adamWDefaults } from '@twostage/engines/graph/adamw';
import type { Shape } from '@twostage/engines/graph/ir';
import type { Network } from '@twostage/engines/graph/network';
import { inferenceProgram, type Loss, trainingProgram, type Weights } from '@twostage/engines/graph/program';
import { type LabelledRows, type TrainInput, trainNetwork } from '@twostage/engines/graph/train';
import { initialWeights } from '@twostage/engines/graph/weights';
import type { FitInput } from '../trainer.ts';
import type { NetworkEngine } from './artifact.ts';
import { chooseEngine } from './engine.ts';
import { learningRateScale, type Schedule } from './schedule.ts';

/** How a network is trained by AdamW. */
export interface NetworkSettings {
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Epochs without a better validation loss before it stops; 0: never early. */
  readonly patience: number;
  /** Largest norm of the whole gradient; 0, or not given: never clipped. */
  readonly clipNorm?: number;
  /** `constant` if not given. */
  readonly schedule?: Schedule;
  /** Steps at the latest; no bound if not given. */
  readonly maxSteps?: number;
}

/** What a network of the TensorFlow group learns. */
export interface NetworkTask extends Pick<TrainInput, 'validationLoss' | 'fed' | 'report'> {
  readonly family: FamilyId;
  readonly network: Network;
  readonly loss: Loss;
  /** Of one row of the target. */
  readonly targetShape: Shape;
  readonly train: LabelledRows;
  readonly validation: LabelledRows;
}

export interface FittedNetwork {
  /** What trained it, and what it is to be saved for. */
  readonly engine: NetworkEngine;
  readonly weights: Weights;
}

/**
 * Trains one network on native TensorFlow, or on ONNX Runtime where it is missing, and gives the weights of the epoch with the
 * best validation loss.
 * @throws DomainError TOO_FEW_BARS without a training row
 */
export async function fitNetwork(
  { seed, threads, device, note }: FitInput,
  settings: NetworkSettings,
  { family, network, loss, targetShape, train, fed, ...judged }: NetworkTask,
): Promise<FittedNetwork> {
  requireTrainingRows(family, train.rows);
  const options = { threads, device, note };
  const { engine, createRuntime } = await chooseEngine(options);
  const optimizer = { ...adamWDefaults, learningRate: settings.learningRate, weightDecay: settings.weightDecay };
  const training = trainingProgram(network, Math.min(settings.batchSize, train.rows), {
    loss,
    targetShape,
    optimizer,
    clipNorm: settings.clipNorm ?? 0,
  });
  const inference = inferenceProgram(network, settings.batchSize);
  const runtime = await createRuntime({ training, inference, weights: initialWeights(training.spec, seed), options });
  try {
    await trainNetwork({
      ...judged,
      runtime,
      training,
      inference,
      train,
      optimizer,
      learningRateScale: (step, totalSteps) => learningRateScale(settings.schedule ?? 'constant', step, totalSteps),
      epochs: settings.epochs,
      patience: settings.patience,
      seed,
      ...(settings.maxSteps === undefined ? {} : { maxSteps: settings.maxSteps }),
      ...(fed ? { fed } : {}),
    });
    return { engine, weights: await runtime.weights() };
  } finally {
    await runtime.close();
  }
}

/** @throws DomainError TOO_FEW_BARS */
export function requireTrainingRows(family: FamilyId, rows: number): void {
  if (rows === 0) throw new DomainError('TOO_FEW_BARS', `${family} needs at least 1 training row, got 0`);
}
