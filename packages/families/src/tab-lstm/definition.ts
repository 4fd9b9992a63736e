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
  embeddingUnits: z
    .number()
    .int()
    .min(4)
    .max(1024)
    .default(32)
    .meta({ title: 'Embedding units', description: 'Width of what the current bar is turned into.' }),
  ...trainingParameters({
    dropout: 0.1,
    learningRate: 0.002,
    weightDecay: 0.01,
    batchSize: 256,
    epochs: 20,
    patience: 5,
    maxSteps: 3000,
    schedule: 'warmupCosine',
  }),
});

export const definition: FamilyDefinition = {
  id: 'TabLSTM',
  title: 'Tabular LSTM',
  summary: 'The current bar sets the state an LSTM starts from and gates what it remembers of the bars before.',
  source: 'Hochreiter & Schmidhuber 1997, with static enrichment as Lim et al. 2021',
  stage: 'gpu',
  framework: 'torch',
  engine: 'onnx',
  input: 'tabularAndSequence',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
