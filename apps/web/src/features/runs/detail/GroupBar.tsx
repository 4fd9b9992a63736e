'use client';
import type { StageId } from '@twostage/core/families/family';
import type { TrainingView } from '@twostage/core/runs/view';
import { Progress } from '../../../ui/Progress.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import { groupProgress } from './trainingGroups.ts';

/** Moves with every step of its trainings, at a pace that costs nothing. */
export function GroupBar({
  trainings,
  label,
  tone,
}: {
  trainings: readonly TrainingView[];
  label: string;
  tone: StageId;
}) {
  useRunView('losses', 500);
  return (
    <Progress value={groupProgress(trainings).fraction} label={label} tone={tone} className="w-24 max-sm:hidden" />
  );
}
