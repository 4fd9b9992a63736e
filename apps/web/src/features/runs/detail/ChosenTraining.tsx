'use client';
import type { Figure } from '@twostage/core/runs/figures';
import { trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { TrainingResult } from '@twostage/core/runs/training';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { catalogue } from '@twostage/families/catalogue';
import type { ReactNode } from 'react';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { TrainingStateBadge } from '../badges.tsx';
import { isWide } from '@twostage/figures/drawings/FigureBody.tsx';
import { FigureCard } from '../figures/FigureCard.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import { TrainingSelect } from './TrainingSelect.tsx';
import { endReason } from '@twostage/figures/run/trainingFigures';
import { finishedTraining, useChosenTraining } from './useChosenTraining.ts';

/** One training of the run to look at, chosen from a list; `children` draw the result of one that completed. */
export function ChosenTraining({
  icon,
  promise,
  pending,
  children,
}: {
  icon: ReactNode;
  /** What each training shows here, while there is none. */
  promise: string;
  /** What is to come, while the chosen one has not ended. */
  pending: string;
  children: (result: TrainingResult, training: TrainingView, view: RunView) => ReactNode;
}) {
  const { view } = useRunView('results');
  const [chosen, choose] = useChosenTraining(view, finishedTraining);
  const training = chosen === null ? undefined : view.trainings.get(chosen);
  if (!training) {
    return (
      <Panel>
        <EmptyState icon={icon} title="No training yet">
          {promise}
        </EmptyState>
      </Panel>
    );
  }
  const family = catalogue[training.spec.family];
  const result = training.outcome?.kind === 'completed' ? training.outcome.result : null;
  const ended = trainingHasEnded(training.state);
  const reason = endReason(training.outcome);
  return (
    <div className="min-w-0 space-y-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <TrainingSelect
          trainings={[...view.trainings.values()]}
          value={training.spec.id}
          onChange={choose}
          className="h-8 w-72 max-w-full"
        />
        <TrainingStateBadge state={training.state} reason={reason} />
        <div className="min-w-60 flex-1 text-xs">
          <p className="text-muted">{family.summary}</p>
          <p className="mt-0.5 text-faint">
            {family.source}
            {result && ` · ran on ${result.device}`}
          </p>
        </div>
      </div>
      {result ? (
        children(result, training, view)
      ) : (
        <Panel>
          <EmptyState icon={icon} title={ended ? 'This training did not complete' : 'Not ended yet'}>
            {ended ? (reason ?? 'There is nothing to show of it.') : pending}
          </EmptyState>
        </Panel>
      )}
    </div>
  );
}

/** Cards side by side; those over time take the whole width. `of`: another training begins with pictures, not tables. */
export function FigureGrid({ figures, of }: { figures: readonly Figure[]; of: string }) {
  return (
    <div className="grid grid-flow-dense items-start gap-4 lg:grid-cols-2">
      {figures.map((figure) => (
        <FigureCard
          key={`${of} ${figure.title}`}
          figure={figure}
          className={isWide(figure) ? 'lg:col-span-2' : undefined}
        />
      ))}
    </div>
  );
}
