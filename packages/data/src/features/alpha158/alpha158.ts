import { barShape } from './barShape.ts';
import { alpha158Columns, historyBars } from './catalogue.ts';
import { changes } from './changes.ts';
import { correlations } from './correlation.ts';
import { extremes } from './extremes.ts';
import { BarHistory, type InputName, inputNames } from './history.ts';
import { order } from './order.ts';
import { trend } from './trend.ts';
import { volume } from './volume.ts';

const groups = [barShape, trend, extremes, order, correlations, changes, volume] as const;

/**
 * Qlib's Alpha158 (Yang et al. 2020, github.com/microsoft/qlib), all 158, one symbol's bars a block at a time, in time order.
 *
 * As published: windows of 5, 10, 20, 30 and 60 of the symbol's own bars that end at the row; at a symbol's beginning they
 * hold what bars there are (pandas' min_periods = 1), where a standard deviation or a line needs two; missing values within a
 * window are passed over; deviations have ddof 1; quotients of ranges, sums and volumes have 1e-12 added below; a correlation
 * and an R² are missing where a series stands still (`stillStd`). A row sees itself and the 60 bars before it, never a later one.
 *
 * Unlike Qlib: IMAX, IMIN and IMXD pass over bars without a high or a low instead of calling them the extreme; VWAP0 without a
 * vwap column takes the typical price (barShape.ts). Bars on which the symbol did not trade are no rows here, so a window counts
 * the symbol's bars, not the market's.
 */
export class Alpha158 {
  private readonly history: BarHistory;
  /** [blockRows] by input: set the block's rows here, NaN where missing, before `compute`. */
  readonly inputs: Readonly<Record<InputName, Float64Array>>;

  /** @param blockRows most rows of one `compute` */
  constructor(readonly blockRows: number) {
    this.history = new BarHistory(blockRows);
    this.inputs = Object.fromEntries(
      inputNames.map((name) => [name, this.history.inputs[name].subarray(historyBars)]),
    ) as Record<InputName, Float64Array>;
  }

  /** Another symbol begins with the next block. */
  begin(): void {
    this.history.begin();
  }

  /**
   * @param rows of the block, ≤ blockRows
   * @param into [158][≥ at + rows], in the order of `alpha158Columns`; NaN = missing
   * @param at the row of `into` where the block's first goes
   */
  compute(rows: number, into: readonly Float64Array[], at: number): void {
    this.history.derive(rows);
    for (const group of groups) group(this.history, rows, into, at);
    this.history.advance(rows);
  }
}

/** 158 columns of so many rows. */
export const alphaBlock = (rows: number): Float64Array[] => alpha158Columns.map(() => new Float64Array(rows));
