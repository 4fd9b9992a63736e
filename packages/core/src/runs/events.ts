import { z } from 'zod';
import { stageIdSchema } from '../families/family.ts';
import { planLeftOutSchema } from '../plans/leftOut.ts';
import { runStates } from './lifecycle.ts';
import { selectionSchema } from './selection.ts';
import { foldResultSchema, outcomeSchema, trainingSpecSchema } from './training.ts';

/** What one step came to. */
const lossPointSchema = z.object({
  fold: z.number().int(),
  step: z.number().int(),
  trainLoss: z.number().nullable(),
  validationLoss: z.number().nullable(),
  /** What else a family watches while it trains, by name: e.g. `KL`, `discriminator`, `turnover`. */
  scalars: z.record(z.string(), z.number()).optional(),
});
export type LossPoint = Readonly<z.infer<typeof lossPointSchema>>;

/** How far a training is. Losses are the family's own objective, in the target's unit: for point families the mean squared error. */
export const progressSchema = z.object({
  phase: z.enum(['loading', 'training', 'predicting', 'saving']),
  fold: z.number().int(),
  folds: z.number().int(),
  /** Step (boosting round, epoch, pass) of this fold; 0 before the first. */
  step: z.number().int(),
  totalSteps: z.number().int(),
  trainLoss: z.number().nullable(),
  validationLoss: z.number().nullable(),
  scalars: lossPointSchema.shape.scalars,
  /** Steps since the last message, the evenly spread ones of those too quick to be sent by themselves. */
  earlier: z.array(lossPointSchema).optional(),
  bestStep: z.number().int().nullable(),
  bestValidationLoss: z.number().nullable(),
  rowsPerSecond: z.number().nullable(),
  elapsedMs: z.number(),
  /** Estimated milliseconds to the training's end; null while unknown. */
  etaMs: z.number().nullable(),
  rssBytes: z.number(),
  threads: z.number().int(),
});
export type Progress = z.infer<typeof progressSchema>;

export const qualityFindingSchema = z.object({
  kind: z.enum(['gap', 'duplicateBar', 'missingCell', 'nonPositivePrice', 'highBelowLow', 'staleRun', 'outlierReturn']),
  symbol: z.string(),
  file: z.string(),
  /** In a text file, as an editor counts. */
  line: z.number().int().nullable(),
  /** In a Parquet file, from 1. */
  row: z.number().int().optional(),
  /** ISO date or timestamp of the first bar concerned. */
  at: z.string(),
  message: z.string(),
});
export const qualityReportSchema = z.object({
  rows: z.number().int(),
  bars: z.number().int(),
  symbols: z.number().int(),
  /** ISO timestamps. */
  start: z.string(),
  end: z.string(),
  interval: z.string(),
  bySymbol: z.array(
    z.object({
      symbol: z.string(),
      file: z.string(),
      rows: z.number().int(),
      start: z.string(),
      end: z.string(),
      gaps: z.number().int(),
      missingBars: z.number().int(),
      duplicateBars: z.number().int(),
      missingCells: z.number().int(),
      nonPositivePrices: z.number().int(),
      highBelowLow: z.number().int(),
      staleRuns: z.number().int(),
      outlierReturns: z.number().int(),
    }),
  ),
  /** The worst first; counts above are complete, this list is capped. */
  findings: z.array(qualityFindingSchema),
  /** Share of the calendar's bars that a symbol has, in 0 … 1, by stretch of the calendar; of many symbols those that miss most. */
  coverage: z
    .object({
      /** Epoch milliseconds at which each stretch begins. */
      starts: z.array(z.number()),
      bySymbol: z.array(z.object({ symbol: z.string(), shares: z.array(z.number()) })),
    })
    .optional(),
  /** SHA-256 over the files that were read, as they lie on disk: the same data again have the same. Earlier reports have none. */
  contentHash: z.string().optional(),
  /** Said aloud, e.g. "data are simulated". */
  notes: z.array(z.string()),
});
export type QualityReport = z.infer<typeof qualityReportSchema>;

export const datasetSummarySchema = z.object({
  id: z.string(),
  rows: z.number().int(),
  bars: z.number().int(),
  symbols: z.array(z.string()),
  features: z.array(z.string()),
  targets: z.array(z.string()),
  /** Features that seem to know the future of a target; only of a run that was told to go on. */
  leaks: z
    .array(
      z.object({ feature: z.string(), target: z.string(), correlation: z.number(), isCopy: z.boolean().optional() }),
    )
    .optional(),
});

const spanSchema = z.tuple([z.number(), z.number()]);

/** Bars of one fold, as epoch milliseconds, for the picture of the folds. */
export const foldSpanSchema = z.object({
  fold: z.number().int(),
  trainStart: z.number(),
  trainEnd: z.number(),
  validationStart: z.number(),
  validationEnd: z.number(),
  testStart: z.number(),
  testEnd: z.number(),
  /** Where blocks are not in one piece: [from, to] of each piece. */
  pieces: z
    .object({ train: z.array(spanSchema), validation: z.array(spanSchema), test: z.array(spanSchema) })
    .optional(),
  /** The last bars, which no other fold sees. */
  holdout: z.boolean().optional(),
});

/** Everything that can happen in a run. The one definition for child, runner, database, socket and REST. */
export const runEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run.stateChanged'),
    state: z.enum(runStates),
    /** Why, for a person: e.g. "the runner vanished; queued again". */
    reason: z.string().nullable(),
    runner: z.string().nullable(),
  }),
  z.object({
    kind: z.literal('run.prepared'),
    dataset: datasetSummarySchema,
    quality: qualityReportSchema,
  }),
  z.object({
    kind: z.literal('run.planned'),
    trainings: z.array(trainingSpecSchema),
    folds: z.array(foldSpanSchema),
    summary: z.array(z.string()),
    /** Of a run with a plan: what of it is not trained. */
    leftOut: z.array(planLeftOutSchema).optional(),
  }),
  z.object({ kind: z.literal('stage.started'), stage: stageIdSchema }),
  z.object({ kind: z.literal('stage.ended'), stage: stageIdSchema }),
  z.object({
    kind: z.literal('training.started'),
    training: z.string(),
    pid: z.number().int(),
    threads: z.number().int(),
  }),
  z.object({
    kind: z.literal('training.progress'),
    training: z.string(),
    progress: progressSchema,
  }),
  z.object({
    kind: z.literal('training.foldEnded'),
    training: z.string(),
    result: foldResultSchema,
  }),
  z.object({
    kind: z.literal('training.ended'),
    training: z.string(),
    outcome: outcomeSchema,
    seconds: z.number(),
    peakRssBytes: z.number().nullable(),
  }),
  /** The runner vanished while it ran: it goes back to pending. */
  z.object({
    kind: z.literal('training.requeued'),
    training: z.string(),
    reason: z.string(),
  }),
  /** All trainings have ended: what choosing the best of them is worth. */
  z.object({ kind: z.literal('run.judged'), selections: z.array(selectionSchema) }),
  z.object({
    kind: z.literal('log'),
    training: z.string().nullable(),
    stream: z.enum(['stdout', 'stderr', 'runner']),
    line: z.string(),
  }),
]);
export type RunEvent = z.infer<typeof runEventSchema>;
export type RunEventKind = RunEvent['kind'];

/** An event as stored: `seq` counts 1, 2, 3 … within its run, without hole or double. */
export const loggedEventSchema = z.object({
  runId: z.string(),
  seq: z.number().int().positive(),
  /** Epoch milliseconds. */
  at: z.number(),
  event: runEventSchema,
});
export type LoggedEvent = z.infer<typeof loggedEventSchema>;
