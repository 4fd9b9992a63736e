'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { useMutation } from '@tanstack/react-query';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { passwordSchema } from '../../server/contracts/people.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { Field } from '../../ui/Field.tsx';
import { AuthCard } from './AuthCard.tsx';
import { signIn } from './session.ts';
import { OneTimeLinkPage } from './OneTimeLinkPage.tsx';
import { PasswordInput } from './PasswordInput.tsx';

const schema = z
  .object({ password: passwordSchema, again: z.string() })
  .refine(({ password, again }) => password === again, {
    path: ['again'],
    message: 'this is not the same password',
  });
type Values = z.infer<typeof schema>;
const title = 'Welcome';

/** Whoever holds a one-time link of an admin sets their own password. */
export function WelcomePage() {
  const trpc = useTRPC();
  const check = useMutation(trpc.setup.checkPasswordLink.mutationOptions());
  return (
    <OneTimeLinkPage
      title={title}
      withoutToken="This page opens with a one-time link. An admin can give you one."
      check={check}
    >
      {(token, { name, email }) => <PasswordForm token={token} name={name} email={email} />}
    </OneTimeLinkPage>
  );
}

function PasswordForm({ token, name, email }: { token: string; name: string; email: string }) {
  const trpc = useTRPC();
  const set = useMutation(trpc.setup.setPassword.mutationOptions());
  const { register, handleSubmit, formState } = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { password: '', again: '' },
  });
  const { errors } = formState;
  const submit = handleSubmit(async ({ password }) => {
    await set.mutateAsync({ token, password });
    const refused = await signIn(email, password);
    window.location.assign(refused ? `/sign-in?email=${encodeURIComponent(email)}` : '/runs');
  });
  return (
    <AuthCard title={`${title}, ${name}`} lead={<>Set a password for {email}. Other sessions of yours end.</>}>
      <form onSubmit={(event) => void submit(event).catch(() => undefined)} noValidate className="space-y-4">
        {set.isError && <Callout tone="bad">{set.error.message}</Callout>}
        <input type="email" value={email} readOnly autoComplete="username" hidden />
        <Field label="Password" help="At least 12 characters." error={errors.password?.message}>
          {(wiring) => <PasswordInput {...wiring} {...register('password')} autoComplete="new-password" autoFocus />}
        </Field>
        <Field label="Password again" error={errors.again?.message}>
          {(wiring) => <PasswordInput {...wiring} {...register('again')} autoComplete="new-password" />}
        </Field>
        <Button
          type="submit"
          variant="primary"
          size="lg"
          className="w-full"
          busy={formState.isSubmitting || set.isSuccess}
        >
          Set the password
        </Button>
      </form>
    </AuthCard>
  );
}
