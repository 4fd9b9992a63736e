import { spearman } from '@twostage/core/evaluation/correlation';
import { defaultPolicy } from '@twostage/core/plans/policy';
import { significanceOf } from '@twostage/core/plans/significance';
import { Random } from '@twostage/core/random';
import type { Panel } from '@twostage/core/panel/panel';
import { describe, expect, it } from 'vitest';
import { fitRidge, predictRidge } from '../linear/ridge.ts';
import { evidenceFolds, labelledSpan, layGround } from './ground.ts';
import { type MeasureInput, measurePooled, measureSymbol } from './measure.ts';
import { RidgeProbe } from './ridgeProbe.ts';

const [symbols, bars, features] = [4, 420, 5];

/** Independent features; a target of each row of them and noise that half is the bar's. @param slope of feature 0, by symbol */
function made(slope: (symbol: number) => number, seed = 1): { panel: Panel; target: Float64Array } {
  const random = new Random(seed);
  const rows = symbols * bars;
  const panel: Panel = {
    ...{ rows, symbols: ['A', 'B', 'C', 'D'], featureNames: Array.from({ length: features }, (_, j) => `x${j}`) },
    features: Float32Array.from({ length: rows * features }, () => random.normal()),
    symbolOf: Uint32Array.from({ length: rows }, (_, row) => Math.floor(row / bars)),
    barOf: Uint32Array.from({ length: rows }, (_, row) => row % bars),
    times: Float64Array.from({ length: bars }, (_, bar) => bar * 86_400_000),
    close: new Float64Array(rows).fill(1),
  };
  const market = Float64Array.from({ length: bars }, () => random.normal());
  const target = Float64Array.from({ length: rows }, (_, row) => {
    if (row % bars >= bars - 2) return Number.NaN;
    return slope(Math.floor(row / bars)) * panel.features[row]! + market[row % bars]! + random.normal();
  });
  return { panel, target };
}
const policy = { ...defaultPolicy, shifts: 60, treeShifts: 20, featureMemoryBars: 10 };
const inputOf = (over: Partial<MeasureInput> & Pick<MeasureInput, 'panel' | 'target'>): MeasureInput => ({
  ...{ labelBars: 2, policy, seed: 1, threads: 1, report: async () => {} },
  ...over,
});
const settings = { count: 3, scheme: 'expanding', embargoBars: 5, validationFraction: 0.15 } as const;
function groundOf({ panel, target }: ReturnType<typeof made>) {
  const span = labelledSpan(panel, target)!;
  return layGround(panel, target, evidenceFolds(span, settings, 2), span);
}
const pOf = (evidence: Awaited<ReturnType<typeof measurePooled>>['evidence']) =>
  evidence.kind === 'measured' ? significanceOf(evidence.probes).p : null;

describe('the ridge probe', () => {
  it('forecasts what the ridge of the families does with the penalty that is best on the validation block', () => {
    const { panel, target } = made(() => 0.5);
    const ground = groundOf({ panel, target });
    const [fold] = ground.folds;
    const rowsAt = (positions: Uint32Array) => positions.map((at) => ground.rows[at]!);
    const [train, validation, test] = [fold!.train, fold!.validation, fold!.test].map(rowsAt) as [
      Uint32Array,
      Uint32Array,
      Uint32Array,
    ];
    const none = new Uint32Array(0);
    const tried = [1e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10].map((share) => {
      const ridge = fitRidge({ panel, target, train, validation: none, lambda: share * train.length });
      const values = predictRidge(ridge, panel, validation);
      return { ridge, loss: values.reduce((sum, value, i) => sum + (value - target[validation[i]!]!) ** 2, 0) };
    });
    const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a));
    const expected = predictRidge(best.ridge, panel, test);
    const got = new RidgeProbe(ground, fold!).forecast(ground.labels);
    expect(Math.max(...got.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-9);
  });
});

