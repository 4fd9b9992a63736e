'use client';
import { may } from '@twostage/core/access/roles';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { PasswordLink } from '../../server/contracts/people.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorState, SkeletonRows } from '../../ui/Feedback.tsx';
import { plural } from '../../ui/format.ts';
import { PageHeader } from '../../ui/PageHeader.tsx';
import { useMe } from '../shell/AppShell.tsx';
import { AddPersonDialog } from './AddPersonDialog.tsx';
import { LinkDialog } from './LinkDialog.tsx';
import { PeopleTable } from './PeopleTable.tsx';

/** A one-time link and whose it is: shown once, right after it was made. */
export interface NewLink {
  name: string;
  link: PasswordLink;
}

export function PeoplePage() {
  const me = useMe();
  const trpc = useTRPC();
  const people = useQuery(trpc.people.list.queryOptions());
  const [adding, setAdding] = useState(false);
  const [newLink, setNewLink] = useState<NewLink | null>(null);
  const mayManage = may({ userId: me.id, role: me.role }, { kind: 'people.manage' });
  return (
    <>
      <PageHeader
        title="People"
        meta={
          people.data && (
            <>
              {plural(people.data.filter((person) => person.active).length, 'person', 'people')}
              {!mayManage && '. An admin adds people and sets roles.'}
            </>
          )
        }
        actions={
          mayManage && (
            <Button
              variant="primary"
              onClick={() => setAdding(true)}
              icon={<UserPlus aria-hidden className="size-3.5" />}
            >
              Add a person
            </Button>
          )
        }
      />
      <section
        aria-label="List of people"
        className="overflow-hidden rounded-lg border border-line bg-surface shadow-flat"
      >
        {people.isPending && <SkeletonRows rows={4} label="Loading the people" />}
        {people.isError && (
          <ErrorState
            title="The people could not be loaded"
            message={people.error.message}
            onRetry={() => void people.refetch()}
          />
        )}
        {people.data && <PeopleTable people={people.data} mayManage={mayManage} onLink={setNewLink} />}
      </section>
      <RoleLegend />
      <AddPersonDialog open={adding} onOpenChange={setAdding} onLink={setNewLink} />
      <LinkDialog newLink={newLink} onClose={() => setNewLink(null)} />
    </>
  );
}

const roleMeanings = [
  ['viewer', 'reads everything'],
  ['member', 'also launches runs, cancels their own, registers data'],
  ['approver', 'a member whose approval counts'],
  ['admin', 'also manages people and cancels any run'],
] as const;

const RoleLegend = () => (
  <dl className="mt-3 flex flex-wrap gap-x-6 gap-y-1 text-xs">
    {roleMeanings.map(([role, meaning]) => (
      <div key={role} className="flex gap-1.5">
        <dt className="font-medium text-muted">{role}</dt>
        <dd className="text-faint">{meaning}</dd>
      </div>
    ))}
  </dl>
);
