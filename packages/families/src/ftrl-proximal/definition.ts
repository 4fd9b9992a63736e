import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  alpha: z
    .number()
    .min(1e-5)
    .max(10)
    .default(0.03)
    .meta({ title: 'Alpha', description: 'Scale of the per-coordinate learning rate.' }),
  beta: z
    .number()
    .min(0)
    .max(100)
    .default(1)
    .meta({ title: 'Beta', description: 'Smooths the learning rate of coordinates seen seldom.' }),
  l1: z.number().min(0).max(1e6).default(2.5).meta({
    title: 'L1',
    description: 'Holds weak coefficients at exactly zero. 1 is one standard deviation of what pure noise adds up to.',
  }),
  l2: z.number().min(0).max(1e6).default(1).meta({ title: 'L2', description: 'Shrinks every coefficient.' }),
  passes: z
    .number()
    .int()
    .min(1)
    .max(100)
    .default(5)
    .meta({ title: 'Passes', description: 'Times the training rows are streamed, each in time order.' }),
  patience: z.number().int().min(0).max(100).default(2).meta({
    title: 'Patience',
    description: 'Passes without a better validation loss before it stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'FTRLProximal',
  title: 'FTRL-Proximal',
  summary: 'Online linear model with per-coordinate rates and exact sparsity, streamed in time order.',
  source: 'McMahan et al. 2013, Ad Click Prediction: a View from the Trenches',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'typescript',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'one',
  parameters,
};
