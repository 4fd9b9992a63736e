'use client';
import type { RunView } from '@twostage/core/runs/view';
import { useQueryState } from '../../../ui/queryState.ts';

/** The training of the address; without one, the first that runs, else the last that began, else the first planned. */
export function chosenTraining(view: RunView, asked: string | null): string | null {
  if (asked !== null && view.trainings.has(asked)) return asked;
  let latest: { id: string; startedAt: number } | null = null;
  for (const { spec, state, startedAt } of view.trainings.values()) {
    if (state === 'running') return spec.id;
    if (startedAt !== null && (latest === null || startedAt > latest.startedAt)) latest = { id: spec.id, startedAt };
  }
  return latest?.id ?? view.trainings.keys().next().value ?? null;
}

/** The training of the address; without one, the last that completed: it has something to show. */
export function finishedTraining(view: RunView, asked: string | null): string | null {
  if (asked !== null && view.trainings.has(asked)) return asked;
  let latest: { id: string; endedAt: number } | null = null;
  for (const { spec, state, endedAt } of view.trainings.values()) {
    if (state === 'completed' && endedAt !== null && (latest === null || endedAt >= latest.endedAt))
      latest = { id: spec.id, endedAt };
  }
  return latest?.id ?? chosenTraining(view, null);
}

export function useChosenTraining(
  view: RunView,
  choose: typeof chosenTraining = chosenTraining,
): [string | null, (id: string) => void] {
  const { params, set } = useQueryState();
  return [choose(view, params.get('training')), (id) => set({ training: id, fold: null })];
}
