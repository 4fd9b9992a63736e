import { describe, expect, test } from 'vitest';
import { type FamilyId, familyIds } from '../families/family.ts';
import type { Scope } from '../runs/training.ts';
import { type EstimateInput, estimatePlan, type PastTraining } from './estimate.ts';
import { measured } from './measuredFamilies.ts';

const pooled: Scope = { kind: 'crossSectional' };
const alone: Scope = { kind: 'symbol', symbol: 'A' };
const training = (family: FamilyId, over: object = {}): EstimateInput['trainings'][number] => ({
  family,
  stage: ['MLP', 'LSTM', 'MultiTask'].includes(family) ? 'gpu' : 'cpu',
  scope: pooled,
  ...over,
});
const data = { rows: 93_612, symbols: 31, features: 158, folds: 3 };
const past = (over: Partial<PastTraining> = {}): PastTraining => ({
  family: 'LightGBM',
  rows: 1000,
  features: 10,
  folds: 3,
  seconds: 21.5,
  peakRssBytes: 340 * 2 ** 20,
  targetsTogether: 1,
  ...over,
});
const estimate = (trainings: EstimateInput['trainings'], over: Partial<EstimateInput> = {}) =>
  estimatePlan({ trainings, data, past: [], cores: 2, packing: true, ...over });

describe('what a plan may take', () => {
  test('without history, what was measured, where the data are alike; every family has figures', () => {
    for (const family of familyIds) {
      const { targetsTogether } = measured[family];
      const targets = targetsTogether > 1 ? Array.from({ length: targetsTogether }, (_, i) => `y_${i}`) : undefined;
      const { seconds, peakRssBytes, unmeasured } = estimate([training(family, { targets })]);
      expect(seconds, family).toBeCloseTo(measured[family].seconds, 6);
      expect(peakRssBytes / measured[family].peakRssBytes, family).toBeCloseTo(1, 6);
      expect(unmeasured).toEqual([family]);
    }
  });

  test('grows with rows, features and folds, but for the start of a process', () => {
    const history = { past: [past()] };
    const small = { rows: 1000, symbols: 2, features: 10, folds: 3 };
    const of = (over: object, own = training('LightGBM')) =>
      estimate([own], { ...history, data: { ...small, ...over } }).seconds;
    expect(of({})).toBeCloseTo(21.5, 9);
    expect(of({ rows: 2000 })).toBeCloseTo(41.5, 9);
    expect(of({ features: 20, folds: 6 })).toBeCloseTo(81.5, 9);
    expect(of({}, training('LightGBM', { scope: alone }))).toBeCloseTo(1.5 + 20 * 0.5 ** 0.75, 9);
    expect(of({ features: 5 })).toBeCloseTo(1.5 + 20 * 0.5 ** 0.5, 9);
    expect(of({}, training('LightGBM', { targets: ['a', 'b', 'c', 'd'] }))).toBeCloseTo(41.5, 9);
    expect(estimate([training('LightGBM')], { ...history, data: { ...small, rows: 2000 } })).toMatchObject({
      peakRssBytes: 540 * 2 ** 20,
      unmeasured: [],
    });
  });

  test('goes by the trainings whose work was most alike, their median', () => {
    const near = [11.5, 12.5, 13.5, 14.5, 101.5].map((seconds) => past({ seconds }));
    const far = Array.from({ length: 9 }, () => past({ rows: 1e6, seconds: 1e6 }));
    const small = { rows: 1000, symbols: 1, features: 10, folds: 3 };
    expect(estimate([training('LightGBM')], { past: [...far, ...near], data: small }).seconds).toBeCloseTo(13.5, 9);
  });

  test('stages follow each other; stage cpu packs its trainings onto the cores, stage gpu does not', () => {
    const history = [
      past({ family: 'LightGBM', seconds: 40 }),
      past({ family: 'XGBoost', seconds: 30 }),
      past({ family: 'FTRLProximal', seconds: 20 }),
      past({ family: 'MLP', seconds: 10, peakRssBytes: null }),
      past({ family: 'LSTM', seconds: 5 }),
    ];
    const all = (['LightGBM', 'XGBoost', 'FTRLProximal', 'MLP', 'LSTM'] as const).map((family) => training(family));
    const same = { data: { rows: 1000, symbols: 1, features: 10, folds: 3 }, past: history };
    const packed = estimate(all, same);
    expect(packed.stages.cpu).toEqual({ trainings: 3, seconds: 50, peakRssBytes: 680 * 2 ** 20 });
    expect(packed.stages.gpu).toMatchObject({ trainings: 2, seconds: 15 });
    expect(packed).toMatchObject({ trainings: 5, seconds: 65, peakRssBytes: 680 * 2 ** 20 });
    expect(estimate(all, { ...same, packing: false }).stages.cpu.seconds).toBe(90);
    expect(estimate(all, { ...same, cores: 8 }).stages.cpu.seconds).toBe(40);
  });

  test('of nothing is nothing', () => {
    expect(estimate([])).toMatchObject({ trainings: 0, seconds: 0, peakRssBytes: 0, unmeasured: [] });
  });
});
