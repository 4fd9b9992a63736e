import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  blocks: z.number().int().min(2).max(20).default(4).meta({
    title: 'Held-out blocks',
    description: 'Blocks of the training window that are predicted by what was fitted before them, to weigh the bases.',
  }),
  rounds: z.number().int().min(1).max(10_000).default(300).meta({
    title: 'Boosting rounds',
    description: 'Most trees of the boosting base; early stopping keeps fewer.',
  }),
  learningRate: z
    .number()
    .min(1e-4)
    .max(1)
    .default(0.05)
    .meta({ title: 'Learning rate', description: 'Step size of the boosting base.' }),
  forestTrees: z
    .number()
    .int()
    .min(1)
    .max(5000)
    .default(80)
    .meta({ title: 'Forest trees', description: 'Trees of the random forest base.' }),
  leaves: z
    .number()
    .int()
    .min(2)
    .max(1024)
    .default(31)
    .meta({ title: 'Leaves', description: 'Most leaves a tree, of both bases of trees.' }),
  minLeafRows: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(50)
    .meta({ title: 'Rows a leaf', description: 'Fewest training rows a leaf.' }),
  patience: z.number().int().min(0).max(10_000).default(30).meta({
    title: 'Patience',
    description: 'Rounds without a better validation loss before the boosting base stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'Ensemble',
  title: 'Ensemble',
  summary: 'Boosting, a random forest and ridge, stacked by how well each predicted what came after its training.',
  source: 'Wolpert 1992, Stacked generalization; Lawson & Hanson 1974; Breiman 2001',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'lightgbm',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
