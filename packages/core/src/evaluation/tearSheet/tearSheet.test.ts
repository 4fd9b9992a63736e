import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { type Figure, figureSchema, maxTearSheetFigures } from '../../runs/figures.ts';
import { barReturns, forwardReturns } from '../barReturns.ts';
import { evaluateDirection } from '../direction/evaluateDirection.ts';
import { evaluate } from '../evaluate.ts';
import { cumulativeIc } from '../informationCoefficient.ts';
import { finitePairs } from '../pairs.ts';
import { equityCurve } from '../portfolio/drawdown.ts';
import { tradeScores } from '../portfolio/tradeScores.ts';
import { icDecay } from '../score/icDecay.ts';
import { quantileReturns } from '../score/quantileReturns.ts';
import { scoreAutocorrelation } from '../score/scoreAutocorrelation.ts';
import { panelOf, rowsInTime } from '../testing/panelOf.ts';
import type { TearSheetInput } from './part.ts';
import { tearSheet } from './tearSheet.ts';

const day = 86_400_000;

/** A market of random walks from November 2022 on, and a score that knows a little of what comes. */
function sheetInput(symbols: number, bars: number, change: Partial<TearSheetInput> = {}): TearSheetInput {
  const random = new Random(7);
  const last = new Float64Array(symbols).fill(100);
  const closes = Array.from({ length: bars }, () => [
    ...last.map((value, symbol) => {
      last[symbol] = value * (1 + 0.01 * random.normal());
      return last[symbol]!;
    }),
  ]);
  const panel = panelOf(
    closes,
    closes.map((_, bar) => Date.UTC(2022, 10, 1) + bar * day),
  );
  const rows = rowsInTime(panel);
  const target = forwardReturns(panel, 1);
  const scores = Float64Array.from(rows, (row) => 0.1 * (target[row] || 0) + 0.01 * random.normal());
  const trade = tradeScores({ panel, rows, scores, labelBars: 2, costBasisPoints: 5, quantiles: 3 });
  const input = { panel, targetName: 'fwd_ret_1d', target, rows, scores, kind: 'forecasts' as const };
  return { ...input, trainMean: 0.0001, labelBars: 2, quantiles: 3, trade, ...change };
}

const named = <Kind extends Figure['kind']>(figures: readonly Figure[], kind: Kind, title: string) => {
  const found = figures.find((figure) => figure.title === title);
  expect(found?.kind, title).toBe(kind);
  return found as Extract<Figure, { kind: Kind }>;
};
const six = (value: number | null) => (value === null ? null : Number(value.toPrecision(6)));
const itemsOf = (estimates: readonly { value: number | null; standardError: number | null }[]) =>
  estimates.map(({ value, standardError }) => [six(value), six(standardError)]);
const shown = ({ items }: Extract<Figure, { kind: 'bars' }>) => items.map(({ value, error }) => [value, error]);

