'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { may } from '@twostage/core/access/roles';
import { FilePlus2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { useMe } from '../shell/AppShell.tsx';
import { versionPath } from './planParts.tsx';

/** The plan's next version as the results of a run suggest it: what fell short becomes an experiment, what holds stays. */
export function DraftFromRun({ planId, runId }: { planId: string; runId: string }) {
  const me = useMe();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const draft = useMutation(
    trpc.plans.draft.mutationOptions({
      onSuccess: ({ number }) => {
        void queryClient.invalidateQueries(trpc.plans.pathFilter());
        router.push(`${versionPath({ planId, number })}?tab=changes`);
      },
      onError: (error) => toast.error('No draft was made', { description: error.message }),
    }),
  );
  if (!may({ userId: me.id, role: me.role }, { kind: 'plan.draft' })) return null;
  return (
    <Button
      busy={draft.isPending}
      onClick={() => draft.mutate({ into: { kind: 'version', planId }, source: { kind: 'run', runId } })}
      icon={<FilePlus2 aria-hidden className="size-3.5" />}
      title="What fell short of its evidence becomes an experiment, what holds stays; look it over before you submit it"
    >
      Draft the next version
    </Button>
  );
}
