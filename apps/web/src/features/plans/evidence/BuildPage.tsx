'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { may } from '@twostage/core/access/roles';
import type { MasterPlan } from '@twostage/core/plans/masterPlan';
import { XCircle } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { PlanBuildDetail } from '../../../server/contracts/plans.ts';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Callout, ErrorState, Skeleton } from '../../../ui/Feedback.tsx';
import { dateTime, duration } from '../../../ui/format.ts';
import { PageHeader } from '../../../ui/PageHeader.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { Progress } from '../../../ui/Progress.tsx';
import { useMe } from '../../shell/AppShell.tsx';
import { type DraftPlace, DraftPlaceFields, placeInput, usualPlace } from '../DraftPlaceFields.tsx';
import { PlanMatrix } from '../editor/PlanMatrix.tsx';
import { versionPath } from '../planParts.tsx';
import { BuildStatusBadge } from './BuildsPanel.tsx';
import { PolicyPanel } from './PolicyPanel.tsx';
import { RankingTable } from './RankingTable.tsx';

/** How far a plan is that a runner builds; then what it found, and the way to a draft of it. */
export function BuildPage({ buildId }: { buildId: string }) {
  const trpc = useTRPC();
  const build = useQuery(trpc.planBuilds.get.queryOptions({ buildId }));
  if (build.isError)
    return (
      <ErrorState title="It could not be loaded" message={build.error.message} onRetry={() => void build.refetch()} />
    );
  if (build.isPending) return <Skeleton className="h-64" />;
  const { status, request, dataset, createdBy, createdAt, startedAt, endedAt, reason, result } = build.data;
  const took = startedAt && endedAt ? `, measured in ${duration(endedAt.getTime() - startedAt.getTime())}` : '';
  return (
    <div className="space-y-4">
      <p className="text-muted text-xs">
        <Link href="/plans" className="rounded hover:text-ink">
          Plans
        </Link>{' '}
        /
      </p>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-2">
            {status === 'ready' ? 'What was found' : 'A plan from evidence'}
            <span role="status" aria-label="State of the building">
              <BuildStatusBadge status={status} />
            </span>
          </span>
        }
        meta={`${request.targets.join(', ')} on ${dataset?.name ?? 'a dataset that was removed'}, asked for by ${createdBy?.name ?? 'twostage'} at ${dateTime(createdAt)}${took}`}
        actions={build.data.mayCancel && <CancelBuild buildId={buildId} />}
      />
      {reason && <Callout tone="bad">{reason}</Callout>}
      {(status === 'queued' || status === 'running') && <Measuring build={build.data} />}
      {result && (
        <>
          <MakePlan buildId={buildId} />
          <RankingTable plan={result} />
          <PlanMatrix jobs={result.jobs} symbols={symbolsOf(result)} comments={new Map()} apply={null} />
        </>
      )}
      <PolicyPanel policy={request.policy} />
    </div>
  );
}

const symbolsOf = ({ jobs }: MasterPlan): number => new Set(jobs.flatMap(({ symbol }) => symbol ?? [])).size;

function Measuring({ build: { progress, status } }: { build: PlanBuildDetail }) {
  const { done, total, latest, step, etaMs } = progress ?? {
    done: 0,
    total: 0,
    latest: null,
    step: 'reading',
    etaMs: null,
  };
  return (
    <Panel>
      <p className="font-medium">
        {status === 'queued'
          ? 'Waits for a runner'
          : step === 'reading'
            ? 'Reading the data'
            : step === 'routing'
              ? 'Routing what was found'
              : `Measured ${done} of ${total}`}
        {latest && <span className="font-normal text-muted">, {latest}</span>}
      </p>
      <Progress value={total > 0 ? done / total : 0} label="Measured" className="mt-2 w-full" />
      {etaMs !== null && done > 0 && <p className="mt-1 text-muted">about {duration(etaMs)} left</p>}
    </Panel>
  );
}

function CancelBuild({ buildId }: { buildId: string }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const cancel = useMutation(
    trpc.planBuilds.cancel.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries(trpc.planBuilds.pathFilter()),
      onError: (error) => toast.error('Not cancelled', { description: error.message }),
    }),
  );
  return (
    <Button
      variant="danger"
      busy={cancel.isPending}
      disabled={cancel.isSuccess}
      onClick={() => cancel.mutate({ buildId })}
      icon={<XCircle aria-hidden className="size-3.5" />}
    >
      Cancel
    </Button>
  );
}

function MakePlan({ buildId }: { buildId: string }) {
  const me = useMe();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [place, setPlace] = useState<DraftPlace>(usualPlace);
  const plans = useQuery(trpc.plans.list.queryOptions());
  const draft = useMutation(
    trpc.plans.draft.mutationOptions({
      onSuccess: ({ planId, number }) => {
        void queryClient.invalidateQueries(trpc.plans.pathFilter());
        router.push(versionPath({ planId, number }));
      },
    }),
  );
  if (!may({ userId: me.id, role: me.role }, { kind: 'plan.draft' })) return null;
  const into = placeInput(place);
  return (
    <Panel title="Make it a plan">
      <form
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (into) draft.mutate({ into, source: { kind: 'build', buildId } });
        }}
      >
        {draft.isError && <Callout tone="bad">{draft.error.message}</Callout>}
        <DraftPlaceFields plans={plans.data ?? []} place={place} onChange={setPlace} />
        <Button type="submit" variant="primary" busy={draft.isPending || draft.isSuccess} disabled={!into}>
          Draft the plan
        </Button>
        <span className="ml-3 text-muted">It becomes a draft: look it over, edit it, submit it for review.</span>
      </form>
    </Panel>
  );
}
