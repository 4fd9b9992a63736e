'use client';
import { useEffect, useRef } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import type { DatasetRow } from '../../../server/contracts/datasets.ts';
import { Field, Input } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { errorAt } from './formErrors.ts';
import type { LaunchValues } from './launchForm.ts';

/** A name is proposed from dataset and targets until someone types another. */
export function NameSection({ datasets, keepName }: { datasets: readonly DatasetRow[]; keepName: boolean }) {
  const { register, setValue, formState, control } = useFormContext<LaunchValues>();
  const [datasetId, targets] = useWatch({ control, name: ['datasetId', 'config.targets'] });
  const edited = useRef(keepName);
  const dataset = datasets.find(({ id }) => id === datasetId)?.name;
  const proposal = [dataset, targets.map((target) => target.replace(/^fwd_ret_/, '')).join('+')]
    .filter(Boolean)
    .join(' ')
    .slice(0, 120);
  useEffect(() => {
    if (!edited.current) setValue('config.name', proposal);
  }, [proposal, setValue]);
  const field = register('config.name');
  return (
    <Panel>
      <Field label="Name" error={errorAt(formState.errors, 'config.name')}>
        {(wiring) => (
          <Input
            {...wiring}
            {...field}
            autoComplete="off"
            onChange={(event) => {
              edited.current = event.target.value !== '';
              void field.onChange(event);
            }}
          />
        )}
      </Field>
    </Panel>
  );
}
