import type { Selection } from '@twostage/core/runs/selection';
import { emptyRunView, type TrainingView } from '@twostage/core/runs/view';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { SelectionPanel } from './SelectionPanel.tsx';

const selection: Selection = {
  target: 'fwd_ret_5d',
  trials: 12,
  bars: 400,
  effectiveTrials: 3.3,
  expectedMaximum: 0.45,
  ranking: Array.from({ length: 12 }, (_, i) => ({ training: `t${i}`, netSharpe: 1 - i / 10, deflated: 0.9 - i / 20 })),
  overfitting: { probability: 0.42, probabilityOfLoss: 0.3, blocks: 16 },
  notes: [],
};
const view = emptyRunView();
const scope = { kind: 'crossSectional' as const };
view.trainings.set('t0', { spec: { family: 'LightGBM', target: 'fwd_ret_5d', scope } } as TrainingView);
const text = (given: Selection | undefined) =>
  renderToStaticMarkup(<SelectionPanel selection={given} view={view} />).replaceAll(/<[^>]+>/g, '');

describe('what being the best of a run is worth', () => {
  it('says how many trials, what luck would show, and how often the best did not hold', () => {
    const shown = text(selection);
    expect(shown).toContain('12 trainings of this target were traded on 400 bars');
    expect(shown).toContain('worth 3.3 independent ones');
    expect(shown).toContain('net Sharpe ratio of 0.45');
    expect(shown).toContain('overfitting 42 %');
    expect(shown).toContain('LightGBM · fwd_ret_5d+1.000.90');
    expect(shown).toContain('The best 8 of 12');
  });

  it('one training alone has no luck to speak of', () => {
    const notes = ['one trial alone: nothing was chosen'];
    const shown = text({ ...selection, trials: 1, ranking: selection.ranking.slice(0, 1), overfitting: null, notes });
    expect(shown).toContain('1 training of this target was traded');
    expect(shown).toContain('one trial alone');
    expect(shown).not.toContain('independent');
    expect(shown).not.toContain('luckiest');
  });

  it('waits for the end of the run', () => {
    expect(text(undefined)).toContain('Said when the run has ended');
  });
});
