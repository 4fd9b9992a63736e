import type { HoldoutResult, Metrics, TrainingResult } from '@twostage/core/runs/training';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { count, day } from '@twostage/figures/format';
import { figuresOf } from '@twostage/figures/run/figuresOf';
import { Headlines } from '@twostage/figures/run/Headlines.tsx';
import { headlines, holdoutHeadlines } from '@twostage/figures/run/headlines';
import { MetricCards } from '@twostage/figures/run/MetricCards.tsx';
import type { MetricId } from '@twostage/figures/run/metricLooks';
import { TargetTable } from '@twostage/figures/run/TargetTable.tsx';
import { Chapter, FigureGrid, Notes } from './parts.tsx';

/** What the headlines say, those of the holdout among them. */
const headlined: readonly MetricId[] = [
  ...(['ic', 'rankIc', 'icir', 'icT', 'auc', 'logLoss'] as const),
  ...(['pathsIc', 'pathsIcLow', 'pathsSharpe', 'pathsSharpeBelow'] as const),
  ...(['netSharpe', 'annualReturn', 'turnover', 'maxDrawdown'] as const),
  ...(['holdoutIc', 'holdoutRankIc', 'holdoutSharpe', 'holdoutAuc', 'holdoutLogLoss'] as const),
];

/** What a training that completed came to. */
export function ResultSheet({
  result,
  training: { spec },
  view,
  brief,
}: {
  result: TrainingResult;
  training: TrainingView;
  view: RunView;
  brief: boolean;
}) {
  const { metrics, tearSheet = [], tearSheetNotes = [], byTarget, notes } = result;
  const selection = view.selections.find(({ target }) => target === spec.target);
  const figures = figuresOf(result);
  return (
    <>
      <Headlines label="Headline figures" headlines={headlines(metrics, spec.id, selection)} />
      {metrics.icKind === 'timeSeries' && (
        <p className="text-muted text-xs">
          With one symbol, IC and Rank IC are correlations over time, not across symbols.
        </p>
      )}
      <Notes label="What was noted" notes={[...notes, ...tearSheetNotes]} />
      <MetricCards metrics={metrics} without={headlined} />
      {byTarget && <TargetTable byTarget={byTarget} />}
      {!brief && (
        <>
          {tearSheet.length > 0 && <FigureGrid figures={tearSheet} />}
          {result.holdout && metrics.holdout && <Holdout holdout={result.holdout} metrics={metrics.holdout} />}
          {figures.length > 0 && (
            <Chapter title="What the model is about">
              <FigureGrid figures={figures} />
            </Chapter>
          )}
        </>
      )}
    </>
  );
}

function Holdout({ holdout, metrics }: { holdout: HoldoutResult; metrics: NonNullable<Metrics['holdout']> }) {
  return (
    <Chapter title="Holdout">
      <p className="max-w-3xl text-muted text-xs">
        {day(holdout.testStart)} – {day(holdout.testEnd)}, {count(holdout.testRows)} rows, judged by a model of the{' '}
        {count(holdout.trainRows)} rows before them, which no fold, early stopping or ranking has seen.
      </p>
      <Headlines label="Headline figures of the holdout" headlines={holdoutHeadlines(metrics)} />
      <Notes label="What the sheet of the holdout lacks" notes={holdout.notes} />
      <FigureGrid figures={holdout.figures} />
    </Chapter>
  );
}
