'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { useTRPC } from '../../trpc/client.tsx';
import { Panel } from '../../ui/Panel.tsx';
import { Segmented } from '../../ui/Segmented.tsx';

/** Whether who wrote a version may approve it; an admin decides. */
export function ReviewSetting() {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const setting = useQuery(trpc.plans.reviewSetting.queryOptions());
  const change = useMutation(
    trpc.plans.setReviewSetting.mutationOptions({
      onSuccess: () => {
        toast.success('Changed');
        void queryClient.invalidateQueries(trpc.plans.pathFilter());
      },
      onError: (error) => toast.error('Not changed', { description: error.message }),
    }),
  );
  if (!setting.data) return null;
  const { authorMayApprove, effective, mayChange } = setting.data;
  const now = effective ? 'may approve it' : 'may not approve it';
  if (!mayChange) return <p className="text-faint text-xs">Who has written in a version {now}.</p>;
  return (
    <Panel title="Review">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span>Who has written in a version may approve it</span>
        <Segmented
          label="Who has written in a version may approve it"
          name="authorMayApprove"
          value={authorMayApprove}
          options={[
            { value: 'automatic', label: 'In a team of one', title: 'While there is one approver or admin' },
            { value: 'always', label: 'Always' },
            { value: 'never', label: 'Never' },
          ]}
          onChange={(value) => change.mutate({ authorMayApprove: value })}
        />
        <span className="text-muted">Now they {now}.</span>
      </div>
    </Panel>
  );
}
