'use client';
import { may } from '@twostage/core/access/roles';
import { useRouter } from 'next/navigation';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { useShortcuts } from '../../ui/useShortcuts.ts';
import { usePlansWatch } from '../plans/usePlansWatch.ts';
import { liveSocket } from '../runs/live/socket.ts';
import { mainContentId } from './links.ts';
import { ShortcutsDialog } from './ShortcutsDialog.tsx';
import { type SignedIn, TopBar } from './TopBar.tsx';

const MeContext = createContext<SignedIn | null>(null);

/** Who is signed in, below the shell. */
export function useMe(): SignedIn {
  const me = useContext(MeContext);
  if (!me) throw new Error('useMe stands below AppShell only');
  return me;
}

/** Navigation and shortcuts around every page of those who are signed in. */
export function AppShell({ me, children }: { me: SignedIn; children: ReactNode }) {
  const [help, setHelp] = useState(false);
  const router = useRouter();
  // Connected while the page still loads its data, so that what is live shows at once.
  useEffect(() => {
    liveSocket();
  }, []);
  usePlansWatch();
  useShortcuts({
    n: () => may({ userId: me.id, role: me.role }, { kind: 'run.start' }) && router.push('/runs/new'),
    r: () => router.push('/runs'),
    p: () => router.push('/plans'),
    '?': () => setHelp(true),
    '/': () => document.querySelector<HTMLElement>('[data-page-filter]')?.focus(),
  });
  return (
    <MeContext value={me}>
      <a
        href={`#${mainContentId}`}
        className="fixed top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 font-medium text-accent-ink focus:translate-y-0"
      >
        Skip to content
      </a>
      <TopBar me={me} onHelp={() => setHelp(true)} />
      <main id={mainContentId} tabIndex={-1} className="mx-auto max-w-[1680px] px-3 pt-4 pb-16 outline-none sm:px-6">
        {children}
      </main>
      <ShortcutsDialog open={help} onOpenChange={setHelp} />
    </MeContext>
  );
}