describe('a tear sheet', () => {
  const input = sheetInput(6, 150);
  const { panel, target, rows, scores, trade } = input;
  const { figures, notes } = tearSheet(input);

  it('lacks nothing where all can be computed, in numbers that are finite, with a word on each', () => {
    expect(notes).toEqual([]);
    expect(figures.map(({ title }) => title)).toEqual([
      'Equity, net and gross of costs',
      'Drawdown',
      'IC by bar',
      'Cumulative IC',
      'IC by horizon',
      'Mean fwd_ret_1d by quantile of the score',
      'Net return by month',
      'Autocorrelation of the score',
      'By symbol',
      'By volatility of the market',
      'Rises told from falls',
    ]);
    expect(figures.length).toBeLessThanOrEqual(maxTearSheetFigures);
    for (const figure of figures) {
      expect(figureSchema.parse(figure)).toEqual(figure);
      expect(figure.help.length).toBeGreaterThan(20);
    }
  });

  it('draws the equity of the portfolio, its drawdown, and months that multiply to the whole', () => {
    const { portfolio, net } = trade!;
    const [netLine, grossLine] = named(figures, 'lines', 'Equity, net and gross of costs').series;
    expect(netLine!.x).toEqual(Array.from(portfolio.bars, (bar) => panel.times[bar]));
    expect(netLine!.y).toEqual(Array.from(equityCurve(portfolio.net), six));
    expect(grossLine!.y).toEqual(Array.from(equityCurve(portfolio.gross), six));
    const [fallen] = named(figures, 'lines', 'Drawdown').series;
    expect(Math.min(...fallen!.y.map(Number))).toBe(six(-net.maxDrawdown!.depth));
    const heat = named(figures, 'heatmap', 'Net return by month');
    expect(heat.rows).toEqual(['2022', '2023']);
    expect(heat.values[0]!.map((value) => value === null)).toEqual(heat.columns.map((_, month) => month < 10));
    const growth = heat.values.flat().reduce<number>((product, value) => product * (1 + (value ?? 0)), 1);
    expect(growth).toBeCloseTo(1 + net.totalReturn, 5);
  });

  it('draws the ICs bar by bar, their mean of 20 and their sum', () => {
    const pairs = finitePairs({ panel, target, rows, predictions: scores });
    const ic = cumulativeIc(pairs, 'pearson');
    const [line, smooth] = named(figures, 'lines', 'IC by bar').series;
    expect(line!.y).toEqual(Array.from(ic.values, six));
    expect(smooth!.y.slice(0, 19)).toEqual(Array.from({ length: 19 }, () => null));
    for (const at of [19, 20, 77])
      expect(smooth!.y[at]).toBeCloseTo(ic.values.slice(at - 19, at + 1).reduce((a, b) => a + b) / 20, 5);
    const [sum, rankSum] = named(figures, 'lines', 'Cumulative IC').series;
    expect(sum!.y.at(-1)).toBe(six(ic.cumulative.at(-1)!));
    expect(rankSum!.y.at(-1)).toBe(six(cumulativeIc(pairs, 'spearman').cumulative.at(-1)!));
  });

  it('shows what the figures of a score give, with their errors', () => {
    const horizons = [1, 2, 5, 10, 20].map((bars) => ({
      ...{ name: `${bars}`, labelBars: bars + 1 },
      target: forwardReturns(panel, bars),
    }));
    expect(shown(named(figures, 'bars', 'IC by horizon'))).toEqual(
      itemsOf(icDecay({ panel, rows, scores, horizons }).map(({ ic }) => ic)),
    );
    const quantiles = quantileReturns({ panel, target, rows, predictions: scores, labelBars: 2, quantiles: 3 });
    const bars = named(figures, 'bars', 'Mean fwd_ret_1d by quantile of the score');
    expect(shown(bars)).toEqual(itemsOf([...quantiles.quantiles, quantiles.spread]));
    expect(bars.items.map(({ label }) => label)).toEqual(['1 (lowest)', '2', '3 (highest)', 'highest − lowest']);
    expect(shown(named(figures, 'bars', 'Autocorrelation of the score'))).toEqual(
      itemsOf(scoreAutocorrelation({ panel, rows, scores }).map(({ correlation }) => correlation)),
    );
    const { auc } = evaluateDirection({ panel, target, rows, predictions: scores, labelBars: 2, kind: 'scores' });
    expect(named(figures, 'table', 'Rises told from falls').rows[0]!.slice(1, 3)).toEqual([
      six(auc.value),
      six(auc.standardError),
    ]);
  });

  it('lists symbols best first, as each alone would be judged', () => {
    const table = named(figures, 'table', 'By symbol');
    const alone = panel.symbols.map((symbol, index) => {
      const places = [...rows.keys()].filter((i) => panel.symbolOf[rows[i]!] === index);
      const { ic, r2 } = evaluate({
        ...{ panel, target, trainMean: 0.0001, labelBars: 2 },
        rows: Uint32Array.from(places, (i) => rows[i]!),
        predictions: Float64Array.from(places, (i) => scores[i]!),
      });
      return [symbol, six(ic), six(r2)];
    });
    alone.sort((a, b) => Number(b[1]) - Number(a[1]));
    expect(table.rows.map((row) => [row[0], row[1], row[3]])).toEqual(alone);
  });

  it('of many symbols shows the best and the worst ten', () => {
    const table = named(tearSheet(sheetInput(24, 60)).figures, 'table', 'By symbol');
    expect(table.rows).toHaveLength(20);
    expect(table.help).toContain('the 10 best and the 10 worst of 24');
    const ics = table.rows.map((row) => Number(row[1]));
    expect(ics).toEqual(ics.toSorted((a, b) => b - a));
  });

  it('thins long lines and keeps the deepest fall', () => {
    const long = sheetInput(3, 1500);
    const [line] = named(tearSheet(long).figures, 'lines', 'Drawdown').series;
    expect(line!.y.length).toBeLessThanOrEqual(201);
    expect(Math.min(...line!.y.map(Number))).toBe(six(-long.trade!.net.maxDrawdown!.depth));
  });
});

