import type { Metrics } from '@twostage/core/runs/training';
import { describe, expect, it } from 'vitest';
import type { ComparedTraining } from '../../server/contracts/runs.ts';
import { comparedValues, metricsOfTraining, settingText } from './compareRows.ts';

const training = (values: (number | null)[]): ComparedTraining => ({
  spec: { id: 'x', family: 'MLP', target: 't', scope: { kind: 'crossSectional' }, stage: 'gpu' },
  byRun: values.map((value) =>
    value === null
      ? null
      : { state: 'completed', seconds: 1, metrics: { ic: value, mse: value } as unknown as Metrics },
  ),
});

describe('comparison', () => {
  it('marks the best and the difference to the first', () => {
    expect(comparedValues(training([0.02, 0.05, null, 0.01]), 'ic')).toEqual([
      { value: 0.02, error: null, best: false, delta: null, improves: null },
      { value: 0.05, error: null, best: true, delta: 0.05 - 0.02, improves: true },
      { value: null, error: null, best: false, delta: null, improves: null },
      { value: 0.01, error: null, best: false, delta: 0.01 - 0.02, improves: false },
    ]);
  });
  it('says how far off a figure may be, and calls none of a holdout the best', () => {
    const of = (netSharpe: number, ic: number) => ({
      ...{ state: 'completed', seconds: 1 },
      metrics: {
        portfolio: { netSharpe, netSharpeError: 0.3 },
        holdout: { ic, standardErrors: { ic: 0.01 } },
      } as unknown as Metrics,
    });
    const compared = { ...training([]), byRun: [of(0.5, 0.02), of(0.9, 0.04)] } as ComparedTraining;
    expect(comparedValues(compared, 'netSharpe').map(({ error, best }) => [error, best])).toEqual([
      [0.3, false],
      [0.3, true],
    ]);
    expect(comparedValues(compared, 'holdoutIc').map(({ value, error, best }) => [value, error, best])).toEqual([
      [0.02, 0.01, false],
      [0.04, 0.01, false],
    ]);
    expect(metricsOfTraining(compared)).toEqual(expect.arrayContaining(['netSharpe', 'holdoutIc']));
  });
  it('lower is better for an error', () => {
    expect(comparedValues(training([2, 1]), 'mse').map(({ best, improves }) => [best, improves])).toEqual([
      [false, null],
      [true, true],
    ]);
  });
  it('marks nothing where all are equal or one stands alone', () => {
    expect(comparedValues(training([1, 1]), 'ic').some(({ best }) => best)).toBe(false);
    expect(comparedValues(training([1, null]), 'ic').some(({ best }) => best)).toBe(false);
  });
  it('without a first there is no difference', () => {
    expect(comparedValues(training([null, 1]), 'ic')[1]).toMatchObject({ delta: null, improves: null });
  });
  it('writes settings for people', () => {
    expect(['[]', '["A","B"]', '0.15', '3', '"cpu"', ''].map(settingText)).toEqual([
      'all',
      'A, B',
      '0.15',
      '3',
      'cpu',
      '–',
    ]);
  });
});
