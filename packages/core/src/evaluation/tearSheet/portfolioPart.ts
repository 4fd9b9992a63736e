import { byMonth } from '../groups/groups.ts';
import { valuesAt } from '../pairs.ts';
import { equityCurve } from '../portfolio/drawdown.ts';
import type { TradeResult } from '../portfolio/tradeScores.ts';
import type { FigureInput } from '../../runs/figures.ts';
import { noFigure, type Part, type TearSheetInput, timeLines } from './part.ts';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** As many rows as a heat map may have. */
const mostYears = 120;

/** Equity before and after costs, and drawdown. */
export function portfolioPart({ panel, trade }: TearSheetInput): Part {
  if (trade === null)
    return noFigure('No portfolio: no close of the test blocks moves, so there is nothing to be earned by trading.');
  if (!hasTraded(trade))
    return noFigure('No portfolio: the scores of every bar are equal, so nothing was bought or sold.');
  const { times } = panel;
  return { figures: [equityFigure(trade, times), drawdownFigure(trade, times)], notes: [] };
}

/** The net return month by month; why there is none is said by `portfolioPart`. */
export function monthPart({ panel, trade }: TearSheetInput): Part {
  return { figures: trade !== null && hasTraded(trade) ? [monthFigure(trade, panel.times)] : [], notes: [] };
}

const hasTraded = ({ meanTurnover }: TradeResult): boolean => meanTurnover !== null && meanTurnover > 0;

function equityFigure({ portfolio, net, costBasisPoints }: TradeResult, times: Float64Array): FigureInput {
  const lines = [
    { name: 'net', values: equityCurve(portfolio.net) },
    { name: 'gross', values: equityCurve(portfolio.gross) },
  ];
  return {
    kind: 'lines',
    title: 'Equity, net and gross of costs',
    help: `What 1 would have grown to by holding the highest scores against the lowest; net pays ${costBasisPoints} basis points (hundredths of a per cent) of all that is bought or sold.`,
    xLabel: 'Bar',
    yLabel: 'Growth of 1',
    xKind: 'time',
    series: timeLines(times, portfolio.bars, lines, net.maxDrawdown ? [net.maxDrawdown.to] : []),
  };
}

function drawdownFigure({ portfolio, net }: TradeResult, times: Float64Array): FigureInput {
  let peak = 1;
  const fallen = equityCurve(portfolio.net).map((value) => {
    peak = Math.max(peak, value);
    return value / peak - 1;
  });
  return {
    kind: 'lines',
    title: 'Drawdown',
    help: 'How far the net equity is below its highest point so far: the depth and length of the losses one would have sat through.',
    xLabel: 'Bar',
    yLabel: 'Below the peak',
    xKind: 'time',
    series: timeLines(
      times,
      portfolio.bars,
      [{ name: 'net', values: fallen }],
      net.maxDrawdown ? [net.maxDrawdown.to] : [],
    ),
  };
}

function monthFigure({ portfolio }: TradeResult, times: Float64Array): FigureInput {
  const returns = new Map(
    byMonth(times, portfolio.bars).map(({ label, positions }) => [
      label,
      equityCurve(valuesAt(portfolio.net, positions)).at(-1)! - 1,
    ]),
  );
  const years = [...new Set([...returns.keys()].map((month) => month.slice(0, 4)))].slice(-mostYears);
  return {
    kind: 'heatmap',
    title: 'Net return by month',
    help: 'Return of each month after costs, compounded (0.01 = 1 %): gains that come in a few months only may have been luck.',
    rows: years,
    columns: months,
    values: years.map((year) =>
      months.map((_, month) => returns.get(`${year}-${String(month + 1).padStart(2, '0')}`) ?? null),
    ),
  };
}
