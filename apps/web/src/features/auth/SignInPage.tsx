'use client';
import { zodResolver } from '@hookform/resolvers/zod';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { emailSchema } from '../../server/contracts/people.ts';
import { Button } from '../../ui/Button.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { Field, Input } from '../../ui/Field.tsx';
import { AuthCard } from './AuthCard.tsx';
import { signIn } from './session.ts';
import { PasswordInput } from './PasswordInput.tsx';
import { safeNext } from './safeNext.ts';

const schema = z.object({ email: emailSchema, password: z.string().min(1, 'a password is needed') });
type Values = z.infer<typeof schema>;

export function SignInPage() {
  const params = useSearchParams();
  const [refusal, setRefusal] = useState<string | null>(null);
  const { register, handleSubmit, formState } = useForm<Values>({
    resolver: zodResolver(schema),
    defaultValues: { email: params.get('email') ?? '', password: '' },
  });
  const submit = handleSubmit(async ({ email, password }) => {
    setRefusal(null);
    const refused = await signIn(email, password);
    if (refused) setRefusal(refused);
    else window.location.assign(safeNext(params.get('next')));
  });
  const { errors, isSubmitting, isSubmitSuccessful } = formState;
  return (
    <AuthCard title="Sign in" lead="Train, watch, compare.">
      <form onSubmit={submit} noValidate className="space-y-4">
        {refusal && <Callout tone="bad">{refusal}</Callout>}
        <Field label="E-mail address" error={errors.email?.message}>
          {(wiring) => (
            <Input {...wiring} {...register('email')} type="email" autoComplete="username" autoFocus className="h-9" />
          )}
        </Field>
        <Field label="Password" error={errors.password?.message}>
          {(wiring) => <PasswordInput {...wiring} {...register('password')} autoComplete="current-password" />}
        </Field>
        <Button
          type="submit"
          variant="primary"
          size="lg"
          className="w-full"
          busy={isSubmitting || (isSubmitSuccessful && !refusal)}
        >
          Sign in
        </Button>
        <p className="text-faint text-xs">
          No account, or the password is lost? An admin can give you a one-time link.
        </p>
      </form>
    </AuthCard>
  );
}
