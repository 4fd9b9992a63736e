import type { Metrics, TrainingResult } from '@twostage/core/runs/training';
import type { TrainingView } from '@twostage/core/runs/view';
import { emptyRunView } from '@twostage/core/runs/view';
import { describe, expect, it } from 'vitest';
import { leaderboardCsv } from './leaderboardCsv.ts';
import {
  bestFigures,
  errorOf,
  isBest,
  type LeaderboardRow,
  leaderboardRows,
  missingReason,
  ranksBy,
  shownFigures,
  sortRows,
} from './leaderboardRows.ts';

const metrics = (part: Partial<Metrics>): Metrics => ({
  rows: 10,
  bars: 5,
  icKind: 'crossSectional',
  ic: null,
  rankIc: null,
  icir: null,
  icT: null,
  mse: null,
  mae: null,
  r2: null,
  hitRate: null,
  ...part,
});

const training = (name: string, result: Partial<TrainingResult>, state: TrainingView['state'] = 'completed') =>
  ({
    spec: { id: `MLP.${name}`, family: 'MLP', target: 't', scope: { kind: 'symbol', symbol: name }, stage: 'gpu' },
    state,
    outcome:
      state === 'completed'
        ? {
            kind: 'completed',
            result: { metrics: metrics({}), folds: [], artifacts: [], device: 'cpu', notes: [], ...result },
          }
        : null,
    folds: [],
    progress: null,
    losses: [],
    startedAt: 0,
    endedAt: 9,
    seconds: 1,
    peakRssBytes: null,
    pid: null,
  }) satisfies TrainingView;

const rowsOf = (...trainings: TrainingView[]): LeaderboardRow[] => {
  const view = emptyRunView();
  for (const each of trainings) view.trainings.set(each.spec.id, each);
  return leaderboardRows(view, 0);
};
const rows = rowsOf(
  training('b', { metrics: metrics({ ic: -0.01, mse: 2 }) }),
  training('a', { metrics: metrics({ ic: 0.03, mse: 1 }) }),
  training('c', {}),
);
const order = (sorted: readonly LeaderboardRow[]) => sorted.map(({ title }) => title.at(-1)).join('');
const covering = (coverage: number) =>
  metrics({
    distribution: {
      pinball: [],
      crps: 1,
      interval: { nominal: 0.8, coverage, meanWidth: 1 },
      nll: null,
      pit: null,
    },
  });

describe('leaderboard', () => {
  it('sorts both ways, without a figure last', () => {
    expect(order(sortRows(rows, 'ic', 'desc'))).toBe('abc');
    expect(order(sortRows(rows, 'ic', 'asc'))).toBe('bac');
    expect(order(sortRows(rows, 'title', 'desc'))).toBe('cba');
  });

  it('knows which end of a figure is better, among completed trainings', () => {
    const best = bestFigures(rows);
    expect(rows.map((row) => [isBest(best, row, 'ic'), isBest(best, row, 'mse')])).toEqual([
      [false, false],
      [true, true],
      [false, false],
    ]);
    expect(bestFigures(rowsOf(training('x', {}, 'failed')))).toEqual(new Set());
  });

  it('one training alone is not the best of anything', () => {
    expect(bestFigures([rows[0]!])).toEqual(new Set());
  });

  it('compares only what has the same target', () => {
    const both = (a: number, b: number) => ({
      byTarget: [
        { target: 'day', metrics: metrics({ mse: a }) },
        { target: 'month', metrics: metrics({ mse: b }) },
      ],
    });
    const judged = rowsOf(training('x', both(1, 30)), training('y', both(2, 20)));
    const best = bestFigures(judged);
    expect(judged.map((row) => isBest(best, row, 'mse'))).toEqual([true, false, false, true]);
  });

  it('the best coverage is the nearest to the nominal share', () => {
    const judged = rowsOf(training('a', { metrics: covering(0.97) }), training('b', { metrics: covering(0.78) }));
    const best = bestFigures(judged);
    expect(judged.map((row) => isBest(best, row, 'coverage'))).toEqual([false, true]);
  });

  it('has columns of distributions only where some training forecasts one', () => {
    expect(shownFigures(rows)).not.toContain('crps');
    expect(shownFigures(rowsOf(training('a', { metrics: covering(0.8) })))).toContain('crps');
    expect(leaderboardCsv(rows).split('\n')[0]).not.toContain('crps');
  });

  it('a training of several targets has a row a target', () => {
    const [first, second] = rowsOf(
      training('X', {
        byTarget: [
          { target: 'a', metrics: metrics({ ic: 0.1 }) },
          { target: 'b', metrics: metrics({ ic: 0.2 }) },
        ],
      }),
    );
    expect([first!.title, first!.figures.ic]).toEqual(['MLP · a · X', 0.1]);
    expect([second!.title, second!.figures.ic, second!.id]).toEqual(['MLP · b · X', 0.2, 'MLP.X']);
    expect(first!.key).not.toBe(second!.key);
  });
});

it('says why there is no IC', () => {
  const [constant, known, whole] = rowsOf(
    training('a', { metrics: metrics({ ic: null, rankIc: null, icMissing: 'constantPredictions' }) }),
    training('b', { metrics: metrics({ ic: null, icMissing: undefined }) }),
    training('c', { metrics: metrics({ ic: 0.1 }) }),
  );
  expect((['ic', 'rankIc', 'mse'] as const).map((id) => missingReason(constant!, id))).toEqual([
    'Not defined: the forecasts of each bar are all the same',
    'Not defined: the forecasts of each bar are all the same',
    null,
  ]);
  expect([missingReason(known!, 'ic'), missingReason(whole!, 'ic')]).toEqual([null, null]);
});

it('says which quantiles keep a pinball loss from being compared', () => {
  const pinball = [0.05, 0.5, 0.95].map((level) => ({ level, loss: 1 }));
  const distribution = { pinball, crps: 1, interval: null, nll: null, pit: null };
  const [others, none] = rowsOf(training('a', { metrics: metrics({ distribution }) }), training('b', {}));
  expect(missingReason(others!, 'pinball')).toBe('Not compared: it forecasts the quantiles 0.05, 0.5, 0.95');
  expect([missingReason(none!, 'pinball'), missingReason(others!, 'crps')]).toEqual([null, null]);
});

it('shows the figures of a holdout with their errors, and ranks nothing by them', () => {
  const held = (ic: number) => metrics({ ic, standardErrors: undefined });
  const holdout = (ic: number) => ({ ...held(ic), standardErrors: { ic: 0.012 } as Metrics['standardErrors'] });
  const both = rowsOf(
    training('a', { metrics: { ...held(0.03), holdout: holdout(0.01) } }),
    training('b', { metrics: { ...held(0.01), holdout: holdout(0.05) } }),
  );
  expect(shownFigures(both)).toContain('holdoutIc');
  expect(both.map((row) => [row.figures.holdoutIc, errorOf(row, 'holdoutIc'), errorOf(row, 'ic')])).toEqual([
    [0.01, '0.0120', null],
    [0.05, '0.0120', null],
  ]);
  const best = bestFigures(both);
  expect(both.some((row) => isBest(best, row, 'holdoutIc'))).toBe(false);
  expect([ranksBy('holdoutIc'), ranksBy('holdoutSharpe'), ranksBy('ic'), ranksBy('timeMs')]).toEqual([
    false,
    false,
    true,
    true,
  ]);
});
