'use client';
import { useQuery } from '@tanstack/react-query';
import { may } from '@twostage/core/access/roles';
import { ClipboardList, FilePlus2, FileUp, Microscope } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { useTRPC } from '../../trpc/client.tsx';
import { Button, buttonClass } from '../../ui/Button.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/Feedback.tsx';
import { inputClass } from '../../ui/Field.tsx';
import { plural } from '../../ui/format.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { useQueryState } from '../../ui/queryState.ts';
import { useMe } from '../shell/AppShell.tsx';
import { BuildsPanel } from './evidence/BuildsPanel.tsx';
import { EmptyPlanDialog } from './EmptyPlanDialog.tsx';
import { ImportPlanDialog } from './ImportPlanDialog.tsx';
import { InboxPanel } from './InboxPanel.tsx';
import { PlansTable } from './PlansTable.tsx';
import { ReviewSetting } from './ReviewSetting.tsx';

/** What waits for this person, and every plan. */
export function PlansPage() {
  const me = useMe();
  const trpc = useTRPC();
  const { params, set } = useQueryState();
  const [opened, setOpened] = useState<'import' | 'empty' | null>(null);
  const plans = useQuery(trpc.plans.list.queryOptions());
  const text = params.get('plan') ?? '';
  const found = (plans.data ?? []).filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(text.trim().toLowerCase()),
  );
  const mayDraft = may({ userId: me.id, role: me.role }, { kind: 'plan.draft' });
  const actions = mayDraft && (
    <>
      <Button onClick={() => setOpened('empty')} icon={<FilePlus2 aria-hidden className="size-3.5" />}>
        Start empty
      </Button>
      <Button onClick={() => setOpened('import')} icon={<FileUp aria-hidden className="size-3.5" />}>
        Import a plan
      </Button>
      <Link href="/plans/new/evidence" className={buttonClass('primary')}>
        <Microscope aria-hidden className="size-3.5" />
        Build from evidence
      </Link>
    </>
  );
  return (
    <>
      <PageHeader title="Training plans" meta={plans.data && plural(plans.data.length, 'plan')} actions={actions} />
      <div className="space-y-4">
        <InboxPanel />
        {plans.isError && (
          <ErrorState
            title="The plans could not be loaded"
            message={plans.error.message}
            onRetry={() => void plans.refetch()}
          />
        )}
        {plans.isPending && (
          <div className="rounded-lg border border-line bg-surface">
            <SkeletonRows label="Loading the plans" />
          </div>
        )}
        {plans.data?.length === 0 && (
          <div className="rounded-lg border border-line bg-surface">
            <EmptyState icon={<ClipboardList aria-hidden />} title="No plan yet">
              A training plan says which targets are worth a model, on all symbols together or on one, by which
              families, and why. It is built from evidence, imported, or written by hand; an approver decides, and runs
              execute exactly what was approved.
            </EmptyState>
          </div>
        )}
        {plans.data && plans.data.length > 0 && (
          <Panel
            title="Plans"
            flush
            aside={
              <input
                type="search"
                data-page-filter
                aria-label="Find plans"
                placeholder="Find plans"
                value={text}
                onChange={(event) => set({ plan: event.target.value })}
                className={inputClass(false, 'h-7 w-44 text-xs')}
              />
            }
          >
            {found.length === 0 ? (
              <EmptyState
                title={`No plan called “${text}”`}
                action={<Button onClick={() => set({ plan: null })}>Show every plan</Button>}
              />
            ) : (
              <PlansTable plans={found} />
            )}
          </Panel>
        )}
        <BuildsPanel />
        <ReviewSetting />
      </div>
      {opened === 'import' && <ImportPlanDialog plans={plans.data ?? []} onClose={() => setOpened(null)} />}
      {opened === 'empty' && <EmptyPlanDialog onClose={() => setOpened(null)} />}
    </>
  );
}
