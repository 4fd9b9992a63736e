'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '../../trpc/client.tsx';

/** How many decisions and answers wait for this person; drafts of their own are no reminder. */
export function InboxCount() {
  const trpc = useTRPC();
  const inbox = useQuery(trpc.plans.inbox.queryOptions(undefined, { staleTime: 60_000 }));
  const count = (inbox.data ?? []).filter(({ kind }) => kind !== 'finish').length;
  if (count === 0) return null;
  return (
    <span
      title={`${count} ${count === 1 ? 'thing waits' : 'things wait'} for you`}
      className="min-w-4 rounded-full bg-accent px-1 text-center font-semibold text-2xs text-accent-ink"
    >
      <span className="sr-only">, </span>
      {count}
      <span className="sr-only"> waiting</span>
    </span>
  );
}
