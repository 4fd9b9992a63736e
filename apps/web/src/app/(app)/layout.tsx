import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { type ReactNode, Suspense } from 'react';
import { AppShell } from '../../features/shell/AppShell.tsx';
import { currentPerson } from '../../server/pages.ts';

/** Pages for those who are signed in. */
export default async function SignedInLayout({ children }: { children: ReactNode }) {
  const me = await currentPerson();
  if (!me) {
    // A link that was shared opens after signing in; the parameter is the router's own.
    const wanted = withoutRouterParameter((await headers()).get('x-twostage-path') ?? '/');
    redirect(wanted === '/runs' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(wanted)}`);
  }
  return (
    <AppShell me={me}>
      <Suspense>{children}</Suspense>
    </AppShell>
  );
}

function withoutRouterParameter(address: string): string {
  const url = new URL(address, 'http://localhost');
  url.searchParams.delete('_rsc');
  return url.pathname + url.search;
}
