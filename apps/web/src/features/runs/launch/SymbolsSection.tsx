'use client';
import { useQuery } from '@tanstack/react-query';
import type { RunConfig } from '@twostage/core/runs/config';
import { useState } from 'react';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { useTRPC } from '../../../trpc/client.tsx';
import { Button } from '../../../ui/Button.tsx';
import { FieldError } from '../../../ui/Field.tsx';
import { plural } from '../../../ui/format.ts';
import { CheckList } from '../../../ui/MultiPick.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { errorAt } from './formErrors.ts';
import type { LaunchValues } from './launchForm.ts';

/** Every symbol of the dataset, or chosen ones; an empty choice means every symbol, as in the configuration. */
export function SymbolsSection() {
  const { control, formState } = useFormContext<LaunchValues>();
  const datasetId = useWatch({ control, name: 'datasetId' });
  const { field } = useController({ control, name: 'config.symbols' });
  const trpc = useTRPC();
  const details = useQuery({ ...trpc.datasets.get.queryOptions({ datasetId }), enabled: datasetId !== '' });
  const [choosing, setChoosing] = useState(field.value.length > 0);
  const symbols = details.data?.symbols ?? [];
  const chosen: readonly string[] = field.value;
  const shownChoosing = choosing || chosen.length > 0;
  const error = errorAt(formState.errors, 'config.symbols');
  return (
    <Panel
      title="Symbols"
      aside={
        <Segmented
          name="symbols-mode"
          label="Which symbols"
          value={shownChoosing ? 'some' : 'all'}
          onChange={(mode) => {
            setChoosing(mode === 'some');
            if (mode === 'all') field.onChange([]);
          }}
          options={[
            { value: 'all', label: symbols.length > 0 ? `All ${symbols.length}` : 'All' },
            { value: 'some', label: 'Choose' },
          ]}
        />
      }
    >
      {!shownChoosing && (
        <p className="text-muted text-sm">Every symbol of the dataset{symbols.length > 0 && `: ${preview(symbols)}`}</p>
      )}
      {shownChoosing && (
        <>
          <div className="mb-2 flex items-center gap-2 text-xs">
            <span className="text-muted" aria-live="polite">
              {chosen.length > 0 ? `${chosen.length} of ${symbols.length} chosen` : 'None chosen means all of them'}
            </span>
            {chosen.length > 0 && (
              <Button size="sm" variant="ghost" onClick={() => field.onChange([])}>
                Clear
              </Button>
            )}
          </div>
          <CheckList
            label="Symbols"
            searchable
            options={symbols.map((symbol) => ({ value: symbol, label: symbol }))}
            selected={chosen}
            onChange={field.onChange}
            className="grid max-h-48 grid-cols-[repeat(auto-fill,minmax(6.5rem,1fr))]"
          />
        </>
      )}
      {details.isError && <FieldError>{details.error.message}</FieldError>}
      {error && <FieldError>{error}</FieldError>}
      <ScopeField symbols={chosen.length > 0 ? chosen.length : symbols.length} />
    </Panel>
  );
}

const scopeOptions = [
  { value: 'crossSectional', label: 'All together', title: 'One model of all symbols' },
  { value: 'symbol', label: 'Each alone', title: 'One model of each symbol' },
  { value: 'both', label: 'Both' },
] as const;

/** Whether a model learns from all symbols, from one, or the run trains both kinds. */
function ScopeField({ symbols }: { symbols: number }) {
  const { control } = useFormContext<LaunchValues>();
  const { field } = useController({ control, name: 'config.scope' });
  const each = symbols > 0 ? plural(symbols, 'model') : 'a model a symbol';
  const texts: Record<RunConfig['scope'], string> = {
    crossSectional: 'One model learns from every symbol, and is judged across them.',
    symbol: `Each symbol gets a model of its own: ${each} a family and target. Families that need several symbols are left out.`,
    both: `A model of all symbols, and one of each beside it: ${symbols > 0 ? plural(symbols + 1, 'model') : 'one more than symbols'} a family and target.`,
  };
  return (
    <div className="mt-3 flex flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-t pt-3">
      <span className="font-medium text-xs">Symbols are learnt</span>
      <Segmented
        name="scope"
        label="Scope of the models"
        value={field.value}
        onChange={field.onChange}
        options={scopeOptions}
      />
      <p className="min-w-56 flex-1 text-faint text-xs">{texts[field.value]}</p>
    </div>
  );
}

const preview = (symbols: readonly string[]): string =>
  symbols.length <= 12 ? symbols.join(', ') : `${symbols.slice(0, 11).join(', ')} and ${symbols.length - 11} more`;
