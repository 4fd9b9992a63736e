import type { FamilyId } from '@twostage/core/families/family';
import type { Progress } from '@twostage/core/runs/events';
import type { TrainingState } from '@twostage/core/runs/lifecycle';
import type { TrainingView } from '@twostage/core/runs/view';
import { describe, expect, it } from 'vitest';
import { choicesOf, filterOf, isNarrowed, passes } from './trainingFilter.ts';
import { groupProgress, groupsOf, sortTrainings } from './trainingGroups.ts';

const training = (
  family: FamilyId,
  target: string,
  state: TrainingState,
  more: { targets?: string[]; symbol?: string; seconds?: number; step?: number } = {},
): TrainingView => ({
  spec: {
    id: `${family}.${target}.${more.symbol ?? 'all'}`,
    family,
    target,
    scope: more.symbol ? { kind: 'symbol', symbol: more.symbol } : { kind: 'crossSectional' },
    stage: family === 'MLP' || family === 'LSTM' ? 'gpu' : 'cpu',
    ...(more.targets && { targets: more.targets }),
  },
  state,
  progress:
    more.step === undefined
      ? null
      : ({ phase: 'training', fold: 0, folds: 1, step: more.step, totalSteps: 10 } as Progress),
  losses: [],
  folds: [],
  outcome: null,
  startedAt: null,
  endedAt: null,
  seconds: more.seconds ?? null,
  peakRssBytes: null,
  pid: null,
});

const all = [
  training('LightGBM', 'fwd_ret_1d', 'completed', { seconds: 5 }),
  training('LightGBM', 'fwd_ret_5d', 'failed', { seconds: 1 }),
  training('MLP', 'fwd_ret_1d', 'running', { targets: ['fwd_ret_1d', 'fwd_ret_5d'], step: 5 }),
  training('LSTM', 'fwd_ret_1d', 'pending', { symbol: 'AAPL' }),
];
const passing = (query: string) => {
  const filter = filterOf(new URLSearchParams(query), ['fwd_ret_1d', 'fwd_ret_5d']);
  return all.filter((each) => passes(filter, each)).map(({ spec }) => spec.id.split('.').slice(0, 2).join('.'));
};

describe('filter of trainings', () => {
  it('holds all where nothing is asked for', () => {
    expect(passing('')).toHaveLength(4);
    expect(isNarrowed(filterOf(new URLSearchParams(''), []))).toBe(false);
    expect(isNarrowed(filterOf(new URLSearchParams('state=failed'), []))).toBe(true);
  });
  it('narrows by family, target, state and name, all at once', () => {
    expect(passing('family=LightGBM,LSTM')).toEqual(['LightGBM.fwd_ret_1d', 'LightGBM.fwd_ret_5d', 'LSTM.fwd_ret_1d']);
    expect(passing('family=LightGBM&state=failed')).toEqual(['LightGBM.fwd_ret_5d']);
    expect(passing('find=aapl')).toEqual(['LSTM.fwd_ret_1d']);
    expect(passing('family=LSTM&state=failed')).toEqual([]);
  });
  it('a training of several targets has each of them', () => {
    expect(passing('target=fwd_ret_5d')).toEqual(['LightGBM.fwd_ret_5d', 'MLP.fwd_ret_1d']);
  });
  it('passes over what no address should hold', () => {
    expect(passing('family=Nothing&state=nowhere&target=gone')).toHaveLength(4);
  });
  it('offers what there is', () => {
    expect(choicesOf(all)).toEqual({
      families: ['LightGBM', 'MLP', 'LSTM'],
      targets: ['fwd_ret_1d', 'fwd_ret_5d'],
      states: ['pending', 'running', 'completed', 'failed'],
    });
  });
});

describe('groups of trainings', () => {
  it('are the libraries of a stage in running order', () => {
    expect(groupsOf(all, 'cpu').map(({ framework }) => framework)).toEqual(['cpu']);
    expect(groupsOf(all, 'gpu').map(({ framework }) => framework)).toEqual(['tensorflow', 'torch']);
    expect(groupsOf([all[3]!], 'gpu').map(({ framework }) => framework)).toEqual(['torch']);
  });
  it('count what ended whole and what runs by its steps', () => {
    expect(groupProgress(all)).toEqual({ ended: 2, running: 1, fraction: (1 + 1 + 0.5 + 0) / 4 });
    expect(groupProgress([])).toEqual({ ended: 0, running: 0, fraction: 0 });
  });
  it('are sorted by a figure, without one last, or stay as planned', () => {
    const seconds = (direction: 'asc' | 'desc') =>
      sortTrainings(all, 'time', direction).map((each) => each.seconds ?? null);
    expect(seconds('asc')).toEqual([1, 5, null, null]);
    expect(seconds('desc')).toEqual([5, 1, null, null]);
    expect(sortTrainings(all, 'state', 'asc')[0]!.state).toBe('running');
    expect(sortTrainings(all, 'plan', 'desc')).toBe(all);
  });
});
