import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { encoderParameters, headsDivideWidth } from '../neural/encoderParameters.ts';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z
  .object({
    ...encoderParameters('a bar', { default: 32, most: 512 }, { default: 64, most: 2048 }),
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
  .refine(...headsDivideWidth);

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
