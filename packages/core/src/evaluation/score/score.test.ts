import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { forwardReturns } from '../barReturns.ts';
import { evaluate } from '../evaluate.ts';
import { cumulativeIc, icFigures } from '../informationCoefficient.ts';
import { finitePairs } from '../pairs.ts';
import { expectClose } from '../testing/expectClose.ts';
import { panelOf, rowsInTime, valuesOf } from '../testing/panelOf.ts';
import { icDecay } from './icDecay.ts';
import { quantileReturns } from './quantileReturns.ts';
import { scoreAutocorrelation } from './scoreAutocorrelation.ts';

type Table = (number | null)[][];
interface GoldenCase {
  closes: Table;
  scores: Table;
  quantiles: number;
  expected: { decay: object[]; standardErrors: object; quantileReturns: object; autocorrelation: object[] };
}
const golden = JSON.parse(readFileSync(new URL('../golden/scores.json', import.meta.url), 'utf8')) as {
  cases: Record<string, GoldenCase>;
};

function scored(closes: Table, scores: Table) {
  const panel = panelOf(closes);
  const rows = rowsInTime(panel);
  return { panel, rows, scores: valuesOf(scores, panel, rows) };
}

describe('against scipy, pandas and numpy', () => {
  for (const [name, { closes, scores: table, quantiles, expected }] of Object.entries(golden.cases)) {
    describe(name, () => {
      const input = scored(closes, table);
      const { panel, rows, scores } = input;
      const pairs = { panel, rows, predictions: scores, target: forwardReturns(panel, 5), labelBars: 6 };

      it('standard errors of all figures of point predictions', () => {
        expectClose(evaluate({ ...pairs, trainMean: 0.001 }).standardErrors, expected.standardErrors);
      });
      it('IC by horizon', () => {
        const horizons = [1, 5, 10].map((bars) => ({
          name: `fwd_ret_${bars}b`,
          labelBars: bars + 1,
          target: forwardReturns(panel, bars),
        }));
        expectClose(icDecay({ ...input, horizons }), expected.decay);
      });
      it('returns by quantile', () => {
        expectClose(quantileReturns({ ...pairs, quantiles }), expected.quantileReturns);
      });
      it('autocorrelation of the score', () => {
        expectClose(scoreAutocorrelation({ ...input, lags: [1, 3, 10] }), expected.autocorrelation);
      });
    });
  }
});

/** Scores that say something about the target, on symbols that miss bars. */
function randomPairs(seed: number) {
  const random = new Random(seed);
  const symbols = 2 + random.below(8);
  const closes: Table = Array.from({ length: 60 }, () =>
    Array.from({ length: symbols }, () => (random.uniform() < 0.1 ? null : 1)),
  );
  const panel = panelOf(closes);
  const rows = rowsInTime(panel);
  const target = Float64Array.from(rows, () => random.normal());
  const predictions = Float64Array.from(rows, (row) => 0.2 * target[row]! + random.normal());
  return { panel, rows, target, predictions, labelBars: 3 };
}

