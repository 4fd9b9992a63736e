import type { RealisedLabels } from '@twostage/core/evaluation/realisedLabels';
import type { Uncertainty } from '@twostage/core/evaluation/uncertainty';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';
import type { Device, FamilyParameters } from '@twostage/core/runs/config';
import type { FigureInput } from '@twostage/core/runs/figures';

/**
 * What a trainer says while it fits. Losses are its own objective in the target's unit: for point families the mean squared error, of
 * probabilities the log loss.
 */
export interface FitProgress {
  /** Step (boosting round, epoch, pass), 1-based. */
  readonly step: number;
  readonly totalSteps: number;
  readonly trainLoss: number | null;
  readonly validationLoss: number | null;
  readonly bestStep: number | null;
  readonly bestValidationLoss: number | null;
  /** What else is worth watching, by name, drawn as curves: e.g. `reconstruction`, `KL`. Finite, the same names each time. */
  readonly scalars?: Readonly<Record<string, number>>;
  /** Training rows consumed since the last report; the child derives rows/s. */
  readonly rows: number;
}

/** A label column. */
export interface TargetColumn {
  readonly name: string;
  /** [panel.rows]; NaN = not known. */
  readonly values: Float64Array;
  /** Bars ahead of the row's own that the label looks: whoever splits the training rows further purges that many. */
  readonly labelBars: number;
  /** Whether its values are 1 where it rose and 0 where it did not: a family may then learn probabilities instead of a number. */
  readonly direction?: boolean;
}

/** One fold, ready to fit. Rows are in time order; no row of `validation` or later is visible to `train`. */
export interface FitInput {
  readonly panel: Panel;
  /** [panel.rows], the label; finite on every row of `train` and `validation`. */
  readonly target: Float64Array;
  /** The target as a column, first; of a family that learns them together, every target, all finite on the rows used. */
  readonly targets: readonly TargetColumn[];
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
  /**
   * Outcomes that are known by the close of a bar. A family that learns on while it predicts asks for them with the bar of the row
   * it predicts, and so sees no later one. Without it, it predicts from its training alone.
   */
  readonly realised?: RealisedLabels;
  readonly lookback: number;
  readonly threads: number;
  readonly device: Device;
}

/** One entry a row asked for, in that order; NaN where it cannot predict (e.g. no full window). */
export interface Prediction {
  /** [rows] point forecast in the target's unit (mean or median, the family says which); for `position` families in [-1, 1]. */
  readonly values: Float64Array;
  /** Of directions: the values are probabilities of a rise, in [0, 1], as the family's own objective makes them. */
  readonly probabilities?: boolean;
  /** For `quantiles` and `distribution` families; NaN rows as in `values`. */
  readonly uncertainty?: Uncertainty;
  /** For families that learn several targets together: [targets][rows], in the order of `FitInput.targets`; the first is `values`. */
  readonly byTarget?: readonly Float64Array[];
}

/** What a fitted model may look at to draw itself: the fold's test rows come first to mind, they are the honest ones. */
export interface FigureContext {
  readonly panel: Panel;
  readonly target: Float64Array;
  readonly train: RowIndices;
  readonly test: RowIndices;
  readonly lookback: number;
  readonly threads: number;
  readonly device: Device;
}

export interface FittedModel {
  predict(input: PredictInput): Promise<Prediction>;
  /** Writes the artifact into an existing, empty folder. `load` of that folder predicts bitwise the same. */
  save(directory: string): Promise<void>;
  /** Feature → importance, where the family has such a thing. */
  importances?(): { feature: string; value: number }[];
  /** What this family is about, drawn: asked once, of the last fold's model. Intervals, calibration and importances are drawn without it. */
  figures?(context: FigureContext): Promise<FigureInput[]>;
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
