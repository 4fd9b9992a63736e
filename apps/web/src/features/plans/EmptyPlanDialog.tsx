'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { Field, Input } from '../../ui/Field.tsx';
import { versionPath } from './planParts.tsx';

/** A plan without jobs, to be filled in by hand. */
export function EmptyPlanDialog({ onClose }: { onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useId();
  const [name, setName] = useState('');
  const draft = useMutation(
    trpc.plans.draft.mutationOptions({
      onSuccess: ({ planId, number }) => {
        void queryClient.invalidateQueries(trpc.plans.pathFilter());
        router.push(versionPath({ planId, number }));
      },
    }),
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title="Start an empty plan"
      description="Add targets, then decide their jobs cell by cell."
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={form} variant="primary" busy={draft.isPending} disabled={name.trim() === ''}>
            Start
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') draft.mutate({ into: { kind: 'plan', name }, source: { kind: 'empty' } });
        }}
      >
        {draft.isError && <Callout tone="bad">{draft.error.message}</Callout>}
        <Field label="Name of the plan">
          {(wiring) => (
            <Input
              {...wiring}
              value={name}
              maxLength={120}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
