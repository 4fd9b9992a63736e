import type { Selection } from '@twostage/core/runs/selection';
import type { Metrics } from '@twostage/core/runs/training';
import { describe, expect, it } from 'vitest';
import { headlines, holdoutHeadlines } from './headlines.ts';

const none = { mse: null, mae: null, r2: null, hitRate: null };
const metrics: Metrics = {
  ...none,
  rows: 10,
  bars: 5,
  icKind: 'crossSectional',
  ic: 0.0412,
  rankIc: -0.01,
  icir: 0.21,
  icT: 2.5,
  standardErrors: { ...none, ic: 0.0161, rankIc: 0.0123, icir: null },
};
const portfolio: NonNullable<Metrics['portfolio']> = {
  netSharpe: 0.812,
  netSharpeError: 0.497,
  grossSharpe: 1.2,
  grossSharpeError: 0.5,
  annualReturn: 0.093,
  annualVolatility: 0.115,
  maxDrawdown: { depth: 0.177, from: Date.UTC(2020, 1, 3), to: Date.UTC(2020, 2, 9), recovered: null },
  turnover: 0.5,
  costBasisPoints: 5,
  bars: 500,
  barsPerYear: 252,
};
const selection: Selection = {
  target: 't',
  trials: 20,
  bars: 500,
  effectiveTrials: 8,
  expectedMaximum: 0.4,
  ranking: [{ training: 'a', netSharpe: 0.81, deflated: 0.371 }],
  overfitting: null,
  notes: [],
};
const shown = (...given: Parameters<typeof headlines>) =>
  Object.fromEntries(headlines(...given).map(({ label, value, more }) => [label, [value, more]]));

describe('headline figures of a tear sheet', () => {
  it('are figures with their errors; those of a portfolio only where there is one', () => {
    expect(shown(metrics, 'a', undefined)).toEqual({
      IC: ['+0.0412', '± 0.0161'],
      'Rank IC': ['−0.0100', '± 0.0123'],
      ICIR: ['+0.210', null],
      't of the IC': ['+2.50', null],
    });
  });

  it('say why there is no IC', () => {
    const constant = { ...metrics, ic: null, icMissing: 'constantPredictions' } as const;
    expect(shown(constant, 'a', undefined).IC).toEqual(['–', 'the forecasts of each bar are all the same']);
  });

  it('of a direction are how well it was told, beside the base rate; of paths how they lie; of a holdout the same in short', () => {
    const direction = {
      ...{ auc: 0.531, aucError: 0.012, logLoss: 0.6901, logLossError: 0.001, baseLogLoss: 0.6925 },
      ...{ accuracy: 0.55, baseAccuracy: 0.54 },
    } as NonNullable<Metrics['direction']>;
    const figure = { mean: 0.02, standardError: 0.01, deviation: 0.02, low: -0.01, belowZero: 0.2, values: [0, 0, 0] };
    const holdout: NonNullable<Metrics['holdout']> = { ...metrics, ic: 0.01, direction, portfolio };
    const whole = { ...metrics, direction, paths: { shown: 1, ic: figure, netSharpe: figure }, holdout };
    expect(shown(whole, 'a', undefined)).toMatchObject({
      AUC: ['0.531', '± 0.012'],
      'Log loss': ['0.6901', '± 0.0010, base 0.6925'],
      Accuracy: ['55.0 %', 'base 54.0 %'],
      'IC of 3 paths': ['+0.0200', '5 % at −0.0100, 20 % below 0'],
      'Net Sharpe of the paths': ['+0.02', '5 % at −0.01, 20 % below 0'],
    });
    const held = Object.fromEntries(holdoutHeadlines(holdout).map(({ label, value, more }) => [label, [value, more]]));
    expect(held).toMatchObject({ IC: ['+0.0100', '± 0.0161'], 'Net Sharpe at 5 bp': ['+0.81', '± 0.50'] });
    expect(Object.keys(held)).not.toContain('Deflated Sharpe');
  });

  it('say what trading earned, and what is left of it among all trials', () => {
    expect(shown({ ...metrics, portfolio }, 'a', selection)).toMatchObject({
      'Net Sharpe at 5 bp': ['+0.81', '± 0.50'],
      'Deflated Sharpe': ['0.37', 'of 20 trials'],
      'Net return a year': ['9.3 %', 'volatility 11.5 %'],
      'Turnover a bar': ['50.0 %', null],
      'Max drawdown': ['−17.7 %', '2020-02-03 – 2020-03-09, not recovered'],
    });
  });

  it('wait for the end of the run, and know a portfolio that never fell', () => {
    const steady = { ...metrics, portfolio: { ...portfolio, maxDrawdown: null } };
    expect(shown(steady, 'a', undefined)).toMatchObject({
      'Deflated Sharpe': ['–', 'when the run ends'],
      'Max drawdown': ['none', null],
    });
    const idle = { ...metrics, portfolio: { ...portfolio, maxDrawdown: null, turnover: 0 } };
    expect(shown(idle, 'a', undefined)['Max drawdown']).toEqual(['none', 'it never traded']);
    const recovered = { ...portfolio.maxDrawdown!, recovered: Date.UTC(2021, 0, 4) };
    expect(
      shown({ ...metrics, portfolio: { ...portfolio, maxDrawdown: recovered } }, 'a', selection)['Max drawdown']![1],
    ).toMatch(/back on 2021-01-04$/);
  });
});
