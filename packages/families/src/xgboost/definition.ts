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
  maxDepth: z.number().int().min(1).max(16).default(5).meta({ title: 'Depth', description: 'Most levels of a tree.' }),
  minChildWeight: z.number().min(0).max(1e6).default(50).meta({
    title: 'Child weight',
    description: 'Least sum of second derivatives in a leaf: training rows, as the loss is squared.',
  }),
  subsample: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.8)
    .meta({ title: 'Row fraction', description: 'Share of the rows drawn for each tree.' }),
  columnFraction: z
    .number()
    .min(0.05)
    .max(1)
    .default(0.8)
    .meta({ title: 'Feature fraction', description: 'Share of the features drawn for each tree.' }),
  lambda: z.number().min(0).max(1e6).default(1).meta({ title: 'L2', description: 'L2 penalty on leaf values.' }),
  alpha: z
    .number()
    .min(0)
    .max(1e6)
    .default(0)
    .meta({ title: 'L1', description: 'L1 penalty on leaf values, in standard deviations of the target.' }),
  maxBins: z
    .number()
    .int()
    .min(15)
    .max(1024)
    .default(256)
    .meta({ title: 'Bins', description: 'Histogram bins a feature.' }),
  patience: z.number().int().min(0).max(10_000).default(50).meta({
    title: 'Patience',
    description: 'Rounds without a better validation loss before it stops; 0 never stops early.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'XGBoost',
  title: 'XGBoost',
  summary: 'Depth-wise second-order gradient boosting on histograms.',
  source: 'Chen & Guestrin 2016, XGBoost: A Scalable Tree Boosting System',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'xgboost',
  input: 'tabular',
  output: 'point',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  // Histograms are summed thread by thread: in double precision, but in another order with another number of them.
  threads: 'fixed',
  parameters,
};
