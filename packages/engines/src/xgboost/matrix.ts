import { DomainError } from '@twostage/core/errors';
import { arrayInterface, check, type Handle, type HandleOut, xgboost } from './library.ts';

/** A matrix in XGBoost's own memory: `close` frees it. */
export class XgboostMatrix {
  readonly rows: number;
  readonly columns: number;
  #handle: Handle | null;

  private constructor(handle: Handle, rows: number, columns: number) {
    this.#handle = handle;
    this.rows = rows;
    this.columns = columns;
  }

  /**
   * Copies a matrix; `values` may be dropped afterwards.
   * @param values [rows, columns], row-major; NaN = missing
   * @param label [rows], where it is to be trained or scored on
   * @throws DomainError SHAPE_MISMATCH, ENGINE_MISSING, ENGINE_FAILED
   */
  static create(
    values: Float32Array,
    rows: number,
    columns: number,
    { label, threads }: { label?: Float32Array; threads: number },
  ): XgboostMatrix {
    if (rows < 1 || columns < 1 || values.length !== rows * columns) {
      throw new DomainError('SHAPE_MISMATCH', `XGBoost: ${values.length} values for a matrix of ${rows} × ${columns}`);
    }
    if (label && label.length !== rows) {
      throw new DomainError('SHAPE_MISMATCH', `XGBoost: ${label.length} labels for ${rows} rows`);
    }
    const { api } = xgboost();
    const out: HandleOut = [null];
    const config = `{"missing":NaN,"nthread":${threads}}`;
    check(api.matrixCreateFromDense(arrayInterface(values, [rows, columns]), config, out));
    const matrix = new XgboostMatrix(out[0]!, rows, columns);
    try {
      if (label) check(api.matrixSetInfo(matrix.handle, 'label', arrayInterface(label, [rows])));
      return matrix;
    } catch (error) {
      matrix.close();
      throw error;
    }
  }

  /** @throws DomainError ENGINE_FAILED once closed. */
  get handle(): Handle {
    if (this.#handle === null) throw new DomainError('ENGINE_FAILED', 'XGBoost: the matrix was closed');
    return this.#handle;
  }

  close(): void {
    if (this.#handle === null) return;
    const handle = this.#handle;
    this.#handle = null;
    check(xgboost().api.matrixFree(handle));
  }
}
