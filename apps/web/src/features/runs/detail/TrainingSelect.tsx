import { stageIds } from '@twostage/core/families/family';
import type { TrainingView } from '@twostage/core/runs/view';
import { memo } from 'react';
import { Select } from '../../../ui/Field.tsx';
import { stageNames } from '../badges.tsx';
import { trainingTitle } from '@twostage/figures/run/trainingFigures';

/** Trainings by stage. */
export const TrainingSelect = memo(
  TrainingOptions,
  // The list is made anew with every step of a training; its members seldom change.
  (a, b) =>
    a.value === b.value &&
    a.trainings.length === b.trainings.length &&
    a.trainings.every((t, i) => t === b.trainings[i]),
);

function TrainingOptions({
  trainings,
  value,
  onChange,
  className,
}: {
  trainings: readonly TrainingView[];
  value: string;
  onChange: (id: string) => void;
  className?: string;
}) {
  return (
    <Select
      aria-label="Training"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      disabled={trainings.length === 0}
      className={className}
    >
      {stageIds.map((stage) => {
        const own = trainings.filter(({ spec }) => spec.stage === stage);
        return (
          own.length > 0 && (
            <optgroup key={stage} label={stageNames[stage]}>
              {own.map(({ spec }) => (
                <option key={spec.id} value={spec.id}>
                  {trainingTitle(spec)}
                </option>
              ))}
            </optgroup>
          )
        );
      })}
    </Select>
  );
}
