'use client';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import type { PlanBuildRow } from '../../../server/contracts/plans.ts';
import { useTRPC } from '../../../trpc/client.tsx';
import { Badge, type Tone } from '../../../ui/Badge.tsx';
import { ago, plural } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { useNow } from '../../../ui/useNow.ts';

const looks: Record<PlanBuildRow['status'], { label: string; tone: Tone }> = {
  queued: { label: 'Queued', tone: 'neutral' },
  running: { label: 'Measuring', tone: 'accent' },
  ready: { label: 'Ready', tone: 'good' },
  refused: { label: 'Not possible', tone: 'bad' },
  cancelled: { label: 'Cancelled', tone: 'neutral' },
};

export const BuildStatusBadge = ({ status }: { status: PlanBuildRow['status'] }) => (
  <Badge tone={looks[status].tone}>{looks[status].label}</Badge>
);

const most = 6;

/** Plans that runners built, or build now, the newest first. */
export function BuildsPanel() {
  const trpc = useTRPC();
  const now = useNow(true, 30_000);
  const builds = useQuery(trpc.planBuilds.list.queryOptions());
  if (!builds.data || builds.data.length === 0) return null;
  return (
    <Panel title="Built from evidence" flush>
      <ul aria-label="Plans built from evidence" className="divide-y divide-line">
        {builds.data.slice(0, most).map(({ id, status, request, dataset, createdBy, createdAt, progress, reason }) => (
          <li key={id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
            <BuildStatusBadge status={status} />
            <Link href={`/plans/builds/${id}`} className="min-w-0 break-words rounded font-medium hover:text-accent">
              {request.targets.length <= 3 ? request.targets.join(', ') : plural(request.targets.length, 'target')}
            </Link>
            <span className="text-muted">{dataset?.name ?? 'dataset removed'}</span>
            {status === 'running' && progress && (
              <span className="text-muted">
                {progress.done} of {progress.total}
              </span>
            )}
            {reason && <span className="min-w-0 break-words text-bad text-xs">{reason}</span>}
            <span className="ml-auto text-faint text-xs">
              {createdBy?.name ?? 'twostage'}
              {now > 0 && `, ${ago(createdAt, now)}`}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
