import { cx } from '../../ui/cx.ts';
import { type MetricId, metricLooks } from '@twostage/figures/run/metricLooks';
import type { ComparedValue } from './compareRows.ts';

/** A figure, whether it is the best of the runs, and how far it is from the first run's. */
export function MetricValue({
  metric,
  value: { value, error, best, delta, improves },
}: {
  metric: MetricId;
  value: ComparedValue;
}) {
  const look = metricLooks[metric];
  return (
    <>
      {delta !== null && (
        <span
          className={cx('mr-2 text-2xs', improves === null ? 'text-faint' : improves ? 'text-good' : 'text-bad')}
          title="Against the first run"
        >
          {look.delta(delta)}
        </span>
      )}
      <span className={cx(best && 'font-semibold text-good')}>
        {look.text(value)}
        {best && <span className="sr-only"> (best)</span>}
      </span>
      {error !== null && <span className="ml-1 text-2xs text-faint">± {look.text(error).replace('+', '')}</span>}
    </>
  );
}
