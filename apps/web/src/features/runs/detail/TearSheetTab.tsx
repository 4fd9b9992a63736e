'use client';
import type { TrainingResult } from '@twostage/core/runs/training';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { ScrollText } from 'lucide-react';
import { Callout, EmptyState } from '../../../ui/Feedback.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { ChosenTraining, FigureGrid } from './ChosenTraining.tsx';
import { Headlines } from '@twostage/figures/run/Headlines.tsx';
import { headlines } from '@twostage/figures/run/headlines';
import { HoldoutSheet } from './HoldoutSheet.tsx';
import { SelectionPanel } from '@twostage/figures/run/SelectionPanel.tsx';

const icon = <ScrollText aria-hidden />;

/** How good the forecasts of the chosen training were on all its test blocks together, and what being the best is worth. */
export function TearSheetTab() {
  return (
    <ChosenTraining
      icon={icon}
      promise="Each training shows here how good its forecasts were, once it has ended."
      pending="The tear sheet is drawn from all test blocks together when the training ends."
    >
      {(result, training, view) => <TearSheet result={result} training={training} view={view} />}
    </ChosenTraining>
  );
}

interface Props {
  result: TrainingResult;
  training: TrainingView;
  view: RunView;
}

function TearSheet({ result, training, view }: Props) {
  const { metrics, tearSheet, tearSheetNotes = [] } = result;
  const { id, target, targets } = training.spec;
  if (!tearSheet) {
    return (
      <Panel>
        <EmptyState icon={icon} title="No tear sheet">
          This training was made by a version that drew none. Train again to get one.
        </EmptyState>
      </Panel>
    );
  }
  const selection = view.selections.find((each) => each.target === target);
  return (
    <>
      {targets && (
        <p className="text-muted text-xs">
          It learnt {targets.length} targets together; this is its sheet of the first, <b>{target}</b>.
        </p>
      )}
      <Headlines label="Headline figures" headlines={headlines(metrics, id, selection)} />
      {metrics.icKind === 'timeSeries' && (
        <p className="text-muted text-xs">
          With one symbol, IC and Rank IC are correlations over time, not across symbols.
        </p>
      )}
      {metrics.portfolio && <SelectionPanel selection={selection} view={view} />}
      {tearSheetNotes.length > 0 && (
        <Callout>
          <ul aria-label="What the tear sheet lacks">
            {tearSheetNotes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Callout>
      )}
      {tearSheet.length === 0 && (
        <Panel>
          <EmptyState icon={icon} title="No figures">
            None could be drawn; why is said above.
          </EmptyState>
        </Panel>
      )}
      <FigureGrid figures={tearSheet} of={id} />
      {result.holdout && metrics.holdout && <HoldoutSheet holdout={result.holdout} metrics={metrics.holdout} of={id} />}
    </>
  );
}
