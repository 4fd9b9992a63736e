import { ClipboardList, Database, List, type LucideIcon, Users } from 'lucide-react';

export const mainContentId = 'main';

export const links: readonly { href: string; label: string; icon: LucideIcon }[] = [
  { href: '/runs', label: 'Runs', icon: List },
  { href: '/plans', label: 'Plans', icon: ClipboardList },
  { href: '/data', label: 'Data', icon: Database },
  { href: '/people', label: 'People', icon: Users },
];

/** Whether this link stands for the page that is shown. */
export const isCurrent = (href: string, path: string): boolean => path === href || path.startsWith(`${href}/`);
