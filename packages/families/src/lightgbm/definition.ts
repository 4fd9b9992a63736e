import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  rounds: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .default(400)
    .meta({ title: 'Boosting rounds', description: 'Most trees grown; early stopping usually ends sooner.' }),
  learningRate: z
    .number()
    .min(0.001)
    .max(1)
    .default(0.05)
    .meta({ title: 'Learning rate', description: 'Shrinkage of each tree.' }),
  leaves: z.number().int().min(2).max(4096).default(31).meta({ title: 'Leaves', description: 'Most leaves a tree.' }),
  minLeafRows: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .meta({ title: 'Rows a leaf', description: 'Fewest training rows in a leaf.' }),
  featureFraction: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.8)
    .meta({ title: 'Feature fraction', description: 'Share of the features drawn for each tree.' }),
  baggingFraction: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.8)
    .meta({ title: 'Bagging fraction', description: 'Share of the rows drawn for each tree.' }),
  lambdaL1: z
    .number()
    .min(0)
    .max(1e6)
    .default(0)
    .meta({ title: 'L1', description: 'L1 penalty on leaf values, in standard deviations of the target.' }),
  lambdaL2: z.number().min(0).max(1e6).default(1).meta({ title: 'L2', description: 'L2 penalty on leaf values.' }),
  maxBins: z
    .number()
    .int()
    .min(15)
    .max(1023)
    .default(255)
    .meta({ title: 'Bins', description: 'Histogram bins a feature.' }),
  patience: z.number().int().min(0).max(10_000).default(50).meta({
    title: 'Patience',
    description: 'Rounds without a better validation loss before it stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'LightGBM',
  title: 'LightGBM',
  summary: 'Leaf-wise histogram gradient boosting: interactions and thresholds, fast, little tuning.',
  source: 'Ke et al. 2017, LightGBM: A Highly Efficient Gradient Boosting Decision Tree',
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
