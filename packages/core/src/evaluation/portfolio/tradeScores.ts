import type { Panel, RowIndices } from '../../panel/panel.ts';
import { barReturns } from '../barReturns.ts';
import { mean } from '../correlation.ts';
import { barsPerYearOf } from './barsPerYear.ts';
import { type Performance, performanceOf } from './performance.ts';
import { keepPortfolio, type Portfolio } from './portfolio.ts';
import { longShortWeights, positionWeights, type Weights } from './weights.ts';

export interface TradeInput {
  readonly panel: Panel;
  /** In time order. */
  readonly rows: RowIndices;
  /** [rows], higher = more to be gained; NaN = none. Of `kind` positions: in [-1, 1]. */
  readonly scores: Float64Array;
  readonly labelBars: number;
  readonly costBasisPoints: number;
  /** What the scores are: forecasts to be ranked, or positions to be held as they are. Forecasts by default. */
  readonly kind?: 'forecasts' | 'positions';
  /** Of forecasts: how many groups; 5 by default. */
  readonly quantiles?: number;
  /** [panel.rows], returns of one bar each; those of the panel's closes by default. */
  readonly returns?: Float64Array;
  /** As the calendar says by default. */
  readonly barsPerYear?: number;
}

export interface TradeResult {
  readonly portfolio: Portfolio;
  readonly gross: Performance;
  readonly net: Performance;
  /** Mean of the portfolio's turnover a bar; null without bars. */
  readonly meanTurnover: number | null;
  /** Rows without a score. */
  readonly leftOut: number;
  readonly costBasisPoints: number;
  readonly barsPerYear: number;
}

/**
 * What trading on scores would have earned, before and after costs: `longShortWeights` (of positions: `positionWeights`) held by
 * `keepPortfolio`, with the figures of `performanceOf`.
 * @throws DomainError SHAPE_MISMATCH, INVALID_INPUT
 */
export function tradeScores(input: TradeInput): TradeResult {
  const { panel, rows, labelBars, costBasisPoints } = input;
  const { weights, leftOut } = weightsOf(input);
  const returns = input.returns ?? barReturns(panel);
  const portfolio = keepPortfolio({ panel, rows, weights, returns, labelBars, costBasisPoints });
  const barsPerYear = input.barsPerYear ?? barsPerYearOf(panel.times);
  return {
    portfolio,
    gross: performanceOf(portfolio.gross, barsPerYear),
    net: performanceOf(portfolio.net, barsPerYear),
    meanTurnover: portfolio.bars.length > 0 ? mean(portfolio.turnover) : null,
    leftOut,
    costBasisPoints,
    barsPerYear,
  };
}

function weightsOf({ kind = 'forecasts', quantiles, ...scored }: TradeInput): Weights {
  return kind === 'positions' ? positionWeights(scored) : longShortWeights(scored, quantiles);
}
