import { barsOf, breakDown, byRegime, bySymbol, evaluateGroups } from '../groups/groups.ts';
import { marketReturns, volatilityRegimes } from '../groups/volatilityRegimes.ts';
import { valuesAt } from '../pairs.ts';
import { performanceOf } from '../portfolio/performance.ts';
import { noFigure, type Part, type TearSheetInput } from './part.ts';

/** Of many symbols the best and the worst. */
const mostSymbols = 20;

/** IC over time of each symbol alone. */
export function symbolPart(input: TearSheetInput): Part {
  const { panel, rows, kind } = input;
  const groups = bySymbol(panel, rows);
  if (groups.length < 2) return noFigure('No figures by symbol: there is one symbol alone.');
  const icOf = ({ value: { ic } }: (typeof found)[number]) => ic ?? Number.NEGATIVE_INFINITY;
  const found = evaluateGroups(evaluationOf(input), groups);
  found.sort((a, b) => (icOf(a) === icOf(b) ? 0 : icOf(b) - icOf(a)));
  const known = found.filter(({ value }) => value.ic !== null);
  if (known.length === 0) return noFigure('No figures by symbol: no symbol’s scores and outcomes vary over time.');
  const many = known.length > mostSymbols;
  const shown = many ? [...known.slice(0, mostSymbols / 2), ...known.slice(-mostSymbols / 2)] : found;
  const forecasts = kind === 'forecasts';
  return {
    figures: [
      {
        kind: 'table',
        title: 'By symbol',
        help: `How well each symbol’s own ups and downs were told, its IC taken over time${many ? `; the ${mostSymbols / 2} best and the ${mostSymbols / 2} worst of ${known.length}` : ''}: a score that rests on a few symbols is fragile.`,
        columns: ['Symbol', 'IC over time', '± error', ...(forecasts ? ['R²'] : []), 'Rows'],
        rows: shown.map(({ label, value }) => [
          label,
          value.ic,
          value.standardErrors?.ic ?? null,
          ...(forecasts ? [value.r2] : []),
          value.rows,
        ]),
      },
    ],
    notes: [],
  };
}

/** The figures in calm, normal and turbulent markets. */
export function regimePart(input: TearSheetInput): Part {
  const { panel, rows, trade } = input;
  // Of a direction, 0 or 1, the sign says nothing.
  const signed = !input.probabilities;
  const market = marketReturns(panel);
  if (!market.some((value) => Number.isFinite(value) && value !== 0))
    return noFigure('No market regimes: no close moves.');
  const regimes = volatilityRegimes(market);
  const found = evaluateGroups(evaluationOf(input), byRegime(regimes, barsOf(panel, rows)));
  if (found.length === 0)
    return noFigure('No market regimes: volatility can be called high or low only after 120 bars of history.');
  const sharpes = new Map(
    (trade ? breakDown(byRegime(regimes, trade.portfolio.bars), (places) => sharpeAt(trade, places)) : []).map(
      ({ label, value }) => [label, value],
    ),
  );
  return {
    figures: [
      {
        kind: 'table',
        title: 'By volatility of the market',
        help: 'The same figures on bars where the market’s last 60 returns were calm, normal or turbulent as seen by then: does the score work only in one of them?',
        columns: [
          'Market',
          'Bars',
          'IC',
          '± error',
          ...(signed ? ['Hit rate'] : []),
          ...(trade ? ['Net Sharpe', '± error'] : []),
        ],
        rows: found.map(({ label, value }) => {
          const sharpe = sharpes.get(label);
          return [
            label,
            value.bars,
            value.ic,
            value.standardErrors?.ic ?? null,
            ...(signed ? [value.hitRate] : []),
            ...(trade ? [sharpe?.value ?? null, sharpe?.standardError ?? null] : []),
          ];
        }),
      },
    ],
    notes: [],
  };
}

const sharpeAt = ({ portfolio, barsPerYear }: NonNullable<TearSheetInput['trade']>, places: Uint32Array) =>
  performanceOf(valuesAt(portfolio.net, places), barsPerYear).sharpe;

const evaluationOf = ({ panel, target, rows, scores, trainMean, labelBars }: TearSheetInput) => ({
  ...{ panel, target, rows, trainMean, labelBars },
  predictions: scores,
});
