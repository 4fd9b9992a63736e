'use client';
import { may } from '@twostage/core/access/roles';
import { useQuery } from '@tanstack/react-query';
import { Database, FolderPlus, Upload } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTRPC } from '../../trpc/client.tsx';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/Feedback.tsx';
import { plural } from '../../ui/format.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { useQueryState } from '../../ui/queryState.ts';
import { SimulatedBadge } from '../runs/badges.tsx';
import { useMe } from '../shell/AppShell.tsx';
import { DatasetDetails } from './DatasetDetails.tsx';
import { DatasetStateBadge, datasetSummary } from './datasetParts.tsx';
import { RegisterDatasetDialog } from './RegisterDatasetDialog.tsx';

export function DataPage() {
  const me = useMe();
  const trpc = useTRPC();
  const { params, set } = useQueryState();
  const [registering, setRegistering] = useState(false);
  const list = useQuery(
    trpc.datasets.list.queryOptions(undefined, {
      refetchInterval: ({ state }) =>
        state.data?.datasets.some((dataset) => dataset.state === 'inspecting') ? 1500 : false,
    }),
  );
  const datasets = list.data?.datasets ?? [];
  const chosen = datasets.find((dataset) => dataset.id === params.get('dataset')) ?? datasets[0];
  const mayRegister = may({ userId: me.id, role: me.role }, { kind: 'dataset.register' });
  const registerButton = mayRegister && (
    <>
      <Link href="/data/upload" className={buttonClass()}>
        <Upload aria-hidden className="size-3.5" />
        Upload files
      </Link>
      <Button
        variant={datasets.length === 0 ? 'primary' : 'secondary'}
        onClick={() => setRegistering(true)}
        icon={<FolderPlus aria-hidden className="size-3.5" />}
      >
        Register a folder
      </Button>
    </>
  );
  return (
    <>
      <PageHeader
        title="Data"
        meta={list.data && plural(datasets.length, 'dataset')}
        actions={datasets.length > 0 && registerButton}
      />
      {list.isPending && (
        <div className="rounded-lg border border-line bg-surface">
          <SkeletonRows label="Loading the datasets" />
        </div>
      )}
      {list.isError && (
        <ErrorState
          title="The datasets could not be loaded"
          message={list.error.message}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.isSuccess && datasets.length === 0 && (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState icon={<Database aria-hidden />} title="No dataset yet" action={registerButton}>
            A dataset is a folder with one CSV or Parquet file a symbol, which a runner can read.
          </EmptyState>
        </div>
      )}
      {chosen && (
        <div className="grid gap-4 lg:grid-cols-[20rem_minmax(0,1fr)]">
          <ul aria-label="Datasets" className="space-y-2 self-start">
            {datasets.map((dataset) => (
              <li key={dataset.id}>
                <button
                  type="button"
                  aria-pressed={dataset.id === chosen.id}
                  onClick={() => set({ dataset: dataset.id })}
                  className={cx(
                    'block w-full rounded-lg border bg-surface p-3 text-left shadow-flat transition-colors hover:border-line-strong',
                    dataset.id === chosen.id ? 'border-accent ring-1 ring-accent' : 'border-line',
                  )}
                >
                  <span className="flex items-center gap-2">
                    <span className="min-w-0 flex-1 truncate font-medium">{dataset.name}</span>
                    {dataset.simulated && <SimulatedBadge />}
                    <DatasetStateBadge state={dataset.state} />
                  </span>
                  <span className="mt-1 block text-muted text-xs">{datasetSummary(dataset) || 'not read yet'}</span>
                  {dataset.reason && <span className="mt-1 block break-words text-bad text-xs">{dataset.reason}</span>}
                </button>
              </li>
            ))}
          </ul>
          <DatasetDetails key={chosen.id} dataset={chosen} />
        </div>
      )}
      {list.data && (
        <RegisterDatasetDialog
          open={registering}
          onOpenChange={setRegistering}
          dataRoots={list.data.dataRoots}
          onRegistered={(id) => set({ dataset: id })}
        />
      )}
    </>
  );
}
