import type { HoldoutResult, Metrics } from '@twostage/core/runs/training';
import { Callout } from '../../../ui/Feedback.tsx';
import { count, day } from '../../../ui/format.ts';
import { FigureGrid } from './ChosenTraining.tsx';
import { Headlines } from '@twostage/figures/run/Headlines.tsx';
import { holdoutHeadlines } from '@twostage/figures/run/headlines';

/** The last word on a training: the bars that nothing before has seen. */
export function HoldoutSheet({
  holdout,
  metrics,
  of,
}: {
  holdout: HoldoutResult;
  metrics: NonNullable<Metrics['holdout']>;
  of: string;
}) {
  return (
    <section aria-label="Holdout" className="space-y-4 border-line border-t pt-4">
      <div>
        <h2 className="font-semibold text-base">Holdout</h2>
        <p className="mt-0.5 max-w-3xl text-muted text-xs">
          {day(holdout.testStart)} – {day(holdout.testEnd)}, {count(holdout.testRows)} rows, judged by a model of the{' '}
          {count(holdout.trainRows)} rows before them. No fold, early stopping or ranking has seen these bars; whoever
          chooses by them has none left.
        </p>
      </div>
      <Headlines label="Headline figures of the holdout" headlines={holdoutHeadlines(metrics)} />
      {holdout.notes.length > 0 && (
        <Callout>
          <ul aria-label="What the sheet of the holdout lacks">
            {holdout.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </Callout>
      )}
      <FigureGrid figures={holdout.figures} of={`${of} holdout`} />
    </section>
  );
}
