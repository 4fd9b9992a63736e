import type { RunComparison } from '../../server/contracts/runs.ts';
import { cx } from '../../ui/cx.ts';
import { seriesColor } from '@twostage/figures/palette';
import { trainingTitle } from '@twostage/figures/run/trainingFigures';
import { type MetricId, metricLooks } from '@twostage/figures/run/metricLooks';
import { comparedValues } from './compareRows.ts';

/** A bar a run for every training, from a common zero; negative figures go to the left. */
export function MetricBars({ comparison, metric }: { comparison: RunComparison; metric: MetricId }) {
  const { runs, trainings } = comparison;
  const rows = trainings
    .map((training) => ({ training, values: comparedValues(training, metric) }))
    .filter(({ values }) => values.some(({ value }) => value !== null));
  const all = rows.flatMap(({ values }) => values.flatMap(({ value }) => value ?? []));
  if (all.length === 0)
    return <p className="py-6 text-center text-muted">No completed training has this figure yet.</p>;
  const low = Math.min(0, ...all);
  const span = Math.max(0, ...all) - low || 1;
  const at = (value: number) => ((value - low) / span) * 100;
  return (
    <ul className={cx('space-y-3', rows.length > 16 && 'scroll-thin max-h-[36rem] overflow-y-auto')}>
      {rows.map(({ training, values }) => (
        <li key={training.spec.id} className="grid gap-x-4 gap-y-1 sm:grid-cols-[11rem_minmax(0,1fr)]">
          <span className="truncate text-muted text-xs leading-4" title={trainingTitle(training.spec)}>
            {trainingTitle(training.spec)}
          </span>
          <ul className="space-y-0.5">
            {values.map(({ value, best }, index) => (
              <li key={runs[index]!.id} className="grid h-4 grid-cols-[minmax(0,1fr)_4.5rem] items-center gap-2">
                <span className="sr-only">Run {runs[index]!.number}</span>
                <span aria-hidden className="relative h-2.5 rounded-sm bg-sunken">
                  <span className="absolute inset-y-0 w-px bg-line-strong" style={{ left: `${at(0)}%` }} />
                  {value !== null && (
                    <span
                      className="absolute inset-y-0 rounded-sm"
                      style={{
                        left: `${Math.min(at(0), at(value))}%`,
                        width: `${Math.abs(at(value) - at(0))}%`,
                        background: seriesColor(index),
                      }}
                    />
                  )}
                </span>
                <span className={cx('num text-xs', best ? 'font-semibold text-good' : 'text-muted')}>
                  {metricLooks[metric].text(value)}
                </span>
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