describe('rank figures', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))('keep their symmetries: seed %i', (seed) => {
    const input = randomPairs(seed);
    const { predictions } = input;
    const figures = (given: Float64Array) => {
      const { rankIc, ic } = icFigures(finitePairs({ ...input, predictions: given }), 3);
      const { quantiles, spread } = quantileReturns({ ...input, predictions: given, quantiles: 3 });
      return { rankIc, ic, quantiles, spread };
    };
    const plain = figures(predictions);
    // A monotone change of scale leaves all that goes by rank.
    const { rankIc, quantiles, spread } = figures(predictions.map((value) => Math.exp(value)));
    expectClose(
      { rankIc, quantiles, spread },
      { rankIc: plain.rankIc, quantiles: plain.quantiles, spread: plain.spread },
    );
    // The negated score has the negated IC, with the same error, and the quantiles in turn.
    const negated = figures(predictions.map((value) => -value));
    expectClose(negated.ic, { value: -plain.ic.value!, standardError: plain.ic.standardError });
    expectClose(negated.rankIc, { value: -plain.rankIc.value!, standardError: plain.rankIc.standardError });
    expectClose(negated.quantiles, plain.quantiles.toReversed());
    expectClose(negated.spread.value, -plain.spread.value!);
  });

  it('do not hang on the order of the symbols', () => {
    const random = new Random(2);
    const closes: Table = Array.from({ length: 50 }, () => Array.from({ length: 6 }, () => 1 + random.uniform()));
    const scores: Table = closes.map((row) => row.map(() => Math.round(2 * random.normal())));
    const figures = (flip: (table: Table) => Table) => {
      const input = scored(flip(closes), flip(scores));
      const pairs = { ...input, predictions: input.scores, target: forwardReturns(input.panel, 2), labelBars: 3 };
      const { mse, ic, rankIc, standardErrors } = evaluate({ ...pairs, trainMean: 0 });
      const lags = scoreAutocorrelation(input);
      return { mse, ic, rankIc, standardErrors, lags, quantiles: quantileReturns({ ...pairs, quantiles: 4 }) };
    };
    expectClose(
      figures((table) => table.map((row) => row.toReversed())),
      figures((table) => table),
    );
  });

  it('say why there is no IC', () => {
    const input = randomPairs(3);
    const why = (changed: Partial<typeof input>) => {
      const { ic, rankIc, missing } = icFigures(finitePairs({ ...input, ...changed }), 3);
      expect([ic, rankIc]).toEqual(Array.from({ length: 2 }, () => ({ value: null, standardError: null })));
      return missing;
    };
    const { predictions, target, panel } = input;
    expect(why({ predictions: predictions.map(() => 0.1) })).toBe('constantPredictions');
    expect(why({ target: target.map(() => 0.1) })).toBe('constantTargets');
    expect(why({ predictions: predictions.map(() => Number.NaN) })).toBe('tooFewPairs');
    // On each bar one symbol, never two beside each other.
    expect(
      why({
        target: target.map((value, row) => (panel.barOf[row]! % 2 === panel.symbolOf[row]! ? value : Number.NaN)),
      }),
    ).toBe('tooFewPairs');
    const { panel: one, rows } = scored([[1], [2], [3]], [[1], [1], [1]]);
    const asked = { panel: one, rows, target: Float64Array.of(1, 2, 3), trainMean: 0, labelBars: 1 };
    expect(evaluate({ ...asked, predictions: Float64Array.of(1, 1, 1) })).toMatchObject({
      ic: null,
      icKind: 'timeSeries',
      icMissing: 'constantPredictions',
    });
    expect(evaluate({ ...asked, predictions: Float64Array.of(1, 2, 4) })).not.toHaveProperty('icMissing');
  });

  it('leave out and count what is not known', () => {
    const input = randomPairs(4);
    const predictions = input.predictions.map((value, i) => (i % 4 === 0 ? Number.NaN : value));
    const { leftOut, rows } = evaluate({ ...input, predictions, trainMean: 0 });
    expect([leftOut, rows]).toEqual([
      Math.ceil(input.rows.length / 4),
      input.rows.length - Math.ceil(input.rows.length / 4),
    ]);
    expect(quantileReturns({ ...input, predictions, quantiles: 2 }).leftOut).toBe(leftOut);
    expect(icDecay({ ...input, scores: predictions, horizons: [{ ...input, name: 'a' }] })[0]!.leftOut).toBe(leftOut);
  });

  it('add the IC up', () => {
    const pairs = finitePairs(randomPairs(5));
    const { values, cumulative } = cumulativeIc(pairs, 'spearman');
    expect(cumulative[1]).toBe(values[0]! + values[1]!);
    expectClose(cumulative.at(-1)! / values.length, icFigures(pairs, 3).rankIc.value);
  });

  it('have no quantiles where there are fewer rows or no two of them', () => {
    const { panel, rows } = scored([[1], [2], [3]], [[1], [1], [1]]);
    const asked = {
      panel,
      rows,
      target: Float64Array.of(1, 2, 3),
      predictions: Float64Array.of(1, 2, 3),
      labelBars: 1,
    };
    expect(quantileReturns(asked)).toMatchObject({ kind: 'timeSeries', bars: 0, barsLeftOut: 3, monotonicity: null });
    expect(() => quantileReturns({ ...asked, quantiles: 1 })).toThrow(/2 or more quantiles/);
    expect(() => scoreAutocorrelation({ panel, rows, scores: new Float64Array(1) })).toThrow(
      /expected 3 scores, got 1/,
    );
  });
});
