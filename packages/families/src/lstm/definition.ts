import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

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
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .meta({ title: 'Dropout', description: 'Share of units silenced between layers and before the output.' }),
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
  clipNorm: z
    .number()
    .min(0)
    .max(1000)
    .default(1)
    .meta({ title: 'Gradient clip', description: 'Largest norm of the whole gradient; 0 never clips.' }),
  batchSize: z
    .number()
    .int()
    .min(16)
    .max(8192)
    .default(256)
    .meta({ title: 'Batch size', description: 'Windows a step.' }),
  epochs: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(15)
    .meta({ title: 'Epochs', description: 'Most passes over the training windows.' }),
  patience: z.number().int().min(0).max(1000).default(4).meta({
    title: 'Patience',
    description: 'Epochs without a better validation loss before it stops; 0 never stops early.',
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