describe('a target turned round in time', () => {
  it('keeps its autocorrelation and what symbols share on a bar, and goes round whole', () => {
    const data = made(() => 0);
    const ground = groundOf(data);
    const turned = ground.shifted(100);
    const { barOf, symbolOf } = data.panel;
    const labelled = bars - 2;
    for (let i = 0; i < ground.rows.length; i++) {
      const row = ground.rows[i]!;
      expect(turned[i]).toBe(data.target[symbolOf[row]! * bars + ((barOf[row]! + 100) % labelled)]);
    }
    expect([...turned].sort()).toEqual([...ground.labels].sort());
    expect(ground.shifted(ground.circle)).toEqual(ground.labels);
  });

  it('goes round by the own rows of one symbol that came late and misses bars', async () => {
    const { panel, target } = made(() => 0.8);
    // Symbol D begins after bar 40 and misses every third.
    const keep = [...target.keys()].filter((row) => row < 3 * bars || ((row % bars) % 3 !== 0 && row % bars > 40));
    const pick = (values: Uint32Array) => Uint32Array.from(keep, (row) => values[row]!);
    const gappy: Panel = {
      ...panel,
      rows: keep.length,
      features: Float32Array.from({ length: keep.length * features }, (_, i) => {
        const [feature, row] = [Math.floor(i / keep.length), i % keep.length];
        return panel.features[feature * panel.rows + keep[row]!]!;
      }),
      symbolOf: pick(panel.symbolOf),
      barOf: pick(panel.barOf),
      close: new Float64Array(keep.length).fill(1),
    };
    const own = Float64Array.from(keep, (row) => target[row]!);
    const found = await measureSymbol(inputOf({ panel: gappy, target: own }), 'D', null);
    expect(found).toMatchObject({ kind: 'measured', symbol: 'D', pooledIc: null });
    expect(found.rows).toBe(keep.filter((row) => row >= 3 * bars && Number.isFinite(target[row]!)).length);
  });
});

describe('what is measured', () => {
  it('of a signal that all share stands out of chance, and is the rank correlation across symbols by bar', async () => {
    const { panel, target } = made(() => 0.4);
    const { evidence, forecast } = await measurePooled(inputOf({ panel, target }));
    expect(pOf(evidence)).toBeLessThan(0.001);
    const judged = [...forecast!.keys()].filter(
      (row) => Number.isFinite(forecast![row]!) && Number.isFinite(target[row]!),
    );
    const ics = Array.from({ length: bars }, (_, bar) => judged.filter((row) => panel.barOf[row] === bar))
      .filter((rows) => rows.length > 0)
      .map((rows) => {
        const of = (values: Float64Array) => rows.map((row) => values[row]!);
        return spearman(of(forecast!), of(target));
      });
    const ic = ics.reduce((sum, value) => sum + value, 0) / ics.length;
    if (evidence.kind !== 'measured') throw new Error('not measured');
    expect(significanceOf(evidence.probes).ic).toBeCloseTo(ic, 12);
    // 418 labelled bars, windows of two.
    expect(evidence).toMatchObject({ windows: 209, bars: 418, rows: 4 * 418 });
  });

  it('of opposite signs is nothing for all, and found for each, better than the model of all', async () => {
    const input = inputOf(made((symbol) => (symbol % 2 === 0 ? 0.8 : -0.8)));
    const { evidence, forecast } = await measurePooled(input);
    expect(pOf(evidence)).toBeGreaterThan(0.02);
    const own = await measureSymbol(input, 'B', forecast);
    expect(pOf(own)).toBeLessThan(0.001);
    if (own.kind !== 'measured') throw new Error('not measured');
    expect(own.advantage!.value!).toBeGreaterThan(2 * own.advantage!.standardError!);
  });

  it('of noise is what chance finds, seed after seed', async () => {
    const ps: number[] = [];
    for (let seed = 1; seed <= 12; seed++) ps.push(pOf((await measurePooled(inputOf(made(() => 0, seed)))).evidence)!);
    expect(ps.filter((p) => p <= 0.05).length).toBeLessThanOrEqual(2);
    expect(Math.max(...ps)).toBeGreaterThan(0.3);
  });

  it('is the same for the same seed', async () => {
    const input = inputOf(made(() => 0.2));
    expect(await measurePooled(input)).toEqual(await measurePooled(input));
  });

  it('of too few bars, or one symbol, is said to be too small', async () => {
    const { panel, target } = made(() => 1);
    const last = target.map((value, row) => (row % bars < bars - 60 ? Number.NaN : value));
    const { evidence, forecast } = await measurePooled(inputOf({ panel, target: last }));
    expect(evidence).toMatchObject({
      kind: 'tooSmall',
      why: expect.stringMatching(/need at least \d+ bars; there are 58/),
    });
    expect(forecast).toBeNull();
    const alone = await measurePooled(inputOf({ panel, target, policy: { ...policy, minimumSymbols: 9 } }));
    expect(alone.evidence).toMatchObject({ kind: 'tooSmall', why: '4 of 9 symbols' });
  });
});
