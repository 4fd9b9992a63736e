import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z
  .object({
    width: z
      .number()
      .int()
      .min(8)
      .max(256)
      .default(16)
      .meta({ title: 'Width', description: 'Numbers that stand for a feature.' }),
    heads: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(4)
      .meta({ title: 'Heads', description: 'Attention heads; they divide the width.' }),
    layers: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(2)
      .meta({ title: 'Layers', description: 'Encoder layers stacked on each other.' }),
    feedForward: z
      .number()
      .int()
      .min(8)
      .max(1024)
      .default(32)
      .meta({ title: 'Feed-forward units', description: 'Inner width of the network after each attention.' }),
    ...trainingParameters({
      dropout: 0.1,
      learningRate: 0.001,
      weightDecay: 0.01,
      batchSize: 256,
      epochs: 20,
      patience: 5,
      maxSteps: 1200,
      schedule: 'warmupCosine',
    }),
  })
  .refine(({ width, heads }) => width % heads === 0, 'the heads must divide the width');

export const definition: FamilyDefinition = {
  id: 'TabTransformer',
  title: 'Tabular Transformer',
  summary: 'Every feature a token, and attention across them: finds which features work together.',
  source: 'Huang et al. 2020; Gorishniy et al. 2021',
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
