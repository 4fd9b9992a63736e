'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { toast } from 'sonner';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { Field, inputClass } from '../../ui/Field.tsx';
import { diffWords } from './diffWords.ts';
import { countsText } from './planParts.tsx';

type Decision = 'submit' | 'approve' | 'reject' | 'revoke';

const looks: Record<Decision, { title: string; words: string; button: string; field: string; done: string }> = {
  submit: {
    title: 'Submit for review',
    words: 'From now on its text stays as it is; an approver decides. You can withdraw it while they have not.',
    button: 'Submit',
    field: 'Note to the approvers',
    done: 'Submitted',
  },
  approve: {
    title: 'Approve this version',
    words: 'Runs may execute exactly this text. The version that is approved now is superseded.',
    button: 'Approve',
    field: 'Remark',
    done: 'Approved',
  },
  reject: {
    title: 'Reject this version',
    words: 'Its authors read your reason and may draft the next version.',
    button: 'Reject',
    field: 'Reason',
    done: 'Rejected',
  },
  revoke: {
    title: 'Revoke the approval',
    words: 'No run starts from it any more, also none that is queued. Runs that have begun go on.',
    button: 'Revoke',
    field: 'Reason',
    done: 'Revoked',
  },
};

/** Asks for the words that go with a decision, and shows what is decided: counts, hash, and what differs from the approved version. */
export function DecisionDialog({
  version,
  action,
  onClose,
}: {
  version: PlanVersionDetail;
  action: Decision;
  onClose: () => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const form = useId();
  const [text, setText] = useState(action === 'submit' ? version.note : '');
  // What is decided is what was looked at: the page is live, and may show another text by now.
  const [looked] = useState(version.hash);
  const changed = version.hash !== looked;
  const look = looks[action];
  const options = {
    onSuccess: () => {
      toast.success(`${version.planName} v${version.number}: ${look.done.toLowerCase()}`);
      onClose();
      void queryClient.invalidateQueries(trpc.plans.pathFilter());
    },
    // Somebody else was first: what is shown is no longer so.
    onError: () => void queryClient.invalidateQueries(trpc.plans.pathFilter()),
  };
  const submit = useMutation(trpc.plans.submit.mutationOptions(options));
  const approve = useMutation(trpc.plans.approve.mutationOptions(options));
  const reject = useMutation(trpc.plans.reject.mutationOptions(options));
  const revoke = useMutation(trpc.plans.revoke.mutationOptions(options));
  const mutation = { submit, approve, reject, revoke }[action];
  const reason = text.trim();
  const needsReason = action === 'reject' || action === 'revoke';
  const send = () => {
    const of = { versionId: version.id, hash: looked };
    if (action === 'submit') submit.mutate({ ...of, note: reason });
    else if (action === 'approve') approve.mutate({ ...of, reason });
    else (action === 'reject' ? reject : revoke).mutate({ ...of, reason });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={look.title}
      description={look.words}
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button
            type="submit"
            form={form}
            variant={needsReason ? 'danger' : 'primary'}
            busy={mutation.isPending}
            disabled={changed || (needsReason && reason.length < 3)}
          >
            {look.button}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        {mutation.isError && <Callout tone="bad">{mutation.error.message}</Callout>}
        {changed && (
          <Callout tone="warn">This version was changed while you looked at it. Close this, and look again.</Callout>
        )}
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1">
          <dt className="text-muted">Version</dt>
          <dd className="font-medium">
            {version.planName} v{version.number}
          </dd>
          <dt className="text-muted">Jobs</dt>
          <dd>{countsText(version)}</dd>
          <dt className="text-muted">SHA-256</dt>
          <dd className="break-all font-mono text-2xs leading-5">{version.hash}</dd>
          {action !== 'revoke' && <Against version={version} />}
        </dl>
        <Field label={look.field} hint={needsReason ? undefined : 'optional'}>
          {(wiring) => (
            <textarea
              {...wiring}
              rows={3}
              value={text}
              maxLength={2000}
              onChange={(event) => setText(event.target.value)}
              className={inputClass(false, 'h-auto py-1.5')}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

/** What differs from the version that is approved now, or from the one before. */
function Against({ version }: { version: PlanVersionDetail }) {
  const trpc = useTRPC();
  const approved = version.siblings.find(({ state, id }) => state === 'approved' && id !== version.id);
  const against = approved ?? (version.parent?.planId === version.planId ? version.parent : null);
  const diff = useQuery({
    ...trpc.plans.diff.queryOptions({ fromVersionId: against?.id ?? '', toVersionId: version.id }),
    enabled: against !== null,
  });
  if (!against) return null;
  return (
    <>
      <dt className="text-muted">Against v{against.number}</dt>
      <dd>{diff.data ? diffWords(diff.data.diff) : '…'}</dd>
    </>
  );
}
