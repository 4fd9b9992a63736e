import { z } from 'zod';
import { familyIdSchema, stageIdSchema } from '../families/family.ts';
import { parameterValueSchema } from '../families/parameterValue.ts';
import { directionMetricsSchema } from './direction.ts';
import { figureSchema, maxFigures, maxTearSheetFigures } from './figures.ts';
import { icMissingSchema } from './icMissing.ts';
import { portfolioMetricsSchema } from './portfolio.ts';

export const scopeSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('crossSectional') }),
  z.object({ kind: z.literal('symbol'), symbol: z.string() }),
]);
export type Scope = z.infer<typeof scopeSchema>;

/** What a training plan says of a training. */
export const plannedTrainingSchema = z.object({
  /** The jobs that ask for it: one, or several whose targets it learns together. */
  jobs: z.array(z.string()).min(1),
  /** Higher goes first within its stage, the greatest of its jobs'. */
  priority: z.number(),
  /** Only jobs that are experimental ask for it. */
  experimental: z.boolean(),
  /** What its jobs set otherwise than the run. */
  parameters: z.record(z.string(), parameterValueSchema).optional(),
  /** Of a pooled model: symbols that have a model of their own of one of its targets; it is judged on each of them alone, too. */
  alsoJudgedOn: z.array(z.string()).min(1).optional(),
});
export type PlannedTraining = z.infer<typeof plannedTrainingSchema>;

/** One family × target × scope: what one child process trains, fold after fold. */
export const trainingSpecSchema = z.object({
  /** Unique in its run and stable across restarts, e.g. `LightGBM.fwd_ret_1d.all`; also its folder's name. */
  id: z.string(),
  family: familyIdSchema,
  /** What it predicts; of a training that learns several targets together, the first. */
  target: z.string(),
  /** Only of a training that learns several targets together: all of them, `target` first. */
  targets: z.array(z.string()).min(2).optional(),
  scope: scopeSchema,
  stage: stageIdSchema,
  /** Absent: of a run without a plan. */
  plan: plannedTrainingSchema.optional(),
});
export type TrainingSpec = z.infer<typeof trainingSpecSchema>;

/** A folder's name may have 255 bytes; family, two such parts and what a person reads in a list must fit. */
const longestPart = 80;

/**
 * A name that is unique in its run and safe as a folder's: `LightGBM.fwd_ret_1d.all`, `LSTM.fwd_ret_1d.symbol-BRK%2FB`,
 * `MultiTask.fwd_ret_1d+fwd_ret_5d.all`. What is too long ends in a hash of the whole.
 */
export function trainingId(family: string, targets: string | readonly string[], scope: Scope): string {
  const target = typeof targets === 'string' ? targets : targets.join('+');
  const place = scope.kind === 'crossSectional' ? 'all' : `symbol-${fileSafe(scope.symbol)}`;
  return `${family}.${bounded(target)}.${bounded(place)}`;
}

/** `*` is the one character that an URL may hold and a file of some systems may not. */
const fileSafe = (text: string): string => encodeURIComponent(text).replaceAll('*', '%2A');

const bounded = (part: string): string =>
  part.length <= longestPart ? part : `${part.slice(0, longestPart - 17)}~${fnv1a64(part)}`;

/** FNV-1a over UTF-16 code units, 16 hexadecimal digits. */
function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash ^= BigInt(text.charCodeAt(i));
    hash = BigInt.asUintN(64, hash * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}

/** Of forecasts that say how sure they are. In the target's unit, but for shares. `null`: not defined there. */
export const distributionMetricsSchema = z.object({
  /** Mean pinball loss at each level. */
  pinball: z.array(z.object({ level: z.number(), loss: z.number().nullable() })),
  /** Continuous ranked probability score, mean over rows; of quantile forecasts, with a distribution function linear between them. */
  crps: z.number().nullable(),
  /** Of the central interval that should hold `nominal` of the outcomes. */
  interval: z
    .object({ nominal: z.number(), coverage: z.number().nullable(), meanWidth: z.number().nullable() })
    .nullable(),
  /** Mean negative log likelihood; null for forecasts without a density. */
  nll: z.number().nullable(),
  /** Share of outcomes in each tenth of the forecast distribution, 0.1 each when calibrated; null where levels are too few. */
  pit: z.array(z.number()).nullable(),
});
export type DistributionMetrics = z.infer<typeof distributionMetricsSchema>;

/** Of families that give positions, not forecasts. */
export const policyMetricsSchema = z.object({
  /** Mean / standard deviation a bar of the equal-weighted book, net of costs, × √252; the gross one beside it. */
  netSharpe: z.number().nullable(),
  grossSharpe: z.number().nullable(),
  /** Mean |change of position| a bar and symbol. */
  turnover: z.number().nullable(),
  costBasisPoints: z.number(),
});
export type PolicyMetrics = z.infer<typeof policyMetricsSchema>;

