'use client';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { useMemo } from 'react';
import { useQueryState } from '../../../ui/queryState.ts';
import { filterOf, passes, type TrainingFilter, targetsOf } from './trainingFilter.ts';

/** The filter of the address, and the trainings that pass it, in the order of the plan. */
export function useTrainingFilter(view: RunView): { filter: TrainingFilter; trainings: TrainingView[] } {
  const { params } = useQueryState();
  const all = [...view.trainings.values()];
  const targets = [...new Set(all.flatMap(({ spec }) => targetsOf(spec)))];
  const names = targets.join(',');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `names` stands for the targets
  const filter = useMemo(() => filterOf(params, targets), [params, names]);
  return { filter, trainings: all.filter((training) => passes(filter, training)) };
}
