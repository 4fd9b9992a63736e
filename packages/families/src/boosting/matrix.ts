import { DomainError } from '@twostage/core/errors';
import type { Panel, RowIndices } from '@twostage/core/panel/panel';

/** Rows copied together: their slice of the row-major result stays in the cache while column after column fills it. */
const blockRows = 256;

/**
 * Features of chosen rows, row-major as the boosting libraries read them fastest.
 * @returns [rows.length, features]; NaN = missing
 */
export function gatherRows(panel: Panel, rows: RowIndices, start = 0, end = rows.length): Float32Array {
  const columns = panel.featureNames.length;
  const result = new Float32Array((end - start) * columns);
  for (let from = start; from < end; from += blockRows) {
    const to = Math.min(from + blockRows, end);
    for (let column = 0; column < columns; column++) {
      const offset = column * panel.rows;
      let at = (from - start) * columns + column;
      for (let index = from; index < to; index++, at += columns) {
        result[at] = panel.features[offset + rows[index]!]!;
      }
    }
  }
  return result;
}

/** [rows.length], the target of chosen rows divided by `scale`, rounded to float32 as both libraries keep labels. */
export function gatherLabels(target: Float64Array, rows: RowIndices, scale = 1): Float32Array {
  const result = new Float32Array(rows.length);
  for (let index = 0; index < rows.length; index++) result[index] = target[rows[index]!]! / scale;
  return result;
}

/** @throws DomainError SHAPE_MISMATCH unless the panel has exactly the features a model was trained on, in their order. */
export function checkFeatures(model: string, trained: readonly string[], panel: Panel): void {
  const { featureNames } = panel;
  const at = trained.findIndex((name, index) => featureNames[index] !== name);
  if (at < 0 && featureNames.length === trained.length) return;
  throw new DomainError(
    'SHAPE_MISMATCH',
    at < 0
      ? `${model} was trained on ${trained.length} features, got ${featureNames.length}`
      : `${model} expects "${trained[at]}" as feature ${at + 1} of ${trained.length}, got ${JSON.stringify(featureNames[at] ?? null)}`,
  );
}

/** @throws DomainError INVALID_INPUT for a fold with nothing to learn from. */
export function checkTrainable(model: string, panel: Panel, train: RowIndices): void {
  if (train.length === 0) throw new DomainError('INVALID_INPUT', `${model}: the fold has no training rows`);
  if (panel.featureNames.length === 0) throw new DomainError('INVALID_INPUT', `${model}: the dataset has no features`);
}
