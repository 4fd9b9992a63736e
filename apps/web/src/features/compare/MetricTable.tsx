import { Trophy } from 'lucide-react';
import type { RunComparison } from '../../server/contracts/runs.ts';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/Feedback.tsx';
import { duration } from '../../ui/format.ts';
import { seriesColor } from '../../ui/palette.ts';
import { TrainingStateBadge } from '../runs/badges.tsx';
import { trainingTitle } from '../runs/detail/trainingFigures.ts';
import { comparedValues, type MetricId, metricIds, metricLooks } from './compareRows.ts';

/** Trainings down, runs across; the chosen metric in large, the others below it. */
export function MetricTable({ comparison, metric }: { comparison: RunComparison; metric: MetricId }) {
  const { runs, trainings } = comparison;
  if (trainings.length === 0) {
    return <EmptyState icon={<Trophy aria-hidden />} title="None of these runs has a training yet" />;
  }
  const others = metricIds.filter((id) => id !== metric);
  return (
    <div className="scroll-thin overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Metrics by training and run</caption>
        <thead className="border-line border-b text-muted text-xs">
          <tr>
            <th scope="col" className="sticky left-0 z-10 bg-surface px-4 py-2 text-left">
              Training
            </th>
            {runs.map((run, index) => (
              <th key={run.id} scope="col" className="min-w-44 px-4 py-2 text-right">
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
              <tr key={training.spec.id} className="align-top">
                <th scope="row" className="sticky left-0 z-10 bg-surface px-4 py-2.5 text-left">
                  <span className="block whitespace-nowrap font-medium">{training.spec.family}</span>
                  <span className="block whitespace-nowrap font-normal text-faint text-xs">
                    {trainingTitle(training.spec).split(' · ').slice(1).join(' · ')}
                  </span>
                </th>
                {training.byRun.map((entry, index) => {
                  const { value, best, delta, improves } = values[index]!;
                  return (
                    <td key={runs[index]!.id} className="px-4 py-2.5 text-right">
                      {entry === null && <span className="text-faint">not trained</span>}
                      {entry !== null && entry.metrics === null && <TrainingStateBadge state={entry.state} />}
                      {entry?.metrics && (
                        <>
                          <span className={cx('block font-medium text-base', best && 'text-good')}>
                            {metricLooks[metric].text(value)}
                            {best && <span className="sr-only"> (best)</span>}
                          </span>
                          <span
                            className={cx(
                              'block h-4 text-xs',
                              improves === null ? 'text-faint' : improves ? 'text-good' : 'text-bad',
                            )}
                          >
                            {delta === null ? '' : metricLooks[metric].delta(delta)}
                          </span>
                          <dl className="mt-1 ml-auto grid w-max grid-cols-[auto_auto] gap-x-2 text-2xs text-faint leading-4">
                            {others.map((id) => (
                              <div key={id} className="contents">
                                <dt className="text-left">{metricLooks[id].label}</dt>
                                <dd className="text-right text-muted">{metricLooks[id].text(entry.metrics![id])}</dd>
                              </div>
                            ))}
                            <dt className="text-left">Time</dt>
                            <dd className="text-right text-muted">
                              {duration(entry.seconds === null ? null : entry.seconds * 1000)}
                            </dd>
                          </dl>
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
