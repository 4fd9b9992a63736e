import { describe, expect, it } from 'vitest';
import {
  hasEnded,
  moveRun,
  moveStage,
  moveTraining,
  type RunState,
  runEndState,
  runStates,
  type StageState,
  stageStates,
  type TrainingState,
  trainingHasEnded,
  trainingStates,
} from './lifecycle.ts';

/** Every legal move; whatever is not here must throw. */
const legalRun: Record<RunState, string> = {
  queued: 'preparing cancelled failed',
  preparing: 'running queued failed cancelled',
  running: 'completed partial failed cancelled queued',
  completed: '',
  partial: '',
  failed: '',
  cancelled: '',
};
const legalStage: Record<StageState, string> = { pending: 'running done', running: 'done pending', done: '' };
const legalTraining: Record<TrainingState, string> = {
  pending: 'running cancelled skipped',
  running: 'completed failed timedOut killed cancelled pending',
  completed: '',
  failed: '',
  timedOut: '',
  killed: '',
  cancelled: '',
  skipped: '',
};

function checkTable<State extends string>(
  what: string,
  states: readonly State[],
  legal: Record<State, string>,
  move: (from: State, to: State) => State,
): void {
  describe(what, () => {
    const pairs = states.flatMap((from) =>
      states.map((to) => [from, to, legal[from].split(' ').includes(to)] as const),
    );
    it.each(pairs.filter(([, , allowed]) => allowed))('goes from %s to %s', (from, to) => {
      expect(move(from, to)).toBe(to);
    });
    it.each(pairs.filter(([, , allowed]) => !allowed))('does not go from %s to %s', (from, to) => {
      expect(() => move(from, to)).toThrow(
        expect.objectContaining({
          code: 'ILLEGAL_TRANSITION',
          message: expect.stringContaining(`a ${what} cannot go from ${from} to ${to}`),
        }),
      );
    });
  });
}
checkTable('run', runStates, legalRun, moveRun);
checkTable('stage', stageStates, legalStage, moveStage);
checkTable('training', trainingStates, legalTraining, moveTraining);

it('a state has ended when nothing follows it', () => {
  expect(runStates.filter(hasEnded)).toEqual(['completed', 'partial', 'failed', 'cancelled']);
  expect(trainingStates.filter(trainingHasEnded)).toEqual([
    'completed',
    'failed',
    'timedOut',
    'killed',
    'cancelled',
    'skipped',
  ]);
});

it('an illegal move says what would be legal', () => {
  expect(() => moveRun('queued', 'completed')).toThrow('from queued it may go to preparing, cancelled, failed');
  expect(() => moveRun('failed', 'running')).toThrow('from failed it may go to nothing, it has ended');
});

describe('the end of a run', () => {
  const ends: [trainings: TrainingState[], cancelRequested: boolean, end: RunState][] = [
    [['completed', 'completed'], false, 'completed'],
    [['completed', 'failed'], false, 'partial'],
    [['completed', 'killed', 'timedOut'], false, 'partial'],
    [['failed', 'skipped'], false, 'failed'],
    [[], false, 'failed'],
    [['completed', 'cancelled'], true, 'cancelled'],
    [['cancelled'], true, 'cancelled'],
    [[], true, 'cancelled'],
    // the cancel came after the last training had ended
    [['completed', 'completed'], true, 'completed'],
  ];
  it.each(ends)('of %j, cancel requested %s, is %s', (trainings, cancelRequested, end) => {
    expect(runEndState(trainings, cancelRequested)).toBe(end);
  });
});
