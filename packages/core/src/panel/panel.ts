import { z } from 'zod';

/**
 * The dataset of one run on disk: a folder with `manifest.json` and raw little-endian columns, written once by
 * `@twostage/data` and read by every child without parsing.
 *
 *   features.f32   [featureNames.length][rows]  column-major float32; NaN = not available at that bar
 *   target.<name>.f64                 [rows]    float64; NaN = not known (e.g. the last bars)
 *   symbol.u32, bar.u32               [rows]    index into `symbols` / into `time.f64`
 *   time.f64                          [bars]    epoch milliseconds (UTC) of each bar of the common calendar, ascending
 *   close.f64                         [rows]    close price as read
 *
 * Rows are sorted by (symbol, bar); each (symbol, bar) occurs at most once.
 */
export const datasetManifestSchema = z.object({
  version: z.literal(1),
  /** SHA-256 over content, features, targets and settings. */
  id: z.string().regex(/^[0-9a-f]{64}$/),
  rows: z.number().int().nonnegative(),
  bars: z.number().int().nonnegative(),
  symbols: z.array(z.string()),
  featureNames: z.array(z.string()),
  targets: z.array(
    z.object({
      name: z.string(),
      /** Bars ahead of the row's own that its label looks: purge drops training rows whose window reaches a test block. */
      labelBars: z.number().int().nonnegative(),
    }),
  ),
});
export type DatasetManifest = z.infer<typeof datasetManifestSchema>;

export const datasetFiles = {
  manifest: 'manifest.json',
  features: 'features.f32',
  symbol: 'symbol.u32',
  bar: 'bar.u32',
  time: 'time.f64',
  close: 'close.f64',
  target: (name: string) => `target.${name}.f64`,
} as const;

/** A dataset in memory. Layout as on disk. */
export interface Panel {
  readonly rows: number;
  readonly symbols: readonly string[];
  readonly featureNames: readonly string[];
  /** [features][rows], column-major: feature j of row i is `features[j * rows + i]`. */
  readonly features: Float32Array;
  /** [rows] */
  readonly symbolOf: Uint32Array;
  /** [rows] */
  readonly barOf: Uint32Array;
  /** [bars], epoch milliseconds UTC, ascending. */
  readonly times: Float64Array;
  /** [rows], close price as read: what features that are normalised across symbols no longer say, e.g. how volatile the market is. */
  readonly close: Float64Array;
}

/** Indices of rows of a panel, ascending by (bar, symbol): time order. */
export type RowIndices = Uint32Array;
