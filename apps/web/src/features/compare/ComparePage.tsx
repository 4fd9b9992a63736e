'use client';
import { useQuery } from '@tanstack/react-query';
import { GitCompare } from 'lucide-react';
import Link from 'next/link';
import { useTRPC } from '../../trpc/client.tsx';
import { buttonClass } from '../../ui/Button.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/Feedback.tsx';
import { plural } from '../../ui/format.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { choiceParam, useQueryState } from '../../ui/queryState.ts';
import { Segmented } from '../../ui/Segmented.tsx';
import { ComparedRuns } from './ComparedRuns.tsx';
import { ConfigurationDiff } from './ConfigurationDiff.tsx';
import { type MetricId, metricIds, metricLooks } from '@twostage/figures/run/metricLooks';
import { comparedMetrics } from './compareRows.ts';
import { MetricBars } from './MetricBars.tsx';
import { MetricMatrix } from './MetricMatrix.tsx';
import { MetricTable } from './MetricTable.tsx';

/** Of more trainings than these, one metric of each is shown first. */
const manyTrainings = 12;

export function ComparePage() {
  const { params, set } = useQueryState();
  const trpc = useTRPC();
  const ids = [...new Set((params.get('runs') ?? '').split(',').filter(Boolean))].slice(0, 6);
  const metric = choiceParam<MetricId>(params.get('metric'), metricIds, 'rankIc');
  const everySetting = params.get('settings') === 'all';
  const comparison = useQuery({ ...trpc.runs.compare.queryOptions({ ids }), enabled: ids.length >= 2 });
  const many = (comparison.data?.trainings.length ?? 0) > manyTrainings;
  const everyMetric = choiceParam(params.get('metrics'), ['all', 'one'] as const, many ? 'one' : 'all') === 'all';
  if (ids.length < 2) {
    return (
      <EmptyState
        icon={<GitCompare aria-hidden />}
        title="Choose at least two runs"
        action={
          <Link href="/runs" className={buttonClass('primary')}>
            Choose from the list
          </Link>
        }
      >
        Select two to six runs in the list, then Compare.
      </EmptyState>
    );
  }
  return (
    <>
      <PageHeader
        title={`Compare ${plural(ids.length, 'run')}`}
        meta="Differences are against the first run."
        actions={
          <CopyButton text={() => window.location.href} label="Copy the link to this comparison" said="Link copied">
            Link
          </CopyButton>
        }
      />
      {comparison.isPending && (
        <div role="status" aria-label="Loading the comparison" className="space-y-4">
          <Skeleton className="h-24" />
          <Skeleton className="h-64" />
        </div>
      )}
      {comparison.isError && (
        <ErrorState
          title="These runs cannot be compared"
          message={comparison.error.message}
          onRetry={() => void comparison.refetch()}
        />
      )}
      {comparison.data && (
        <div className="space-y-4">
          <ComparedRuns
            runs={comparison.data.runs}
            onRemove={ids.length > 2 ? (id) => set({ runs: ids.filter((other) => other !== id).join(',') }) : undefined}
          />
          <Panel
            title="Configuration"
            flush
            aside={
              <Segmented
                name="settings"
                label="Which settings"
                value={everySetting ? 'all' : 'differences'}
                onChange={(value) => set({ settings: value === 'all' ? 'all' : null })}
                options={[
                  { value: 'differences', label: 'Differences' },
                  { value: 'all', label: 'All' },
                ]}
              />
            }
          >
            <ConfigurationDiff comparison={comparison.data} all={everySetting} />
          </Panel>
          <Panel
            title={`${metricLooks[metric].label} by training`}
            aside={
              <Segmented
                name="metric"
                label="Metric"
                value={metric}
                onChange={(value) => set({ metric: value === 'rankIc' ? null : value })}
                options={comparedMetrics(comparison.data).map((value) => ({
                  value,
                  label: metricLooks[value].label,
                  title: metricLooks[value].title,
                }))}
              />
            }
          >
            <MetricBars comparison={comparison.data} metric={metric} />
          </Panel>
          <Panel
            title={everyMetric ? 'Metrics by training' : `${metricLooks[metric].label} of every training`}
            flush
            aside={
              <Segmented
                name="metrics"
                label="Which metrics"
                value={everyMetric ? 'all' : 'one'}
                onChange={(value) => set({ metrics: value })}
                options={[
                  { value: 'one', label: metricLooks[metric].label },
                  { value: 'all', label: 'All metrics' },
                ]}
              />
            }
          >
            {everyMetric ? (
              <MetricTable comparison={comparison.data} metric={metric} />
            ) : (
              <MetricMatrix comparison={comparison.data} metric={metric} />
            )}
          </Panel>
        </div>
      )}
    </>
  );
}
