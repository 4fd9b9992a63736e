import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { barReturns, forwardReturns } from '../barReturns.ts';
import { keepBook } from '../policy.ts';
import { expectClose } from '../testing/expectClose.ts';
import { panelOf, rowsInTime, valuesOf } from '../testing/panelOf.ts';
import { keepPortfolio } from './portfolio.ts';
import { type TradeInput, tradeScores } from './tradeScores.ts';
import { longShortWeights, positionWeights } from './weights.ts';

type Table = (number | null)[][];
interface GoldenCase {
  closes: Table;
  scores: Table;
  labelBars: number;
  quantiles: number;
  costBasisPoints: number;
  expected: object;
}
const golden = JSON.parse(readFileSync(new URL('../golden/portfolio.json', import.meta.url), 'utf8')) as {
  cases: Record<string, GoldenCase>;
};

function inputOf({ closes, scores, ...settings }: Omit<GoldenCase, 'expected'>): TradeInput {
  const panel = panelOf(closes);
  const rows = rowsInTime(panel);
  return { panel, rows, scores: valuesOf(scores, panel, rows), barsPerYear: 252, ...settings };
}

/** Prices that move at random, and a score a symbol and bar. */
function randomCase(seed: number) {
  const random = new Random(seed);
  const symbols = 1 + random.below(9);
  const level = new Float64Array(symbols).fill(100);
  const closes = Array.from({ length: 40 + random.below(30) }, () =>
    Array.from(level, (_, symbol) => {
      level[symbol]! *= Math.exp(0.02 * random.normal());
      return level[symbol]!;
    }),
  );
  const scores = closes.map((row) => row.map(() => Math.round(3 * random.normal())));
  const settings = { labelBars: 1 + random.below(8), quantiles: 2 + random.below(5), costBasisPoints: 10 };
  return { closes, scores, ...settings };
}
const mapped = (table: number[][], change: (value: number) => number) => table.map((row) => row.map(change));
const seeds = Array.from({ length: 30 }, (_, i) => i);

describe('a long-short portfolio, against pandas and numpy', () => {
  it.each(Object.entries(golden.cases))('%s', (_, { expected, ...given }) => {
    expectClose(tradeScores(inputOf(given)), expected);
  });
});

