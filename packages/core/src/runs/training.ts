import { z } from 'zod';
import { familyIdSchema, stageIdSchema } from '../families/family.ts';

export const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('crossSectional') }),
  z.object({ kind: z.literal('symbol'), symbol: z.string() }),
]);
export type Scope = z.infer<typeof scopeSchema>;

/** One family × target × scope: what one child process trains, fold after fold. */
export const trainingSpecSchema = z.object({
  /** Unique in its run and stable across restarts, e.g. `LightGBM.fwd_ret_1d.all`; also its folder's name. */
  id: z.string(),
  family: familyIdSchema,
  target: z.string(),
  scope: scopeSchema,
  stage: stageIdSchema,
});
export type TrainingSpec = z.infer<typeof trainingSpecSchema>;

export function trainingId(family: string, target: string, scope: Scope): string {
  const suffix = scope.kind === 'crossSectional' ? 'all' : `symbol-${encodeURIComponent(scope.symbol)}`;
  return `${family}.${target}.${suffix}`;
}

/** Figures of one fold's test block, or of all of them pooled. `null`: not defined there (e.g. fewer than two symbols a bar). */
export const metricsSchema = z.object({
  rows: z.number().int(),
  bars: z.number().int(),
  /** `crossSectional`: per-bar across symbols, then averaged; `timeSeries`: over time, with one symbol. */
  icKind: z.enum(['crossSectional', 'timeSeries']),
  ic: z.number().nullable(),
  rankIc: z.number().nullable(),
  /** mean / standard deviation of the per-bar IC, not annualised. */
  icir: z.number().nullable(),
  /** Newey–West t value of the mean IC. */
  icT: z.number().nullable(),
  mse: z.number().nullable(),
  mae: z.number().nullable(),
  /** Against the training mean. */
  r2: z.number().nullable(),
  /** Share of rows whose sign was right. */
  hitRate: z.number().nullable(),
});
export type Metrics = z.infer<typeof metricsSchema>;

export const foldResultSchema = z.object({
  fold: z.number().int(),
  trainRows: z.number().int(),
  validationRows: z.number().int(),
  testRows: z.number().int(),
  /** Epoch milliseconds of the first and last test bar. */
  testStart: z.number(),
  testEnd: z.number(),
  bestStep: z.number().int().nullable(),
  bestValidationLoss: z.number().nullable(),
  seconds: z.number(),
  metrics: metricsSchema,
});
export type FoldResult = z.infer<typeof foldResultSchema>;

export const artifactSchema = z.object({
  /** Relative to the training's folder, `/`-separated. */
  path: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
});
export type Artifact = z.infer<typeof artifactSchema>;

export const trainingResultSchema = z.object({
  metrics: metricsSchema,
  folds: z.array(foldResultSchema),
  artifacts: z.array(artifactSchema),
  /** What ran it: e.g. `LightGBM 4.7.0, cpu, 2 threads`. */
  device: z.string(),
  /** Said aloud: e.g. that TensorFlow was missing and ONNX Runtime took its place. */
  notes: z.array(z.string()),
  /** Feature → importance, largest first, where the family has such a thing. */
  importances: z.array(z.object({ feature: z.string(), value: z.number() })).optional(),
});
export type TrainingResult = z.infer<typeof trainingResultSchema>;

/** How a training ended. Every end but `completed` says why in one line. */
export const outcomeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('completed'), result: trainingResultSchema }),
  z.object({
    kind: z.literal('failed'),
    message: z.string(),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
  }),
  z.object({ kind: z.literal('timedOut'), afterMs: z.number() }),
  z.object({
    kind: z.literal('killed'),
    reason: z.enum(['signal', 'memory']),
    signal: z.string(),
    message: z.string(),
  }),
  z.object({ kind: z.literal('cancelled') }),
  z.object({ kind: z.literal('skipped'), message: z.string() }),
]);
export type Outcome = z.infer<typeof outcomeSchema>;
