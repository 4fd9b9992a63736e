import type { JobResult } from '@twostage/core/plans/jobResults';
import { ListChecks } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { EmptyState } from '../../../ui/Feedback.tsx';
import { decimal, signed, unknown } from '../../../ui/format.ts';
import { EvidenceBadge, RouteBadge } from '@twostage/figures/run/planBadges.tsx';

/** Rows at first: a plan of many symbols has thousands. */
const firstRows = 150;

export function JobsTable({
  results,
  onOpen,
  onClear,
}: {
  results: readonly JobResult[];
  /** Of a training. */
  onOpen: (id: string) => void;
  /** Takes the filter away. */
  onClear: () => void;
}) {
  const [every, setEvery] = useState(false);
  if (results.length === 0) {
    return (
      <EmptyState
        icon={<ListChecks aria-hidden />}
        title="No job passes the filter"
        action={<Button onClick={onClear}>Show every job</Button>}
      />
    );
  }
  const shown = every ? results : results.slice(0, firstRows);
  return (
    <div className="scroll-thin overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Results by job</caption>
        <thead className="border-line border-b text-muted text-xs">
          <tr>
            {['Job', 'Route', 'Trainings', 'Best', 'IC', 'Rank IC', 'Evidence', 'What is said of it'].map(
              (title, i) => (
                <th
                  key={title}
                  scope="col"
                  className={cx(
                    'whitespace-nowrap px-3 py-2 first:pl-4 last:pr-4',
                    i >= 4 && i <= 5 ? 'text-right' : 'text-left',
                  )}
                >
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {shown.map((result) => (
            <JobRow key={result.job.job_id} result={result} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
      {shown.length < results.length && (
        <Button size="sm" variant="ghost" className="m-2" onClick={() => setEvery(true)}>
          Show all {results.length} jobs
        </Button>
      )}
    </div>
  );
}

function JobRow({ result, onOpen }: { result: JobResult; onOpen: (id: string) => void }) {
  const { job, state, reason, trainings, completed, failed, best, leftOut } = result;
  const planned = state === 'planned';
  return (
    <tr className={cx('h-11 align-middle', !planned && 'text-muted')}>
      <th scope="row" className="px-3 py-1.5 pl-4 text-left font-normal">
        <span className="block font-medium leading-4">
          {job.target}
          <span className="text-muted"> · {job.symbol ?? 'all symbols'}</span>
        </span>
        <span className="block max-w-56 truncate text-2xs text-faint leading-4" title={job.job_id}>
          {job.job_id}
          {job.priority !== 0 && ` · priority ${job.priority}`}
        </span>
      </th>
      <td className="px-3">
        <RouteBadge route={job.route} />
      </td>
      <td className="num whitespace-nowrap px-3 text-left">
        {planned ? `${completed} of ${trainings.length}` : unknown}
        {failed > 0 && <span className="text-bad"> ({failed} failed)</span>}
      </td>
      <td className="px-3">
        {best ? (
          <button
            type="button"
            onClick={() => onOpen(best.training)}
            title="Open its tear sheet"
            className="rounded text-accent hover:underline"
          >
            {best.family}
          </button>
        ) : (
          <span className="text-faint">{unknown}</span>
        )}
      </td>
      <td className="num whitespace-nowrap px-3">
        {signed(best?.metrics.ic, 4)}
        {best?.metrics.standardErrors?.ic != null && (
          <span className="text-faint"> ± {decimal(best.metrics.standardErrors.ic, 4)}</span>
        )}
      </td>
      <td className="num px-3">{signed(best?.metrics.rankIc, 4)}</td>
      <td className="px-3">
        <EvidenceBadge result={result} />
      </td>
      <td className="min-w-72 px-3 py-1.5 pr-4 text-xs">
        {planned ? job.reason : (reason ?? job.reason)}
        {leftOut.map(({ family, reason: why }, i) => (
          <span key={`${family} ${i.toString()}`} className="block text-warn">
            {planned ? `Without ${family}: ` : `${family}: `}
            {why}
          </span>
        ))}
      </td>
    </tr>
  );
}
