'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import type { PlanDetail, PlanVersionDetail } from '../../server/contracts/plans.ts';
import { useTRPC } from '../../trpc/client.tsx';
import { buttonClass } from '../../ui/Button.tsx';
import { CopyButton } from '../../ui/CopyButton.tsx';
import { Select } from '../../ui/Field.tsx';
import { ago, dateTime } from '../../ui/format.ts';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../../ui/Menu.tsx';
import { useNow } from '../../ui/useNow.ts';
import { countsText, VersionStateBadge, versionPath } from './planParts.tsx';
import { ReviewBar } from './ReviewBar.tsx';

/** What a version is, who wrote and decided it, and what may be done with it. */
export function VersionHeader({ version, plan }: { version: PlanVersionDetail; plan: PlanDetail }) {
  const router = useRouter();
  const now = useNow(true, 30_000);
  const { author, authors, parent, originRun, state, decidedBy, decidedAt, decisionReason } = version;
  const others = authors.filter(({ id }) => id !== author?.id);
  const decided = state !== 'draft' && state !== 'inReview' && decidedAt !== null;
  return (
    <div className="mb-4 space-y-2">
      <p className="text-muted text-xs">
        <Link href="/plans" className="rounded hover:text-ink">
          Plans
        </Link>{' '}
        /
      </p>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 max-w-full">
          <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <h1 className="min-w-0 break-words font-semibold text-lg leading-7">{version.planName}</h1>
            <Select
              aria-label="Version"
              value={version.number}
              onChange={(event) => router.push(versionPath({ planId: plan.id, number: Number(event.target.value) }))}
              className="h-7 w-auto text-xs"
            >
              {plan.history.map(({ number, state: its }) => (
                <option key={number} value={number}>
                  v{number} ({its === 'inReview' ? 'in review' : its})
                </option>
              ))}
            </Select>
            <span role="status" aria-label="State of the version">
              <VersionStateBadge state={state} />
            </span>
          </div>
          {plan.description && <p className="mt-0.5 max-w-3xl break-words text-muted">{plan.description}</p>}
        </div>
        <div className="ml-auto flex flex-wrap items-center gap-2 max-sm:ml-0">
          <Export version={version} />
          <ReviewBar version={version} />
        </div>
      </div>
      {version.note && <p className="max-w-3xl whitespace-pre-line break-words">“{version.note}”</p>}
      <dl className="flex flex-wrap items-center gap-x-6 gap-y-1 text-sm">
        <Fact name="Jobs">{countsText(version)}</Fact>
        <Fact name="By">
          <span title={dateTime(version.createdAt)}>
            {author?.name ?? 'someone who left'}
            {others.length > 0 && `, with ${others.map(({ name }) => name).join(', ')}`}
            {now > 0 && <span className="text-muted">, {ago(version.createdAt, now)}</span>}
          </span>
        </Fact>
        {parent && (
          <Fact name="After">
            <Link href={versionPath(parent)} className="rounded hover:text-accent">
              {parent.planId === version.planId ? '' : `${parent.planName} `}v{parent.number}
            </Link>
          </Fact>
        )}
        <Fact name="From">
          {originRun ? (
            <Link href={`/runs/${originRun.id}?tab=jobs`} className="rounded hover:text-accent">
              {version.origin}
            </Link>
          ) : (
            version.origin
          )}
        </Fact>
        <Fact name="Data">
          <DatasetChoice version={version} />
        </Fact>
        <Fact name="SHA-256">
          <span className="inline-flex items-center gap-1">
            <code className="text-xs" title={version.hash}>
              {version.hash.slice(0, 12)}
            </code>
            <CopyButton text={version.hash} label="Copy the whole hash" said="Hash copied" size="sm" />
          </span>
        </Fact>
        {state === 'inReview' && version.submittedAt && (
          <Fact name="Submitted">{now > 0 ? ago(version.submittedAt, now) : ''}</Fact>
        )}
        {decided && (
          <Fact name={decidedWord[state] ?? 'Decided'}>
            by {decidedBy?.name ?? 'someone who left'}
            {now > 0 && <span className="text-muted">, {ago(decidedAt, now)}</span>}
            {decisionReason && <span className="text-muted">: {decisionReason}</span>}
          </Fact>
        )}
      </dl>
    </div>
  );
}

const decidedWord: Partial<Record<PlanVersionDetail['state'], string>> = {
  approved: 'Approved',
  superseded: 'Approved',
  rejected: 'Rejected',
  revoked: 'Revoked',
};

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex min-w-0 items-baseline gap-1.5">
    <dt className="shrink-0 text-faint text-xs">{name}</dt>
    <dd className="min-w-0 break-words">{children}</dd>
  </div>
);

/** The data that a draft is about can be chosen; of a version that was submitted they stay. */
function DatasetChoice({ version }: { version: PlanVersionDetail }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const editable = version.may.edit.kind === 'allowed';
  const datasets = useQuery({ ...trpc.datasets.list.queryOptions(), enabled: editable });
  const edit = useMutation(
    trpc.plans.edit.mutationOptions({
      onSuccess: () => void queryClient.invalidateQueries(trpc.plans.pathFilter()),
      onError: (error) => toast.error('Not changed', { description: error.message }),
    }),
  );
  if (!editable) return version.dataset?.name ?? 'none named';
  return (
    <Select
      aria-label="Data of the plan"
      value={version.dataset?.id ?? ''}
      disabled={edit.isPending}
      onChange={(event) =>
        edit.mutate({ versionId: version.id, revision: version.revision, datasetId: event.target.value || null })
      }
      className="h-7 w-auto text-xs"
    >
      <option value="">none named</option>
      {(datasets.data?.datasets ?? []).map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </Select>
  );
}

function Export({ version }: { version: PlanVersionDetail }) {
  const base = `/api/v1/plan-versions/${version.id}`;
  return (
    <Menu>
      <MenuTrigger className={buttonClass()}>
        <Download aria-hidden className="size-3.5" />
        Export
      </MenuTrigger>
      <MenuContent>
        {['master_training_plan.json', 'training_plan.md'].map((file) => (
          <MenuItem key={file} onSelect={() => window.location.assign(`${base}/${file}`)}>
            {file}
          </MenuItem>
        ))}
      </MenuContent>
    </Menu>
  );
}
