import type { Metrics } from '@twostage/core/runs/training';
import { percent } from '../format.ts';
import { type MetricId, metricIds, metricLooks } from './metricLooks.ts';

const always: readonly MetricId[] = ['ic', 'rankIc', 'icT', 'r2', 'hitRate'];

/** The pooled figures of one training, those of a distribution, a portfolio or a policy where it has them. */
export function MetricCards({
  metrics,
  without = [],
}: {
  metrics: Metrics;
  /** Those that stand beside them already. */
  without?: readonly MetricId[];
}) {
  const known = metricIds.filter((id) => {
    const look = metricLooks[id];
    return look.kind === 'forecast' ? always.includes(id) : look.of(metrics) !== null;
  });
  const shown = known.filter((id) => !without.includes(id));
  const nominal = metrics.distribution?.interval?.nominal;
  return (
    <dl className="flex flex-wrap gap-x-7 gap-y-2.5 rounded-lg border border-line bg-surface px-4 py-2.5 shadow-flat">
      {shown.map((id) => (
        <div key={id} title={metricLooks[id].title}>
          <dt className="text-2xs text-faint">
            {metricLooks[id].label}
            {id === 'coverage' && nominal !== undefined && ` of ${percent(nominal, 0)}`}
            {id === 'netSharpe' && metrics.portfolio && ` at ${metrics.portfolio.costBasisPoints} bp`}
          </dt>
          <dd className="font-semibold text-sm">{metricLooks[id].text(metricLooks[id].of(metrics))}</dd>
        </div>
      ))}
    </dl>
  );
}
