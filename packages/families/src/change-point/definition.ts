import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  minimumSegmentBars: z.number().int().min(5).max(1000).default(40).meta({
    title: 'Shortest segment (bars)',
    description: 'Of the training bars: breaks lie at least this far apart.',
  }),
  penalty: z.number().min(0.1).max(10).default(1).meta({
    title: 'Penalty',
    description: 'Of a break, in units of the Bayesian information criterion: larger finds fewer.',
  }),
  mostDirections: z.number().int().min(1).max(100).default(20).meta({
    title: 'Directions',
    description: 'At most so many uncorrelated combinations of features are watched for breaks.',
  }),
});

export const definition: FamilyDefinition = {
  id: 'ChangePoint',
  title: 'Change points',
  summary: 'Finds the dates on which the relation of features and target broke, and trusts what has held since.',
  source:
    'Killick, Fearnhead & Eckley 2012, Optimal Detection of Changepoints with a Linear Computational Cost; Adams & MacKay 2007, Bayesian Online Changepoint Detection',
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
