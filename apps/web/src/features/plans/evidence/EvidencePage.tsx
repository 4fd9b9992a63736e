'use client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { may } from '@twostage/core/access/roles';
import { familyIds } from '@twostage/core/families/family';
import { defaultPolicy } from '@twostage/core/plans/policy';
import { parseTargetName } from '@twostage/core/runs/targets';
import { Lock, Microscope } from 'lucide-react';
import Link from 'next/link';
import { useRouter, useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { FeatureSetOptions } from '../FeatureSetOptions.tsx';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button } from '../../../ui/Button.tsx';
import { Callout, EmptyState, ErrorState, Skeleton } from '../../../ui/Feedback.tsx';
import { Field, Input, inputClass, Select } from '../../../ui/Field.tsx';
import { plural } from '../../../ui/format.ts';
import { MultiPick } from '../../../ui/MultiPick.tsx';
import { PageHeader } from '../../../ui/PageHeader.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { useMe } from '../../shell/AppShell.tsx';
import { PolicyForm } from './PolicyForm.tsx';
import { policyFaults } from './policyForm.ts';

/** Asks a runner to measure data and make a plan of what it finds. */
export function EvidencePage() {
  const me = useMe();
  const trpc = useTRPC();
  const router = useRouter();
  const asked = useSearchParams().get('dataset');
  const datasets = useQuery(trpc.datasets.list.queryOptions());
  const ready = (datasets.data?.datasets ?? []).filter(({ state }) => state === 'ready');
  const [chosen, setChosen] = useState<string | null>(asked);
  const datasetId = ready.find(({ id }) => id === chosen)?.id ?? ready[0]?.id ?? '';
  const dataset = useQuery({ ...trpc.datasets.get.queryOptions({ datasetId }), enabled: datasetId !== '' });
  const [targets, setTargets] = useState('fwd_ret_1d fwd_ret_5d fwd_ret_20d');
  const [symbols, setSymbols] = useState<string[]>([]);
  const [families, setFamilies] = useState<(typeof familyIds)[number][]>([]);
  const [features, setFeatures] = useState<'auto' | 'alpha158' | 'basic' | 'given'>('auto');
  const [seed, setSeed] = useState(42);
  const [policy, setPolicy] = useState(defaultPolicy);
  const start = useMutation(
    trpc.planBuilds.request.mutationOptions({ onSuccess: ({ buildId }) => router.push(`/plans/builds/${buildId}`) }),
  );
  if (!may({ userId: me.id, role: me.role }, { kind: 'plan.draft' }))
    return (
      <EmptyState icon={<Lock aria-hidden />} title="Your role reads only">
        Members draft plans; you are {me.role}.
      </EmptyState>
    );
  if (datasets.isError)
    return (
      <ErrorState
        title="The form could not be prepared"
        message={datasets.error.message}
        onRetry={() => void datasets.refetch()}
      />
    );
  if (datasets.isPending) return <Skeleton className="h-96" />;
  const named = targets.split(/[\s,]+/).filter(Boolean);
  const columns = dataset.data?.targetColumns ?? [];
  const wrong = named.find((target) => !parseTargetName(target) && !columns.includes(target));
  const targetFault =
    named.length === 0
      ? 'name at least one target'
      : wrong !== undefined && dataset.data
        ? `${wrong} is neither a column of the data nor fwd_ret_{k}d, fwd_ret_{k}b (fwd_excess_, fwd_volret_, fwd_dir_ alike)`
        : undefined;
  const places = named.length * (1 + (symbols.length > 0 ? symbols.length : (dataset.data?.symbols.length ?? 0)));
  return (
    <form
      aria-label="Build a plan from evidence"
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate({ datasetId, request: { targets: named, symbols, families, features, seed, policy } });
      }}
    >
      <p className="text-muted text-xs">
        <Link href="/plans" className="rounded hover:text-ink">
          Plans
        </Link>{' '}
        /
      </p>
      <PageHeader
        title="Build a plan from evidence"
        meta="Quick models are fitted to every target, on all symbols and on each, walk-forward, and again on the target turned round in time, which shows what chance finds. What stands out is routed to training."
      />
      {start.isError && <Callout tone="bad">{start.error.message}</Callout>}
      <Panel title="What is measured">
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
          <Field label="Dataset">
            {(wiring) => (
              <Select
                {...wiring}
                value={datasetId}
                onChange={(event) => {
                  setChosen(event.target.value);
                  setSymbols([]);
                }}
              >
                {ready.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label="Features">
            {(wiring) => (
              <Select
                {...wiring}
                value={features}
                onChange={(event) => setFeatures(event.target.value as typeof features)}
              >
                <FeatureSetOptions />
              </Select>
            )}
          </Field>
          <Field
            label="Targets"
            className="sm:col-span-2"
            {...(targetFault !== undefined && { error: targetFault })}
            help={
              columns.length > 0
                ? `Columns of the data: ${columns.join(', ')}`
                : 'Forward returns of any number of days or bars'
            }
          >
            {(wiring) => (
              <textarea
                {...wiring}
                rows={2}
                value={targets}
                onChange={(event) => setTargets(event.target.value)}
                className={inputClass(targetFault !== undefined, 'h-auto py-1.5 font-mono text-xs')}
              />
            )}
          </Field>
          <div className="flex flex-wrap items-end gap-2">
            <MultiPick
              label="Symbols"
              options={(dataset.data?.symbols ?? []).map((symbol) => ({ value: symbol, label: symbol }))}
              selected={symbols}
              onChange={setSymbols}
              searchable
            />
            <MultiPick
              label="Families"
              options={familyIds.map((id) => ({ value: id, label: id }))}
              selected={families}
              onChange={setFamilies}
            />
            <span className="text-faint text-xs">none chosen: all</span>
          </div>
          <Field label="Seed">
            {(wiring) => (
              <Input
                {...wiring}
                type="number"
                min={0}
                step={1}
                value={Number.isNaN(seed) ? '' : seed}
                onChange={(event) => setSeed(event.target.valueAsNumber)}
              />
            )}
          </Field>
        </div>
      </Panel>
      <PolicyForm policy={policy} onChange={setPolicy} />
      <div className="flex flex-wrap items-center gap-3">
        <Button
          type="submit"
          variant="primary"
          size="lg"
          busy={start.isPending || start.isSuccess}
          disabled={
            datasetId === '' ||
            targetFault !== undefined ||
            Number.isNaN(seed) ||
            Object.keys(policyFaults(policy)).length > 0
          }
          icon={<Microscope aria-hidden className="size-4" />}
        >
          Build the plan
        </Button>
        <span className="text-muted">
          {plural(places, 'place')} to be measured: each target on all symbols, and on each
        </span>
      </div>
    </form>
  );
}
