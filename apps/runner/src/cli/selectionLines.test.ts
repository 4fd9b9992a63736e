import type { Selection } from '@twostage/core/runs/selection';
import { emptyRunView, type TrainingView } from '@twostage/core/runs/view';
import { describe, expect, it } from 'vitest';
import { selectionLines } from './selectionLines.ts';

const selection: Selection = {
  target: 'fwd_ret_5d',
  trials: 20,
  bars: 400,
  effectiveTrials: 8,
  expectedMaximum: 0.9,
  ranking: [
    { training: 'LightGBM.fwd_ret_5d.all', netSharpe: 0.812, deflated: 0.366 },
    { training: 'gone', netSharpe: 0.1, deflated: 0.01 },
  ],
  overfitting: { probability: 0.4241, probabilityOfLoss: 0.5, blocks: 16 },
  notes: [],
};
const portfolio = { costBasisPoints: 7 };
const view = (...selections: Selection[]) => {
  const filled = { ...emptyRunView(), selections };
  const spec = { family: 'LightGBM', scope: { kind: 'symbol', symbol: 'AAPL' } };
  const outcome = { kind: 'completed', result: { metrics: { portfolio } } };
  filled.trainings.set('one', { spec, outcome } as unknown as TrainingView);
  filled.trainings.set('LightGBM.fwd_ret_5d.all', {
    spec: { ...spec, scope: { kind: 'crossSectional' } },
    outcome,
  } as unknown as TrainingView);
  return filled;
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
const plain = (lines: string[]) => lines.map((line) => line.replaceAll(/\u001b\[\d+m/g, ''));

describe('lines after the leaderboard', () => {
  it('say what the best is worth, and the costs', () => {
    const [line, costs] = plain(selectionLines(view(selection)));
    expect(line).toBe(
      'fwd_ret_5d: best net Sharpe 0.81 (LightGBM), deflated 0.37 over 20 trials; probability of backtest overfitting 0.42',
    );
    expect(costs).toContain('7 basis points');
  });

  it('name the symbol of a model of one, and say why there is no overfitting', () => {
    const ranking = [{ training: 'one', netSharpe: -0.5, deflated: 0.2 }];
    const one = { ...selection, trials: 1, ranking, overfitting: null, notes: ['one trial alone'] };
    const lines = plain(selectionLines(view(one)));
    expect(lines[0]).toBe(
      'fwd_ret_5d: best net Sharpe -0.50 (LightGBM AAPL), deflated 0.20 over 1 trial; one trial alone',
    );
    expect(lines.join()).not.toContain('Backtest overfitting');
  });

  it('say what is missing, and nothing where nothing was traded', () => {
    const none = {
      ...selection,
      ranking: [{ training: 'one', netSharpe: null, deflated: null }],
      notes: ['no Sharpe'],
    };
    expect(plain(selectionLines(view(none)))).toEqual(['fwd_ret_5d: no Sharpe', '']);
    expect(selectionLines(view())).toEqual([]);
  });
});
