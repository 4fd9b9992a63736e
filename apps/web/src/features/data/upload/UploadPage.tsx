'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { may } from '@twostage/core/access/roles';
import { Lock, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button } from '../../../ui/Button.tsx';
import { EmptyState, ErrorState } from '../../../ui/Feedback.tsx';
import { PageHeader } from '../../../ui/PageHeader.tsx';
import { useQueryState } from '../../../ui/queryState.ts';
import { useMe } from '../../shell/AppShell.tsx';
import { AcceptStep } from './AcceptStep.tsx';
import { ColumnsStep } from './ColumnsStep.tsx';
import { FilesStep } from './FilesStep.tsx';
import { useSending } from './useSending.ts';

/** Files become a dataset: chosen, explained, read by a runner, and accepted when the report is as one likes it. */
export function UploadPage() {
  const me = useMe();
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const { params, set } = useQueryState();
  const uploadId = params.get('upload');
  const upload = useQuery({
    ...trpc.uploads.get.queryOptions({ uploadId: uploadId ?? '' }),
    enabled: uploadId !== null,
    refetchInterval: ({ state }) => (state.data?.state === 'inspecting' ? 1000 : false),
  });
  const refresh = useCallback(
    () => void queryClient.invalidateQueries(trpc.uploads.get.pathFilter()),
    [queryClient, trpc],
  );
  const sending = useSending(refresh);
  const begin = useMutation(
    trpc.uploads.begin.mutationOptions({
      onError: (error) => toast.error('The upload could not begin', { description: error.message }),
    }),
  );
  const read = useMutation(
    trpc.uploads.read.mutationOptions({
      onSuccess: refresh,
      onError: (error) => toast.error('It could not be asked for', { description: error.message }),
    }),
  );
  const discard = useMutation(
    trpc.uploads.discard.mutationOptions({
      onSuccess: () => {
        toast.success('The upload is gone');
        router.push('/data');
      },
      onError: (error) => toast.error('Not discarded', { description: error.message }),
    }),
  );
  if (!may({ userId: me.id, role: me.role }, { kind: 'dataset.register' }))
    return (
      <EmptyState icon={<Lock aria-hidden />} title="Your role reads only">
        Members bring data in; you are {me.role}.
      </EmptyState>
    );
  const take = async (files: readonly File[]) => {
    if (files.length === 0) return;
    const id = uploadId ?? (await begin.mutateAsync()).uploadId;
    set({ upload: id });
    sending.send(id, files);
  };
  const found = upload.data ?? null;
  return (
    <div className="space-y-4">
      <p className="text-muted text-xs">
        <Link href="/data" className="rounded hover:text-ink">
          Data
        </Link>{' '}
        /
      </p>
      <PageHeader
        title="Upload data"
        meta="A file a symbol, or one with a symbol column. Nobody else sees them until you accept what was read."
        actions={
          found && (
            <Button
              variant="danger"
              busy={discard.isPending}
              onClick={() => discard.mutate({ uploadId: found.id })}
              icon={<Trash2 aria-hidden className="size-3.5" />}
            >
              Discard
            </Button>
          )
        }
      />
      {upload.isError && <ErrorState title="This upload is not there" message={upload.error.message} />}
      {!upload.isError && (
        <FilesStep
          upload={found}
          sending={sending}
          onTake={(files) => void take(files)}
          onRemoved={refresh}
          onRead={() => found && read.mutate({ uploadId: found.id, ...found.said })}
          reading={read.isPending}
        />
      )}
      {found?.preview && (
        <ColumnsStep
          key={`${found.id} ${found.preview.columns.map(({ name }) => name).join(' ')}`}
          upload={found}
          preview={found.preview}
          busy={read.isPending || found.state === 'inspecting'}
          onRead={(input) => read.mutate(input)}
        />
      )}
      {found && found.state !== 'open' && <AcceptStep upload={found} />}
    </div>
  );
}
