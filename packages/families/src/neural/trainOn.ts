import { adamWDefaults } from '@twostage/engines/graph/adamw';
import type { Shape } from '@twostage/engines/graph/ir';
import type { Network } from '@twostage/engines/graph/network';
import { inferenceProgram, type Loss, trainingProgram, type Weights } from '@twostage/engines/graph/program';
import type { RuntimeFactory } from '@twostage/engines/graph/runtime';
import { type LabelledRows, type TrainInput, trainNetwork } from '@twostage/engines/graph/train';
import { initialWeights } from '@twostage/engines/graph/weights';
import type { FitInput } from '../trainer.ts';
import { learningRateScale } from './schedule.ts';
import type { TrainingSettings } from './trainingParameters.ts';

/** What a network learns. */
export interface NetworkTask extends Pick<TrainInput, 'validationLoss' | 'fed' | 'report'> {
  readonly network: Network;
  readonly loss: Loss;
  /** Of one row of the target. */
  readonly targetShape: Shape;
  readonly train: LabelledRows;
  readonly validation: LabelledRows;
}

/** Trains one network on a runtime that it makes and closes, and gives the weights of the epoch with the best validation loss. */
export async function trainOn(
  createRuntime: RuntimeFactory,
  { seed, threads, device, note }: Pick<FitInput, 'seed' | 'threads' | 'device' | 'note'>,
  settings: TrainingSettings,
  { network, loss, targetShape, ...task }: NetworkTask,
): Promise<Weights> {
  const { learningRate, weightDecay, clipNorm, batchSize, schedule, epochs, maxSteps, patience } = settings;
  const optimizer = { ...adamWDefaults, learningRate, weightDecay };
  const step = { loss, targetShape, optimizer, clipNorm };
  const training = trainingProgram(network, Math.min(batchSize, task.train.rows), step);
  const inference = inferenceProgram(network, batchSize);
  const weights = initialWeights(training.spec, seed);
  const runtime = await createRuntime({ training, inference, weights, options: { threads, device, note } });
  try {
    await trainNetwork({
      ...task,
      ...{ runtime, training, inference, optimizer, epochs, maxSteps, patience, seed },
      learningRateScale: (step, totalSteps) => learningRateScale(schedule, step, totalSteps),
    });
    return await runtime.weights();
  } finally {
    await runtime.close();
  }
}
