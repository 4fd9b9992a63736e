import { z } from 'zod';
import { scheduleSchema, type Schedule } from './schedule.ts';

/** How a network is trained by AdamW. */
export interface TrainingSettings {
  readonly learningRate: number;
  readonly schedule: Schedule;
  readonly weightDecay: number;
  /** Largest norm of the whole gradient; 0: never clipped. */
  readonly clipNorm: number;
  readonly batchSize: number;
  readonly epochs: number;
  /** Steps at the latest. */
  readonly maxSteps: number;
  /** Epochs without a better validation loss before it stops; 0: never early. */
  readonly patience: number;
}

/** What a network is trained with unless the user says otherwise; `clipNorm` is 1 if not given. */
export interface TrainingDefaults extends Omit<TrainingSettings, 'clipNorm'> {
  readonly clipNorm?: number;
  readonly dropout: number;
}

/** The parameters of a training by AdamW, to be spread into a family's own; browser-safe. */
export function trainingParameters(defaults: TrainingDefaults) {
  return {
    dropout: z
      .number()
      .min(0)
      .max(0.9)
      .default(defaults.dropout)
      .meta({ title: 'Dropout', description: 'Share of units silenced at each step of training.' }),
    learningRate: z
      .number()
      .min(1e-6)
      .max(0.5)
      .default(defaults.learningRate)
      .meta({ title: 'Learning rate', description: 'AdamW step size, at its largest.' }),
    schedule: scheduleSchema.default(defaults.schedule).meta({
      title: 'Schedule',
      description:
        'How the learning rate goes: constant; falling as a half cosine; or rising over the first tenth of the steps, then falling.',
    }),
    weightDecay: z
      .number()
      .min(0)
      .max(1)
      .default(defaults.weightDecay)
      .meta({ title: 'Weight decay', description: 'Decoupled decay of AdamW.' }),
    clipNorm: z
      .number()
      .min(0)
      .max(1000)
      .default(defaults.clipNorm ?? 1)
      .meta({ title: 'Gradient clip', description: 'Largest norm of the whole gradient; 0 never clips.' }),
    batchSize: z
      .number()
      .int()
      .min(16)
      .max(8192)
      .default(defaults.batchSize)
      .meta({ title: 'Batch size', description: 'Training rows a step.' }),
    epochs: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(defaults.epochs)
      .meta({ title: 'Epochs', description: 'Most passes over the training rows.' }),
    maxSteps: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .default(defaults.maxSteps)
      .meta({ title: 'Most steps', description: 'It ends after so many steps, whatever epochs are left.' }),
    patience: z.number().int().min(0).max(1000).default(defaults.patience).meta({
      title: 'Patience',
      description: 'Epochs without a better validation loss before it stops; 0 never stops early.',
    }),
  };
}
