'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { buttonClass } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Feedback.tsx';
import { AuthCard } from './AuthCard.tsx';

/** What stands there while a link is looked at, and what does where it is not good. */
export function LinkChecking({ title }: { title: string }) {
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

export function LinkRefused({ title, message, children }: { title: string; message: string; children?: ReactNode }) {
  return (
    <AuthCard title={title} lead={<span role="alert">{message}</span>}>
      {children}
      <Link href="/sign-in" className={buttonClass('secondary', 'lg', 'w-full')}>
        Go to sign-in
      </Link>
    </AuthCard>
  );
}
