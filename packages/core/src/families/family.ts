import { z } from 'zod';

/** The families that train, in the order in which they are shown. A family is listed once it is real. */
export const familyIds = ['LightGBM', 'XGBoost', 'FTRLProximal', 'MLP', 'LSTM'] as const;
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
export type OutputKind = 'point' | 'quantiles' | 'distribution';

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
  /** How it scales: packing runs one-thread families beside each other. */
  readonly threads: 'all' | 'one';
  readonly parameters: z.ZodObject;
}
