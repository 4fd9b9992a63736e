import { DomainError } from '../errors.ts';

export const runStates = ['queued', 'preparing', 'running', 'completed', 'partial', 'failed', 'cancelled'] as const;
export type RunState = (typeof runStates)[number];
export const stageStates = ['pending', 'running', 'done'] as const;
export type StageState = (typeof stageStates)[number];
export const trainingStates = [
  'pending',
  'running',
  'completed',
  'failed',
  'timedOut',
  'killed',
  'cancelled',
  'skipped',
] as const;
export type TrainingState = (typeof trainingStates)[number];

/** preparing and running go back to queued when the runner that held the run vanished. */
const runTransitions: Record<RunState, readonly RunState[]> = {
  queued: ['preparing', 'cancelled', 'failed'],
  preparing: ['running', 'queued', 'failed', 'cancelled'],
  running: ['completed', 'partial', 'failed', 'cancelled', 'queued'],
  completed: [],
  partial: [],
  failed: [],
  cancelled: [],
};
/** running goes back to pending when the runner vanished with the child. */
const stageTransitions: Record<StageState, readonly StageState[]> = {
  pending: ['running', 'done'],
  running: ['done', 'pending'],
  done: [],
};
const trainingTransitions: Record<TrainingState, readonly TrainingState[]> = {
  pending: ['running', 'cancelled', 'skipped'],
  running: ['completed', 'failed', 'timedOut', 'killed', 'cancelled', 'pending'],
  completed: [],
  failed: [],
  timedOut: [],
  killed: [],
  cancelled: [],
  skipped: [],
};

function move<State extends string>(
  what: string,
  table: Record<State, readonly State[]>,
  from: State,
  to: State,
): State {
  if (table[from].includes(to)) return to;
  const allowed = table[from].length > 0 ? table[from].join(', ') : 'nothing, it has ended';
  throw new DomainError(
    'ILLEGAL_TRANSITION',
    `a ${what} cannot go from ${from} to ${to}; from ${from} it may go to ${allowed}`,
  );
}

/** @throws DomainError ILLEGAL_TRANSITION */
export const moveRun = (from: RunState, to: RunState): RunState => move('run', runTransitions, from, to);
/** @throws DomainError ILLEGAL_TRANSITION */
export const moveStage = (from: StageState, to: StageState): StageState => move('stage', stageTransitions, from, to);
/** @throws DomainError ILLEGAL_TRANSITION */
export const moveTraining = (from: TrainingState, to: TrainingState): TrainingState =>
  move('training', trainingTransitions, from, to);

export const hasEnded = (state: RunState): boolean => runTransitions[state].length === 0;
export const trainingHasEnded = (state: TrainingState): boolean => trainingTransitions[state].length === 0;

/** The end of a run from the ends of its trainings: all completed, some, or none. */
export function runEndState(trainings: readonly TrainingState[], cancelRequested: boolean): RunState {
  const completed = trainings.filter((state) => state === 'completed').length;
  if (completed === trainings.length && completed > 0) return 'completed';
  if (cancelRequested) return 'cancelled';
  return completed > 0 ? 'partial' : 'failed';
}
