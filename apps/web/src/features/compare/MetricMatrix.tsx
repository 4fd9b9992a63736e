import type { RunComparison } from '../../server/contracts/runs.ts';
import { cx } from '../../ui/cx.ts';
import { seriesColor } from '@twostage/figures/palette';
import { TrainingStateBadge } from '../runs/badges.tsx';
import { trainingTitle } from '@twostage/figures/run/trainingFigures';
import { type MetricId, metricLooks } from '@twostage/figures/run/metricLooks';
import { comparedValues } from './compareRows.ts';
import { MetricValue } from './MetricValue.tsx';

/** One metric: a row a training, a column a run. Of many trainings this is what can still be read. */
export function MetricMatrix({ comparison, metric }: { comparison: RunComparison; metric: MetricId }) {
  const { runs, trainings } = comparison;
  return (
    <div className="scroll-thin max-h-[calc(100dvh-7rem)] overflow-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">{metricLooks[metric].label} by training and run</caption>
        <thead className="sticky top-0 z-20 bg-surface text-muted text-xs shadow-[inset_0_-1px_0_var(--line)]">
          <tr>
            <th
              scope="col"
              className="sticky left-0 bg-surface px-4 py-2 text-left shadow-[inset_0_-1px_0_var(--line)]"
            >
              Training
            </th>
            {runs.map((run, index) => (
              <th key={run.id} scope="col" className="min-w-32 px-4 py-2 text-right" title={run.name}>
                <span className="inline-flex items-center gap-1.5">
                  <span aria-hidden className="size-2 rounded-full" style={{ background: seriesColor(index) }} />#
                  {run.number}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {trainings.map((training) => {
            const values = comparedValues(training, metric);
            return (
              <tr key={training.spec.id} className="h-8">
                <th
                  scope="row"
                  className={cx(
                    'sticky left-0 z-10 bg-surface px-4 text-left font-normal',
                    'whitespace-nowrap max-sm:max-w-40 max-sm:truncate',
                  )}
                >
                  {trainingTitle(training.spec)}
                </th>
                {training.byRun.map((entry, index) => (
                  <td key={runs[index]!.id} className="num px-4">
                    {entry === null ? (
                      <span className="text-faint text-xs">not trained</span>
                    ) : entry.metrics ? (
                      <MetricValue metric={metric} value={values[index]!} />
                    ) : (
                      <TrainingStateBadge state={entry.state} />
                    )}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
