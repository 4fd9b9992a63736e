'use client';
import { may } from '@twostage/core/access/roles';
import { hasEnded } from '@twostage/core/runs/lifecycle';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CopyPlus, Link2, SquareTerminal, XCircle } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { toast } from 'sonner';
import type { RunDetail } from '../../../server/contracts/runs.ts';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button, buttonClass } from '../../../ui/Button.tsx';
import { ConfirmDialog } from '../../../ui/ConfirmDialog.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { ago, dateTime, plural } from '../../../ui/format.ts';
import { useNow } from '../../../ui/useNow.ts';
import { useMe } from '../../shell/AppShell.tsx';
import { LeakBadge, RunStateBadge, SimulatedBadge } from '../badges.tsx';
import { cliCommand } from '../cliCommand.ts';
import { PlanBadge } from '@twostage/figures/run/planBadges.tsx';
import { useRunView } from '../live/useLiveRun.ts';

export function RunHeader({ run }: { run: RunDetail }) {
  const me = useMe();
  const { view } = useRunView('run');
  const now = useNow(true, 15_000);
  const known = view.lastSeq > 0;
  const state = known ? view.state : run.state;
  const reason = known ? view.reason : run.reason;
  const leaking = view.dataset?.leaks;
  const mayStart = may({ userId: me.id, role: me.role }, { kind: 'run.start' });
  return (
    <div className="mb-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 max-w-full">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h1 className="min-w-0 break-words font-semibold text-lg leading-7">
              <span className="font-normal text-faint">#{run.number}</span> {run.name}
            </h1>
            <span role="status" aria-label="State of the run" className="flex items-center gap-1.5">
              <RunStateBadge state={state} reason={reason} />
            </span>
            <PlanBadge plan={run.config.plan} />
            {run.dataset?.simulated && <SimulatedBadge />}
            {leaking && <LeakBadge features={[...new Set(leaking.map(({ feature }) => feature))]} />}
          </div>
          <p className="mt-0.5 flex flex-wrap gap-x-2 text-muted text-sm">
            <span>{run.dataset ? run.dataset.name : 'dataset removed'}</span>
            <Dot />
            <span>{run.symbolCount > 0 ? plural(run.symbolCount, 'symbol') : 'every symbol'}</span>
            <Dot />
            <span className="break-all">{run.targets.join(', ')}</span>
            <Dot />
            <span title={dateTime(run.createdAt)}>
              by {run.createdBy?.name ?? 'twostage'}
              {now > 0 && `, ${ago(run.createdAt, now)}`}
            </span>
            {(view.runner ?? run.runner) && (
              <>
                <Dot />
                <span>runner {view.runner ?? run.runner}</span>
              </>
            )}
            {run.recoveries > 0 && (
              <>
                <Dot />
                <span className="text-warn">taken up again {plural(run.recoveries, 'time')}</span>
              </>
            )}
          </p>
          {reason && <p className="mt-0.5 max-w-3xl whitespace-pre-line break-words text-muted text-sm">{reason}</p>}
        </div>
        <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0">
          {!hasEnded(state) && run.mayCancel && <CancelRun run={run} />}
          <CopyButton
            text={() => window.location.href}
            label="Copy the link to what is shown"
            said="Link copied"
            icon={<Link2 aria-hidden className="size-3.5" />}
          >
            Link
          </CopyButton>
          <CopyButton
            text={() => cliCommand(run.config)}
            label="Copy the command that trains the same in a terminal"
            said="Command copied"
            icon={<SquareTerminal aria-hidden className="size-3.5" />}
          >
            CLI
          </CopyButton>
          {mayStart && (
            <Link
              href={`/runs/new?from=${run.id}`}
              className={buttonClass()}
              title="A new run, configured like this one"
            >
              <CopyPlus aria-hidden className="size-3.5" />
              Clone
            </Link>
          )}
        </div>
      </div>
    </div>
  );
}

const Dot = () => (
  <span aria-hidden className="text-faint">
    ·
  </span>
);

function CancelRun({ run }: { run: RunDetail }) {
  const [asking, setAsking] = useState(false);
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const cancel = useMutation(
    trpc.runs.cancel.mutationOptions({
      onSuccess: () => {
        setAsking(false);
        toast.success(`Run ${run.number} is being cancelled`);
        void queryClient.invalidateQueries(trpc.runs.get.queryFilter({ runId: run.id }));
      },
      onError: (error) => toast.error('The run was not cancelled', { description: error.message }),
    }),
  );
  const requested = run.cancelRequestedAt !== null;
  return (
    <>
      <Button
        variant="danger"
        disabled={requested}
        onClick={() => setAsking(true)}
        icon={<XCircle aria-hidden className="size-3.5" />}
      >
        {requested ? 'Cancelling …' : 'Cancel run'}
      </Button>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Cancel run ${run.number}?`}
        confirm="Cancel the run"
        dismiss="Keep it running"
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate({ runId: run.id })}
      >
        What has finished stays. What runs is stopped, and cannot be taken up again.
      </ConfirmDialog>
    </>
  );
}
