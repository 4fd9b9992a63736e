import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  rounds: z.number().int().min(1).max(10_000).default(400).meta({
    title: 'Rounds',
    description: 'Most boosting rounds, a tree a parameter each; early stopping keeps fewer.',
  }),
  learningRate: z
    .number()
    .min(1e-4)
    .max(1)
    .default(0.05)
    .meta({ title: 'Learning rate', description: 'Share of each step along the natural gradient that is gone.' }),
  leaves: z.number().int().min(2).max(1024).default(8).meta({ title: 'Leaves', description: 'Most leaves a tree.' }),
  minLeafRows: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .meta({ title: 'Rows a leaf', description: 'Fewest training rows a leaf.' }),
  featureFraction: z
    .number()
    .min(0.05)
    .max(1)
    .default(1)
    .meta({ title: 'Feature fraction', description: 'Share of the features a tree may use.' }),
  maxBins: z
    .number()
    .int()
    .min(15)
    .max(1023)
    .default(255)
    .meta({ title: 'Bins', description: 'Histogram bins a feature.' }),
  patience: z.number().int().min(0).max(10_000).default(30).meta({
    title: 'Patience',
    description: 'Rounds without a better validation loss before it stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'NGBoost',
  title: 'NGBoost',
  summary: 'Natural gradient boosting of a Normal distribution: a mean and a standard deviation for each row.',
  source: 'Duan et al. 2020, NGBoost: Natural Gradient Boosting for Probabilistic Prediction',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'lightgbm',
  input: 'tabular',
  output: 'distribution',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
