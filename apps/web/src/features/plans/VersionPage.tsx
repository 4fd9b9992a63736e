'use client';
import { useQuery } from '@tanstack/react-query';
import { Tabs } from 'radix-ui';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { EmptyState, ErrorState, Skeleton } from '../../ui/Feedback.tsx';
import { choiceParam, useQueryState } from '../../ui/queryState.ts';
import { Panel } from '../../ui/Panel.tsx';
import { ChangesTab } from './ChangesTab.tsx';
import { CommentsTab } from './CommentsTab.tsx';
import { HistoryTab } from './HistoryTab.tsx';
import { JobsView } from './JobsView.tsx';
import { VersionHeader } from './VersionHeader.tsx';
import { RunsOfVersion } from './RunsOfVersion.tsx';

/** A version of a plan by its number; live while it is open. */
export function VersionPage({ planId, number }: { planId: string; number: number }) {
  const trpc = useTRPC();
  const plan = useQuery(trpc.plans.get.queryOptions({ planId }));
  const id = plan.data?.history.find((version) => version.number === number)?.id;
  const version = useQuery({ ...trpc.plans.version.queryOptions({ versionId: id ?? '' }), enabled: id !== undefined });
  if (plan.isError || version.isError) {
    const failed = plan.isError ? plan : version;
    return (
      <ErrorState
        title="The plan could not be loaded"
        message={failed.error?.message ?? ''}
        onRetry={() => void failed.refetch()}
      />
    );
  }
  if (plan.isSuccess && id === undefined)
    return (
      <EmptyState title={`${plan.data.name} has no version ${number}`}>
        It may have been a draft that was discarded. The newest is v{plan.data.newest.number}.
      </EmptyState>
    );
  if (!version.data || !plan.data)
    return (
      <div role="status" aria-label="Loading the plan" className="space-y-4">
        <Skeleton className="h-7 w-72" />
        <Skeleton className="h-4 w-96 max-w-full" />
        <Skeleton className="h-64 w-full" />
      </div>
    );
  return (
    <>
      <VersionHeader version={version.data} plan={plan.data} />
      <VersionTabs version={version.data} />
    </>
  );
}

const tabs = ['jobs', 'changes', 'comments', 'runs', 'history'] as const;

function VersionTabs({ version }: { version: PlanVersionDetail }) {
  const { params, set } = useQueryState();
  const tab = choiceParam(params.get('tab'), tabs, 'jobs');
  const labels: Record<(typeof tabs)[number], string> = {
    jobs: `Jobs ${version.counts.jobs}`,
    changes: 'Changes',
    comments: version.openComments > 0 ? `Comments ${version.openComments}` : 'Comments',
    runs: version.runs.length > 0 ? `Runs ${version.runs.length}` : 'Runs',
    history: 'History',
  };
  return (
    <Tabs.Root value={tab} onValueChange={(next) => set({ tab: next === 'jobs' ? null : next })}>
      <div className="scroll-thin mb-4 overflow-x-auto border-line border-b">
        <Tabs.List aria-label="Parts of this version" className="flex w-max gap-1">
          {tabs.map((id) => (
            <Tabs.Trigger
              key={id}
              value={id}
              className="-mb-px h-9 whitespace-nowrap rounded-t border-transparent border-b-2 px-2.5 font-medium text-muted transition-colors hover:text-ink focus-visible:outline-offset-[-2px] data-[state=active]:border-accent data-[state=active]:text-ink"
            >
              {labels[id]}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
      </div>
      {/* Mounted all the time: what was edited and not saved must outlive a look at another tab. */}
      <Tabs.Content value="jobs" forceMount hidden={tab !== 'jobs'}>
        <JobsView key={`${version.id} ${version.state === 'draft'}`} version={version} />
      </Tabs.Content>
      <Tabs.Content value="changes">
        <ChangesTab version={version} />
      </Tabs.Content>
      <Tabs.Content value="comments">
        <CommentsTab version={version} />
      </Tabs.Content>
      <Tabs.Content value="runs">
        <Panel title="Runs of this version" flush>
          <RunsOfVersion version={version} />
        </Panel>
      </Tabs.Content>
      <Tabs.Content value="history">
        <HistoryTab version={version} />
      </Tabs.Content>
    </Tabs.Root>
  );
}
