import { z } from 'zod';

/** Why there is no IC: too few pairs in every bar (or in time), or a side that never varies. */
export const icMissingSchema = z.enum(['tooFewPairs', 'constantPredictions', 'constantTargets']);
export type IcMissing = z.infer<typeof icMissingSchema>;

/** As a user reads it; null where there is an IC. Across symbols, forecasts that differ from bar to bar only are of no use. */
export function icMissingText({ icKind, icMissing }: Missing): string | null {
  if (icMissing === undefined) return null;
  if (icMissing === 'tooFewPairs') return 'too few forecasts to correlate';
  const side = icMissing === 'constantPredictions' ? 'forecasts' : 'targets';
  return `the ${side}${icKind === 'crossSectional' ? ' of each bar' : ''} are all the same`;
}

interface Missing {
  readonly icKind: 'crossSectional' | 'timeSeries';
  readonly icMissing?: IcMissing | undefined;
}
