import type { PortfolioMetrics } from '../../runs/portfolio.ts';
import type { TradeResult } from './tradeScores.ts';

/**
 * A portfolio in the figures that are kept of it. A drawdown from the very start begins at the first bar.
 * @param times [bars of the calendar], epoch milliseconds
 */
export function portfolioMetrics(trade: TradeResult, times: ArrayLike<number>): PortfolioMetrics {
  const { portfolio, net, gross, meanTurnover, costBasisPoints, barsPerYear } = trade;
  const timeAt = (place: number) => times[portfolio.bars[Math.max(0, place)]!]!;
  const fall = net.maxDrawdown;
  return {
    netSharpe: net.sharpe.value,
    netSharpeError: net.sharpe.standardError,
    grossSharpe: gross.sharpe.value,
    grossSharpeError: gross.sharpe.standardError,
    annualReturn: net.annualReturn,
    annualVolatility: net.annualVolatility.value,
    maxDrawdown: fall && {
      depth: fall.depth,
      from: timeAt(fall.from),
      to: timeAt(fall.to),
      recovered: fall.recovered === null ? null : timeAt(fall.recovered),
    },
    turnover: meanTurnover,
    costBasisPoints,
    bars: net.bars,
    barsPerYear,
  };
}
