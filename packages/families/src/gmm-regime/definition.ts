import type { FamilyDefinition } from '@twostage/core/families/family';
import { z } from 'zod';

export const parameters = z.object({
  covariance: z
    .enum(['full', 'diag'])
    .default('full')
    .meta({ title: 'Covariance', description: 'Of a regime: full lets market states move together, diag does not.' }),
  leastRegimes: z
    .number()
    .int()
    .min(1)
    .max(6)
    .default(2)
    .meta({ title: 'Fewest regimes', description: 'From here on the information criterion chooses.' }),
  mostRegimes: z
    .number()
    .int()
    .min(1)
    .max(10)
    .default(6)
    .meta({ title: 'Most regimes', description: 'Up to here the information criterion chooses.' }),
  windowBars: z.number().int().min(0).max(250).default(0).meta({
    title: 'Window (bars)',
    description:
      'Trailing bars that a market state looks at; 0 tries 1, 3 and 10 and takes the best on the validation block.',
  }),
  restarts: z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(4)
    .meta({ title: 'Restarts', description: 'Starts of the mixture; the likeliest is kept.' }),
});

export const definition: FamilyDefinition = {
  id: 'GMMRegime',
  title: 'Regime mixture',
  summary: 'Finds market regimes in volatility, dispersion and trend, and keeps one ridge regression for each.',
  source: 'Dempster, Laird & Rubin 1977, Maximum Likelihood from Incomplete Data via the EM Algorithm',
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
