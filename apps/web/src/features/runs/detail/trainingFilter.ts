import { type FamilyId, familyIds } from '@twostage/core/families/family';
import { type TrainingState, trainingStates } from '@twostage/core/runs/lifecycle';
import type { TrainingSpec } from '@twostage/core/runs/training';
import type { TrainingView } from '@twostage/core/runs/view';
import { listParam } from '../../../ui/queryState.ts';
import { trainingTitle } from '@twostage/figures/run/trainingFigures';

/** Which trainings of a run are looked at; an empty list holds all. */
export interface TrainingFilter {
  readonly families: readonly FamilyId[];
  readonly targets: readonly string[];
  readonly states: readonly TrainingState[];
  /** Part of the title, any case. */
  readonly text: string;
}

/** As the address has it. */
export function filterOf(params: URLSearchParams, targets: readonly string[]): TrainingFilter {
  return {
    families: listParam(params.get('family'), familyIds),
    targets: listParam(params.get('target'), targets),
    states: listParam(params.get('state'), trainingStates),
    text: params.get('find') ?? '',
  };
}

export const isNarrowed = ({ families, targets, states, text }: TrainingFilter): boolean =>
  families.length > 0 || targets.length > 0 || states.length > 0 || text.trim() !== '';

/** All that a training predicts. */
export const targetsOf = ({ target, targets }: Pick<TrainingSpec, 'target' | 'targets'>): readonly string[] =>
  targets ?? [target];

export function passes(
  { families, targets, states, text }: TrainingFilter,
  { spec, state }: Pick<TrainingView, 'spec' | 'state'>,
): boolean {
  return (
    (families.length === 0 || families.includes(spec.family)) &&
    (targets.length === 0 || targetsOf(spec).some((target) => targets.includes(target))) &&
    (states.length === 0 || states.includes(state)) &&
    (text.trim() === '' || trainingTitle(spec).toLowerCase().includes(text.trim().toLowerCase()))
  );
}

/** What there is to choose from, each in its order of appearance. */
export function choicesOf(trainings: Iterable<Pick<TrainingView, 'spec' | 'state'>>): {
  families: FamilyId[];
  targets: string[];
  states: TrainingState[];
} {
  const families = new Set<FamilyId>();
  const targets = new Set<string>();
  const states = new Set<TrainingState>();
  for (const { spec, state } of trainings) {
    families.add(spec.family);
    for (const target of targetsOf(spec)) targets.add(target);
    states.add(state);
  }
  return {
    families: [...families],
    targets: [...targets],
    states: trainingStates.filter((state) => states.has(state)),
  };
}
