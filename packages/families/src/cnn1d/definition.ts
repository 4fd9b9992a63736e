import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z.object({
  channels: z
    .number()
    .int()
    .min(4)
    .max(512)
    .default(32)
    .meta({ title: 'Channels', description: 'Patterns that a convolution looks for.' }),
  blocks: z.number().int().min(1).max(8).default(3).meta({
    title: 'Blocks',
    description: 'Residual blocks of two convolutions; each looks twice as far apart as the one before.',
  }),
  kernel: z
    .number()
    .int()
    .min(2)
    .max(16)
    .default(3)
    .meta({ title: 'Kernel', description: 'Bars that a convolution looks at.' }),
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
  id: 'CNN1D',
  title: '1-D CNN',
  summary:
    'Dilated causal convolutions over the last bars of each symbol: finds patterns wherever in the window they lie.',
  source: 'Bai et al. 2018',
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
