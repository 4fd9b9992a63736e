import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';
import { encoderParameters, headsDivideWidth } from '../neural/encoderParameters.ts';
import { trainingParameters } from '../neural/trainingParameters.ts';

export const parameters = z
  .object({
    ...encoderParameters('a feature', { default: 16, most: 256 }, { default: 32, most: 1024 }),
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
  .refine(...headsDivideWidth);

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
