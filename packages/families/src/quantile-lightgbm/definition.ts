import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

/** Quantile levels, ascending; the median is always among them: it is the point forecast. */
export const levelChoices = [
  '0.1 0.5 0.9',
  '0.05 0.5 0.95',
  '0.05 0.25 0.5 0.75 0.95',
  '0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9',
] as const;

export const parameters = z.object({
  levels: z.enum(levelChoices).default('0.1 0.5 0.9').meta({
    title: 'Quantiles',
    description: 'Levels that are forecast, a booster each; the median is the point forecast.',
  }),
  rounds: z.number().int().min(1).max(10_000).default(300).meta({
    title: 'Rounds',
    description: 'Most boosting rounds a quantile; early stopping keeps fewer.',
  }),
  learningRate: z
    .number()
    .min(1e-4)
    .max(1)
    .default(0.05)
    .meta({ title: 'Learning rate', description: 'How much each tree adds.' }),
  leaves: z.number().int().min(2).max(1024).default(15).meta({ title: 'Leaves', description: 'Most leaves a tree.' }),
  minLeafRows: z.number().int().min(1).max(100_000).default(100).meta({
    title: 'Rows a leaf',
    description: 'Fewest training rows a leaf: a quantile of few rows is no quantile.',
  }),
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
    description: 'Rounds without a better validation loss before a quantile stops; 0 never stops early.',
  }),
});

export const levelsOf = (levels: (typeof levelChoices)[number]): number[] => levels.split(' ').map(Number);

export const definition: FamilyDefinition = {
  id: 'QuantileLightGBM',
  title: 'QuantileLightGBM',
  summary: 'A LightGBM booster a quantile: an interval that is wide where the outcome is uncertain.',
  source: 'Ke et al. 2017; Koenker & Bassett 1978; Chernozhukov, Fernández-Val & Galichon 2010',
  stage: 'cpu',
  framework: 'cpu',
  engine: 'lightgbm',
  input: 'tabular',
  output: 'quantiles',
  targets: 'each',
  minimum: { symbols: 1, targets: 1 },
  threads: 'all',
  parameters,
};
