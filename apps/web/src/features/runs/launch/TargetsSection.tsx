'use client';
import { useQuery } from '@tanstack/react-query';
import { type TargetKind, targetKinds } from '@twostage/core/runs/targets';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button } from '../../../ui/Button.tsx';
import { FieldError, Input, Select } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { errorAt } from './formErrors.ts';
import type { LaunchValues } from './launchForm.ts';

const usual = ['fwd_ret_1d', 'fwd_ret_5d', 'fwd_ret_10d', 'fwd_ret_20d'];

const kindTexts: Record<TargetKind, string> = {
  ret: 'Return',
  excess: 'Return over the symbols’ mean',
  volret: 'Return in deviations',
  dir: 'Direction (rises or not)',
};

/** Chips; what is computed of forward returns is built from a kind and a horizon, the dataset's own target columns are offered by name. */
export function TargetsSection() {
  const { control, formState } = useFormContext<LaunchValues>();
  const datasetId = useWatch({ control, name: 'datasetId' });
  const { field } = useController({ control, name: 'config.targets' });
  const trpc = useTRPC();
  const details = useQuery({ ...trpc.datasets.get.queryOptions({ datasetId }), enabled: datasetId !== '' });
  const [horizon, setHorizon] = useState('3');
  const [kind, setKind] = useState<TargetKind>('ret');
  const [unit, setUnit] = useState<'d' | 'b'>('d');
  const chosen: readonly string[] = field.value;
  const add = (target: string) => {
    if (!chosen.includes(target)) field.onChange([...chosen, target]);
  };
  const offered = [...usual, ...(details.data?.targetColumns ?? [])].filter((target) => !chosen.includes(target));
  const bars = Number(horizon);
  const buildable = Number.isInteger(bars) && bars >= 1 && bars <= 9999;
  const error = errorAt(formState.errors, 'config.targets');
  return (
    <Panel
      title="Targets"
      aside={<span className="text-faint text-xs">Entered one bar after the signal, or as the entry lag says</span>}
    >
      <ul aria-label="Chosen targets" className="flex flex-wrap gap-1.5">
        {chosen.map((target) => (
          <li
            key={target}
            className="flex h-7 items-center gap-1 rounded-md border border-accent/40 bg-accent-soft pr-1 pl-2.5 font-mono text-xs"
          >
            {target}
            <button
              type="button"
              aria-label={`Remove ${target}`}
              onClick={() => field.onChange(chosen.filter((other) => other !== target))}
              className="flex size-5 items-center justify-center rounded text-muted hover:bg-surface hover:text-ink"
            >
              <X aria-hidden className="size-3" />
            </button>
          </li>
        ))}
        {chosen.length === 0 && <li className="flex h-7 items-center text-faint">none chosen</li>}
      </ul>
      {error && <FieldError>{error}</FieldError>}
      <div className="mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-t pt-3">
        <div className="flex flex-wrap gap-1.5">
          {offered.map((target) => (
            <Button
              key={target}
              size="sm"
              onClick={() => add(target)}
              icon={<Plus aria-hidden className="size-3 text-faint" />}
              className="font-mono"
            >
              {target}
            </Button>
          ))}
        </div>
        <div className="ml-auto flex flex-wrap items-center gap-1.5">
          <Select
            aria-label="Kind of the target"
            value={kind}
            onChange={(event) => setKind(event.target.value as TargetKind)}
            className="h-7 w-48 text-xs"
          >
            {targetKinds.map((each) => (
              <option key={each} value={each}>
                {kindTexts[each]}
              </option>
            ))}
          </Select>
          <span className="whitespace-nowrap text-muted text-xs">over</span>
          <Input
            aria-label="Horizon"
            inputMode="numeric"
            value={horizon}
            onChange={(event) => setHorizon(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
              event.preventDefault();
              if (buildable) add(`fwd_${kind}_${bars}${unit}`);
            }}
            className="h-7 w-14 text-right text-xs"
          />
          <Select
            aria-label="Unit of the horizon"
            value={unit}
            onChange={(event) => setUnit(event.target.value as 'd' | 'b')}
            className="h-7 w-20 text-xs"
          >
            <option value="d">days</option>
            <option value="b">bars</option>
          </Select>
          <Button size="sm" disabled={!buildable} onClick={() => add(`fwd_${kind}_${bars}${unit}`)}>
            Add
          </Button>
        </div>
      </div>
    </Panel>
  );
}
