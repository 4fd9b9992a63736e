import { DomainError } from '@twostage/core/errors';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';

/** Standardised values beyond this many deviations are cut. */
const clip = 5;

/** Centre and spread of each feature over the training rows. */
export interface Standardisation {
  readonly featureNames: string[];
  /** [features], in the features' units. */
  readonly means: number[];
  /** [features]; 0 where a feature does not vary (or is never there): it becomes 0 everywhere. */
  readonly deviations: number[];
}

/** Learns from `rows` alone; missing values (NaN) and infinities count for nothing. */
export function fitStandardisation(panel: Panel, rows: RowIndices): Standardisation {
  const means: number[] = [];
  const deviations: number[] = [];
  for (let feature = 0; feature < panel.featureNames.length; feature++) {
    const column = panel.features.subarray(feature * panel.rows, (feature + 1) * panel.rows);
    const { mean, deviation } = momentsOf(column, rows);
    means.push(mean);
    deviations.push(deviation);
  }
  return { featureNames: [...panel.featureNames], means, deviations };
}

/**
 * Features as a network wants them: (value − mean) / deviation, cut at ±5; missing values become 0, the mean.
 * @param rows which, in which order; every row of the panel if not given
 * @returns [rows, features], row-major
 * @throws DomainError SHAPE_MISMATCH if the panel has other features
 */
export function standardise(
  panel: Panel,
  { featureNames, means, deviations }: Standardisation,
  rows?: RowIndices,
): Float32Array {
  if (featureNames.join('\n') !== panel.featureNames.join('\n')) {
    const lists = `[${featureNames.join(', ')}], got [${panel.featureNames.join(', ')}]`;
    throw new DomainError('SHAPE_MISMATCH', `the model was trained on the features ${lists}`);
  }
  const width = featureNames.length;
  const count = rows?.length ?? panel.rows;
  const result = new Float32Array(count * width);
  for (let feature = 0; feature < width; feature++) {
    const deviation = deviations[feature]!;
    if (deviation === 0) continue;
    const mean = means[feature]!;
    const column = panel.features.subarray(feature * panel.rows, (feature + 1) * panel.rows);
    for (let i = 0; i < count; i++) {
      const value = (column[rows ? rows[i]! : i]! - mean) / deviation;
      result[i * width + feature] = Number.isNaN(value) ? 0 : Math.min(clip, Math.max(-clip, value));
    }
  }
  return result;
}

function momentsOf(column: Float32Array, rows: RowIndices): { mean: number; deviation: number } {
  let count = 0;
  let sum = 0;
  for (const row of rows) {
    const value = column[row]!;
    if (!Number.isFinite(value)) continue;
    count++;
    sum += value;
  }
  if (count === 0) return { mean: 0, deviation: 0 };
  const mean = sum / count;
  let squares = 0;
  for (const row of rows) {
    const value = column[row]!;
    if (Number.isFinite(value)) squares += (value - mean) ** 2;
  }
  const deviation = Math.sqrt(squares / count);
  // What is left of rounding in a constant column is no spread.
  return { mean, deviation: deviation > 1e-7 * Math.abs(mean) ? deviation : 0 };
}
