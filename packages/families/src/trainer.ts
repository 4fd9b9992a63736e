import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import type { Device, FamilyParameters } from '@twostage/core/runs/config';

/** What a trainer says while it fits. Losses are its own objective in the target's unit: for point families the mean squared error. */
export interface FitProgress {
  /** Step (boosting round, epoch, pass), 1-based. */
  readonly step: number;
  readonly totalSteps: number;
  readonly trainLoss: number | null;
  readonly validationLoss: number | null;
  readonly bestStep: number | null;
  readonly bestValidationLoss: number | null;
  /** Training rows consumed since the last report; the child derives rows/s. */
  readonly rows: number;
}

/** One fold, ready to fit. Rows are in time order; no row of `validation` or later is visible to `train`. */
export interface FitInput {
  readonly panel: Panel;
  /** [panel.rows], the label; finite on every row of `train` and `validation`. */
  readonly target: Float64Array;
  readonly train: RowIndices;
  /** Purged block cut from the end of the training window: for early stopping only. */
  readonly validation: RowIndices;
  /** Already resolved against the definition's schema. */
  readonly parameters: FamilyParameters;
  readonly lookback: number;
  readonly seed: number;
  readonly threads: number;
  readonly device: Device;
  /**
   * Call once a step. Yields to the event loop, so that progress leaves and a cancel arrives.
   * @throws DomainError CANCELLED once the run was cancelled: let it pass, after freeing native memory.
   */
  readonly report: (progress: FitProgress) => Promise<void>;
  /** A line for the result and the log: e.g. that a device was missing and the CPU took its place. */
  readonly note: (line: string) => void;
}

export interface PredictInput {
  readonly panel: Panel;
  /** In time order. */
  readonly rows: RowIndices;
  readonly lookback: number;
  readonly threads: number;
  readonly device: Device;
}

/** [rows] in the order of the rows asked for, in the target's unit; NaN where it cannot predict (e.g. no full window). */
export interface PointPrediction {
  readonly kind: 'point';
  readonly values: Float64Array;
}
export type Prediction = PointPrediction;

export interface FittedModel {
  predict(input: PredictInput): Promise<Prediction>;
  /** Writes the artifact into an existing, empty folder. `load` of that folder predicts bitwise the same. */
  save(directory: string): Promise<void>;
  /** Feature → importance, where the family has such a thing. */
  importances?(): { feature: string; value: number }[];
  /** Frees native memory. */
  close(): Promise<void>;
}

/** The real algorithm of a family on its engine. Loaded only inside a child process: its engine is the only one there. */
export interface Trainer {
  fit(input: FitInput): Promise<FittedModel>;
  load(directory: string, threads: number, device: Device): Promise<FittedModel>;
  /** What runs it, e.g. `LightGBM 4.7.0, cpu, 2 threads`. */
  describe(threads: number, device: Device): Promise<string>;
}
