'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReviewAction } from '@twostage/core/plans/review';
import { Ban, Check, FilePlus2, Rocket, Send, Trash2, Undo2, X } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Button, type ButtonProps, buttonClass } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { DecisionDialog } from './DecisionDialog.tsx';
import { useUnsaved } from './editor/unsaved.ts';
import { LaunchPlanDialog } from './LaunchPlanDialog.tsx';
import { versionPath } from './planParts.tsx';

type Opened = 'submit' | 'approve' | 'reject' | 'revoke' | 'withdraw' | 'discard' | 'launch' | null;

/** What may be done with a version now; what may not says why, on hover and on focus. */
export function ReviewBar({ version }: { version: PlanVersionDetail }) {
  const [open, setOpen] = useState<Opened>(null);
  const { state } = version;
  const unsaved = useUnsaved(version.id);
  const close = () => setOpen(null);
  const act = (action: Opened & ReviewAction, look: Omit<ButtonProps, 'onClick'> & { icon: ReactNode }) => (
    <ActionButton version={version} action={action} onClick={() => setOpen(action)} {...look} />
  );
  return (
    <div className="flex flex-wrap items-center gap-2">
      {state === 'draft' && (
        <>
          {act('discard', {
            children: 'Discard',
            variant: 'danger',
            icon: <Trash2 aria-hidden className="size-3.5" />,
          })}
          {act('submit', {
            ...(unsaved && { disabled: true, title: 'Save the draft first: what is not saved would be left out' }),
            ...{ children: 'Submit for review', variant: 'primary', icon: <Send aria-hidden className="size-3.5" /> },
          })}
        </>
      )}
      {state === 'inReview' && (
        <>
          {act('withdraw', { children: 'Withdraw', icon: <Undo2 aria-hidden className="size-3.5" /> })}
          {act('reject', { children: 'Reject', variant: 'danger', icon: <X aria-hidden className="size-3.5" /> })}
          {act('approve', {
            children: 'Approve',
            variant: 'primary',
            icon: <Check aria-hidden className="size-3.5" />,
          })}
        </>
      )}
      {state === 'approved' &&
        act('revoke', { children: 'Revoke', variant: 'danger', icon: <Ban aria-hidden className="size-3.5" /> })}
      {state !== 'draft' && state !== 'inReview' && <DraftNext version={version} />}
      {state === 'approved' &&
        act('launch', {
          ...{ children: 'Start a run', variant: 'primary', icon: <Rocket aria-hidden className="size-3.5" /> },
        })}
      {(open === 'submit' || open === 'approve' || open === 'reject' || open === 'revoke') && (
        <DecisionDialog version={version} action={open} onClose={close} />
      )}
      <TakeBack version={version} action={open === 'withdraw' || open === 'discard' ? open : null} onClose={close} />
      {open === 'launch' && <LaunchPlanDialog version={version} onClose={close} />}
    </div>
  );
}

/** A button that stands there while it may not be used, and then says why. */
function ActionButton({
  version,
  action,
  ...look
}: ButtonProps & { version: PlanVersionDetail; action: ReviewAction }) {
  const verdict = version.may[action];
  if (verdict.kind === 'allowed') return <Button {...look} />;
  // Who may never do it needs no button for it, but for those that explain the review itself.
  if (verdict.code === 'FORBIDDEN' && action !== 'approve' && action !== 'reject') return null;
  return (
    <Button
      {...look}
      variant="secondary"
      aria-disabled
      title={verdict.reason}
      onClick={() => toast.info(verdict.reason)}
      className="cursor-not-allowed opacity-50"
    />
  );
}

function DraftNext({ version }: { version: PlanVersionDetail }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const draft = useMutation(
    trpc.plans.draft.mutationOptions({
      onSuccess: ({ planId, number }) => {
        toast.success(`${version.planName} v${number} is your draft`);
        void queryClient.invalidateQueries(trpc.plans.pathFilter());
        router.push(versionPath({ planId, number }));
      },
      onError: (error) => toast.error('No draft was made', { description: error.message }),
    }),
  );
  const verdict = version.may.draftNext;
  const open = version.siblings.find(({ state }) => state === 'draft' || state === 'inReview');
  if (open)
    return (
      <Link href={versionPath({ planId: version.planId, number: open.number })} className={buttonClass()}>
        Go to v{open.number}
      </Link>
    );
  if (verdict.kind === 'refused') return null;
  return (
    <Button
      busy={draft.isPending}
      icon={<FilePlus2 aria-hidden className="size-3.5" />}
      onClick={() =>
        draft.mutate({
          into: { kind: 'version', planId: version.planId },
          source: { kind: 'version', versionId: version.id },
        })
      }
    >
      Draft the next version
    </Button>
  );
}

const takenBack = {
  withdraw: {
    title: 'Withdraw it from review?',
    confirm: 'Withdraw',
    words: 'It becomes a draft again, which can be edited. What was said of it stays.',
    done: 'It is a draft again',
  },
  discard: {
    title: 'Discard this draft?',
    confirm: 'Discard the draft',
    words: 'Its jobs and comments are gone for good.',
    done: 'The draft is gone',
  },
} as const;

function TakeBack({
  version,
  action,
  onClose,
}: {
  version: PlanVersionDetail;
  action: 'withdraw' | 'discard' | null;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const onError = (error: { message: string }) => {
    onClose();
    toast.error('Nothing was changed', { description: error.message });
    void queryClient.invalidateQueries(trpc.plans.pathFilter());
  };
  const withdraw = useMutation(
    trpc.plans.withdraw.mutationOptions({
      onSuccess: () => {
        onClose();
        toast.success(takenBack.withdraw.done);
        void queryClient.invalidateQueries(trpc.plans.pathFilter());
      },
      onError,
    }),
  );
  const discard = useMutation(
    trpc.plans.discard.mutationOptions({
      onSuccess: ({ planGone }) => {
        onClose();
        toast.success(takenBack.discard.done);
        router.push(planGone ? '/plans' : `/plans/${version.planId}`);
        void queryClient.invalidateQueries(trpc.plans.list.pathFilter());
      },
      onError,
    }),
  );
  const look = takenBack[action ?? 'withdraw'];
  return (
    <ConfirmDialog
      open={action !== null}
      onOpenChange={(open) => !open && onClose()}
      title={look.title}
      confirm={look.confirm}
      busy={withdraw.isPending || discard.isPending}
      onConfirm={() => (action === 'discard' ? discard : withdraw).mutate({ versionId: version.id })}
    >
      {look.words}
    </ConfirmDialog>
  );
}
