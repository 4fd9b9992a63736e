'use client';
import Link from 'next/link';
import type { PlanRow, PlanVersionRow } from '../../server/contracts/plans.ts';
import { ago, dateTime } from '../../ui/format.ts';
import { useNow } from '../../ui/useNow.ts';
import { countsText, VersionLink, VersionStateBadge, versionPath } from './planParts.tsx';

export function PlansTable({ plans }: { plans: readonly PlanRow[] }) {
  const now = useNow(true, 30_000);
  return (
    <div className="scroll-thin overflow-x-auto">
      <table className="w-full text-sm">
        <caption className="sr-only">Training plans</caption>
        <thead className="border-line border-b text-left text-muted text-xs">
          <tr>
            {['Plan', 'Newest version', 'Approved', 'Jobs of the newest', 'Data', 'Changed'].map((title) => (
              <th key={title} scope="col" className="whitespace-nowrap px-3 py-2 first:pl-4 last:pr-4">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {plans.map(({ id, name, description, newest, approved }) => (
            <tr key={id} className="h-11">
              <th scope="row" className="min-w-44 px-3 py-1.5 pl-4 text-left font-normal">
                <Link
                  href={versionPath({ planId: id, number: newest.number })}
                  className="rounded font-medium hover:text-accent"
                >
                  {name}
                </Link>
                {description && <span className="block max-w-72 truncate text-muted text-xs">{description}</span>}
              </th>
              <td className="px-3">
                <Version version={newest} />
              </td>
              <td className="px-3">
                {approved ? <VersionLink version={approved} /> : <span className="text-faint">none</span>}
              </td>
              <td className="whitespace-nowrap px-3 text-muted">{countsText(newest)}</td>
              <td className="whitespace-nowrap px-3 text-muted">{newest.dataset?.name ?? '–'}</td>
              <td className="whitespace-nowrap px-3 pr-4 text-muted" title={dateTime(changedAt(newest))}>
                {now > 0 && ago(changedAt(newest), now)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const changedAt = ({ decidedAt, submittedAt, updatedAt }: PlanVersionRow) => decidedAt ?? submittedAt ?? updatedAt;

const Version = ({ version }: { version: PlanVersionRow }) => (
  <span className="flex items-center gap-2 whitespace-nowrap">
    <VersionLink version={version} />
    <VersionStateBadge state={version.state} />
    {version.author && <span className="text-muted text-xs">by {version.author.name}</span>}
  </span>
);
