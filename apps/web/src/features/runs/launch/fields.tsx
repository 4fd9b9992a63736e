'use client';
import type { ReactNode } from 'react';
import { type FieldPath, useFormContext } from 'react-hook-form';
import { Field, Input, Select } from '../../../ui/Field.tsx';
import { errorAt } from './formErrors.ts';
import type { LaunchValues } from './launchForm.ts';

interface FieldLook {
  path: FieldPath<LaunchValues>;
  label: string;
  hint?: string;
  help?: string;
}

export function NumberField({ path, step = 1, ...look }: FieldLook & { step?: number | 'any' }) {
  const { register, formState } = useFormContext<LaunchValues>();
  return (
    <Field {...look} error={errorAt(formState.errors, path)}>
      {(wiring) => <Input {...wiring} {...register(path, { valueAsNumber: true })} type="number" step={step} />}
    </Field>
  );
}

export function ChoiceField({ path, children, ...look }: FieldLook & { children: ReactNode }) {
  const { register, formState } = useFormContext<LaunchValues>();
  return (
    <Field {...look} error={errorAt(formState.errors, path)}>
      {(wiring) => (
        <Select {...wiring} {...register(path)}>
          {children}
        </Select>
      )}
    </Field>
  );
}