/** Figures of one fold's test block, or of all of them pooled. `null`: not defined there (e.g. fewer than two symbols a bar). */
const figuresSchema = z.object({
  rows: z.number().int(),
  /** Rows that were not predicted or whose target is not known: in none of the figures. */
  leftOut: z.number().int().optional(),
  bars: z.number().int(),
  /** `crossSectional`: per-bar across symbols, then averaged; `timeSeries`: over time, with one symbol. */
  icKind: z.enum(['crossSectional', 'timeSeries']),
  ic: z.number().nullable(),
  rankIc: z.number().nullable(),
  /** mean / standard deviation of the per-bar IC, not annualised. */
  icir: z.number().nullable(),
  /** Newey–West t value of the mean IC. */
  icT: z.number().nullable(),
  /** Why `ic` is null. */
  icMissing: icMissingSchema.optional(),
  mse: z.number().nullable(),
  mae: z.number().nullable(),
  /** Against the training mean. */
  r2: z.number().nullable(),
  /** Share of rows whose sign was right. */
  hitRate: z.number().nullable(),
  /** How far off each may be: Newey–West's, rows of one bar taken together. */
  standardErrors: z
    .object({
      ic: z.number().nullable(),
      rankIc: z.number().nullable(),
      icir: z.number().nullable(),
      mse: z.number().nullable(),
      mae: z.number().nullable(),
      r2: z.number().nullable(),
      hitRate: z.number().nullable(),
    })
    .optional(),
  distribution: distributionMetricsSchema.optional(),
  policy: policyMetricsSchema.optional(),
  /** Only where the target is a direction. */
  direction: directionMetricsSchema.optional(),
  /** Of all test blocks pooled; absent where nothing can be traded. */
  portfolio: portfolioMetricsSchema.optional(),
});
/** Of the backtest paths of combinatorial cross-validation; `null`: no path has the figure. */
const pathFigureSchema = z.object({
  mean: z.number().nullable(),
  /** Mean of the paths' own standard errors: they share their bars, so that averaging them takes little of it away. */
  standardError: z.number().nullable(),
  /** Sample standard deviation between the paths: what the choice of training blocks alone moves. */
  deviation: z.number().nullable(),
  /** Their 5 % quantile, linear between them. */
  low: z.number().nullable(),
  /** Share of them below 0. */
  belowZero: z.number().nullable(),
  /** [paths] */
  values: z.array(z.number().nullable()).max(600),
});
export type PathFigure = z.infer<typeof pathFigureSchema>;

export const pathMetricsSchema = z.object({
  /** Which of them the other figures are of: the one of the median IC; 0 is the first. */
  shown: z.number().int(),
  ic: pathFigureSchema,
  netSharpe: pathFigureSchema,
});
export type PathMetrics = z.infer<typeof pathMetricsSchema>;

/** `holdout`: the same of the last bars, which no fold saw, by a model of all that precedes. Nothing is ranked or chosen by it. */
export const metricsSchema = figuresSchema.extend({
  paths: pathMetricsSchema.optional(),
  holdout: figuresSchema.optional(),
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

/** The last fit, judged on the holdout; its figures are `metrics.holdout`. */
export const holdoutResultSchema = foldResultSchema.omit({ fold: true, metrics: true }).extend({
  /** Drawn as the tear sheet is. */
  figures: z.array(figureSchema).max(maxTearSheetFigures).default([]),
  notes: z.array(z.string()).default([]),
});
export type HoldoutResult = z.infer<typeof holdoutResultSchema>;

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
  /** Only of a run that keeps a holdout. */
  holdout: holdoutResultSchema.optional(),
  artifacts: z.array(artifactSchema),
  /** What ran it: e.g. `LightGBM 4.7.0, cpu, 2 threads`. */
  device: z.string(),
  /** Said aloud: e.g. that TensorFlow was missing and ONNX Runtime took its place. */
  notes: z.array(z.string()),
  /** Feature → importance, largest first, where the family has such a thing. */
  importances: z.array(z.object({ feature: z.string(), value: z.number() })).optional(),
  /** Of a training that learns several targets together, one entry a target, in their order; the first is `metrics`. */
  byTarget: z.array(z.object({ target: z.string(), metrics: metricsSchema })).optional(),
  /** Of `spec.plan.alsoJudgedOn`, a symbol and target each: figures on that symbol's test rows alone, IC over time. */
  bySymbol: z.array(z.object({ symbol: z.string(), target: z.string(), metrics: metricsSchema })).optional(),
  /** What the last fold's model is about. */
  figures: z.array(figureSchema).max(maxFigures).optional(),
  /** How good its forecasts of all test blocks were, drawn; of the first target. */
  tearSheet: z.array(figureSchema).max(maxTearSheetFigures).optional(),
  /** What the tear sheet lacks, and why. */
  tearSheetNotes: z.array(z.string()).optional(),
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
