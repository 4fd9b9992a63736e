import type { PortfolioMetrics } from '@twostage/core/runs/portfolio';
import type { Metrics } from '@twostage/core/runs/training';
import { describe, expect, it } from 'vitest';
import { metricLooks, shownMetrics } from './metricLooks.ts';

const plain: Metrics = {
  rows: 10,
  bars: 5,
  icKind: 'crossSectional',
  ic: 0.02,
  rankIc: 0.03,
  icir: 0.1,
  icT: 1,
  mse: 2,
  mae: 1,
  r2: 0.01,
  hitRate: 0.51,
};
const distribution = {
  pinball: [
    { level: 0.05, loss: 9 },
    { level: 0.1, loss: 0.2 },
    { level: 0.5, loss: 0.6 },
    { level: 0.9, loss: 0.4 },
  ],
  crps: 0.5,
  interval: { nominal: 0.8, coverage: 0.85, meanWidth: 3 },
  nll: null,
  pit: null,
};

const portfolio: PortfolioMetrics = {
  netSharpe: 0.8,
  netSharpeError: 0.5,
  grossSharpe: 1.1,
  grossSharpeError: 0.5,
  annualReturn: 0.09,
  annualVolatility: 0.11,
  maxDrawdown: { depth: 0.2, from: 0, to: 1, recovered: null },
  turnover: 0.6,
  costBasisPoints: 5,
  bars: 500,
  barsPerYear: 252,
};

describe('metrics', () => {
  it('shows a kind only where some training has it', () => {
    expect(shownMetrics([plain])).not.toContain('crps');
    expect(shownMetrics([])).toContain('ic');
    const shown = shownMetrics([plain, { ...plain, distribution }]);
    expect(shown).toEqual(expect.arrayContaining(['crps', 'pinball', 'coverage', 'intervalWidth']));
    expect(shown).not.toContain('nll');
    expect(shown).not.toContain('netSharpe');
    const policy = { netSharpe: 0.4, grossSharpe: 0.9, turnover: 0.1, costBasisPoints: 5 };
    const ofPolicy = shownMetrics([{ ...plain, policy }]);
    expect(ofPolicy).toContain('policySharpe');
    expect(ofPolicy).not.toContain('netSharpe');
    expect(shownMetrics([{ ...plain, portfolio }])).toEqual(
      expect.arrayContaining(['netSharpe', 'grossSharpe', 'annualReturn', 'maxDrawdown', 'turnover']),
    );
  });

  it('takes the mean of the pinball losses at three levels, whatever others there are, and none where one has none', () => {
    expect(metricLooks.pinball.of({ ...plain, distribution })).toBeCloseTo(0.4, 12);
    const [, ...others] = distribution.pinball;
    for (const pinball of [others.slice(1), others.map(({ level }) => ({ level, loss: level === 0.5 ? null : 1 }))]) {
      expect(metricLooks.pinball.of({ ...plain, distribution: { ...distribution, pinball } })).toBeNull();
    }
    expect(metricLooks.pinball.of(plain)).toBeNull();
  });

  it('the best coverage is the one nearest the nominal share, whichever side', () => {
    const covering = (coverage: number): Metrics => ({
      ...plain,
      distribution: { ...distribution, interval: { nominal: 0.8, coverage, meanWidth: 1 } },
    });
    const merit = (coverage: number) => metricLooks.coverage.merit!(covering(coverage))!;
    expect(merit(0.79)).toBeGreaterThan(merit(0.95));
    expect(merit(0.82)).toBeGreaterThan(merit(0.7));
  });

  it('a position has no error in the unit of the target', () => {
    const policy = { netSharpe: 0.4, grossSharpe: 0.9, turnover: 0.1, costBasisPoints: 5 };
    for (const id of ['mse', 'mae', 'r2'] as const) {
      expect(metricLooks[id].of({ ...plain, policy })).toBeNull();
      expect(metricLooks[id].merit!({ ...plain, policy })).toBeNull();
    }
    expect(metricLooks.ic.of({ ...plain, policy })).toBe(0.02);
  });

  it('a portfolio without a fall has the least drawdown, one that is not there has none', () => {
    const fall = (maxDrawdown: PortfolioMetrics['maxDrawdown']) => ({
      ...plain,
      portfolio: { ...portfolio, maxDrawdown },
    });
    expect(metricLooks.maxDrawdown.of(fall(null))).toBe(0);
    expect(metricLooks.maxDrawdown.merit!(fall(null))).toBeGreaterThan(
      metricLooks.maxDrawdown.merit!(fall(portfolio.maxDrawdown))!,
    );
    expect(metricLooks.maxDrawdown.of(plain)).toBeNull();
  });

  it('a portfolio that never traded is best by nothing: it stayed at 0', () => {
    const idle = { ...plain, portfolio: { ...portfolio, annualReturn: 0, maxDrawdown: null, turnover: 0 } };
    for (const id of ['annualReturn', 'maxDrawdown'] as const) {
      expect(metricLooks[id].of(idle)).toBe(0);
      expect(metricLooks[id].merit!(idle)).toBeNull();
      expect(metricLooks[id].merit!({ ...plain, portfolio })).not.toBeNull();
    }
  });

  it('less loss has more merit', () => {
    expect(metricLooks.mse.merit!({ ...plain, mse: 1 })).toBeGreaterThan(metricLooks.mse.merit!(plain)!);
    expect(metricLooks.mse.merit!({ ...plain, mse: null })).toBeNull();
  });
});
