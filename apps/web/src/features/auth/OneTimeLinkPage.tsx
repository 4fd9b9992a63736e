'use client';
import type { UseMutationResult } from '@tanstack/react-query';
import Link from 'next/link';
import { type ReactNode, useEffect } from 'react';
import { buttonClass } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Feedback.tsx';
import { AuthCard } from './AuthCard.tsx';
import { useToken } from './useToken.ts';

/** A page that opens with a one-time link: its token is looked at, then what it opens is shown. */
export function OneTimeLinkPage<Found>({
  title,
  withoutToken,
  check,
  children,
}: {
  title: string;
  /** What is said to those who come without a token. */
  withoutToken: string;
  check: UseMutationResult<Found, { message: string }, { token: string }>;
  children: (token: string, found: Found) => ReactNode;
}) {
  const token = useToken();
  const { mutate, isError, isSuccess, error, data } = check;
  useEffect(() => {
    if (token) mutate({ token });
  }, [token, mutate]);

  if (token === null) return <Refused title={title} message={withoutToken} />;
  if (isError) return <Refused title={title} message={error.message} />;
  if (!token || !isSuccess) return <Checking title={title} />;
  return children(token, data);
}

function Checking({ title }: { title: string }) {
  return (
    <AuthCard title={title} lead="Looking at the link …">
      <div role="status" aria-label="Looking at the link" className="space-y-4">
        <Skeleton className="h-9" />
        <Skeleton className="h-9" />
        <Skeleton className="h-10" />
      </div>
    </AuthCard>
  );
}

function Refused({ title, message }: { title: string; message: string }) {
  return (
    <AuthCard title={title} lead={<span role="alert">{message}</span>}>
      <Link href="/sign-in" className={buttonClass('secondary', 'lg', 'w-full')}>
        Go to sign-in
      </Link>
    </AuthCard>
  );
}
