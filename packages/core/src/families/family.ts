import { z } from 'zod';

/** The families that train, in the order in which they are shown. A family is listed once it is real. */
export const familyIds = [
  'LightGBM',
  'QuantileLightGBM',
  'XGBoost',
  'RewardBased',
  'NGBoost',
  'GMMRegime',
  'ChangePoint',
  'FTRLProximal',
  'Ensemble',
  'MetaLearning',
  'MLP',
  'VAE',
  'GAN',
  'MultiTask',
  'CNN1D',
  'LSTM',
  'Transformer',
  'TabCNN',
  'TabLSTM',
  'TabTransformer',
] as const;
export const familyIdSchema = z.enum(familyIds);
export type FamilyId = z.infer<typeof familyIdSchema>;

/** `cpu` ends wholly before `gpu` begins. */
export const stageIds = ['cpu', 'gpu'] as const;
export const stageIdSchema = z.enum(stageIds);
export type StageId = z.infer<typeof stageIdSchema>;

/** Within stage `gpu`, the TensorFlow group runs before the Torch group (which runs on ONNX Runtime). */
export const frameworks = ['cpu', 'tensorflow', 'torch'] as const;
export type Framework = (typeof frameworks)[number];

export type Engine = 'lightgbm' | 'xgboost' | 'typescript' | 'tensorflow' | 'onnx';

/** tabular: one row of features a (symbol, bar). sequence: the last `lookback` bars. */
export type InputKind = 'tabular' | 'sequence' | 'tabularAndSequence';
/** `position`: how much to hold, in [-1, 1], instead of a forecast in the target's unit. */
export type OutputKind = 'point' | 'quantiles' | 'distribution' | 'position';

/**
 * What the browser, the CLI and the planner know of a family, without loading its engine.
 * `parameters` is a zod object whose every field has a default, `.meta({ title, description })` and bounds: the form and
 * `--config` are built and checked from it (see `families/parameters.ts`).
 */
export interface FamilyDefinition {
  readonly id: FamilyId;
  readonly title: string;
  /** One sentence: what it is good for. */
  readonly summary: string;
  /** Where the algorithm was published. */
  readonly source: string;
  readonly stage: StageId;
  readonly framework: Framework;
  readonly engine: Engine;
  readonly input: InputKind;
  readonly output: OutputKind;
  /** `each`: one training a target. `together`: one training learns every target of the run at once. */
  readonly targets: 'each' | 'together';
  /** Fewest symbols and targets it makes sense with; with fewer it is left out before the run starts, and that is said. */
  readonly minimum: { readonly symbols: number; readonly targets: number };
  /**
   * How it scales. `one`: can't use more. `all`: as many as it is given, and its numbers are the same bits with any; packing may
   * give it fewer than every core. `fixed`: as many as the run may use and no fewer, because its last digits may depend on them.
   */
  readonly threads: 'all' | 'one' | 'fixed';
  readonly parameters: z.ZodObject;
}
