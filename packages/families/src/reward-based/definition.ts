import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  costBasisPoints: z.number().min(0).max(1000).default(5).meta({
    title: 'Cost (basis points)',
    description: 'Paid on every change of position, as a share of what is traded: 5 is 0.05 %.',
  }),
  epochs: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(60)
    .meta({ title: 'Epochs', description: 'Times the training bars are traded through, each in time order.' }),
  learningRate: z
    .number()
    .min(1e-5)
    .max(10)
    .default(0.001)
    .meta({ title: 'Learning rate', description: 'Step of the ascent at the first epoch; it falls from there.' }),
  memoryBars: z.number().int().min(5).max(5000).default(200).meta({
    title: 'Memory (bars)',
    description: 'Bars over which the differential Sharpe ratio averages past rewards.',
  }),
  weightDecay: z
    .number()
    .min(0)
    .max(10)
    .default(0.1)
    .meta({ title: 'Weight decay', description: 'Shrinks the weights of the features at each step.' }),
  patience: z.number().int().min(0).max(1000).default(15).meta({
    title: 'Patience',
    description: 'Epochs without a better validation Sharpe ratio before it stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'RewardBased',
  title: 'Direct reinforcement',
  summary:
    'A trading policy learnt on the Sharpe ratio itself, net of costs: it gives positions and knows what trading costs.',
  source: 'Moody & Saffell 2001, Learning to Trade via Direct Reinforcement',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'typescript',
  input: 'tabular',
  output: 'position',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'one',
  parameters,
};
