import { z } from 'zod';

const number = z.number().nullable();

/** Of forecasts whose target is a direction: 1 where it rose, else 0. `base…`: of always saying the training rows' share. `null`: not defined there. */
export const directionMetricsSchema = z.object({
  rows: z.number().int(),
  /** Share of the judged rows that rose. */
  baseRate: number,
  /** Area under the ROC curve: how often a row that rose was scored above one that did not; 0.5 = no use. */
  auc: number,
  aucError: number,
  /** Mean −ln of the probability given to what came. */
  logLoss: number,
  logLossError: number,
  baseLogLoss: number,
  /** Mean squared error of the probability. */
  brier: number,
  brierError: number,
  baseBrier: number,
  /** Share of rows told right by a probability above a half. */
  accuracy: number,
  accuracyError: number,
  baseAccuracy: number,
  /** Mean |probability − share that rose| over the bins, weighted by their rows. */
  calibrationError: number,
  /** Bins of equal width that hold a row; `error`: standard error of `observed`. */
  calibration: z
    .array(z.object({ rows: z.number().int(), forecast: z.number(), observed: z.number(), error: number }))
    .max(100),
});
export type DirectionMetrics = z.infer<typeof directionMetricsSchema>;
