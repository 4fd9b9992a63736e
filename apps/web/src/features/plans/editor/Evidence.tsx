import type { PlanJob } from '@twostage/core/plans/masterPlan';
import { decimal, signed } from '../../../ui/format.ts';

/** A figure of the evidence by its key in the file, in words. */
const figures: readonly { key: string; label: string; show: (value: number) => string; title: string }[] = [
  { key: 'ic', label: 'Rank IC', show: (v) => signed(v, 4), title: 'Out of sample, of the better probe' },
  { key: 'ic_error', label: '± error', show: (v) => decimal(v, 4), title: 'Standard error of the rank IC' },
  {
    key: 'p',
    label: 'p',
    show: (v) => decimal(v, 4),
    title: 'How often chance finds as much in a target turned round in time',
  },
  {
    key: 'p_threshold',
    label: 'p needed',
    show: (v) => decimal(v, 4),
    title: 'Below it, at the false discovery rate of the policy',
  },
  { key: 'chance_ic', label: 'IC of chance', show: (v) => signed(v, 4), title: 'What chance finds on average' },
  {
    key: 'ic_early',
    label: 'Early half',
    show: (v) => signed(v, 4),
    title: 'Rank IC in the first half of the judged time',
  },
  { key: 'ic_recent', label: 'Recent half', show: (v) => signed(v, 4), title: 'Rank IC in the second half' },
  { key: 'r2', label: 'R²', show: (v) => signed(v, 4), title: 'Out of sample' },
  { key: 'windows', label: 'Windows', show: String, title: 'Label windows that share no bar' },
  {
    key: 'pooled_ic_on_symbol',
    label: 'Pooled here',
    show: (v) => signed(v, 4),
    title: 'Rank IC on this symbol of a model of all',
  },
  {
    key: 'advantage',
    label: 'Advantage',
    show: (v) => signed(v, 4),
    title: 'Of a model of its own over a model of all',
  },
  {
    key: 'expected_ic',
    label: 'Expected',
    show: (v) => signed(v, 4),
    title: 'What the evidence promised before the last run',
  },
];

/** The figures that a job stands on, as its file keeps them. */
export function Evidence({ job }: { job: PlanJob }) {
  const known = figures.flatMap(({ key, ...look }) => {
    const value = job.metadata[key];
    return typeof value === 'number' ? [{ key, value, ...look }] : [];
  });
  if (known.length === 0) return null;
  return (
    <section aria-label="Evidence">
      <h3 className="mb-1 font-medium text-xs">
        Evidence
        {job.metadata.edited_by_hand === true && (
          <span className="font-normal text-faint"> (edited by hand since)</span>
        )}
      </h3>
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))] gap-x-3 gap-y-1.5">
        {known.map(({ key, label, show, value, title }) => (
          <div key={key} title={title}>
            <dt className="text-2xs text-faint">{label}</dt>
            <dd className="font-medium">{show(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
