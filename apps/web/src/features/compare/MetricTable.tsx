import { Trophy } from 'lucide-react';
import type { ComparedTraining, RunComparison } from '../../server/contracts/runs.ts';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/Feedback.tsx';
import { duration } from '../../ui/format.ts';
import { seriesColor } from '@twostage/figures/palette';
import { TrainingStateBadge } from '../runs/badges.tsx';
import { trainingTitle } from '@twostage/figures/run/trainingFigures';
import { type MetricId, metricLooks } from '@twostage/figures/run/metricLooks';
import { comparedValues, metricsOfTraining } from './compareRows.ts';
import { MetricValue } from './MetricValue.tsx';

/** A group a training, a row a metric, a column a run: the best stands out, differences are against the first run. */
export function MetricTable({ comparison, metric }: { comparison: RunComparison; metric: MetricId }) {
  const { runs, trainings } = comparison;
  if (trainings.length === 0) {
    return <EmptyState icon={<Trophy aria-hidden />} title="None of these runs has a training yet" />;
  }
  return (
    <div className="scroll-thin overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Metrics by training and run</caption>
        <thead className="border-line border-b text-muted text-xs">
          <tr>
            <th scope="col" className="sticky left-0 z-10 bg-surface px-4 py-2 text-left">
              Metric
            </th>
            {runs.map((run, index) => (
              <th key={run.id} scope="col" className="min-w-40 px-4 py-2 text-right" title={run.name}>
                <span className="inline-flex items-center gap-1.5">
                  <span aria-hidden className="size-2 rounded-full" style={{ background: seriesColor(index) }} />
                  <span>#{run.number}</span>
                </span>
              </th>
            ))}
          </tr>
        </thead>
        {trainings.map((training) => (
          <TrainingGroup
            key={training.spec.id}
            training={training}
            runIds={runs.map((run) => run.id)}
            metric={metric}
          />
        ))}
      </table>
    </div>
  );
}

function TrainingGroup({
  training,
  runIds,
  metric,
}: {
  training: ComparedTraining;
  runIds: readonly string[];
  metric: MetricId;
}) {
  const measured = training.byRun.some((entry) => entry?.metrics);
  return (
    <tbody className="border-line border-b last:border-b-0">
      <tr className="bg-sunken">
        <th scope="rowgroup" className="sticky left-0 z-10 whitespace-nowrap bg-sunken px-4 py-1.5 text-left">
          {trainingTitle(training.spec)}
        </th>
        {training.byRun.map((entry, index) => (
          <td key={runIds[index]} className="px-4 text-right text-faint text-xs">
            {entry === null ? 'not trained' : entry.metrics ? null : <TrainingStateBadge state={entry.state} />}
          </td>
        ))}
      </tr>
      {measured &&
        metricsOfTraining(training).map((id) => (
          <tr key={id} className={cx('h-6', id === metric && 'bg-accent-soft/50')}>
            <th
              scope="row"
              title={metricLooks[id].title}
              className="sticky left-0 px-4 text-left font-normal text-muted text-xs"
            >
              {metricLooks[id].label}
            </th>
            {comparedValues(training, id).map((value, index) => (
              <td key={runIds[index]} className="num px-4">
                {training.byRun[index]?.metrics && <MetricValue metric={id} value={value} />}
              </td>
            ))}
          </tr>
        ))}
      {measured && (
        <tr className="h-6">
          <th scope="row" className="sticky left-0 px-4 pb-1 text-left font-normal text-muted text-xs">
            Time
          </th>
          {training.byRun.map((entry, index) => (
            <td key={runIds[index]} className="num px-4 pb-1 text-muted">
              {entry?.metrics && duration(entry.seconds === null ? null : entry.seconds * 1000)}
            </td>
          ))}
        </tr>
      )}
    </tbody>
  );
}
