'use client';
import { useQuery } from '@tanstack/react-query';
import { Inbox } from 'lucide-react';
import Link from 'next/link';
import type { InboxItem } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Badge, type Tone } from '../../ui/Badge.tsx';
import { ago } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { useNow } from '../../ui/useNow.ts';
import { versionPath } from './planParts.tsx';

const looks: Record<InboxItem['kind'], { label: string; tone: Tone; tab: string }> = {
  decide: { label: 'Decide', tone: 'accent', tab: '?tab=changes' },
  revise: { label: 'Revise', tone: 'bad', tab: '?tab=comments' },
  answer: { label: 'Answer', tone: 'warn', tab: '?tab=comments' },
  finish: { label: 'Finish', tone: 'neutral', tab: '' },
};

/** Actions that are required of this person. */
export function InboxPanel() {
  const trpc = useTRPC();
  const now = useNow(true, 30_000);
  const inbox = useQuery(trpc.plans.inbox.queryOptions());
  // The bar above asks for the same, and may know it before this part of the page is alive: it begins as the server drew it.
  if (!inbox.data || now === 0) return null;
  if (inbox.data.length === 0)
    return (
      <p className="flex items-center gap-2 text-muted">
        <Inbox aria-hidden className="size-4 text-faint" />
        Nothing waits for you.
      </p>
    );
  return (
    <Panel title="Waits for you" flush>
      <ul aria-label="Waits for you" className="divide-y divide-line">
        {inbox.data.map(({ kind, version, since, what }) => (
          <li key={`${kind} ${version.id}`} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
            <Badge tone={looks[kind].tone}>{looks[kind].label}</Badge>
            <Link href={`${versionPath(version)}${looks[kind].tab}`} className="rounded font-medium hover:text-accent">
              {version.planName} v{version.number}
            </Link>
            <span className="min-w-0 break-words text-muted">{what}</span>
            <span className="ml-auto text-faint text-xs">{now > 0 && ago(since, now)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
