'use client';
import { useMutation } from '@tanstack/react-query';
import { CheckCircle2, FileUp, X } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Upload } from '../../../server/contracts/uploads.ts';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { bytes, plural } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { Progress } from '../../../ui/Progress.tsx';
import { useSystemStatus } from '../../shell/useSystemStatus.ts';
import type { useSending } from './useSending.ts';

const shownFiles = 60;

/** The files of an upload: dropped or chosen, with how far each is. */
export function FilesStep({
  upload,
  sending,
  onTake,
  onRemoved,
  onRead,
  reading,
}: {
  upload: Upload | null;
  sending: ReturnType<typeof useSending>;
  onTake: (files: readonly File[]) => void;
  onRemoved: () => void;
  onRead: () => void;
  reading: boolean;
}) {
  const trpc = useTRPC();
  const { noRunner } = useSystemStatus();
  const [over, setOver] = useState(false);
  const remove = useMutation(
    trpc.uploads.removeFile.mutationOptions({
      onSuccess: (_, { name }) => {
        sending.forget(name);
        onRemoved();
      },
      onError: (error) => toast.error('Not removed', { description: error.message }),
    }),
  );
  const there = upload?.files ?? [];
  const moving = sending.files.filter(({ state }) => state.kind !== 'sent');
  const still = there.filter(({ name }) => !moving.some((file) => file.name === name));
  const total = still.reduce((sum, file) => sum + file.bytes, 0);
  return (
    <Panel
      title="1. Files"
      aside={
        still.length > 0 && (
          <span className="text-muted text-xs">{`${plural(still.length, 'file')}, ${bytes(total)}`}</span>
        )
      }
    >
      <label
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          onTake([...event.dataTransfer.files]);
        }}
        className={cx(
          'flex flex-col items-center gap-1 rounded-lg border border-dashed px-4 py-8 text-center has-focus-visible:outline-2 has-focus-visible:outline-accent',
          over ? 'border-accent bg-accent-soft' : 'border-line-strong hover:bg-hover',
        )}
      >
        <FileUp aria-hidden className="size-6 text-faint" />
        <span className="font-medium">Choose files, or drop them here</span>
        <span className="text-muted text-xs">CSV, TSV, either gzipped, or Parquet</span>
        <input
          type="file"
          multiple
          aria-label="Files of data"
          accept=".csv,.tsv,.gz,.parquet"
          className="sr-only"
          onChange={(event) => {
            onTake([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </label>
      {(moving.length > 0 || still.length > 0) && (
        <ul aria-label="Files" className="scroll-thin mt-3 max-h-64 divide-y divide-line overflow-y-auto">
          {moving.map(({ name, bytes: size, state }) => (
            <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
              <span className="min-w-0 flex-1 basis-40 truncate font-medium">{name}</span>
              {state.kind === 'failed' ? (
                <span className="min-w-0 break-words text-bad text-xs">{state.message}</span>
              ) : (
                <Progress
                  value={state.kind === 'sending' && size > 0 ? state.sent / size : 0}
                  label={`Sent of ${name}`}
                  className="w-32"
                />
              )}
              <span className="w-20 text-right text-muted text-xs">{bytes(size)}</span>
              <IconButton
                size="sm"
                label={state.kind === 'failed' ? `Forget ${name}` : `Stop sending ${name}`}
                onClick={() => sending.forget(name)}
                icon={<X aria-hidden className="size-3.5" />}
              />
            </li>
          ))}
          {still.slice(0, shownFiles).map(({ name, bytes: size }) => (
            <li key={name} className="flex items-center gap-3 py-1.5">
              <CheckCircle2 aria-hidden className="size-3.5 shrink-0 text-good" />
              <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
              <span className="w-20 text-right text-muted text-xs">{bytes(size)}</span>
              <IconButton
                size="sm"
                label={`Remove ${name}`}
                busy={remove.isPending && remove.variables?.name === name}
                onClick={() => upload && remove.mutate({ uploadId: upload.id, name })}
                icon={<X aria-hidden className="size-3.5" />}
              />
            </li>
          ))}
          {still.length > shownFiles && <li className="py-1.5 text-faint">and {still.length - shownFiles} more</li>}
        </ul>
      )}
      {still.length > 0 && !upload?.preview && (
        <div className="mt-3 flex items-center gap-3">
          <Button
            variant="primary"
            busy={reading || (upload?.state === 'inspecting' && !upload.preview)}
            disabled={sending.busy}
            onClick={onRead}
          >
            Read them
          </Button>
          <span className="text-muted">
            {noRunner
              ? 'No runner is online: the files wait until one reads them.'
              : 'A runner looks at the first rows, then reads all of it.'}
          </span>
        </div>
      )}
    </Panel>
  );
}
