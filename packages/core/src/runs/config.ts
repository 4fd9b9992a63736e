import { z } from 'zod';
import { type FamilyId, familyIdSchema } from '../families/family.ts';

/** `sequential` and `both`: every family; `cross-sectional`: the tabular ones only. */
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

/** Letters, digits and underscores, since LightGBM's model text takes no others; one that begins with _ is a step of others. */
const featureNameSchema = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]{0,63}$/, 'a feature is named by letters, digits and underscores');

export const parameterValueSchema = z.union([z.number(), z.boolean(), z.string()]);

/** Walk-forward evaluation. All counts are bars of the common calendar. */
export const foldSettingsSchema = z.object({
  count: z.number().int().min(1).max(50).default(3),
  scheme: z.enum(['expanding', 'sliding']).default('expanding'),
  /** Bars left out between a training block and the block judged after it, beyond what the label windows demand. */
  embargoBars: z.number().int().min(0).max(500).default(5),
  /** Part of each training window cut from its end, purged, for early stopping. */
  validationFraction: z.number().min(0.05).max(0.5).default(0.15),
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
  /** Further features by name: an SQL expression over a bar's columns and the symbol's bars before it. */
  featureExpressions: z.record(featureNameSchema, z.string().min(1).max(2000)).default({}),
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
});
export type RunConfig = z.infer<typeof runConfigSchema>;
export type RunConfigInput = z.input<typeof runConfigSchema>;
export type FamilyParameters = Record<string, number | boolean | string>;
export type ParametersByFamily = Partial<Record<FamilyId, FamilyParameters>>;
