import { expect, it } from 'vitest';
import { portfolioMetricsSchema } from '../../runs/portfolio.ts';
import { panelOf, rowsInTime } from '../testing/panelOf.ts';
import { portfolioMetrics } from './portfolioMetrics.ts';
import { tradeScores } from './tradeScores.ts';

it('what is kept of a portfolio is what it gave, its drawdown in times', () => {
  const panel = panelOf([[100], [110], [99], [108.9], [130.68]]);
  const rows = rowsInTime(panel);
  const input = { panel, rows, scores: new Float64Array(5).fill(1), labelBars: 2, costBasisPoints: 100 };
  const trade = tradeScores({ ...input, kind: 'positions', barsPerYear: 4 });
  const kept = portfolioMetrics(trade, panel.times);
  expect(portfolioMetricsSchema.parse(kept)).toEqual(kept);
  // Bought at the second close for 1 %, held to the last, sold there for 1 %: the first bar is the peak that is fallen from.
  const net = [-0.01, -0.1, 0.1, 0.19];
  expect([...trade.portfolio.net].map((value) => Number(value.toFixed(12)))).toEqual(net);
  const day = 86_400_000;
  expect(kept.maxDrawdown).toMatchObject({ from: day, to: 2 * day, recovered: 4 * day });
  expect(kept.maxDrawdown!.depth).toBeCloseTo(1 - 0.99 * 0.9, 12);
  expect(kept.annualReturn).toBeCloseTo(0.99 * 0.9 * 1.1 * 1.19 - 1, 12);
  expect(kept).toMatchObject({
    netSharpe: trade.net.sharpe.value,
    netSharpeError: trade.net.sharpe.standardError,
    grossSharpe: trade.gross.sharpe.value,
    turnover: 0.5,
    costBasisPoints: 100,
    bars: 4,
    barsPerYear: 4,
  });
});
