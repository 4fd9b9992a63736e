import type { Progress } from '@twostage/core/runs/events';
import type { FoldResult, Metrics } from '@twostage/core/runs/training';
import { describe, expect, it } from 'vitest';
import {
  bestValidationLoss,
  doneFraction,
  elapsedMs,
  endReason,
  icSoFar,
  meanValidationLoss,
  tally,
} from './trainingFigures.ts';

const progress = (part: Partial<Progress>): Progress => ({
  phase: 'training',
  fold: 0,
  folds: 4,
  step: 0,
  totalSteps: 10,
  trainLoss: null,
  validationLoss: null,
  bestStep: null,
  bestValidationLoss: null,
  rowsPerSecond: null,
  elapsedMs: 0,
  etaMs: null,
  rssBytes: 0,
  threads: 1,
  ...part,
});
const metrics = (ic: number | null): Metrics => ({
  rows: 1,
  bars: 1,
  icKind: 'crossSectional',
  ic,
  rankIc: ic,
  icir: null,
  icT: null,
  mse: null,
  mae: null,
  r2: null,
  hitRate: null,
});
const fold = (bestLoss: number | null, ic: number | null): FoldResult => ({
  fold: 0,
  trainRows: 1,
  validationRows: 1,
  testRows: 1,
  testStart: 0,
  testEnd: 1,
  bestStep: 1,
  bestValidationLoss: bestLoss,
  seconds: 1,
  metrics: metrics(ic),
});

describe('figures of a training', () => {
  it('is done by folds and steps', () => {
    expect(doneFraction({ state: 'pending', progress: null })).toBe(0);
    expect(doneFraction({ state: 'running', progress: progress({ fold: 1, step: 5 }) })).toBe(0.375);
    expect(doneFraction({ state: 'running', progress: progress({ fold: 1, phase: 'predicting' }) })).toBe(0.5);
    expect(doneFraction({ state: 'running', progress: progress({ fold: 3, phase: 'saving' }) })).toBe(1);
    expect(doneFraction({ state: 'completed', progress: progress({ fold: 1, step: 5 }) })).toBe(1);
  });

  it('knows the best loss so far and the mean of the folds', () => {
    const folds = [fold(0.9, 0.1), fold(null, null), fold(0.7, 0.3)];
    expect(bestValidationLoss({ folds, progress: progress({ bestValidationLoss: 0.8 }) })).toBe(0.7);
    expect(bestValidationLoss({ folds: [], progress: null })).toBeNull();
    expect(meanValidationLoss({ folds })).toBeCloseTo(0.8, 12);
    expect(icSoFar({ folds, outcome: null })).toBeCloseTo(0.2, 12);
  });

  it('counts time from its own seconds, else by the clock', () => {
    expect(elapsedMs({ seconds: 2.5, startedAt: 0, endedAt: 9 }, 99)).toBe(2500);
    expect(elapsedMs({ seconds: null, startedAt: 1000, endedAt: null }, 4000)).toBe(3000);
    expect(elapsedMs({ seconds: null, startedAt: null, endedAt: null }, 4000)).toBeNull();
  });

  it('says why it ended', () => {
    expect(endReason({ kind: 'timedOut', afterMs: 60_000 })).toBe('stopped after 1 m 00 s, its deadline');
    expect(endReason({ kind: 'failed', message: 'no usable row', exitCode: 1, signal: null })).toBe('no usable row');
    expect(endReason({ kind: 'cancelled' })).toBeNull();
  });

  it('counts states', () => {
    expect(tally([{ state: 'running' }, { state: 'completed' }, { state: 'completed' }])).toMatchObject({
      running: 1,
      completed: 2,
      total: 3,
    });
  });
});
