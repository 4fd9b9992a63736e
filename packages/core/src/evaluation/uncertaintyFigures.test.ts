import { describe, expect, it } from 'vitest';
import type { Panel } from '../panel/panel.ts';
import { Random } from '../random.ts';
import { type FigureInput, figureSchema } from '../runs/figures.ts';
import type { Uncertainty } from './uncertainty.ts';
import { uncertaintyFigures } from './uncertaintyFigures.ts';

const bars = 1200;
const symbols = 2;
const count = bars * symbols;
const panel: Panel = {
  rows: count,
  symbols: ['AAA', 'BBB'],
  featureNames: [],
  features: new Float32Array(0),
  symbolOf: Uint32Array.from({ length: count }, (_, row) => Math.floor(row / bars)),
  barOf: Uint32Array.from({ length: count }, (_, row) => row % bars),
  times: Float64Array.from({ length: bars }, (_, bar) => bar * 86_400_000),
  close: new Float64Array(count).fill(1),
};
/** In time order, without the first bar of the first symbol. */
const rows = Uint32Array.from({ length: count }, (_, i) => (i % symbols) * bars + Math.floor(i / symbols)).slice(1);
const random = new Random(4);
const deviations = Float64Array.from(rows, () => 0.01 * Math.exp(0.5 * random.normal()));
const values = Float64Array.from(rows, () => 0.02 * random.normal());
const target = new Float64Array(count);
rows.forEach((row, i) => {
  target[row] = values[i]! + deviations[i]! * random.normal();
});

function figuresOf(uncertainty: Uncertainty): Record<string, FigureInput> {
  const figures = uncertaintyFigures({ panel, target, rows, values, uncertainty });
  return Object.fromEntries(figures.map((figure) => [figure.kind, figureSchema.parse(figure)]));
}

describe('uncertaintyFigures', () => {
  const honest = figuresOf({ kind: 'normal', deviations });

  it('draws the symbol with the most forecasts, thinned, its band holding about its share', () => {
    const { interval } = honest;
    if (interval?.kind !== 'interval') throw new Error('no interval was drawn');
    expect(interval).toMatchObject({ symbol: 'BBB', nominal: 0.8 });
    expect(interval.times).toHaveLength(300);
    expect(interval.times[0]).toBe(0);
    const last = interval.times.length - 1;
    expect(interval.times[last]).toBe(panel.times[bars - 1]);
    expect(interval.observed[last]).toBe(target[count - 1]);
    const held = interval.times.filter(
      (_, i) => interval.observed[i]! >= interval.low[i]! && interval.observed[i]! <= interval.high[i]!,
    );
    expect(held.length / 300).toBeGreaterThan(0.73);
    expect(held.length / 300).toBeLessThan(0.87);
  });

  it('draws honest probabilities on the diagonal and too narrow ones off it', () => {
    const furthest = ({ calibration }: Record<string, FigureInput>) => {
      if (calibration?.kind !== 'calibration') throw new Error('no calibration was drawn');
      return Math.max(...calibration.nominal.map((level, i) => Math.abs(level! - calibration.observed[i]!)));
    };
    expect(furthest(honest)).toBeLessThan(0.03);
    expect(furthest(figuresOf({ kind: 'normal', deviations: deviations.map((value) => value / 2) }))).toBeGreaterThan(
      0.1,
    );
  });

  it('counts the outcomes in each tenth of their forecast', () => {
    const { histogram } = honest;
    if (histogram?.kind !== 'histogram') throw new Error('no histogram was drawn');
    expect(histogram.counts.reduce((sum, value) => sum + value)).toBeCloseTo(count - 1, 6);
    expect(histogram.expected).toBeCloseTo((count - 1) / 10, 9);
    for (const tenth of histogram.counts) expect(Math.abs(tenth - 240)).toBeLessThan(60);
  });

  it('leaves out what few quantiles cannot say, and everything where nothing is known', () => {
    const three = Float64Array.from(
      { length: rows.length * 3 },
      (_, k) => values[Math.floor(k / 3)]! + ((k % 3) - 1) * deviations[Math.floor(k / 3)]!,
    );
    const drawn = figuresOf({ kind: 'quantiles', levels: [0.1, 0.5, 0.9], values: three });
    expect(Object.keys(drawn)).toEqual(['interval', 'calibration']);
    const nothing = new Float64Array(rows.length).fill(Number.NaN);
    expect(
      uncertaintyFigures({ panel, target, rows, values: nothing, uncertainty: { kind: 'normal', deviations } }),
    ).toEqual([]);
  });
});