describe('what cannot be computed is left out, with the reason', () => {
  const titles = ({ figures }: ReturnType<typeof tearSheet>) => figures.map(({ title }) => title);

  it('one symbol', () => {
    const sheet = tearSheet(sheetInput(1, 150));
    expect(titles(sheet)).not.toEqual(expect.arrayContaining(['IC by bar']));
    expect(titles(sheet)).toEqual(expect.arrayContaining(['Equity, net and gross of costs', 'IC by horizon']));
    expect(sheet.notes).toEqual([
      expect.stringMatching(/^No IC by bar: .* one alone/),
      'No figures by symbol: there is one symbol alone.',
    ]);
  });

  it('closes that never move', () => {
    const moving = sheetInput(4, 150);
    const still = { ...moving.panel, close: new Float64Array(moving.panel.rows).fill(10) };
    expect(barReturns(still).some((value) => value !== 0 && Number.isFinite(value))).toBe(false);
    const sheet = tearSheet({ ...moving, panel: still, trade: null });
    expect(titles(sheet)).toEqual([
      'IC by bar',
      'Cumulative IC',
      'Mean fwd_ret_1d by quantile of the score',
      'Autocorrelation of the score',
      'By symbol',
      'Rises told from falls',
    ]);
    expect(sheet.notes.map((note) => note.split(':')[0])).toEqual([
      'No portfolio',
      'No IC over 1 bar, 2 bars, 5 bars, 10 bars, 20 bars',
      'No market regimes',
    ]);
  });

  it('too few bars for long horizons and for regimes', () => {
    const sheet = tearSheet(sheetInput(4, 15));
    expect(named(sheet.figures, 'bars', 'IC by horizon').items.map(({ label }) => label)).toEqual([
      '1 bar',
      '2 bars',
      '5 bars',
      '10 bars',
    ]);
    expect(sheet.notes).toEqual([
      expect.stringMatching(/^No IC over 20 bars: /),
      expect.stringMatching(/^No market regimes: .*120 bars/),
    ]);
  });

  it('scores that say nothing, or nothing at all', () => {
    for (const value of [0.3, Number.NaN]) {
      const full = sheetInput(4, 150);
      const scores = full.scores.map(() => value);
      const trade = tradeScores({ ...full, scores, costBasisPoints: 5 });
      const { figures, notes } = tearSheet({ ...full, scores, trade });
      expect(notes.map((note) => note.split(':')[0])).toEqual(
        expect.arrayContaining(['No portfolio', 'No IC by bar', 'No autocorrelation of the score']),
      );
      for (const figure of figures) expect(figureSchema.parse(figure)).toEqual(figure);
    }
  });

  it('positions have no R²', () => {
    const full = sheetInput(4, 150, { kind: 'positions' });
    expect(named(tearSheet(full).figures, 'table', 'By symbol').columns).not.toContain('R²');
  });
});
