import { forwardReturns } from '../barReturns.ts';
import { icDecay } from '../score/icDecay.ts';
import { quantileReturns } from '../score/quantileReturns.ts';
import { scoreAutocorrelation } from '../score/scoreAutocorrelation.ts';
import { barsOfEstimates, noFigure, type Part, type TearSheetInput } from './part.ts';

const horizonBars = [1, 2, 5, 10, 20];
const plural = (count: number) => `${count} ${count === 1 ? 'bar' : 'bars'}`;

/** IC against the returns of the closes over several horizons. */
export function horizonPart({ panel, rows, scores }: TearSheetInput): Part {
  const horizons = horizonBars.map((bars) => ({
    name: plural(bars),
    labelBars: bars + 1,
    target: forwardReturns(panel, bars),
  }));
  const found = icDecay({ panel, rows, scores, horizons });
  const items = barsOfEstimates(found.map(({ name, ic }) => ({ label: name, ...ic })));
  const missing = found.filter(({ ic }) => ic.value === null).map(({ name }) => name);
  const note = `No IC over ${missing.join(', ')}: scores or returns of the closes do not vary there, or are too few.`;
  if (items.length === 0) return noFigure(note);
  return {
    figures: [
      {
        kind: 'bars',
        title: 'IC by horizon',
        help: 'IC of the same score against returns over longer and longer horizons, entered one bar after it: how long a forecast keeps its worth, and so how long it may be held.',
        items,
      },
    ],
    notes: missing.length > 0 ? [note] : [],
  };
}

/** Mean target of the lowest to the highest scores. */
export function quantilePart(input: TearSheetInput): Part {
  const { panel, target, targetName, rows, scores, labelBars } = input;
  const symbols = panel.symbols.length;
  const quantiles = symbols > 1 ? Math.min(input.quantiles, symbols) : input.quantiles;
  const found = quantileReturns({ panel, target, rows, predictions: scores, labelBars, quantiles });
  const items = barsOfEstimates([
    ...found.quantiles.map((estimate, i) => ({ label: nameOf(i, quantiles), ...estimate })),
    { label: 'highest − lowest', ...found.spread },
  ]);
  if (items.length === 0)
    return noFigure(`No returns by quantile: no bar has ${quantiles} symbols with both a score and an outcome.`);
  return {
    figures: [
      {
        kind: 'bars',
        title: `Mean ${targetName} by quantile of the score`,
        help:
          found.kind === 'timeSeries'
            ? 'Mean outcome of the bars with the lowest to the highest scores, one symbol over time: it should rise from each to the next.'
            : 'Mean outcome of the symbols that a bar scores lowest to highest: it should rise from each to the next, and the last less the first is what a portfolio can earn.',
        items,
      },
    ],
    notes: [],
  };
}

const nameOf = (quantile: number, quantiles: number): string =>
  `${quantile + 1}${quantile === 0 ? ' (lowest)' : quantile === quantiles - 1 ? ' (highest)' : ''}`;

/** How slowly the score changes. */
export function autocorrelationPart({ panel, rows, scores }: TearSheetInput): Part {
  const found = scoreAutocorrelation({ panel, rows, scores });
  const items = barsOfEstimates(found.map(({ lagBars, correlation }) => ({ label: plural(lagBars), ...correlation })));
  if (items.length === 0)
    return noFigure('No autocorrelation of the score: it does not vary, or no symbol has it on two bars.');
  return {
    figures: [
      {
        kind: 'bars',
        title: 'Autocorrelation of the score',
        help: 'Rank correlation of the score with itself so many bars earlier: near 1 it changes slowly and following it costs little, near 0 the portfolio is turned over all the time.',
        items,
      },
    ],
    notes: [],
  };
}