describe('tradeScores', () => {
  it('is worked by hand: two sub-portfolios, bought a bar after their signal, paid for at both ends', () => {
    const closes = [
      [100, 100],
      [100, 100],
      [110, 100],
      [110, 90],
      [121, 90],
    ];
    const panel = panelOf(closes);
    // On bar 0 alone A is ranked above B; labels of two bars: held for half the capital from the close of bar 1 to that of bar 3.
    const rows = rowsInTime(panel).slice(0, 2);
    const { portfolio } = tradeScores({
      panel,
      rows,
      scores: Float64Array.of(1, 0),
      labelBars: 3,
      costBasisPoints: 10,
    });
    expect([...portfolio.bars]).toEqual([1, 2, 3]);
    expectClose([...portfolio.turnover], [1, 0, 1]);
    expectClose([...portfolio.gross], [0, 0.5 * 0.1, 0.5 * 0.1]);
    expectClose([...portfolio.net], [-0.001, 0.05, 0.05 - 0.001]);
  });

  it.each(seeds)('keeps its promises on random prices: seed %i', (seed) => {
    const given = randomCase(seed);
    const { portfolio, gross, net } = tradeScores(inputOf(given));
    // Costs never raise a return.
    portfolio.net.forEach((value, i) => {
      expect(value).toBeLessThanOrEqual(portfolio.gross[i]!);
    });
    expect(net.totalReturn).toBeLessThanOrEqual(gross.totalReturn);
    // The order of the symbols does not matter.
    const turned = {
      ...given,
      closes: given.closes.map((r) => r.toReversed()),
      scores: given.scores.map((r) => r.toReversed()),
    };
    expectClose([...tradeScores(inputOf(turned)).portfolio.net], [...portfolio.net]);
    // The negated score holds the opposite; a monotone change of scale leaves ranks, though not the sign of a symbol alone.
    const opposite = tradeScores(inputOf({ ...given, scores: mapped(given.scores, (v) => -v) })).portfolio;
    expectClose([...opposite.gross], [...portfolio.gross.map((value) => -value)]);
    const scaled = { ...given, scores: mapped(given.scores, (v) => v ** 3 + v) };
    expectClose([...tradeScores(inputOf(scaled)).portfolio.net], [...portfolio.net]);
  });

  it('holds nothing where all scores are alike, and says how many are missing', () => {
    const flat = { ...randomCase(3), scores: randomCase(3).closes.map((row) => row.map(() => 0.3)) };
    const { portfolio, net, meanTurnover } = tradeScores(inputOf(flat));
    expect([portfolio.net.every((v) => v === 0), net.sharpe.value, meanTurnover]).toEqual([true, null, 0]);
    const input = inputOf(randomCase(4));
    const scores = input.scores.map((value, i) => (i % 3 === 0 ? Number.NaN : value));
    expect(tradeScores({ ...input, scores }).leftOut).toBe(Math.ceil(scores.length / 3));
    const none = tradeScores({ ...input, rows: new Uint32Array(0), scores: new Float64Array(0) });
    expect(none).toMatchObject({ meanTurnover: null, net: { bars: 0, annualReturn: null, maxDrawdown: null } });
    expect(JSON.stringify(none)).not.toContain('NaN');
  });

  it('keeps positions as the book of a policy does, for labels of one bar', () => {
    const { closes, scores } = randomCase(8);
    const panel = panelOf(closes);
    const rows = rowsInTime(panel).slice(0, -3 * panel.symbols.length);
    const positions = valuesOf(mapped(scores, Math.tanh), panel, rows);
    const asked = { panel, rows, labelBars: 2, costBasisPoints: 7 };
    const book = keepBook({ ...asked, target: forwardReturns(panel, 1), positions });
    const { portfolio } = tradeScores({ ...asked, scores: positions, kind: 'positions' });
    // Here what is bought is paid at its close, there with the return that it then earns two bars after the signal.
    expectClose([...portfolio.gross.slice(1)], [...book.gross]);
    const paid = portfolio.gross.map((value, i) => value - portfolio.net[i]!);
    expectClose([...paid.slice(0, -1)], [...book.gross.map((value, i) => value - book.net[i]!)]);
  });

  it('refuses what does not fit together', () => {
    const input = inputOf(randomCase(1));
    const { panel, rows, scores } = input;
    const code = (code: string) => expect.objectContaining({ code });
    expect(() => tradeScores({ ...input, scores: new Float64Array(1) })).toThrow(code('SHAPE_MISMATCH'));
    expect(() => tradeScores({ ...input, returns: new Float64Array(1) })).toThrow(code('SHAPE_MISMATCH'));
    expect(() => tradeScores({ ...input, labelBars: 0 })).toThrow(/looks 1 bar ahead or more, got 0/);
    expect(() => longShortWeights({ panel, rows, scores }, 1)).toThrow(/2 or more quantiles/);
    expect(() => positionWeights({ panel, rows: rows.toReversed(), scores })).toThrow(/time order/);
  });
});

describe('keepPortfolio', () => {
  it('sells everything at the last close, and counts holdings without a return', () => {
    const panel = panelOf([
      [100, 100],
      [100, 100],
      [101, null],
      [102, 90],
    ]);
    const rows = rowsInTime(panel);
    const weights = Float64Array.from(rows, (row) => (panel.symbolOf[row] === 0 ? 0.5 : -0.5));
    const kept = keepPortfolio({ panel, rows, weights, returns: barReturns(panel), labelBars: 2, costBasisPoints: 0 });
    expect([...kept.bars]).toEqual([1, 2, 3]);
    expect(kept.missingReturns).toBe(1);
    expectClose([...kept.gross], [0, 0.005, 0.5 * (102 / 101 - 1) + 0.5 * 0.1]);
    // The second symbol has no row on bar 2, so the decision of that bar does not hold it: nothing is left of it at the end.
    expectClose([...kept.turnover], [1, 0, 1]);
  });
});
