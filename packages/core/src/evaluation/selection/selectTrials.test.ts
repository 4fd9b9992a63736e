import { describe, expect, it } from 'vitest';
import { Random } from '../../random.ts';
import { maxListedTrials, selectionSchema } from '../../runs/selection.ts';
import { backtestOverfitting } from './backtestOverfitting.ts';
import { deflateSharpe } from './deflatedSharpe.ts';
import { selectTrials, type Trial } from './selectTrials.ts';

const random = new Random(11);
/** Bars `first` … `first + count − 1`. */
const trial = (training: string, count: number, mean: number, first = 0): Trial => ({
  training,
  net: {
    bars: Uint32Array.from({ length: count }, (_, i) => first + i),
    values: Float64Array.from({ length: count }, () => mean + 0.01 * random.normal()),
  },
});

describe('what choosing the best training is worth', () => {
  const trials = [trial('a', 200, 0), trial('b', 210, 0.002, 3), trial('c', 200, 0.0005)];
  const found = selectTrials('t', trials, 252);
  // Bars 3 … 199 are in all.
  const common = [trials[0]!.net.values.slice(3), trials[1]!.net.values.slice(0, 197), trials[2]!.net.values.slice(3)];

  it('is what the deflated Sharpe ratio and CSCV say on the bars that all have', () => {
    const deflated = deflateSharpe(common)!;
    const { probability, probabilityOfLoss } = backtestOverfitting(common);
    expect(selectionSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({ target: 't', trials: 3, bars: 197, notes: [] });
    expect(found.ranking[0]).toEqual({
      training: 'b',
      netSharpe: deflated.sharpe * Math.sqrt(252),
      deflated: deflated.deflated,
    });
    expect(found.expectedMaximum).toBe(deflated.expectedMaximum * Math.sqrt(252));
    expect(found.effectiveTrials).toBe(deflated.effectiveTrials);
    expect(found.overfitting).toEqual({ probability, probabilityOfLoss, blocks: 16 });
  });

  it('ranks the trials, and a worse one has the smaller deflated ratio', () => {
    const sharpes = found.ranking.map(({ netSharpe }) => netSharpe!);
    expect(sharpes).toEqual(sharpes.toSorted((a, b) => b - a));
    const deflated = found.ranking.map((each) => each.deflated!);
    expect(deflated).toEqual(deflated.toSorted((a, b) => b - a));
  });

  it('of one alone is its own probability of being above 0', () => {
    const one = selectTrials('t', [trials[1]!], 252);
    expect(one).toMatchObject({ trials: 1, expectedMaximum: 0, overfitting: null });
    expect(one.ranking[0]!.deflated).toBe(deflateSharpe([trials[1]!.net.values])!.probabilistic);
    expect(one.notes).toEqual([expect.stringMatching(/^one trial alone/)]);
  });

  it('says what is missing: bars in common, returns that vary', () => {
    const apart = selectTrials('t', [trial('a', 50, 0), trial('b', 50, 0, 60)], 252);
    expect(apart).toMatchObject({ bars: 0, expectedMaximum: null, overfitting: null });
    expect(apart.ranking.map(({ netSharpe, deflated }) => [netSharpe, deflated])).toEqual([
      [null, null],
      [null, null],
    ]);
    expect(apart.notes).toEqual(['no Sharpe ratio: no bar is in all trainings', expect.stringMatching(/there are 0$/)]);
    const idle = selectTrials(
      't',
      [{ ...trial('idle', 50, 0), net: { bars: new Uint32Array(50).map((_, i) => i), values: new Float64Array(50) } }],
      252,
    );
    expect(idle.notes[0]).toBe('no Sharpe ratio: no return varies');
    const few = selectTrials('t', [trial('a', 31, 0), trial('b', 31, 0)], 252);
    expect(few.notes).toEqual([expect.stringMatching(/needs 32 bars .* there are 31$/)]);
    const still = { ...trial('still', 200, 0), net: { ...trials[0]!.net, values: new Float64Array(200) } };
    const mixed = selectTrials('t', [still, trials[2]!], 252);
    expect(mixed.ranking.map(({ training }) => training)).toEqual(['c', 'still']);
    expect(mixed.ranking[1]).toEqual({ training: 'still', netSharpe: null, deflated: null });
  });

  it('lists so many at most and counts all', () => {
    const many = selectTrials(
      't',
      Array.from({ length: maxListedTrials + 5 }, (_, i) => trial(`${i}`, 40, 0)),
      252,
    );
    expect(many.trials).toBe(maxListedTrials + 5);
    expect(many.ranking).toHaveLength(maxListedTrials);
  });
});
