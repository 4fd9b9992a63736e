import { cumulativeIc } from '../informationCoefficient.ts';
import { finitePairs } from '../pairs.ts';
import { noFigure, type Part, type TearSheetInput, timeLines } from './part.ts';

/** Bars of the running mean: about a month of days. */
const meanBars = 20;

/** The IC bar by bar with its running mean, and its running sum. */
export function icOverTimePart({ panel, target, rows, scores }: TearSheetInput): Part {
  const pairs = finitePairs({ panel, target, rows, predictions: scores });
  if (pairs.oneSymbol)
    return noFigure(
      'No IC by bar: it compares symbols with each other, and there is one alone; its IC is taken over time.',
    );
  const ic = cumulativeIc(pairs, 'pearson');
  const rankIc = cumulativeIc(pairs, 'spearman');
  if (ic.values.length < 2)
    return noFigure(
      `No IC by bar: scores and outcomes vary across symbols on ${ic.values.length === 0 ? 'no bar' : 'one bar only'}.`,
    );
  const axis = { xLabel: 'Bar', xKind: 'time' } as const;
  const { times } = panel;
  return {
    figures: [
      {
        kind: 'lines',
        title: 'IC by bar',
        help: `Correlation across symbols of score and outcome on each bar, and its mean over the last ${meanBars}: single bars scatter widely, their mean should stay above 0.`,
        yLabel: 'IC',
        ...axis,
        series: timeLines(times, ic.bars, [
          { name: 'IC', values: ic.values },
          { name: `mean of ${meanBars}`, values: runningMean(ic.cumulative) },
        ]),
      },
      {
        kind: 'lines',
        title: 'Cumulative IC',
        help: 'The ICs of all bars so far, added up: a score that works all the time climbs steadily, one that worked once has a step.',
        yLabel: 'Sum of ICs',
        ...axis,
        series: [
          ...timeLines(times, ic.bars, [{ name: 'IC', values: ic.cumulative }]),
          ...timeLines(times, rankIc.bars, [{ name: 'Rank IC', values: rankIc.cumulative }]),
        ],
      },
    ],
    notes: [],
  };
}

/** From the running sum; NaN until there are enough bars. */
const runningMean = (cumulative: Float64Array): Float64Array =>
  cumulative.map((sum, i) =>
    i + 1 < meanBars ? Number.NaN : (sum - (i === meanBars - 1 ? 0 : cumulative[i - meanBars]!)) / meanBars,
  );
