'use client';
import { may, type Role } from '@twostage/core/access/roles';
import { Keyboard, Plus } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { buttonClass, IconButton } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Mark } from '../../ui/Logo.tsx';
import { isCurrent, links } from './links.ts';
import { InboxCount } from '../plans/InboxCount.tsx';
import { RunnerStatus } from './RunnerStatus.tsx';
import { UserMenu } from './UserMenu.tsx';

export interface SignedIn {
  id: string;
  name: string;
  email: string;
  role: Role;
}

export function TopBar({ me, onHelp }: { me: SignedIn; onHelp: () => void }) {
  const path = usePathname();
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-surface/90 backdrop-blur supports-[backdrop-filter]:bg-surface/80">
      <div className="mx-auto flex h-12 max-w-[1680px] items-center gap-1 px-3 sm:gap-2 sm:px-6">
        <Link href="/runs" className="mr-1 flex items-center gap-2 rounded font-semibold text-base sm:mr-3">
          <Mark className="size-6" />
          <span className="max-sm:sr-only">twostage</span>
        </Link>
        <nav aria-label="Main" className="flex items-center gap-0.5">
          {links.map(({ href, label, icon: Icon }) => (
            <Link
              key={href}
              href={href}
              aria-current={isCurrent(href, path) ? 'page' : undefined}
              className={cx(
                'flex h-8 items-center gap-1.5 rounded-md px-2 font-medium transition-colors sm:px-2.5',
                isCurrent(href, path) ? 'bg-hover text-ink' : 'text-muted hover:bg-hover hover:text-ink',
              )}
            >
              <Icon aria-hidden className="size-3.5 max-sm:hidden" />
              {label}
              {href === '/plans' && <InboxCount />}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-1 sm:gap-2">
          <RunnerStatus />
          {may({ userId: me.id, role: me.role }, { kind: 'run.start' }) && (
            <Link href="/runs/new" className={buttonClass('primary', 'md', 'max-sm:px-2')} title="New run (n)">
              <Plus aria-hidden className="size-4" />
              <span className="max-sm:sr-only">New run</span>
            </Link>
          )}
          <IconButton
            label="Keyboard shortcuts (?)"
            onClick={onHelp}
            className="max-md:hidden"
            icon={<Keyboard aria-hidden className="size-4" />}
          />
          <UserMenu me={me} />
        </div>
      </div>
    </header>
  );
}
