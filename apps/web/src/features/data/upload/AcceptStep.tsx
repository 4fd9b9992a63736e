'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Upload } from '../../../server/contracts/uploads.ts';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Callout, Skeleton } from '../../../ui/Feedback.tsx';
import { Field, Input } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { QualityReportView } from '../../runs/quality/QualityReportView.tsx';
import { useSystemStatus } from '../../shell/useSystemStatus.ts';

/** What a runner found in the files, and whether that becomes a dataset. */
export function AcceptStep({ upload }: { upload: Upload }) {
  const trpc = useTRPC();
  const { noRunner } = useSystemStatus();
  const router = useRouter();
  const queryClient = useQueryClient();
  const [name, setName] = useState('');
  const accept = useMutation(
    trpc.uploads.accept.mutationOptions({
      onSuccess: async ({ datasetId }) => {
        toast.success(`“${name}” is a dataset now`);
        await queryClient.invalidateQueries(trpc.datasets.pathFilter());
        // The page of data would show another dataset until it knows of this one.
        await queryClient.fetchQuery(trpc.datasets.list.queryOptions());
        router.push(`/data?dataset=${datasetId}`);
      },
    }),
  );
  if (upload.state === 'inspecting')
    return (
      <Panel title="3. What is in it">
        <p role="status" className="mb-2 text-muted">
          {noRunner ? 'No runner is online: the files wait until one reads them.' : 'A runner reads the files …'}
        </p>
        <Skeleton className="h-24 w-full" />
      </Panel>
    );
  if (upload.state === 'refused' || !upload.quality)
    return (
      <Panel title="3. What is in it">
        <Callout tone="bad">{upload.reason ?? 'It could not be read.'}</Callout>
        <p className="mt-2 text-muted">
          Say what its columns are, mend the file and send it again, or discard the upload.
        </p>
      </Panel>
    );
  return (
    <>
      <Panel title="3. Accept it">
        <form
          className="flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') accept.mutate({ uploadId: upload.id, name });
          }}
        >
          <Field
            label="Name of the dataset"
            className="w-72 max-w-full"
            {...(accept.isError && { error: accept.error.message })}
          >
            {(wiring) => (
              <Input
                {...wiring}
                value={name}
                maxLength={120}
                autoComplete="off"
                placeholder="US large caps"
                onChange={(event) => setName(event.target.value)}
              />
            )}
          </Field>
          <Button
            type="submit"
            variant="primary"
            busy={accept.isPending || accept.isSuccess}
            disabled={name.trim() === ''}
          >
            Accept
          </Button>
        </form>
      </Panel>
      <QualityReportView quality={upload.quality} />
    </>
  );
}
