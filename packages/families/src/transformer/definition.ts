import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z
  .object({
    width: z
      .number()
      .int()
      .min(8)
      .max(512)
      .default(32)
      .meta({ title: 'Width', description: 'Numbers that stand for a bar.' }),
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
      .max(2048)
      .default(64)
      .meta({ title: 'Feed-forward units', description: 'Inner width of the network after each attention.' }),
    ...trainingParameters({
      dropout: 0.1,
      learningRate: 0.001,
      weightDecay: 0.01,
      batchSize: 256,
      epochs: 20,
      patience: 5,
      maxSteps: 3000,
      schedule: 'warmupCosine',
    }),
  })
  .refine(({ width, heads }) => width % heads === 0, 'the heads must divide the width');

export const definition: FamilyDefinition = {
  id: 'Transformer',
  title: 'Transformer',
  summary: 'Causal self-attention over the last bars of each symbol: looks up the bar that counts.',
  source: 'Vaswani et al. 2017',
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
