import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { trainingParameters } from '../neural/trainingParameters.ts';

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
  ...trainingParameters({
    dropout: 0.1,
    learningRate: 0.001,
    schedule: 'constant',
    weightDecay: 0.01,
    clipNorm: 0,
    batchSize: 512,
    epochs: 30,
    maxSteps: 1_000_000,
    patience: 5,
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
