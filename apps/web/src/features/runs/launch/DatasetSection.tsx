'use client';
import { FolderPlus } from 'lucide-react';
import { useState } from 'react';
import { useController, useFormContext } from 'react-hook-form';
import type { DatasetRow } from '../../../server/contracts/datasets.ts';
import { Button } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { FieldError } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { DatasetStateBadge, datasetSummary } from '../../data/datasetParts.tsx';
import { RegisterDatasetDialog } from '../../data/RegisterDatasetDialog.tsx';
import { SimulatedBadge } from '../badges.tsx';
import type { LaunchValues } from './launchForm.ts';

export function DatasetSection({
  datasets,
  dataRoots,
}: {
  datasets: readonly DatasetRow[];
  dataRoots: readonly string[];
}) {
  const { control, setValue } = useFormContext<LaunchValues>();
  const { field, fieldState } = useController({ control, name: 'datasetId' });
  const [registering, setRegistering] = useState(false);
  const choose = (id: string) => {
    field.onChange(id);
    // Another dataset has other symbols.
    setValue('config.symbols', []);
  };
  return (
    <Panel
      title="Dataset"
      aside={
        <Button size="sm" onClick={() => setRegistering(true)} icon={<FolderPlus aria-hidden className="size-3.5" />}>
          Register another folder
        </Button>
      }
    >
      {datasets.length === 0 && <p className="text-muted">None yet. Register a folder with one file a symbol.</p>}
      <div role="radiogroup" aria-label="Dataset" className="grid gap-2 sm:grid-cols-2 2xl:grid-cols-3">
        {datasets.map((dataset) => (
          <label
            key={dataset.id}
            className={cx(
              'relative flex min-w-0 gap-2.5 rounded-md border p-3 transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-2',
              field.value === dataset.id ? 'border-accent bg-accent-soft/50' : 'border-line hover:border-line-strong',
              dataset.state !== 'ready' && 'cursor-not-allowed opacity-70',
            )}
          >
            <input
              type="radio"
              name={field.name}
              value={dataset.id}
              checked={field.value === dataset.id}
              disabled={dataset.state !== 'ready'}
              onChange={() => choose(dataset.id)}
              aria-label={dataset.name}
              className="mt-0.5 size-3.5 shrink-0 outline-none"
            />
            <span className="min-w-0 flex-1">
              <span className="flex items-center gap-2">
                <span className="min-w-0 truncate font-medium">{dataset.name}</span>
                {dataset.simulated && <SimulatedBadge />}
                {dataset.state !== 'ready' && <DatasetStateBadge state={dataset.state} />}
              </span>
              <span className="mt-0.5 block text-muted text-xs">{datasetSummary(dataset) || 'not read yet'}</span>
              {dataset.reason && <span className="mt-0.5 block break-words text-bad text-xs">{dataset.reason}</span>}
            </span>
          </label>
        ))}
      </div>
      {fieldState.error && <FieldError>{fieldState.error.message}</FieldError>}
      <RegisterDatasetDialog open={registering} onOpenChange={setRegistering} dataRoots={dataRoots} />
    </Panel>
  );
}
