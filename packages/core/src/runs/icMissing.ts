import { z } from 'zod';

/** Why there is no IC: too few pairs in every bar (or in time), or a side that never varies. */
export const icMissingSchema = z.enum(['tooFewPairs', 'constantPredictions', 'constantTargets']);
export type IcMissing = z.infer<typeof icMissingSchema>;

/** As a user reads it. */
export const icMissingTexts: Readonly<Record<IcMissing, string>> = {
  tooFewPairs: 'too few forecasts to correlate',
  constantPredictions: 'the forecasts are all the same',
  constantTargets: 'the targets are all the same',
};
