'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import type { z } from 'zod';
import { createFirstAdminInput } from '../../server/contracts/people.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { Field, Input } from '../../ui/Field.tsx';
import { AuthCard } from './AuthCard.tsx';
import { signIn } from './session.ts';
import { OneTimeLinkPage } from './OneTimeLinkPage.tsx';
import { PasswordInput } from './PasswordInput.tsx';

const schema = createFirstAdminInput.omit({ token: true });
type Values = z.infer<typeof schema>;
const title = 'Set up twostage';

/** The first admin, made by whoever holds the link that the start command printed. */
export function SetupPage() {
  const trpc = useTRPC();
  const check = useMutation(trpc.setup.checkSetupLink.mutationOptions());
  return (
    <OneTimeLinkPage
      title={title}
      withoutToken="This page opens with the one-time link that the start command prints in the terminal."
      check={check}
    >
      {(token) => <FirstAdminForm token={token} />}
    </OneTimeLinkPage>
  );
}

function FirstAdminForm({ token }: { token: string }) {
  const trpc = useTRPC();
  const create = useMutation(trpc.setup.createFirstAdmin.mutationOptions());
  const { register, handleSubmit, formState } = useForm<Values>({ resolver: zodResolver(schema) });
  const { errors } = formState;
  const submit = handleSubmit(async (values) => {
    await create.mutateAsync({ ...values, token });
    const refused = await signIn(values.email, values.password);
    window.location.assign(refused ? `/sign-in?email=${encodeURIComponent(values.email)}` : '/runs');
  });
  return (
    <AuthCard title={title} lead="You are the first here. This account is an admin: it adds the others.">
      <form onSubmit={(event) => void submit(event).catch(() => undefined)} noValidate className="space-y-4">
        {create.isError && <Callout tone="bad">{create.error.message}</Callout>}
        <Field label="Name" error={errors.name?.message}>
          {(wiring) => <Input {...wiring} {...register('name')} autoComplete="name" autoFocus className="h-9" />}
        </Field>
        <Field label="E-mail address" error={errors.email?.message}>
          {(wiring) => (
            <Input {...wiring} {...register('email')} type="email" autoComplete="username" className="h-9" />
          )}
        </Field>
        <Field label="Password" help="At least 12 characters." error={errors.password?.message}>
          {(wiring) => <PasswordInput {...wiring} {...register('password')} autoComplete="new-password" />}
        </Field>
        <Button
          type="submit"
          variant="primary"
          size="lg"
          className="w-full"
          busy={formState.isSubmitting || create.isSuccess}
        >
          Create the admin account
        </Button>
      </form>
    </AuthCard>
  );
}
