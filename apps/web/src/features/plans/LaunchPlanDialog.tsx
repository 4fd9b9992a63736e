'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { trainsSomething } from '@twostage/core/plans/counts';
import { familyIds } from '@twostage/core/families/family';
import { foldSettingsSchema, runConfigSchema } from '@twostage/core/runs/config';
import { useRouter } from 'next/navigation';
import { useId, useMemo, useState } from 'react';
import { toast } from 'sonner';
import type { PlanVersionDetail } from '../../server/contracts/plans.ts';
import { FeatureSetOptions } from './FeatureSetOptions.tsx';
import { useTRPC } from '../../trpc/client.tsx';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Callout } from '../../ui/Feedback.tsx';
import { Field, Input, Select } from '../../ui/Field.tsx';
import { MultiPick } from '../../ui/MultiPick.tsx';
import { estimateJobs } from './editor/estimateJobs.ts';
import { bytes, duration, plural } from '../../ui/format.ts';

const usualFolds = foldSettingsSchema.parse({});
const usual = runConfigSchema.parse({ dataDir: '-' });

/** Starts a run of an approved version. The plan says what is trained; here it may be narrowed, and said how it is judged. */
export function LaunchPlanDialog({ version, onClose }: { version: PlanVersionDetail; onClose: () => void }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useId();
  const datasets = useQuery(trpc.datasets.list.queryOptions());
  const basis = useQuery(trpc.plans.estimateBasis.queryOptions({ versionId: version.id }));
  const ready = (datasets.data?.datasets ?? []).filter(({ state }) => state === 'ready');
  const [name, setName] = useState(`${version.planName} v${version.number}`);
  const [chosen, setChosen] = useState<string | null>(null);
  const own = ready.find(({ id }) => id === (chosen ?? version.dataset?.id));
  const datasetId = own?.id ?? ready[0]?.id ?? '';
  const dataset = useQuery({ ...trpc.datasets.get.queryOptions({ datasetId }), enabled: datasetId !== '' });
  const { allTargets, allFamilies } = useMemo(() => {
    const training = version.plan.jobs.filter(trainsSomething);
    return {
      allTargets: [...new Set(training.map(({ target }) => target))],
      allFamilies: familyIds.filter((family) => training.some((job) => job.model_families.includes(family))),
    };
  }, [version]);
  const [targets, setTargets] = useState<string[]>([]);
  const [symbols, setSymbols] = useState<string[]>([]);
  const [families, setFamilies] = useState<(typeof familyIds)[number][]>([]);
  const [settings, setSettings] = useState({
    ...{ folds: String(usualFolds.count), holdout: '0', seed: String(usual.seed), features: usual.features as string },
  });
  const start = useMutation(
    trpc.runs.start.mutationOptions({
      onSuccess: (run) => {
        toast.success('Launched');
        void queryClient.invalidateQueries(trpc.runs.list.pathFilter());
        router.push(`/runs/${run.id}`);
      },
      onError: () => void queryClient.invalidateQueries(trpc.plans.pathFilter()),
    }),
  );
  const estimate = useMemo(() => {
    const asked = (all: readonly string[], some: readonly string[]) => (some.length > 0 ? some : all);
    const jobs = version.plan.jobs
      .filter(({ target }) => asked(allTargets, targets).includes(target))
      .map((job) => ({
        ...job,
        model_families: job.model_families.filter((family) => asked(allFamilies, families).includes(family)),
      }));
    // By its own data alone, and the folds that are asked for.
    if (!basis.data || datasetId !== version.dataset?.id) return null;
    const folds = Number(settings.folds) + (Number(settings.holdout) > 0 ? 1 : 0);
    return estimateJobs(jobs, { ...basis.data, data: { ...basis.data.data, folds } }, symbols);
  }, [
    version,
    targets,
    families,
    symbols,
    datasetId,
    settings.folds,
    settings.holdout,
    basis.data,
    allTargets,
    allFamilies,
  ]);
  const set = (key: keyof typeof settings) => (event: { target: { value: string } }) =>
    setSettings((before) => ({ ...before, [key]: event.target.value }));
  const launch = () => {
    const config = {
      ...{ name, families, symbols, seed: Number(settings.seed), features: settings.features as typeof usual.features },
      folds: { count: Number(settings.folds), holdoutFraction: Number(settings.holdout) },
    };
    start.mutate({ datasetId, config, planVersion: { versionId: version.id, hash: version.hash, targets } });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Start a run of ${version.planName} v${version.number}`}
      description="The plan decides targets, symbols and families by job; a run trains all of it, or a part."
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" form={form} variant="primary" busy={start.isPending} disabled={datasetId === ''}>
            Launch
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault();
          launch();
        }}
      >
        {start.isError && (
          <Callout tone="bad">
            <span className="whitespace-pre-line">{start.error.message}</span>
          </Callout>
        )}
        <Field label="Name">
          {(wiring) => (
            <Input {...wiring} value={name} maxLength={120} onChange={(event) => setName(event.target.value)} />
          )}
        </Field>
        <Field label="Dataset" {...(version.dataset && { help: `The plan was made for ${version.dataset.name}` })}>
          {(wiring) => (
            <Select
              {...wiring}
              value={datasetId}
              onChange={(event) => {
                setChosen(event.target.value);
                setSymbols([]);
              }}
            >
              {ready.map(({ id, name: title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="flex flex-wrap gap-2">
          <MultiPick
            label="Only targets"
            options={allTargets.map((target) => ({ value: target, label: target }))}
            selected={targets}
            onChange={setTargets}
          />
          <MultiPick
            label="Only symbols"
            options={(dataset.data?.symbols ?? []).map((symbol) => ({ value: symbol, label: symbol }))}
            selected={symbols}
            onChange={setSymbols}
            searchable
          />
          <MultiPick
            label="Only families"
            options={allFamilies.map((family) => ({ value: family, label: family }))}
            selected={families}
            onChange={setFamilies}
          />
        </div>
        <div className="grid grid-cols-2 gap-3 sm:grid-cols-[1fr_1fr_1fr_1.5fr]">
          <Field label="Folds">
            {(wiring) => (
              <Input {...wiring} type="number" min={1} max={50} value={settings.folds} onChange={set('folds')} />
            )}
          </Field>
          <Field label="Holdout" hint="share">
            {(wiring) => (
              <Input
                {...wiring}
                type="number"
                min={0}
                max={0.5}
                step={0.05}
                value={settings.holdout}
                onChange={set('holdout')}
              />
            )}
          </Field>
          <Field label="Seed">
            {(wiring) => (
              <Input {...wiring} type="number" min={0} step={1} value={settings.seed} onChange={set('seed')} />
            )}
          </Field>
          <Field label="Features">
            {(wiring) => (
              <Select {...wiring} value={settings.features} onChange={set('features')}>
                <FeatureSetOptions />
              </Select>
            )}
          </Field>
        </div>
        {estimate?.kind === 'estimate' && (
          <p className="text-muted">
            {plural(estimate.estimate.trainings, 'training')}, about {duration(estimate.estimate.seconds * 1000)},
            memory up to {bytes(estimate.estimate.peakRssBytes)}
          </p>
        )}
        {estimate?.kind === 'fault' && <p className="text-warn">{estimate.message}</p>}
      </form>
    </Dialog>
  );
}
