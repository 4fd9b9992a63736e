import { DomainError } from '@twostage/core/errors';
import { check, float32Type, float64Type, type Handle, type HandleOut, lightgbm } from './library.ts';
import { formatParameters, type LightgbmParameters } from './parameters.ts';

/** A dense matrix, [rows, columns]; NaN = missing. */
export interface Matrix {
  readonly values: Float32Array | Float64Array;
  readonly rows: number;
  readonly columns: number;
  readonly layout: 'rowMajor' | 'columnMajor';
}

/** Feature values put into histogram bins, with a label a row, in LightGBM's own memory: `close` frees it. */
export class LightgbmDataset {
  readonly rows: number;
  readonly columns: number;
  #handle: Handle | null;

  private constructor(handle: Handle, rows: number, columns: number) {
    this.#handle = handle;
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * Copies and bins a matrix; `matrix` may be dropped afterwards.
   * @param label [rows]
   * @param reference a dataset whose bins are used, as a validation block must use its training block's
   * @param featureNames [columns], made fit for the model's text format by `plainNames`
   * @throws DomainError SHAPE_MISMATCH, ENGINE_MISSING, ENGINE_FAILED
   */
  static create(
    matrix: Matrix,
    label: Float32Array,
    parameters: LightgbmParameters,
    { featureNames, reference }: { featureNames?: readonly string[]; reference?: LightgbmDataset } = {},
  ): LightgbmDataset {
    const { values, rows, columns, layout } = matrix;
    checkShape(matrix);
    if (label.length !== rows) {
      throw new DomainError('SHAPE_MISMATCH', `LightGBM: ${label.length} labels for ${rows} rows`);
    }
    const { api } = lightgbm();
    const out: HandleOut = [null];
    const type = values instanceof Float32Array ? float32Type : float64Type;
    const rowMajor = layout === 'rowMajor' ? 1 : 0;
    const text = formatParameters(parameters);
    check(api.datasetCreateFromMat(values, type, rows, columns, rowMajor, text, reference?.handle ?? null, out));
    const dataset = new LightgbmDataset(out[0]!, rows, columns);
    try {
      check(api.datasetSetField(dataset.handle, 'label', label, rows, float32Type));
      if (featureNames) check(api.datasetSetFeatureNames(dataset.handle, featureNames, featureNames.length));
      return dataset;
    } catch (error) {
      dataset.close();
      throw error;
    }
  }

  /** @throws DomainError ENGINE_FAILED once closed. */
  get handle(): Handle {
    if (this.#handle === null) throw new DomainError('ENGINE_FAILED', 'LightGBM: the dataset was closed');
    return this.#handle;
  }

  close(): void {
    if (this.#handle === null) return;
    const handle = this.#handle;
    this.#handle = null;
    check(lightgbm().api.datasetFree(handle));
  }
}

export function checkShape({ values, rows, columns }: Matrix): void {
  if (rows < 1 || columns < 1 || values.length !== rows * columns) {
    throw new DomainError('SHAPE_MISMATCH', `LightGBM: ${values.length} values for a matrix of ${rows} × ${columns}`);
  }
}
