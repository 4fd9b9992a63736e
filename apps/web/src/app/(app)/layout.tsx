import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type ReactNode, Suspense } from 'react';
import { AppShell } from '../../features/shell/AppShell.tsx';
import { currentPerson } from '../../server/pages.ts';

/** Pages for those who are signed in. */
export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const me = await currentPerson();
  if (!me) {
    const wanted = (await headers()).get('x-twostage-path');
    redirect(wanted ? `/sign-in?next=${encodeURIComponent(wanted)}` : '/sign-in');
  }
  return (
    <AppShell me={me}>
      <Suspense>{children}</Suspense>
    </AppShell>
  );
}
