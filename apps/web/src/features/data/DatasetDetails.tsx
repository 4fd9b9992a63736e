'use client';
import { may } from '@twostage/core/access/roles';
import { useQuery } from '@tanstack/react-query';
import { Loader2, Play } from 'lucide-react';
import Link from 'next/link';
import type { DatasetDetail, DatasetRow } from '../../server/contracts/datasets.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { buttonClass } from '../../ui/Button.tsx';
import { Callout, EmptyState, ErrorState, Skeleton } from '../../ui/Feedback.tsx';
import { dateTime, plural } from '../../ui/format.ts';
import { Panel } from '../../ui/Panel.tsx';
import { SimulatedBadge } from '../runs/badges.tsx';
import { QualityReportView } from '../runs/quality/QualityReportView.tsx';
import { useMe } from '../shell/AppShell.tsx';

/** One dataset: where it lies and what the runner found in it. */
export function DatasetDetails({ dataset }: { dataset: DatasetRow }) {
  const me = useMe();
  const trpc = useTRPC();
  const details = useQuery({
    ...trpc.datasets.get.queryOptions({ datasetId: dataset.id }),
    enabled: dataset.state === 'ready',
  });
  const mayStart = dataset.state === 'ready' && may({ userId: me.id, role: me.role }, { kind: 'run.start' });
  return (
    <div className="min-w-0 space-y-4">
      <Panel
        title={
          <span className="flex items-center gap-2">
            {dataset.name} {dataset.simulated && <SimulatedBadge />}
          </span>
        }
        aside={
          mayStart && (
            <Link href={`/runs/new?dataset=${dataset.id}`} className={buttonClass('primary', 'sm')}>
              <Play aria-hidden className="size-3" />
              New run on this
            </Link>
          )
        }
      >
        <p className="break-all font-mono text-muted text-xs">{dataset.path}</p>
        {dataset.description && <p className="mt-2 max-w-3xl whitespace-pre-line">{dataset.description}</p>}
        <p className="mt-2 text-faint text-xs">
          Registered {dateTime(dataset.createdAt)} by {dataset.createdBy?.name ?? 'twostage'}
        </p>
        {details.data?.quality?.contentHash && (
          <p
            className="mt-1 break-all text-faint text-xs"
            title="SHA-256 of the files: the same data again have the same"
          >
            Files’ hash <span className="font-mono">{details.data.quality.contentHash}</span>
          </p>
        )}
        {details.data && <Columns details={details.data} />}
      </Panel>
      {dataset.state === 'refused' && <Callout tone="bad">{dataset.reason ?? 'It cannot be used.'}</Callout>}
      {dataset.state === 'inspecting' && (
        <Panel>
          <EmptyState icon={<Loader2 aria-hidden className="animate-spin" />} title="Being inspected">
            The next free runner reads every file once and counts what is wrong in it.
          </EmptyState>
        </Panel>
      )}
      {dataset.state === 'ready' && details.isPending && <Skeleton className="h-64" />}
      {details.isError && (
        <ErrorState
          title="The inspection could not be loaded"
          message={details.error.message}
          onRetry={() => void details.refetch()}
        />
      )}
      {details.data?.quality && <QualityReportView quality={details.data.quality} />}
    </div>
  );
}

/** What a model is given: folded away, as there are many. */
function Columns({ details }: { details: DatasetDetail }) {
  return (
    <div className="mt-3 space-y-1 text-xs">
      <p className="text-muted">
        {details.targetColumns.length > 0
          ? `Target columns of its own: ${details.targetColumns.join(', ')}`
          : 'No target column of its own: forward returns are computed'}
      </p>
      {details.featureColumns.length > 0 && (
        <details>
          <summary className="w-max rounded text-muted hover:text-ink">
            {plural(details.featureColumns.length, 'feature')}
          </summary>
          <p className="mt-1 break-words font-mono text-2xs text-muted">{details.featureColumns.join(' ')}</p>
        </details>
      )}
    </div>
  );
}
