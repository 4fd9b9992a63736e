import type { TrainingResult } from '@twostage/core/runs/training';
import { metricLooks, shownMetrics } from './metricLooks.ts';

/** Of a training that learns several targets together: one row a target. */
export function TargetTable({ byTarget }: { byTarget: NonNullable<TrainingResult['byTarget']> }) {
  const shown = shownMetrics(byTarget.map(({ metrics }) => metrics));
  return (
    <section aria-label="Results by target" className="min-w-0">
      <h3 className="mb-1.5 font-medium text-xs">Results by target</h3>
      <div className="scroll-thin overflow-x-auto rounded border border-line bg-surface">
        <table className="w-full text-xs">
          <thead className="border-line border-b text-faint">
            <tr>
              <th scope="col" className="px-2.5 py-1.5 text-left">
                Target
              </th>
              {shown.map((id) => (
                <th key={id} scope="col" className="px-2.5 py-1.5 text-right" title={metricLooks[id].title}>
                  {metricLooks[id].label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {byTarget.map(({ target, metrics }) => (
              <tr key={target}>
                <th scope="row" className="px-2.5 py-1 text-left font-mono font-normal">
                  {target}
                </th>
                {shown.map((id) => (
                  <td key={id} className="num px-2.5">
                    {metricLooks[id].text(metricLooks[id].of(metrics))}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
