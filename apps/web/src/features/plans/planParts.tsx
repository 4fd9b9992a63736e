import type { PlanVersionState } from '@twostage/core/plans/review';
import Link from 'next/link';
import type { PlanVersionRow } from '../../server/contracts/plans.ts';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { plural } from '../../ui/format.ts';

const looks: Readonly<Record<PlanVersionState, { label: string; tone: Tone; title: string }>> = {
  draft: { label: 'Draft', tone: 'neutral', title: 'May still be edited' },
  inReview: { label: 'In review', tone: 'accent', title: 'Waits for an approver; its text stays as it is' },
  approved: { label: 'Approved', tone: 'good', title: 'Runs may execute it' },
  rejected: { label: 'Rejected', tone: 'bad', title: 'An approver turned it down' },
  superseded: { label: 'Superseded', tone: 'neutral', title: 'A newer version was approved' },
  revoked: { label: 'Revoked', tone: 'warn', title: 'Its approval was taken back; no run may execute it' },
};

export const VersionStateBadge = ({ state }: { state: PlanVersionState }) => (
  <Badge tone={looks[state].tone} title={looks[state].title}>
    {looks[state].label}
  </Badge>
);

export const versionPath = ({ planId, number }: { planId: string; number: number }): string =>
  `/plans/${planId}/v/${number}`;

export const VersionLink = ({ version, name }: { version: PlanVersionRow; name?: string }) => (
  <Link href={versionPath(version)} className="rounded font-medium hover:text-accent">
    {name ?? `v${version.number}`}
  </Link>
);

/** `12 jobs: 5 train, 6 blocked, 1 experimental`. */
export function countsText({ counts }: Pick<PlanVersionRow, 'counts'>): string {
  const { jobs, training, blocked, experimental } = counts;
  if (jobs === 0) return 'no jobs yet';
  const parts = [
    `${training} train`,
    ...(blocked > 0 ? [`${blocked} blocked`] : []),
    ...(experimental > 0 ? [`${experimental} experimental`] : []),
  ];
  return `${plural(jobs, 'job')}: ${parts.join(', ')}`;
}
