import type { Panel, RowIndices } from '@twostage/core/panel/panel';

/** Standardised values beyond this many deviations are pulled back to it: one wild bar must not steer an online learner. */
const clipDeviations = 5;

/** Per feature, over the training rows where it is known. A deviation of 0 marks a feature that never varied, or never was. */
export interface FeatureMoments {
  readonly mean: number;
  readonly deviation: number;
}

/** Mean and population standard deviation of every feature over `rows`, by Welford's method; NaN is left out. */
export function featureMoments(panel: Panel, rows: RowIndices): FeatureMoments[] {
  return panel.featureNames.map((_, feature) => {
    const offset = feature * panel.rows;
    let count = 0;
    let mean = 0;
    let squares = 0;
    for (const row of rows) {
      const value = panel.features[offset + row]!;
      if (!Number.isFinite(value)) continue;
      count++;
      const delta = value - mean;
      mean += delta / count;
      squares += delta * (value - mean);
    }
    const deviation = count > 1 ? Math.sqrt(squares / count) : 0;
    // Equal values leave only rounding behind.
    const varies = deviation > 1e-12 * Math.abs(mean);
    return { mean, deviation: varies ? deviation : 0 };
  });
}

/**
 * @param moments [features]
 * @returns [end − start, features], row-major, clipped; 0, the training mean, where a value is missing or the feature never varied
 */
export function standardisedRows(
  panel: Panel,
  rows: RowIndices,
  moments: readonly FeatureMoments[],
  start: number,
  end: number,
): Float64Array {
  const columns = moments.length;
  const result = new Float64Array((end - start) * columns);
  for (let column = 0; column < columns; column++) {
    const { mean, deviation } = moments[column]!;
    if (deviation === 0) continue;
    const offset = column * panel.rows;
    for (let index = start, at = column; index < end; index++, at += columns) {
      const value = (panel.features[offset + rows[index]!]! - mean) / deviation;
      result[at] = Number.isNaN(value) ? 0 : Math.max(-clipDeviations, Math.min(clipDeviations, value));
    }
  }
  return result;
}
