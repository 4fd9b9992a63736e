import { describe, expect, it } from 'vitest';
import { panelOf } from '../../test/simulatedPanel.ts';
import { fitStandardisation, standardise } from './standardiser.ts';
import { fitTargetScale, reportInLabelUnit, scaleTarget, unscaleTarget } from './targetScale.ts';

const values = [
  [1, Number.NaN, 0.1, 5],
  [3, Number.NaN, 0.1, 7],
  [5, Number.NaN, 0.1, Number.NaN],
  [1000, 2, 9, 6],
];
const panel = panelOf(4, 4, (row, column) => values[row]![column]!);
const train = Uint32Array.of(0, 1, 2);

describe('standardise', () => {
  const fitted = fitStandardisation(panel, train);

  it('learns mean and population deviation from the training rows, without what is missing', () => {
    expect(fitted.means[0]).toBe(3);
    expect(fitted.deviations[0]).toBeCloseTo(Math.sqrt(8 / 3), 12);
    expect([fitted.means[3], fitted.deviations[3]]).toEqual([6, 1]);
    expect([fitted.deviations[1], fitted.deviations[2]]).toEqual([0, 0]);
  });

  it('is row-major, cut at 5 deviations, 0 where missing or without spread', () => {
    const rows = standardise(panel, fitted);
    expect([...rows.subarray(0, 4)]).toEqual([Math.fround(-2 / Math.sqrt(8 / 3)), 0, 0, -1]);
    expect([...rows.subarray(8, 16)]).toEqual([Math.fround(2 / Math.sqrt(8 / 3)), 0, 0, 0, 5, 0, 0, 0]);
    expect(standardise(panel, fitted, Uint32Array.of(3, 0))).toEqual(
      Float32Array.of(...rows.subarray(12, 16), ...rows.subarray(0, 4)),
    );
  });

  it('refuses a panel with other features', () => {
    const other = { ...panel, featureNames: ['a', 'b', 'c', 'd'] };
    expect(() => standardise(other, fitted)).toThrow(expect.objectContaining({ code: 'SHAPE_MISMATCH' }));
  });
});

describe('target scale', () => {
  const target = Float64Array.of(0.01, 0.03, 0.05, Number.NaN);

  it('standardises the labels of the training rows and takes outputs back to their unit', () => {
    const scale = fitTargetScale(target, train);
    const scaled = scaleTarget(target, train, scale);
    expect(scaled.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
    expect(scaled.reduce((sum, value) => sum + value * value, 0) / 3).toBeCloseTo(1, 6);
    expect(unscaleTarget(scaled[2]!, scale)).toBeCloseTo(0.05, 8);
  });

  it('has a spread of 1 where all labels are one, and refuses a label that is not finite', () => {
    expect(fitTargetScale(Float64Array.of(2, 2), Uint32Array.of(0, 1))).toEqual({ mean: 2, deviation: 1 });
    expect(() => fitTargetScale(target, Uint32Array.of(0, 3))).toThrow(/finite label/);
  });
});

describe('reportInLabelUnit', () => {
  it('turns a squared error of the standardised target into one of the label', async () => {
    const said: unknown[] = [];
    const report = reportInLabelUnit(async (progress) => void said.push(progress), { mean: 5, deviation: 0.02 });
    const steps = { step: 3, totalSteps: 9, bestStep: 2, rows: 7 };
    await report({ ...steps, trainLoss: 1, validationLoss: null, bestValidationLoss: 0.5 });
    expect(said).toEqual([
      { ...steps, trainLoss: 0.02 ** 2, validationLoss: null, bestValidationLoss: 0.5 * 0.02 ** 2 },
    ]);
  });
});
