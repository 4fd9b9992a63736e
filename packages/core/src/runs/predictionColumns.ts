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
 * further target; of a direction also `probability`, or `probability_TARGET`.
 * @param byTarget [targets][rows]
 * @param probabilities [targets][rows], of a rise; null of a target that is no direction
 */
export function predictionColumns(
  targets: readonly string[],
  byTarget: readonly Float64Array[],
  uncertainty: Uncertainty | undefined,
  probabilities: readonly (Float64Array | null)[] = [],
): PredictionColumn[] {
  const points = targets.map((target, i): PredictionColumn[] => {
    const suffix = i === 0 ? '' : `_${target}`;
    const outcome = { target, name: `target${suffix}` };
    const own = probabilities[i];
    return [
      { name: `prediction${suffix}`, perRow: 1, outcome, values: byTarget[i]! },
      ...(own ? [{ name: `probability${suffix}`, perRow: 1, values: own }] : []),
    ];
  });
  return [...points[0]!, ...(uncertainty ? uncertaintyColumns(uncertainty) : []), ...points.slice(1).flat()];
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
