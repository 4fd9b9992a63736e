'use client';
import { type FamilyId, familyIds } from '@twostage/core/families/family';
import { type ParameterField, parameterFields } from '@twostage/core/families/parameters';
import type { PlanJob } from '@twostage/core/plans/masterPlan';
import { catalogue } from '@twostage/families/catalogue';
import { useState } from 'react';
import { Badge } from '../../../ui/Badge.tsx';
import { Field, Input, Select } from '../../../ui/Field.tsx';
import type { InspectorProps } from './Inspector.tsx';
import { setParameter } from './jobEdits.ts';

/** What the chosen jobs set for one family; an empty field leaves it to the run. */
export function FamilyParameters({
  keys,
  jobs,
  apply,
}: {
  keys: ReadonlySet<string>;
  jobs: readonly PlanJob[];
  apply: NonNullable<InspectorProps['apply']>;
}) {
  const trained = familyIds.filter((family) => jobs.some((job) => job.model_families.includes(family)));
  const [wanted, setWanted] = useState<FamilyId | null>(null);
  const family = wanted && trained.includes(wanted) ? wanted : trained[0];
  if (!family) return null;
  const set = jobs.flatMap((job) =>
    Object.values(job.parameters ?? {}).flatMap((own) => Object.keys(own ?? {})),
  ).length;
  return (
    <details className="rounded-md border border-line">
      <summary className="flex h-8 items-center gap-2 px-2.5 font-medium text-xs">
        Parameters{set > 0 && <Badge tone="accent">{set} set</Badge>}
      </summary>
      <div className="space-y-3 border-line border-t p-2.5">
        <Field label="Family">
          {(wiring) => (
            <Select {...wiring} value={family} onChange={(event) => setWanted(event.target.value as FamilyId)}>
              {trained.map((id) => (
                <option key={id} value={id}>
                  {id}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div className="grid gap-x-3 gap-y-2 sm:grid-cols-2">
          {parameterFields(catalogue[family]).map((field) => (
            <ParameterInput
              key={`${family} ${field.name}`}
              field={field}
              value={jobs[0]!.parameters?.[family]?.[field.name]}
              onChange={(value) =>
                apply(
                  `${family} ${field.name}`,
                  setParameter(keys, family, field.name, value),
                  `${family}.${field.name} ${[...keys].join(' ')}`,
                )
              }
            />
          ))}
        </div>
      </div>
    </details>
  );
}

type Value = number | boolean | string | undefined;

function ParameterInput({
  field,
  value,
  onChange,
}: {
  field: ParameterField;
  value: Value;
  onChange: (value: Value) => void;
}) {
  const usual = String(field.default);
  if (field.kind === 'choice' || field.kind === 'boolean') {
    const choices = field.kind === 'boolean' ? ['true', 'false'] : field.choices;
    return (
      <Field label={field.title} help={field.help}>
        {(wiring) => (
          <Select
            {...wiring}
            value={value === undefined ? '' : String(value)}
            onChange={({ target }) =>
              onChange(
                target.value === '' ? undefined : field.kind === 'boolean' ? target.value === 'true' : target.value,
              )
            }
          >
            <option value="">as the run has it ({usual})</option>
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {choice}
              </option>
            ))}
          </Select>
        )}
      </Field>
    );
  }
  return (
    <Field label={field.title} help={field.help}>
      {(wiring) => (
        <Input
          {...wiring}
          type="number"
          step={field.integer ? 1 : 'any'}
          value={value === undefined ? '' : String(value)}
          placeholder={usual}
          onChange={({ target }) => {
            if (target.value === '') onChange(undefined);
            else if (Number.isFinite(target.valueAsNumber)) onChange(target.valueAsNumber);
          }}
        />
      )}
    </Field>
  );
}
