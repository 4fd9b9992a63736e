import { z } from 'zod';
import { runConfigSchema } from '../runs/config.ts';
import { planPolicySchema } from './policy.ts';

const {
  dataDir,
  symbols,
  targets,
  targetLagBars,
  features,
  normalisation,
  featureExpressions,
  families,
  seed,
  threads,
} = runConfigSchema.shape;

/** Everything that decides what plan is built; fields that a run has too mean the same. */
export const planBuildRequestSchema = z.object({
  ...{ dataDir, symbols, targets, targetLagBars, features, normalisation, featureExpressions },
  /** That a plan may name; empty: every one. */
  families,
  seed,
  /** Measuring processes at once, a thread each; 0: every core. */
  threads,
  policy: planPolicySchema.prefault({}),
});
export type PlanBuildRequest = z.infer<typeof planBuildRequestSchema>;

/** How far a plan is: the data are read, then targets are measured, all symbols together and then each. */
export const planBuildProgressSchema = z.object({
  step: z.enum(['reading', 'measuring', 'routing']),
  /** Pieces of evidence (a target, or a target on one symbol) that are there, of how many. */
  done: z.number().int(),
  total: z.number().int(),
  /** The latest, e.g. `fwd_ret_5d AAPL`. */
  latest: z.string().nullable(),
  elapsedMs: z.number(),
  /** null: nothing to tell it by. */
  etaMs: z.number().nullable(),
});
export type PlanBuildProgress = z.infer<typeof planBuildProgressSchema>;
