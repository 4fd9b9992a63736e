'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { WifiOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { RunDetail } from '../../../server/contracts/runs.ts';
import { useTRPC } from '../../../trpc/client.tsx';
import { Callout, ErrorState, Skeleton } from '../../../ui/Feedback.tsx';
import { type Connection, RunStoreContext, useLiveRun, useRunStore, useRunView } from '../live/useLiveRun.ts';
import { RunFigures } from './RunFigures.tsx';
import { RunHeader } from './RunHeader.tsx';
import { RunTabs } from './RunTabs.tsx';

export function RunPage({ runId }: { runId: string }) {
  const trpc = useTRPC();
  const run = useQuery(trpc.runs.get.queryOptions({ runId }));
  if (run.isPending) return <RunSkeleton />;
  if (run.isError) {
    return (
      <ErrorState title="This run cannot be shown" message={run.error.message} onRetry={() => void run.refetch()} />
    );
  }
  return <LiveRun key={runId} run={run.data} />;
}

function LiveRun({ run }: { run: RunDetail }) {
  const { store, connection } = useLiveRun(run.id);
  const root = useRef<HTMLDivElement>(null);
  // The number of the last event drawn, for tests and the latency bench; written past React, as it changes every frame.
  useEffect(
    () => store.subscribe(() => root.current?.setAttribute('data-last-seq', String(store.view.lastSeq))),
    [store],
  );
  return (
    <RunStoreContext value={store}>
      <div ref={root}>
        <ConnectionNote connection={connection} />
        <RunBody run={run} />
      </div>
    </RunStoreContext>
  );
}

function RunBody({ run }: { run: RunDetail }) {
  const { fault } = useRunStore();
  const { view } = useRunView('run');
  const known = view.lastSeq > 0;
  useRefetchOnStateChange(run.id, known ? view.state : run.state);
  return (
    <>
      <RunHeader run={run} />
      {fault && (
        <Callout tone="bad" className="mb-4">
          Part of this run’s log could not be understood ({fault}). What is shown may be incomplete.
        </Callout>
      )}
      <RunFigures run={run} />
      {!known && run.lastSeq > 0 ? <TabsSkeleton /> : <RunTabs run={run} />}
    </>
  );
}

/** What only the server knows (who may cancel, how often it was taken up again) changes with the state. */
function useRefetchOnStateChange(runId: string, state: string): void {
  const queryClient = useQueryClient();
  const trpc = useTRPC();
  const last = useRef(state);
  useEffect(() => {
    if (last.current === state) return;
    last.current = state;
    void queryClient.invalidateQueries(trpc.runs.get.queryFilter({ runId }));
  }, [state, runId, queryClient, trpc]);
}

function ConnectionNote({ connection }: { connection: Connection }) {
  if (connection.kind === 'refused') {
    return (
      <Callout tone="bad" className="mb-4">
        Live updates were refused: {connection.message}
      </Callout>
    );
  }
  if (connection.kind !== 'reconnecting') return null;
  return (
    <div
      role="status"
      className="mb-3 flex items-center gap-2 rounded-md border border-warn/30 bg-warn-soft px-3 py-1.5 text-warn"
    >
      <WifiOff aria-hidden className="size-3.5" />
      Connection lost. What happens meanwhile is shown as soon as it is back.
    </div>
  );
}

const RunSkeleton = () => (
  <div role="status" aria-label="Loading the run" className="space-y-4">
    <Skeleton className="h-7 w-72" />
    <Skeleton className="h-4 w-96 max-w-full" />
    <Skeleton className="h-16 w-full" />
    <Skeleton className="h-64 w-full" />
  </div>
);
const TabsSkeleton = () => (
  <div role="status" aria-label="Loading what has happened so far" className="space-y-3">
    <Skeleton className="h-8 w-full" />
    <Skeleton className="h-48 w-full" />
  </div>
);
