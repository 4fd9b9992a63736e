import { z } from 'zod';
import { assertNever } from '../errors.ts';
import type { Uncertainty } from '../evaluation/uncertainty.ts';

/** What the raw columns of predictions beside a training are, in the order of predictions.parquet. */
export const predictionLayoutSchema = z.object({
  rows: z.number().int().nonnegative(),
  columns: z.array(
    z.object({
      name: z.string(),
      /** Numbers a row: one, or all draws of a distribution. */
      perRow: z.number().int().positive(),
      /** Of a point forecast: what it forecasts, and the name of the column that is to hold what came true. */
      outcome: z.object({ target: z.string(), name: z.string() }).optional(),
    }),
  ),
});
export type PredictionLayout = z.infer<typeof predictionLayoutSchema>;

export interface PredictionColumn {
  readonly name: string;
  readonly perRow: number;
  readonly outcome?: { readonly target: string; readonly name: string };
  /** [rows, perRow], in the target's unit; NaN = not predicted. */
  readonly values: Float64Array;
}

/**
 * A forecast as columns: `prediction` and its uncertainty (`q0.1` …, `deviation`, or `draws`), then `prediction_TARGET` of each
 * further target.
 * @param byTarget [targets][rows]
 */
export function predictionColumns(
  targets: readonly string[],
  byTarget: readonly Float64Array[],
  uncertainty: Uncertainty | undefined,
): PredictionColumn[] {
  const points = targets.map((target, i): PredictionColumn => {
    const suffix = i === 0 ? '' : `_${target}`;
    const outcome = { target, name: `target${suffix}` };
    return { name: `prediction${suffix}`, perRow: 1, outcome, values: byTarget[i]! };
  });
  return [...points.slice(0, 1), ...(uncertainty ? uncertaintyColumns(uncertainty) : []), ...points.slice(1)];
}

function uncertaintyColumns(uncertainty: Uncertainty): PredictionColumn[] {
  switch (uncertainty.kind) {
    case 'quantiles': {
      const { levels, values } = uncertainty;
      const rows = values.length / levels.length;
      return levels.map((level, i) => ({
        name: `q${level}`,
        perRow: 1,
        values: Float64Array.from({ length: rows }, (_, row) => values[row * levels.length + i]!),
      }));
    }
    case 'normal':
      return [{ name: 'deviation', perRow: 1, values: uncertainty.deviations }];
    case 'draws':
      return [{ name: 'draws', perRow: uncertainty.perRow, values: uncertainty.draws }];
    default:
      return assertNever(uncertainty);
  }
}
