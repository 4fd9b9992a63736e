'use client';
import type { TrainingResult } from '@twostage/core/runs/training';
import { figuresOf } from '@twostage/figures/run/figuresOf';
import { Lightbulb } from 'lucide-react';
import { Callout, EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { ChosenTraining, FigureGrid } from './ChosenTraining.tsx';
import { MetricCards } from '@twostage/figures/run/MetricCards.tsx';
import { TargetTable } from '@twostage/figures/run/TargetTable.tsx';

const icon = <Lightbulb aria-hidden />;

/** What the chosen training learnt: its figures, as its family makes them. */
export function InsightsTab() {
  return (
    <ChosenTraining
      icon={icon}
      promise="Each training shows here what it learnt, once it has ended."
      pending="Figures are drawn from the last fold’s model when the training ends. Its curves are live meanwhile."
    >
      {(result, { spec }) => <Insights result={result} id={spec.id} />}
    </ChosenTraining>
  );
}

function Insights({ result, id }: { result: TrainingResult; id: string }) {
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
          <EmptyState icon={icon} title="No figures">
            This training recorded none.
          </EmptyState>
        </Panel>
      )}
      <FigureGrid figures={figures} of={id} />
    </>
  );
}
