'use client';
import { trainingHasEnded } from '@twostage/core/runs/lifecycle';
import type { Figure } from '@twostage/core/runs/figures';
import type { TrainingResult } from '@twostage/core/runs/training';
import type { TrainingView } from '@twostage/core/runs/view';
import { catalogue } from '@twostage/families/catalogue';
import { Lightbulb } from 'lucide-react';
import { Callout, EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { TrainingStateBadge } from '../badges.tsx';
import { FigureCard, isWide } from '../figures/FigureCard.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import { MetricCards } from './MetricCards.tsx';
import { TargetTable } from './TargetTable.tsx';
import { TrainingSelect } from './TrainingSelect.tsx';
import { endReason } from './trainingFigures.ts';
import { finishedTraining, useChosenTraining } from './useChosenTraining.ts';

/** What the chosen training learnt: its figures, as its family makes them. */
export function InsightsTab() {
  const { view } = useRunView('results');
  const [chosen, choose] = useChosenTraining(view, finishedTraining);
  const training = chosen === null ? undefined : view.trainings.get(chosen);
  if (!training) {
    return (
      <Panel>
        <EmptyState icon={<Lightbulb aria-hidden />} title="No training yet">
          Each training shows here what it learnt, once it has ended.
        </EmptyState>
      </Panel>
    );
  }
  const family = catalogue[training.spec.family];
  const result = training.outcome?.kind === 'completed' ? training.outcome.result : null;
  return (
    <div className="min-w-0 space-y-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <TrainingSelect
          trainings={[...view.trainings.values()]}
          value={training.spec.id}
          onChange={choose}
          className="h-8 w-72 max-w-full"
        />
        <TrainingStateBadge state={training.state} reason={endReason(training.outcome)} />
        <div className="min-w-60 flex-1 text-xs">
          <p className="text-muted">{family.summary}</p>
          <p className="mt-0.5 text-faint">
            {family.source}
            {result && ` · ran on ${result.device}`}
          </p>
        </div>
      </div>
      {result ? <Insights key={training.spec.id} result={result} /> : <NotYet training={training} />}
    </div>
  );
}

function Insights({ result }: { result: TrainingResult }) {
  const figures = figuresOf(result);
  return (
    <>
      {result.notes.length > 0 && (
        <Callout>
          <ul aria-label="What was noted">
            {result.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Callout>
      )}
      <MetricCards metrics={result.metrics} />
      {result.byTarget && <TargetTable byTarget={result.byTarget} />}
      {figures.length === 0 && (
        <Panel>
          <EmptyState icon={<Lightbulb aria-hidden />} title="No figures">
            This training recorded none.
          </EmptyState>
        </Panel>
      )}
      <div className="grid grid-flow-dense items-start gap-4 lg:grid-cols-2">
        {figures.map((figure) => (
          <FigureCard key={figure.title} figure={figure} className={isWide(figure) ? 'lg:col-span-2' : undefined} />
        ))}
      </div>
    </>
  );
}

/** The family's figures, and after them its importances where it drew no bars itself. */
export function figuresOf({ figures = [], importances = [] }: TrainingResult): Figure[] {
  if (importances.length === 0 || figures.some(({ kind }) => kind === 'bars')) return figures;
  return [
    ...figures,
    {
      kind: 'bars',
      title: 'Importances',
      help: 'How much the forecasts rest on each feature, last fold.',
      items: importances.map(({ feature, value }) => ({ label: feature, value })),
    },
  ];
}

function NotYet({ training }: { training: TrainingView }) {
  const ended = trainingHasEnded(training.state);
  const reason = endReason(training.outcome);
  return (
    <Panel>
      <EmptyState icon={<Lightbulb aria-hidden />} title={ended ? 'This training did not complete' : 'Not ended yet'}>
        {ended
          ? (reason ?? 'There is nothing to show of it.')
          : 'Figures are drawn from the last fold’s model when the training ends. Its curves are live meanwhile.'}
      </EmptyState>
    </Panel>
  );
}
