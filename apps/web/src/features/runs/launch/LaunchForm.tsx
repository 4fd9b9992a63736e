'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useRef, useState } from 'react';
import { FormProvider, type Resolver, set as setAt, useForm, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import type { DatasetRow } from '../../../server/contracts/datasets.ts';
import { fieldIssues, useTRPC } from '../../../trpc/client.tsx';
import { PageHeader } from '../../../ui/PageHeader.tsx';
import { DatasetSection } from './DatasetSection.tsx';
import { FamiliesSection } from './FamiliesSection.tsx';
import { placeOf } from './formErrors.ts';
import { LaunchSummary } from './LaunchSummary.tsx';
import { type LaunchValues, launchIssues, offerOf, startInput } from './launchForm.ts';
import { NameSection } from './NameSection.tsx';
import { OwnFeaturesSection } from './OwnFeaturesSection.tsx';
import { ParametersSection } from './ParametersSection.tsx';
import { SettingsSection } from './SettingsSection.tsx';
import { SymbolsSection } from './SymbolsSection.tsx';
import { TargetsSection } from './TargetsSection.tsx';

const resolverOf =
  (datasets: readonly DatasetRow[]): Resolver<LaunchValues> =>
  (values) => {
    const issues = launchIssues(values, symbolsOf(datasets, values.datasetId));
    if (issues.length === 0) return { values, errors: {} };
    const errors = {};
    for (const { path, message } of issues) setAt(errors, path, { type: 'custom', message });
    return { values: {}, errors };
  };

/** How many symbols the dataset has; null while that is not known. */
const symbolsOf = (datasets: readonly DatasetRow[], datasetId: string): number | null =>
  datasets.find(({ id }) => id === datasetId)?.symbolCount ?? null;

export function LaunchForm({
  initial,
  clonedFrom,
  datasets,
  dataRoots,
}: {
  initial: LaunchValues;
  clonedFrom: { number: number; name: string } | null;
  datasets: readonly DatasetRow[];
  dataRoots: readonly string[];
}) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const router = useRouter();
  const element = useRef<HTMLFormElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const form = useForm<LaunchValues>({
    defaultValues: initial,
    resolver: resolverOf(datasets),
  });
  const [datasetId, symbols, targets, scope] = useWatch({
    control: form.control,
    name: ['datasetId', 'config.symbols', 'config.targets', 'config.scope'],
  });
  const datasetSymbols = symbolsOf(datasets, datasetId);
  const offer = offerOf({ symbols, targets, scope }, datasetSymbols);
  const start = useMutation(
    trpc.runs.start.mutationOptions({
      onSuccess: (run) => {
        toast.success('Launched');
        void queryClient.invalidateQueries(trpc.runs.list.pathFilter());
        router.push(`/runs/${run.id}`);
      },
      onError: (error) => {
        const unplaced: string[] = [];
        for (const issue of fieldIssues(error)) {
          const place = placeOf(issue);
          if (place) form.setError(place, { type: 'server', message: issue.message });
          else unplaced.push(issue.message);
        }
        if (unplaced.length > 0 || fieldIssues(error).length === 0) setRefusal(unplaced.join('; ') || error.message);
        scrollToFirstError(element.current);
      },
    }),
  );
  const submit = form.handleSubmit(
    (values) => {
      setRefusal(null);
      start.mutate(startInput(values, symbolsOf(datasets, values.datasetId)));
    },
    () => scrollToFirstError(element.current),
  );
  const latest = useRef(submit);
  useEffect(() => {
    latest.current = submit;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      if (document.querySelector('[role=dialog]')) return;
      event.preventDefault();
      void latest.current();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  return (
    <FormProvider {...form}>
      <PageHeader
        title="New run"
        meta={
          clonedFrom ? `Configured like #${clonedFrom.number} ${clonedFrom.name}` : 'CPU stage first, then GPU stage.'
        }
      />
      <form
        ref={element}
        onSubmit={submit}
        noValidate
        aria-label="New run"
        className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_20rem] xl:grid-cols-[minmax(0,1fr)_24rem]"
      >
        <div className="min-w-0 space-y-4">
          <NameSection datasets={datasets} keepName={clonedFrom !== null} />
          <DatasetSection datasets={datasets} dataRoots={dataRoots} />
          <SymbolsSection />
          <TargetsSection />
          <OwnFeaturesSection />
          <FamiliesSection offer={offer} />
          <ParametersSection offer={offer} />
          <SettingsSection datasets={datasets} />
        </div>
        <LaunchSummary datasets={datasets} offer={offer} busy={start.isPending || start.isSuccess} refusal={refusal} />
      </form>
    </FormProvider>
  );
}

/** After the messages are drawn. */
function scrollToFirstError(form: HTMLFormElement | null): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      const message = form?.querySelector('[role=alert]');
      message?.closest('details')?.setAttribute('open', '');
      message?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    }),
  );
}
