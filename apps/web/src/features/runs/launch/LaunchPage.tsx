'use client';
import { may } from '@twostage/core/access/roles';
import { useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { useTRPC } from '../../../trpc/client.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../../ui/Feedback.tsx';
import { useMe } from '../../shell/AppShell.tsx';
import { LaunchForm } from './LaunchForm.tsx';
import { launchValues } from './launchForm.ts';

/** `?from=` opens the form as another run was configured, `?dataset=` with that dataset chosen. */
export function LaunchPage() {
  const me = useMe();
  const trpc = useTRPC();
  const params = useSearchParams();
  const from = params.get('from');
  const datasets = useQuery(
    trpc.datasets.list.queryOptions(undefined, {
      refetchInterval: ({ state }) =>
        state.data?.datasets.some((dataset) => dataset.state === 'inspecting') ? 1500 : false,
    }),
  );
  const origin = useQuery({ ...trpc.runs.get.queryOptions({ runId: from ?? '' }), enabled: from !== null });

  if (!may({ userId: me.id, role: me.role }, { kind: 'run.start' })) {
    return (
      <EmptyState icon={<Lock aria-hidden />} title="Your role reads only">
        Members launch runs; you are {me.role}. An admin can change that on the people page.
      </EmptyState>
    );
  }
  if (datasets.isError || origin.isError) {
    const failed = datasets.isError ? datasets : origin;
    return (
      <ErrorState
        title="The form could not be prepared"
        message={failed.error?.message ?? ''}
        onRetry={() => void failed.refetch()}
      />
    );
  }
  if (datasets.isPending || (from !== null && origin.isPending)) {
    return (
      <div role="status" aria-label="Loading the form" className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Skeleton className="h-[36rem]" />
        <Skeleton className="h-72" />
      </div>
    );
  }
  const ready = datasets.data.datasets.filter((dataset) => dataset.state === 'ready');
  const asked = params.get('dataset') ?? origin.data?.dataset?.id;
  const first = ready.find((dataset) => dataset.id === asked) ?? ready[0];
  return (
    <LaunchForm
      initial={launchValues(first?.id ?? '', origin.data?.config)}
      clonedFrom={origin.data ? { number: origin.data.number, name: origin.data.name } : null}
      datasets={datasets.data.datasets}
      dataRoots={datasets.data.dataRoots}
    />
  );
}
