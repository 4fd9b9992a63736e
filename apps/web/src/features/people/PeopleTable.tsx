'use client';
import { type Role, roles } from '@twostage/core/access/roles';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ellipsis, KeyRound, UserCheck, UserX } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import type { Person } from '../../server/contracts/people.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Badge } from '../../ui/Badge.tsx';
import { IconButton } from '../../ui/Button.tsx';
import { ConfirmDialog } from '../../ui/ConfirmDialog.tsx';
import { cx } from '../../ui/cx.ts';
import { Select } from '../../ui/Field.tsx';
import { day } from '../../ui/format.ts';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../../ui/Menu.tsx';
import { useMe } from '../shell/AppShell.tsx';
import type { NewLink } from './PeoplePage.tsx';

export function PeopleTable({
  people,
  mayManage,
  onLink,
}: {
  people: readonly Person[];
  mayManage: boolean;
  onLink: (link: NewLink) => void;
}) {
  const me = useMe();
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">People</caption>
      <thead className="border-line border-b text-left text-muted text-xs">
        <tr>
          <th scope="col" className="px-4 py-2">
            Name
          </th>
          <th scope="col" className="px-3 py-2 max-sm:hidden">
            State
          </th>
          <th scope="col" className="px-3 py-2">
            Role
          </th>
          <th scope="col" className="px-3 py-2 max-md:hidden">
            Since
          </th>
          {mayManage && (
            <th scope="col" className="w-12 px-3 py-2">
              <span className="sr-only">More</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody className="divide-y divide-line">
        {people.map((person) => (
          <tr key={person.id} className={cx(!person.active && 'text-faint')}>
            <th scope="row" className="max-w-0 w-full px-4 py-2 text-left font-normal">
              <span className="block truncate font-medium">
                {person.name} {person.id === me.id && <span className="font-normal text-faint">(you)</span>}
              </span>
              <span className="block truncate text-muted text-xs">{person.email}</span>
              <span className="mt-1 block sm:hidden">
                <StateOf person={person} />
              </span>
            </th>
            <td className="whitespace-nowrap px-3 max-sm:hidden">
              <StateOf person={person} />
            </td>
            <td className="px-3">
              {mayManage && person.active ? <RoleSelect person={person} /> : <span>{person.role}</span>}
            </td>
            <td className="whitespace-nowrap px-3 text-muted max-md:hidden">{day(person.createdAt)}</td>
            {mayManage && (
              <td className="px-3">
                <PersonMenu person={person} isMe={person.id === me.id} onLink={onLink} />
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function StateOf({ person }: { person: Person }) {
  if (!person.active) return <Badge>Deactivated</Badge>;
  return person.hasPassword ? <Badge tone="good">Active</Badge> : <Badge tone="warn">Invited</Badge>;
}

function RoleSelect({ person }: { person: Person }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const setRole = useMutation(
    trpc.people.setRole.mutationOptions({
      onSuccess: (_, { role }) => toast.success(`${person.name} is now ${role}`),
      onError: (error) => toast.error('The role was not changed', { description: error.message }),
      onSettled: () => queryClient.invalidateQueries(trpc.people.list.pathFilter()),
    }),
  );
  return (
    <Select
      aria-label={`Role of ${person.name}`}
      value={setRole.isPending ? setRole.variables.role : person.role}
      disabled={setRole.isPending}
      onChange={(event) => setRole.mutate({ userId: person.id, role: event.target.value as Role })}
      className="w-28"
    >
      {roles.map((role) => (
        <option key={role} value={role}>
          {role}
        </option>
      ))}
    </Select>
  );
}

function PersonMenu({ person, isMe, onLink }: { person: Person; isMe: boolean; onLink: (link: NewLink) => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const [asking, setAsking] = useState(false);
  const settled = () => queryClient.invalidateQueries(trpc.people.list.pathFilter());
  const failed = (error: { message: string }) => toast.error('That was refused', { description: error.message });
  const renew = useMutation(
    trpc.people.renewPasswordLink.mutationOptions({
      onSuccess: (link) => onLink({ name: person.name, link }),
      onError: failed,
    }),
  );
  const deactivate = useMutation(
    trpc.people.deactivate.mutationOptions({
      onSuccess: () => {
        setAsking(false);
        toast.success(`${person.name} was deactivated`);
      },
      onError: failed,
      onSettled: settled,
    }),
  );
  const reactivate = useMutation(
    trpc.people.reactivate.mutationOptions({
      onSuccess: () => toast.success(`${person.name} is active again`),
      onError: failed,
      onSettled: settled,
    }),
  );
  return (
    <>
      <Menu>
        <MenuTrigger asChild>
          <IconButton size="sm" label={`More for ${person.name}`} icon={<Ellipsis aria-hidden className="size-4" />} />
        </MenuTrigger>
        <MenuContent>
          {person.active && (
            <MenuItem icon={<KeyRound aria-hidden />} onSelect={() => renew.mutate({ userId: person.id })}>
              New password link
            </MenuItem>
          )}
          {person.active && !isMe && (
            <MenuItem icon={<UserX aria-hidden />} className="text-bad" onSelect={() => setAsking(true)}>
              Deactivate
            </MenuItem>
          )}
          {!person.active && (
            <MenuItem icon={<UserCheck aria-hidden />} onSelect={() => reactivate.mutate({ userId: person.id })}>
              Reactivate
            </MenuItem>
          )}
        </MenuContent>
      </Menu>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Deactivate ${person.name}?`}
        confirm="Deactivate"
        dismiss="Keep active"
        busy={deactivate.isPending}
        onConfirm={() => deactivate.mutate({ userId: person.id })}
      >
        Their sessions end at once and they cannot sign in. Their runs stay.
      </ConfirmDialog>
    </>
  );
}
