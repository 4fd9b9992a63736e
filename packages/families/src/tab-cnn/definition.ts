import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z.object({
  channels: z
    .number()
    .int()
    .min(4)
    .max(256)
    .default(16)
    .meta({ title: 'Channels', description: 'Values at each place of the order.' }),
  positions: z
    .number()
    .int()
    .min(4)
    .max(256)
    .default(16)
    .meta({ title: 'Places', description: 'Length of the order that the features are put into.' }),
  blocks: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(2)
    .meta({ title: 'Blocks', description: 'Residual blocks of two convolutions.' }),
  kernel: z
    .number()
    .int()
    .min(1)
    .max(15)
    .default(3)
    .meta({ title: 'Kernel', description: 'Neighbouring places that a convolution looks at.' }),
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
  id: 'TabCNN',
  title: 'Tabular CNN',
  summary: 'Learns an order of the features, then convolves over it.',
  source: 'Soft ordering 1-D CNN (Baosen Guo 2020)',
  stage: 'gpu',
  framework: 'torch',
  engine: 'onnx',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
