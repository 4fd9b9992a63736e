'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { type RegisterDatasetInput, registerDatasetInput } from '../../server/contracts/datasets.ts';
import { fieldIssues, useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { Field, Input } from '../../ui/Field.tsx';
import { FolderBrowser } from './FolderBrowser.tsx';

/** Makes a folder known; a runner then reads it and says what is in it. */
export function RegisterDatasetDialog({
  open,
  onOpenChange,
  dataRoots,
  onRegistered,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  dataRoots: readonly string[];
  onRegistered?: (id: string) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { register, handleSubmit, formState, setError, reset, watch, setValue, getValues } =
    useForm<RegisterDatasetInput>({
      resolver: zodResolver(registerDatasetInput),
      defaultValues: { name: '', path: '' },
    });
  const add = useMutation(
    trpc.datasets.register.mutationOptions({
      onSuccess: (dataset, { name }) => {
        toast.success(`“${name}” is being inspected`);
        void queryClient.invalidateQueries(trpc.datasets.list.pathFilter());
        reset();
        onOpenChange(false);
        onRegistered?.(dataset.id);
      },
      onError: (error) => {
        for (const { field, message } of fieldIssues(error)) {
          if (field === 'name' || field === 'path') setError(field, { message }, { shouldFocus: true });
        }
      },
    }),
  );
  const { errors } = formState;
  const unplaced = add.isError && !errors.name && !errors.path;
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Register a folder"
      description="One CSV or Parquet file a symbol. Nothing is copied: the runner reads the folder where it is."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Close</Button>
          <Button type="submit" form="register-dataset" variant="primary" busy={add.isPending}>
            Register
          </Button>
        </>
      }
    >
      <form
        id="register-dataset"
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.stopPropagation();
          void handleSubmit((values) => add.mutate(values))(event);
        }}
      >
        {unplaced && <Callout tone="bad">{add.error.message}</Callout>}
        <Field label="Name" error={errors.name?.message}>
          {(wiring) => <Input {...wiring} {...register('name')} placeholder="US large caps" autoComplete="off" />}
        </Field>
        <Field
          label="Folder"
          error={errors.path?.message}
          help={
            dataRoots.length > 0 ? (
              <>Absolute, and below {[...new Set(dataRoots)].join(' or ')}</>
            ) : (
              'Absolute, as the runner sees it'
            )
          }
        >
          {(wiring) => (
            <Input
              {...wiring}
              {...register('path')}
              placeholder={dataRoots[0] && `${dataRoots[0]}/…`}
              autoComplete="off"
              className="font-mono text-xs"
            />
          )}
        </Field>
        <FolderBrowser
          chosen={watch('path')}
          onChoose={(folder) => {
            setValue('path', folder, { shouldValidate: true });
            if (getValues('name') === '') setValue('name', folder.split('/').at(-1) ?? '');
          }}
        />
      </form>
    </Dialog>
  );
}
