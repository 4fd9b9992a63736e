'use client';
import { CircleUser, LogOut } from 'lucide-react';
import { useTheme } from 'next-themes';
import { IconButton } from '../../ui/Button.tsx';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '../../ui/Menu.tsx';
import { signOut } from '../auth/session.ts';
import type { SignedIn } from './TopBar.tsx';

export function UserMenu({ me }: { me: SignedIn }) {
  const { theme, setTheme } = useTheme();
  return (
    <Menu>
      <MenuTrigger asChild>
        <IconButton label={`Account: ${me.name}`} icon={<CircleUser aria-hidden className="size-4.5" />} />
      </MenuTrigger>
      <MenuContent>
        <div className="max-w-64 px-2 py-1.5">
          <p className="truncate font-medium">{me.name}</p>
          <p className="truncate text-muted text-xs">{me.email}</p>
          <p className="mt-0.5 text-faint text-xs">Role: {me.role}</p>
        </div>
        <MenuSeparator />
        <MenuLabel>Theme</MenuLabel>
        <MenuRadioGroup value={theme ?? 'system'} onValueChange={setTheme}>
          <MenuRadioItem value="system">System</MenuRadioItem>
          <MenuRadioItem value="light">Light</MenuRadioItem>
          <MenuRadioItem value="dark">Dark</MenuRadioItem>
        </MenuRadioGroup>
        <MenuSeparator />
        <MenuItem icon={<LogOut aria-hidden />} onSelect={() => void signOut()}>
          Sign out
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
