import { type FamilyId, familyIds } from '@twostage/core/families/family';
import { type RunState, runStates } from '@twostage/core/runs/lifecycle';
import type { ListRunsInput, RunRow, RunSortKey } from '../../../server/contracts/runs.ts';
import { choiceParam, listParam } from '../../../ui/queryState.ts';

/** Columns the list can be sorted by; the last three are not the server's, so the rows that are loaded are sorted here. */
export const sortKeys = ['createdAt', 'name', 'state', 'startedAt', 'best', 'duration', 'progress'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface RunsView {
  text: string;
  states: RunState[];
  families: FamilyId[];
  sort: SortKey;
  direction: 'asc' | 'desc';
}

/** What the address asks for. */
export function readRunsView(params: URLSearchParams): RunsView {
  return {
    text: params.get('q') ?? '',
    states: listParam(params.get('state'), runStates),
    families: listParam(params.get('family'), familyIds),
    sort: choiceParam(params.get('sort'), sortKeys, 'createdAt'),
    direction: choiceParam(params.get('dir'), ['asc', 'desc'] as const, 'desc'),
  };
}

export const isFiltered = (view: RunsView): boolean =>
  view.text !== '' || view.states.length > 0 || view.families.length > 0;

const sortedHere = (sort: SortKey): boolean => sort === 'best' || sort === 'duration' || sort === 'progress';

export function listInput(view: RunsView): ListRunsInput {
  const here = sortedHere(view.sort);
  return {
    text: view.text.slice(0, 200),
    states: view.states,
    families: view.families,
    sortBy: here ? 'createdAt' : (view.sort as RunSortKey),
    order: here ? 'desc' : view.direction,
    limit: here ? 200 : 50,
  };
}

export function durationMs(run: Pick<RunRow, 'startedAt' | 'endedAt'>, now: number): number | null {
  if (!run.startedAt) return null;
  return Math.max(0, (run.endedAt?.getTime() ?? now) - run.startedAt.getTime());
}

/** @returns part of the trainings that ended well or badly, 0 to 1; 0 before the plan */
export const progressOf = ({ trainings }: Pick<RunRow, 'trainings'>): number =>
  trainings.total === 0 ? 0 : (trainings.completed + trainings.failed) / trainings.total;

/** The rows in the order asked for; those without a figure last, whichever way. */
export function sortRuns(runs: readonly RunRow[], view: RunsView, now: number): RunRow[] {
  if (!sortedHere(view.sort)) return [...runs];
  const figure = (run: RunRow): number | null => {
    if (view.sort === 'best') return run.bestIc?.value ?? null;
    if (view.sort === 'duration') return durationMs(run, now);
    return run.trainings.total === 0 ? null : progressOf(run);
  };
  const sign = view.direction === 'asc' ? 1 : -1;
  return [...runs].sort((a, b) => {
    const [x, y] = [figure(a), figure(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return sign * (x - y);
  });
}
