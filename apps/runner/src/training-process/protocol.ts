import { parameterValueSchema } from '@twostage/core/families/parameterValue';
import { deviceSchema, foldSettingsSchema } from '@twostage/core/runs/config';
import { pooledEvidenceSchema, symbolEvidenceSchema } from '@twostage/core/plans/evidence';
import { planPolicySchema } from '@twostage/core/plans/policy';
import { progressSchema } from '@twostage/core/runs/events';
import { foldResultSchema, trainingResultSchema, trainingSpecSchema } from '@twostage/core/runs/training';
import { z } from 'zod';

/** The descriptor on which a child writes its messages, one JSON object a line; its stdout stays free for libraries. */
export const channelFd = 3;
/** A longer line is no message of ours. */
export const maxMessageBytes = 16 * 1024 * 1024;
/** Exit code of a child that stopped because it was asked to. */
export const stoppedExitCode = 143;

/** What an engine says of itself. */
export const engineReportSchema = z.discriminatedUnion('found', [
  z.object({
    found: z.literal(true),
    version: z.string().nullable(),
    /** What it computes on, e.g. `cpu` or `cuda`. */
    devices: z.array(z.string()),
    path: z.string().nullable(),
  }),
  /** One line with the command that gets it. */
  z.object({ found: z.literal(false), how: z.string() }),
]);
export type EngineReport = z.infer<typeof engineReportSchema>;

/** Everything a child says. Parent → child there are signals only: TERM asks it to stop, KILL ends it. */
export const childMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), progress: progressSchema }),
  z.object({ type: z.literal('foldEnded'), result: foldResultSchema }),
  /** For the run's log, e.g. that a device was missing. */
  z.object({ type: z.literal('note'), line: z.string() }),
  /** Everything is on disk. The last message of a training. */
  z.object({ type: z.literal('result'), result: trainingResultSchema }),
  /** The last message of a `predict` job. */
  z.object({ type: z.literal('predicted'), rows: z.number().int() }),
  /** The last message of a `probe` job. */
  z.object({ type: z.literal('probed'), report: engineReportSchema }),
  /** What an `evidence` job found of all symbols together, or of one. */
  z.object({ type: z.literal('pooledEvidence'), evidence: pooledEvidenceSchema }),
  z.object({ type: z.literal('symbolEvidence'), evidence: symbolEvidenceSchema }),
  /** The last message of an `evidence` job. */
  z.object({ type: z.literal('measured') }),
  /** Its own exception, in one line. */
  z.object({ type: z.literal('failed'), message: z.string() }),
]);
export type ChildMessage = z.infer<typeof childMessageSchema>;

const engineSettings = {
  /** Absolute. */
  datasetDir: z.string(),
  lookback: z.number().int(),
  threads: z.number().int().min(1),
  device: deviceSchema,
};

/** Fit fold after fold, judge, save. */
export const trainJobSchema = z.object({
  kind: z.literal('train'),
  training: trainingSpecSchema,
  /** Absolute; exists. */
  trainingDir: z.string(),
  folds: foldSettingsSchema,
  seed: z.number().int(),
  /** Of the portfolio by which the forecasts are judged. */
  costBasisPoints: z.number(),
  quantiles: z.number().int(),
  /** Resolved against the family's schema. */
  parameters: z.record(z.string(), parameterValueSchema),
  ...engineSettings,
});
export type TrainJob = z.infer<typeof trainJobSchema>;

/** Predict every row of a dataset, or of the one symbol that a model is of, with a saved model. */
export const predictJobSchema = z.object({
  kind: z.literal('predict'),
  /** Whose model it is: family, targets and scope. */
  training: trainingSpecSchema,
  fold: z.number().int().nonnegative(),
  /** Absolute folder that the family's trainer saved. */
  modelDir: z.string(),
  /** Absolute; gets the raw prediction columns of every row in its scope, NaN where it can't predict. */
  outputDir: z.string(),
  ...engineSettings,
});
export type PredictJob = z.infer<typeof predictJobSchema>;

/** Load one engine and say what it is: a broken library may crash, so this too has a process of its own. */
export const probeJobSchema = z.object({
  kind: z.literal('probe'),
  engine: z.enum(['lightgbm', 'xgboost', 'tensorflow', 'onnx']),
});
export type ProbeJob = z.infer<typeof probeJobSchema>;

/** Find out whether there is something to be found in a target, on all symbols together or on some, each by itself. */
export const evidenceJobSchema = z.object({
  kind: z.literal('evidence'),
  /** Absolute. */
  datasetDir: z.string(),
  target: z.string(),
  scope: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('pooled') }),
    z.object({ kind: z.literal('symbols'), symbols: z.array(z.string()) }),
  ]),
  /** Absolute: float64 a row of the dataset, what the model of all symbols forecast; written by `pooled`, read, where it is there, by `symbols`. */
  forecastFile: z.string(),
  policy: planPolicySchema,
  seed: z.number().int(),
  threads: z.number().int().min(1),
});
export type EvidenceJob = z.infer<typeof evidenceJobSchema>;

/** What job.json holds. */
export const jobSchema = z.discriminatedUnion('kind', [
  trainJobSchema,
  predictJobSchema,
  probeJobSchema,
  evidenceJobSchema,
]);
export type Job = z.infer<typeof jobSchema>;
