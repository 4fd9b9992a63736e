import type { ReactNode } from 'react';
import { Mark } from '../../ui/Logo.tsx';

/** The frame of pages for those who are not signed in. */
export function AuthCard({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[12vh] pb-12">
      <div className="mb-6 flex items-center gap-2.5">
        <Mark className="size-8" />
        <span className="font-semibold text-xl tracking-tight">twostage</span>
      </div>
      <div className="w-full max-w-sm rounded-xl border border-line bg-surface p-6 shadow-flat">
        <h1 className="font-semibold text-lg">{title}</h1>
        <div className="mt-1 mb-5 text-muted text-sm">{lead}</div>
        {children}
      </div>
    </main>
  );
}
