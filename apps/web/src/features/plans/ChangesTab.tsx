'use client';
import { useQuery } from '@tanstack/react-query';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import { isOpen } from '@twostage/core/plans/review';
import type { ReactNode } from 'react';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/Feedback.tsx';
import { Select } from '../../ui/Field.tsx';
import { plural } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useQueryState } from '../../ui/queryState.ts';
import { RouteBadge } from '@twostage/figures/run/planBadges.tsx';
import { changeLines, diffWords } from './diffWords.ts';

/** What this version decides otherwise than another of its plan, job by job. */
export function ChangesTab({ version }: { version: PlanVersionDetail }) {
  const trpc = useTRPC();
  const { params, set } = useQueryState();
  const others = version.siblings.filter(({ id }) => id !== version.id);
  const usual =
    (isOpen(version.state) ? others.find(({ state }) => state === 'approved') : undefined) ??
    others.find(({ number }) => number === version.parent?.number) ??
    others.find(({ number }) => number < version.number) ??
    others[0];
  const against = others.find(({ number }) => String(number) === params.get('against')) ?? usual;
  const diff = useQuery({
    ...trpc.plans.diff.queryOptions({ fromVersionId: against?.id ?? '', toVersionId: version.id }),
    enabled: against !== undefined,
  });
  if (!against)
    return (
      <Panel>
        <EmptyState title="Nothing to compare with">This is the only version of the plan.</EmptyState>
      </Panel>
    );
  return (
    <Panel
      title={diff.data ? diffWords(diff.data.diff) : 'Changes'}
      flush
      aside={
        <Select
          aria-label="Compare with"
          value={against.number}
          onChange={(event) => set({ against: event.target.value })}
          className="h-7 w-44 text-xs"
        >
          {others.map(({ id, number, state }) => (
            <option key={id} value={number}>
              against v{number} ({state === 'inReview' ? 'in review' : state})
            </option>
          ))}
        </Select>
      }
    >
      {diff.isPending && <SkeletonRows rows={3} />}
      {diff.isError && <ErrorState title="The changes could not be told" message={diff.error.message} />}
      {diff.data && (
        <ul aria-label="Changed jobs" className="divide-y divide-line">
          {diff.data.diff.changed.map((change) => (
            <li key={`changed ${change.after.job_id}`} className="px-4 py-2.5">
              <JobTitle job={change.after} mark={<Badge tone="accent">Changed</Badge>} />
              <ul className="mt-1 flex flex-wrap gap-x-4 gap-y-1">
                {changeLines(change).map(({ what, words, tone }) => (
                  <li key={`${what} ${words}`} className="min-w-0 break-words text-sm">
                    <span className="text-faint text-xs">{what} </span>
                    <span className={tone === 'good' ? 'text-good' : tone === 'bad' ? 'text-bad' : undefined}>
                      {words}
                    </span>
                  </li>
                ))}
              </ul>
            </li>
          ))}
          {diff.data.diff.added.map((job) => (
            <Whole key={`added ${job.job_id}`} job={job} mark={<Badge tone="good">Added</Badge>} />
          ))}
          {diff.data.diff.removed.map((job) => (
            <Whole key={`removed ${job.job_id}`} job={job} mark={<Badge tone="bad">Removed</Badge>} />
          ))}
          {diff.data.diff.unchanged > 0 && (
            <li className="px-4 py-2.5 text-muted">{plural(diff.data.diff.unchanged, 'job')} as before</li>
          )}
        </ul>
      )}
    </Panel>
  );
}

const JobTitle = ({ job, mark }: { job: PlanJob; mark: ReactNode }) => (
  <p className="flex flex-wrap items-center gap-2">
    {mark}
    <span className="font-medium">
      {job.target} · {job.symbol ?? 'all symbols'}
    </span>
    <span className="text-faint text-xs">{job.job_id}</span>
  </p>
);

const Whole = ({ job, mark }: { job: PlanJob; mark: ReactNode }) => (
  <li className="px-4 py-2.5">
    <JobTitle job={job} mark={mark} />
    <p className="mt-1 flex flex-wrap items-center gap-2 text-muted text-sm">
      <RouteBadge route={job.route} />
      {job.model_families.join(', ') || 'no family'}
      {job.reason && <span>{job.reason}</span>}
    </p>
  </li>
);
