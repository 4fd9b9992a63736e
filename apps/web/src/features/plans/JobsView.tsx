'use client';
import { useQuery } from '@tanstack/react-query';
import { planPolicySchema } from '@twostage/core/plans/policy';
import { useMemo } from 'react';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Skeleton } from '../../ui/Feedback.tsx';
import { Comments, openCommentsByJob } from './Comments.tsx';
import type { InspectorProps } from './editor/Inspector.tsx';
import { EstimateBar } from './editor/EstimateBar.tsx';
import { PlanEditor } from './editor/PlanEditor.tsx';
import { PlanMatrix } from './editor/PlanMatrix.tsx';
import { PolicyPanel } from './evidence/PolicyPanel.tsx';
import { RankingTable } from './evidence/RankingTable.tsx';

/** A version's jobs: edited where it is a draft that this person may edit, else to be read. */
export function JobsView({ version }: { version: PlanVersionDetail }) {
  const trpc = useTRPC();
  const basis = useQuery(trpc.plans.estimateBasis.queryOptions({ versionId: version.id }));
  const comments = useMemo(() => openCommentsByJob(version.comments), [version.comments]);
  const discussion: InspectorProps['discussion'] = (job) => <Comments version={version} jobId={job.job_id} />;
  const policy = planPolicySchema.safeParse(version.plan.metadata.policy ?? null).data;
  const found = (
    <>
      <RankingTable plan={version.plan} />
      {policy && <PolicyPanel policy={policy} />}
    </>
  );
  if (basis.isPending) return <Skeleton className="h-64 w-full" />;
  const known = basis.data ?? null;
  if (version.may.edit.kind === 'allowed')
    return (
      <div className="space-y-4">
        <PlanEditor {...{ version, comments, discussion }} basis={known} />
        {found}
      </div>
    );
  return (
    <div className="space-y-4">
      <PlanMatrix
        jobs={version.plan.jobs}
        symbols={known?.symbols.length ?? 1000}
        apply={null}
        {...{ comments, discussion }}
      />
      <section aria-label="Estimate" className="rounded-lg border border-line bg-surface px-4 py-2.5 shadow-flat">
        <EstimateBar jobs={version.plan.jobs} before={version.plan.jobs} basis={known} />
      </section>
      {found}
    </div>
  );
}
