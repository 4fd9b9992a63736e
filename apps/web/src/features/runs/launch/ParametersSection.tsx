'use client';
import type { FamilyId } from '@twostage/core/families/family';
import { type ParameterField, parameterFields } from '@twostage/core/families/parameters';
import type { Offer } from '@twostage/core/stages/suitability';
import { catalogue } from '@twostage/families/catalogue';
import { ChevronRight, RotateCcw } from 'lucide-react';
import { useFormContext, useWatch } from 'react-hook-form';
import { Badge } from '../../../ui/Badge.tsx';
import { Button } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Field, Input, Select } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { errorAt } from './formErrors.ts';
import { changedParameters, defaultParameters, type LaunchValues, suitableFamilies } from './launchForm.ts';

/** A fold-out a chosen family, built from its definition. */
export function ParametersSection({ offer }: { offer: Offer }) {
  const { control } = useFormContext<LaunchValues>();
  const [mode, chosen] = useWatch({ control, name: ['config.modelTypes', 'config.families'] });
  const families = suitableFamilies(mode, offer).filter((family) => chosen.includes(family));
  return (
    <Panel title="Parameters" flush>
      {families.length === 0 && <p className="p-4 text-muted">Choose a family first.</p>}
      <div className="divide-y divide-line">
        {families.map((family) => (
          <FamilyParameters key={family} family={family} />
        ))}
      </div>
    </Panel>
  );
}

function FamilyParameters({ family }: { family: FamilyId }) {
  const { control, setValue, formState, clearErrors } = useFormContext<LaunchValues>();
  const given = useWatch({ control, name: `config.parameters.${family}` });
  const changed = Object.keys(changedParameters(family, given));
  const wrong = errorAt(formState.errors, `config.parameters.${family}`) !== undefined;
  const reset = () => {
    setValue(`config.parameters.${family}`, defaultParameters(family), { shouldDirty: true });
    clearErrors(`config.parameters.${family}`);
  };
  return (
    <details className="group">
      <summary className="flex h-10 cursor-pointer list-none items-center gap-2 px-4 hover:bg-hover focus-visible:outline-offset-[-2px] [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-3.5 text-faint transition-transform group-open:rotate-90" />
        <span className="font-medium">{catalogue[family].title}</span>
        {changed.length > 0 && <Badge tone="accent">{changed.length} changed</Badge>}
        {wrong && <Badge tone="bad">needs a look</Badge>}
        <span className="ml-auto text-faint text-xs group-open:hidden">
          {changed.length > 0 ? changed.map((name) => `${name} ${String(given[name])}`).join(', ') : 'defaults'}
        </span>
      </summary>
      <div className="px-4 pt-1 pb-4">
        <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2 xl:grid-cols-3">
          {parameterFields(catalogue[family]).map((field) => (
            <ParameterInput key={field.name} family={family} field={field} changed={changed.includes(field.name)} />
          ))}
        </div>
        <Button
          size="sm"
          variant="ghost"
          disabled={changed.length === 0}
          onClick={reset}
          className="mt-3"
          icon={<RotateCcw aria-hidden className="size-3" />}
        >
          Reset to the defaults
        </Button>
      </div>
    </details>
  );
}

function ParameterInput({ family, field, changed }: { family: FamilyId; field: ParameterField; changed: boolean }) {
  const { register, formState } = useFormContext<LaunchValues>();
  const path = `config.parameters.${family}.${field.name}` as const;
  const error = errorAt(formState.errors, path);
  return (
    <Field
      label={
        <span className={cx(changed && 'text-accent')}>
          {field.title}
          {changed && <span className="sr-only"> (changed)</span>}
        </span>
      }
      hint={changed ? `default ${String(field.default)}` : boundsOf(field)}
      help={field.help}
      error={error}
    >
      {(wiring) => {
        if (field.kind === 'boolean') {
          return <input {...wiring} {...register(path)} type="checkbox" className="block size-4" />;
        }
        if (field.kind === 'choice') {
          return (
            <Select {...wiring} {...register(path)}>
              {field.choices.map((choice) => (
                <option key={choice} value={choice}>
                  {choice}
                </option>
              ))}
            </Select>
          );
        }
        return (
          <Input
            {...wiring}
            {...register(path, { valueAsNumber: true })}
            type="number"
            step={field.integer ? 1 : 'any'}
            min={field.minimum}
            max={field.maximum}
            className={cx(changed && !error && 'border-accent')}
          />
        );
      }}
    </Field>
  );
}

function boundsOf(field: ParameterField): string | undefined {
  if (field.kind !== 'number' || field.minimum === undefined || field.maximum === undefined) return undefined;
  return `${field.minimum} – ${field.maximum}`;
}
