import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z.object({
  hiddenUnits: z
    .number()
    .int()
    .min(4)
    .max(1024)
    .default(32)
    .meta({ title: 'Hidden units', description: 'Width of the cell state.' }),
  layers: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(1)
    .meta({ title: 'Layers', description: 'LSTM layers stacked on each other.' }),
  ...trainingParameters({
    dropout: 0.1,
    learningRate: 0.001,
    schedule: 'constant',
    weightDecay: 0.01,
    batchSize: 256,
    epochs: 15,
    maxSteps: 1_000_000,
    patience: 4,
  }),
});

export const definition: FamilyDefinition = {
  id: 'LSTM',
  title: 'LSTM',
  summary: 'Recurrent network with a forget gate over the last bars of each symbol, run by ONNX Runtime.',
  source: 'Hochreiter & Schmidhuber 1997; Gers et al. 2000',
  stage: 'gpu',
  framework: 'torch',
  engine: 'onnx',
  input: 'sequence',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
