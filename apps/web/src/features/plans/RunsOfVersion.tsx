import Link from 'next/link';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { EmptyState } from '../../ui/Feedback.tsx';
import { dateTime } from '../../ui/format.ts';
import { RunStateBadge } from '../runs/badges.tsx';

export function RunsOfVersion({ version }: { version: PlanVersionDetail }) {
  if (version.runs.length === 0)
    return (
      <EmptyState title="No run yet">
        {version.state === 'approved'
          ? 'Start one above: it trains exactly these jobs.'
          : 'Runs take an approved version only.'}
      </EmptyState>
    );
  return (
    <ul aria-label="Runs" className="divide-y divide-line">
      {version.runs.map(({ id, number, name, state, createdAt }) => (
        <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
          <Link href={`/runs/${id}?tab=jobs`} className="min-w-0 truncate rounded font-medium hover:text-accent">
            <span className="font-normal text-faint">#{number}</span> {name}
          </Link>
          <RunStateBadge state={state} reason={null} />
          <span className="ml-auto text-muted text-xs">{dateTime(createdAt)}</span>
        </li>
      ))}
    </ul>
  );
}
