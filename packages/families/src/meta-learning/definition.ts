import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  hiddenUnits: z.number().int().min(0).max(512).default(8).meta({
    title: 'Hidden units',
    description: 'Of the layer beside the linear part; 0 leaves the linear part alone.',
  }),
  epochs: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(20)
    .meta({ title: 'Epochs', description: 'After each, adaptation is judged on the validation block.' }),
  tasksPerEpoch: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(100)
    .meta({ title: 'Tasks per epoch', description: 'Symbols adapted to, and learnt from, in an epoch.' }),
  innerSteps: z.number().int().min(1).max(200).default(10).meta({
    title: 'Inner steps',
    description: 'Gradient steps on a symbol before the starting point moves towards it.',
  }),
  batchSize: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(64)
    .meta({ title: 'Batch size', description: 'Rows of one inner step.' }),
  innerRate: z.number().min(1e-4).max(1).default(0.03).meta({
    title: 'Inner rate',
    description: 'Step of the inner loop, as a share of the largest that is stable.',
  }),
  outerRate: z.number().min(1e-3).max(1).default(0.1).meta({
    title: 'Outer rate',
    description:
      'How far the starting point moves towards an adapted symbol: rises to this over the first epochs, then falls to 0.',
  }),
  supportBars: z
    .number()
    .int()
    .min(10)
    .max(10_000)
    .default(500)
    .meta({ title: 'Support (bars)', description: "A symbol's last training rows, which it is adapted to." }),
  patience: z.number().int().min(0).max(1000).default(5).meta({
    title: 'Patience',
    description: 'Epochs without a better validation loss before it stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'MetaLearning',
  title: 'Meta-learning (Reptile)',
  summary: 'Learns a starting point from all symbols from which a few steps adapt to each one.',
  source: 'Nichol, Achiam & Schulman 2018, On First-Order Meta-Learning Algorithms',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'typescript',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 2, targets: 1 },
  threads: 'one',
  parameters,
};
