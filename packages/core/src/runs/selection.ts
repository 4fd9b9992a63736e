import { z } from 'zod';

/** Trials that a record lists; it counts all. */
export const maxListedTrials = 200;

/**
 * What choosing the best of a run's trainings of one target is worth, by their portfolios net of costs on the bars that all of them
 * have. `null`: not defined there.
 */
export const selectionSchema = z.object({
  target: z.string(),
  /** Trainings that completed and traded. */
  trials: z.number().int(),
  /** Bars that all of them have. */
  bars: z.number().int(),
  /** As many independent trials as these are worth. */
  effectiveTrials: z.number().nullable(),
  /** Annualised Sharpe ratio that the best of so many trials without skill would be expected to show. */
  expectedMaximum: z.number().nullable(),
  /** Best first, at most `maxListedTrials`; net Sharpe ratios are annualised. */
  ranking: z
    .array(
      z.object({
        training: z.string(),
        netSharpe: z.number().nullable(),
        /** Probability that its true Sharpe ratio is above `expectedMaximum`. */
        deflated: z.number().nullable(),
      }),
    )
    .max(maxListedTrials),
  /** Combinatorially symmetric cross-validation; null with one trial or too few bars. */
  overfitting: z
    .object({
      /** Share of the splits in which the best of one half was no better than the median in the other. */
      probability: z.number(),
      /** Share of the splits in which it lost in the other. */
      probabilityOfLoss: z.number(),
      blocks: z.number().int(),
    })
    .nullable(),
  /** What could not be said, and why. */
  notes: z.array(z.string()),
});
export type Selection = z.infer<typeof selectionSchema>;
