'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { roles } from '@twostage/core/access/roles';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import type { z } from 'zod';
import { addPersonInput } from '../../server/contracts/people.ts';
import { fieldIssues, useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { Field, Input, Select } from '../../ui/Field.tsx';
import type { NewLink } from './PeoplePage.tsx';

type Values = z.infer<typeof addPersonInput>;
const names = ['name', 'email', 'role'] as const;

export function AddPersonDialog({
  open,
  onOpenChange,
  onLink,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onLink: (link: NewLink) => void;
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { register, handleSubmit, formState, setError, reset } = useForm<Values>({
    resolver: zodResolver(addPersonInput),
    defaultValues: { name: '', email: '', role: 'member' },
  });
  const add = useMutation(
    trpc.people.add.mutationOptions({
      onSuccess: ({ person, link }) => {
        void queryClient.invalidateQueries(trpc.people.list.pathFilter());
        reset();
        onOpenChange(false);
        onLink({ name: person.name, link });
      },
      onError: (error) => {
        for (const { field, message } of fieldIssues(error)) {
          const name = names.find((known) => known === field);
          if (name) setError(name, { message }, { shouldFocus: true });
        }
      },
    }),
  );
  const { errors } = formState;
  const unplaced = add.isError && !names.some((name) => errors[name]);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Add a person"
      description="You get a one-time link to hand over, by which they set a password."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Close</Button>
          <Button type="submit" form="add-person" variant="primary" busy={add.isPending}>
            Add
          </Button>
        </>
      }
    >
      <form id="add-person" noValidate className="space-y-4" onSubmit={handleSubmit((values) => add.mutate(values))}>
        {unplaced && <Callout tone="bad">{add.error.message}</Callout>}
        <Field label="Name" error={errors.name?.message}>
          {(wiring) => <Input {...wiring} {...register('name')} autoComplete="off" />}
        </Field>
        <Field label="E-mail address" error={errors.email?.message}>
          {(wiring) => <Input {...wiring} {...register('email')} type="email" autoComplete="off" />}
        </Field>
        <Field label="Role" error={errors.role?.message}>
          {(wiring) => (
            <Select {...wiring} {...register('role')}>
              {roles.map((role) => (
                <option key={role} value={role}>
                  {role}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}
