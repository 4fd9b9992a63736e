import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  hiddenUnits: z
    .number()
    .int()
    .min(4)
    .max(2048)
    .default(128)
    .meta({ title: 'Hidden units', description: 'Width of the first hidden layer; each further one is half as wide.' }),
  layers: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(2)
    .meta({ title: 'Hidden layers', description: 'Dense layers before the output.' }),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .meta({ title: 'Dropout', description: 'Share of hidden units silenced at each step.' }),
  learningRate: z
    .number()
    .min(1e-6)
    .max(0.5)
    .default(0.001)
    .meta({ title: 'Learning rate', description: 'AdamW step size.' }),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .meta({ title: 'Weight decay', description: 'Decoupled decay of AdamW.' }),
  batchSize: z.number().int().min(16).max(8192).default(512).meta({ title: 'Batch size', description: 'Rows a step.' }),
  epochs: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(30)
    .meta({ title: 'Epochs', description: 'Most passes over the training rows.' }),
  patience: z.number().int().min(0).max(1000).default(5).meta({
    title: 'Patience',
    description: 'Epochs without a better validation loss before it stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'MLP',
  title: 'MLP',
  summary: 'Dense network with batch normalisation, dropout and decoupled weight decay, run by native TensorFlow.',
  source: 'Rumelhart et al. 1986; Ioffe & Szegedy 2015; Loshchilov & Hutter 2019',
  stage: 'gpu',
  framework: 'tensorflow',
  engine: 'tensorflow',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
