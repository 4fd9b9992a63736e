import type { TrainingState } from '@twostage/core/runs/lifecycle';
import { emptyRunView, type RunView, type TrainingView } from '@twostage/core/runs/view';
import { describe, expect, it } from 'vitest';
import { chosenTraining, finishedTraining } from './useChosenTraining.ts';

function viewOf(
  ...trainings: [id: string, state: TrainingState, startedAt: number | null, endedAt: number | null][]
): RunView {
  const view = emptyRunView();
  for (const [id, state, startedAt, endedAt] of trainings)
    view.trainings.set(id, { spec: { id }, state, startedAt, endedAt } as TrainingView);
  return view;
}
const view = viewOf(
  ['first', 'completed', 1, 5],
  ['second', 'completed', 2, 4],
  ['third', 'failed', 3, 9],
  ['fourth', 'running', 6, null],
  ['fifth', 'pending', null, null],
);

describe('the training that is shown', () => {
  it('is the one asked for, where there is such a one', () => {
    expect(chosenTraining(view, 'fifth')).toBe('fifth');
    expect(finishedTraining(view, 'fifth')).toBe('fifth');
    expect(chosenTraining(view, 'gone')).toBe('fourth');
  });
  it('of curves: the first that runs, else the last that began', () => {
    expect(chosenTraining(view, null)).toBe('fourth');
    expect(chosenTraining(viewOf(['a', 'completed', 1, 2], ['b', 'failed', 3, 4]), null)).toBe('b');
    expect(chosenTraining(emptyRunView(), null)).toBeNull();
  });
  it('of what was learnt: the last that completed, else as of curves', () => {
    expect(finishedTraining(view, null)).toBe('first');
    expect(finishedTraining(viewOf(['a', 'running', 1, null]), null)).toBe('a');
  });
});
