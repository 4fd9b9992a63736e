import { z } from 'zod';
import { type FamilyId, familyIdSchema } from '../families/family.ts';
import { parameterValueSchema } from '../families/parameterValue.ts';
import { runPlanSchema } from '../plans/runPlan.ts';
import { featureExpressionsSchema } from './featureExpressions.ts';

/** `sequential` and `both`: every family; `cross-sectional`: those of stage cpu and of TensorFlow. */
export const modelTypesSchema = z.enum(['sequential', 'cross-sectional', 'both']);
export type ModelTypes = z.infer<typeof modelTypesSchema>;

export const deviceSchema = z.enum(['auto', 'cpu', 'cuda', 'webgpu']);
export type Device = z.infer<typeof deviceSchema>;

/** `auto`: `given` where the folder's dataset.json says so, else `alpha158`. The files' own numeric columns are features in each. */
export const featureSetSchema = z.enum(['auto', 'alpha158', 'basic', 'given']);
export type FeatureSet = z.infer<typeof featureSetSchema>;

/** Of each bar's features across symbols. `auto`: `none` where the features are given, else `robust-z`. */
export const normalisationSchema = z.enum(['auto', 'robust-z', 'rank', 'none']);
export type Normalisation = z.infer<typeof normalisationSchema>;

/** More models than these take longer than what their paths tell is worth. */
export const mostSplits = 120;

/** How many ways there are of choosing so many. */
export const choose = (from: number, taken: number): number => {
  let ways = 1;
  for (let i = 1; i <= taken; i++) ways = (ways * (from - taken + i)) / i;
  return Math.round(ways);
};

/** How forecasts are judged out of sample. All counts are bars of the common calendar. */
export const foldSettingsSchema = z
  .object({
    /**
     * `walk-forward`: `count` test blocks, each judged by a model of what came before. `cpcv`: combinatorial purged cross-validation, every
     * `testGroups` of `groups` blocks by a model of all others, those after it too.
     */
    validation: z.enum(['walk-forward', 'cpcv']).default('walk-forward'),
    count: z.number().int().min(1).max(50).default(3),
    scheme: z.enum(['expanding', 'sliding']).default('expanding'),
    groups: z.number().int().min(3).max(16).default(6),
    testGroups: z.number().int().min(1).max(8).default(2),
    /** Bars left out between a training block and the block judged after it, beyond what the label windows demand. */
    embargoBars: z.number().int().min(0).max(500).default(5),
    /** Part of each training window cut from its end, purged, for early stopping. */
    validationFraction: z.number().min(0.05).max(0.5).default(0.15),
    /**
     * Part of the bars kept from the end of the calendar: no fold sees them, one last fit is judged on them. 0, the default, keeps none: it
     * costs every model that much data, and it is spent once choices are made by it, so it is asked for when the last word is wanted.
     */
    holdoutFraction: z.number().min(0).max(0.5).default(0),
  })
  .superRefine(({ validation, groups, testGroups }, context) => {
    if (validation !== 'cpcv') return;
    const refuse = (message: string) => context.addIssue({ code: 'custom', path: ['testGroups'], message });
    if (testGroups >= groups) return refuse(`fewer than the ${groups} groups, so that some are left to train on`);
    const splits = choose(groups, testGroups);
    if (splits > mostSplits)
      refuse(`testing ${testGroups} of ${groups} groups takes ${splits} models; ${mostSplits} at most`);
  });
export type FoldSettings = z.infer<typeof foldSettingsSchema>;

/** Everything that decides what a run computes; two runs of one config on one dataset give the same numbers on CPU. */
export const runConfigSchema = z.object({
  name: z.string().trim().min(1).max(120).default('run'),
  /** Absolute folder of the market data, as the runner sees it. */
  dataDir: z.string().min(1),
  /** Empty: every symbol found. */
  symbols: z.array(z.string().min(1)).max(5000).default([]),
  targets: z
    .array(
      z
        .string()
        .regex(
          /^(fwd_(ret|excess|volret|dir)_|y_|target_)\w+$/,
          'a target is fwd_ret_{k}d, fwd_ret_{k}b (fwd_excess_, fwd_volret_, fwd_dir_ alike), or a column y_* or target_*',
        ),
    )
    .min(1, 'choose at least one target')
    .max(50)
    .default(['fwd_ret_1d']),
  /** Bars between a signal and its entry: at 1, what is seen at a close is traded at the next. */
  targetLagBars: z.number().int().min(0).max(100).default(1),
  features: featureSetSchema.default('auto'),
  normalisation: normalisationSchema.default('auto'),
  /** Further features: an SQL expression each, over a bar's columns, the symbol's bars before it, and the features before it. */
  featureExpressions: featureExpressionsSchema.default([]),
  modelTypes: modelTypesSchema.default('sequential'),
  /** Empty: every family of `modelTypes`. */
  families: z.array(familyIdSchema).default([]),
  /** Models of all symbols pooled, models of one symbol each, or both. */
  scope: z.enum(['crossSectional', 'symbol', 'both']).default('crossSectional'),
  folds: foldSettingsSchema.prefault({}),
  /** Bars a sequence family sees. */
  lookback: z.number().int().min(2).max(512).default(20),
  /** What buying or selling costs in the portfolio by which forecasts are judged, of what is traded; 5 = 0.05 %. */
  costBasisPoints: z.number().min(0).max(1000).default(5),
  /** Groups that the forecasts of a bar are ranked into: that portfolio holds the highest against the lowest. */
  quantiles: z.number().int().min(2).max(20).default(5),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(42),
  device: deviceSchema.default('auto'),
  /** Threads a child may use; 0: every core. */
  threads: z.number().int().min(0).max(256).default(0),
  /** Whether trainings of stage cpu that need one thread run beside each other, so that no core idles. */
  packing: z.boolean().default(true),
  /** Wall time one training may take before it is stopped as timed out. */
  deadlineSeconds: z
    .number()
    .int()
    .min(5)
    .max(7 * 86_400)
    .default(3600),
  /** Resident memory one training may take before it is killed. */
  memoryCapMb: z.number().int().min(256).max(1_048_576).default(4096),
  /** Train although a feature seems to know its target's future; the run is marked. */
  allowLeaks: z.boolean().default(false),
  /** By family, only what differs from the defaults. */
  parameters: z.partialRecord(familyIdSchema, z.record(z.string(), parameterValueSchema)).default({}),
  /** The training plan that is executed; a run without one is exploratory. */
  plan: runPlanSchema.optional(),
});
export type RunConfig = z.infer<typeof runConfigSchema>;
export type RunConfigInput = z.input<typeof runConfigSchema>;
export type FamilyParameters = Record<string, number | boolean | string>;
export type ParametersByFamily = Partial<Record<FamilyId, FamilyParameters>>;
