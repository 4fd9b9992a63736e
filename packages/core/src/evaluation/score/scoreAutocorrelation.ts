import { DomainError } from '../../errors.ts';
import type { Panel, RowIndices } from '../../panel/panel.ts';
import type { Estimate } from '../estimate.ts';
import type { IcMissing } from '../../runs/icMissing.ts';
import { icFigures, type Sides } from '../informationCoefficient.ts';
import { checkRows } from '../pairs.ts';

export interface ScoreAtLag {
  readonly lagBars: number;
  /** Rank correlation of the score with itself `lagBars` earlier: of each bar across symbols, then over bars; of one symbol over time. */
  readonly correlation: Estimate;
  /** Rows whose symbol had a score at that bar too. */
  readonly rows: number;
  /** Only where there is no correlation. */
  readonly missing: IcMissing | null;
}

/**
 * How slowly a score changes, and so how little has to be traded to follow it: its rank autocorrelation by lag, on bars of the common
 * calendar.
 * @param input.scores [rows]; NaN = none
 * @throws DomainError SHAPE_MISMATCH
 */
export function scoreAutocorrelation(input: {
  readonly panel: Panel;
  readonly rows: RowIndices;
  readonly scores: Float64Array;
  readonly lags?: readonly number[];
}): ScoreAtLag[] {
  const { panel, rows, scores, lags = [1, 2, 5, 10, 20] } = input;
  if (scores.length !== rows.length)
    throw new DomainError('SHAPE_MISMATCH', `expected ${rows.length} scores, got ${scores.length}`);
  checkRows(panel, rows);
  const scoreOf = new Float64Array(panel.rows).fill(Number.NaN);
  for (let i = 0; i < rows.length; i++) scoreOf[rows[i]!] = scores[i]!;
  return lags.map((lagBars) => {
    const pairs = laggedPairs(panel, rows, scoreOf, lagBars);
    // Scores a lag apart overlap as labels of lag + 1 bars do.
    const { rankIc, missing } = icFigures(pairs, lagBars + 1);
    return { lagBars, correlation: rankIc, rows: pairs.bars.length, missing };
  });
}

/** Each score as prediction, the same symbol's earlier one as target. */
function laggedPairs(panel: Panel, rows: RowIndices, scoreOf: Float64Array, lagBars: number): Sides {
  const bars = new Uint32Array(rows.length);
  const now = new Float64Array(rows.length);
  const then = new Float64Array(rows.length);
  const symbols = new Set<number>();
  let n = 0;
  for (const row of rows) {
    const earlier = rowBefore(panel, row, lagBars);
    if (earlier < 0 || !Number.isFinite(scoreOf[row]!) || !Number.isFinite(scoreOf[earlier]!)) continue;
    bars[n] = panel.barOf[row]!;
    now[n] = scoreOf[row]!;
    then[n] = scoreOf[earlier]!;
    symbols.add(panel.symbolOf[row]!);
    n++;
  }
  return {
    bars: bars.subarray(0, n),
    predictions: now.subarray(0, n),
    targets: then.subarray(0, n),
    oneSymbol: symbols.size === 1 || panel.symbols.length === 1,
  };
}

/** The symbol's row exactly so many bars of the calendar earlier; −1 without one. Among its last `lagBars` rows, by bisection. */
function rowBefore({ symbolOf, barOf }: Panel, row: number, lagBars: number): number {
  const wanted = barOf[row]! - lagBars;
  let [low, high] = [Math.max(0, row - lagBars), row];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (symbolOf[middle] !== symbolOf[row] || barOf[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return symbolOf[low] === symbolOf[row] && barOf[low] === wanted ? low : -1;
}
