import type { TrainingSpec } from '@twostage/core/runs/training';
import type { RunView, TrainingView } from '@twostage/core/runs/view';
import { catalogue } from '@twostage/families/catalogue';
import { Badge } from '@twostage/figures/Badge.tsx';
import { bytes, duration } from '@twostage/figures/format';
import { endReason } from '@twostage/figures/run/trainingFigures';
import { lossFigures } from './lossFigures.ts';
import { Chapter, FigureGrid, Notes, stateLooks } from './parts.tsx';
import { ResultSheet } from './ResultSheet.tsx';

export const scopeSuffix = ({ scope }: Pick<TrainingSpec, 'scope'>): string =>
  scope.kind === 'symbol' ? ` · ${scope.symbol}` : '';

/** One training: how good its forecasts were, what its model is about, how it learnt; or why it did not complete. */
export function TrainingSheet({
  training,
  view,
  brief,
}: {
  training: TrainingView;
  view: RunView;
  /** Its headline figures only. */
  brief: boolean;
}) {
  const { spec, state, outcome, seconds, peakRssBytes } = training;
  const family = catalogue[spec.family];
  const result = outcome?.kind === 'completed' ? outcome.result : null;
  const losses = brief ? [] : lossFigures(training, view.folds);
  return (
    <article id={spec.id} aria-label={spec.id} className="space-y-4 border-line border-t pt-6">
      <div>
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <h3 className="font-semibold text-base">
            {spec.family}
            {scopeSuffix(spec)}
          </h3>
          <span className="font-mono text-muted text-xs">{(spec.targets ?? [spec.target]).join(', ')}</span>
          {state !== 'completed' && <Badge tone={stateLooks[state].tone}>{stateLooks[state].label}</Badge>}
          {spec.plan?.experimental && <Badge tone="warn">Experimental</Badge>}
          <a href="#leaderboard" className="ml-auto text-accent text-xs hover:underline print:hidden">
            Leaderboard
          </a>
        </div>
        <p className="mt-0.5 max-w-3xl text-muted text-xs">{family.summary}</p>
        <p className="mt-0.5 text-faint text-xs">
          {[
            family.source,
            result?.device,
            seconds === null ? null : duration(seconds * 1000),
            peakRssBytes === null ? null : bytes(peakRssBytes),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </div>
      {result ? (
        <ResultSheet result={result} training={training} view={view} brief={brief} />
      ) : (
        <Notes
          bad={outcome !== null}
          label="Why there is nothing to show"
          notes={[endReason(outcome) ?? 'It has not ended.']}
        />
      )}
      {losses.length > 0 && (
        <Chapter title="How it learnt">
          <FigureGrid figures={losses} />
        </Chapter>
      )}
    </article>
  );
}
