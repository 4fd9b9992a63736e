'use client';
import { ArrowDown, ArrowUp, Check, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useFormContext, useWatch } from 'react-hook-form';
import { IconButton } from '../../../ui/Button.tsx';
import { FieldError, Input, inputClass } from '../../../ui/Field.tsx';
import { errorAt } from './formErrors.ts';
import type { LaunchValues } from './launchForm.ts';
import type { FeatureChecking } from './useFeatureCheck.ts';

/** One feature: its name, its expression, and below them what is wrong with it. */
export function OwnFeatureRow({
  index,
  count,
  checking,
  onMove,
  onRemove,
}: {
  index: number;
  count: number;
  checking: FeatureChecking;
  onMove: (to: number) => void;
  onRemove: () => void;
}) {
  const { control, register, formState } = useFormContext<LaunchValues>();
  const path = `config.featureExpressions.${index}` as const;
  const list = useWatch({ control, name: 'config.featureExpressions' });
  const feature = list[index];
  const verdict = feature ? checking.verdictOf(list, index) : null;
  const nameError = errorAt(formState.errors, `${path}.name`);
  const error = nameError ?? errorAt(formState.errors, `${path}.expression`) ?? verdict?.fault ?? undefined;
  const errorId = `own-feature-${index}-error`;
  const said = { 'aria-describedby': error ? errorId : undefined };
  const label = feature?.name || `feature ${index + 1}`;
  const onKeyDown = (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    const to = index + (event.key === 'ArrowUp' ? -1 : 1);
    if (to >= 0 && to < count) onMove(to);
  };
  return (
    <li onKeyDown={onKeyDown}>
      <div className="flex flex-wrap items-start gap-1.5 sm:flex-nowrap">
        <Input
          {...register(`${path}.name`)}
          {...said}
          aria-label={`Name of feature ${index + 1}`}
          aria-invalid={nameError !== undefined}
          placeholder="name"
          spellCheck={false}
          autoComplete="off"
          className="w-full font-mono text-xs sm:w-40 sm:shrink-0"
        />
        <textarea
          {...register(`${path}.expression`)}
          {...said}
          aria-label={`Expression of ${label}`}
          aria-invalid={error !== undefined && nameError === undefined}
          placeholder="close / avg(close) OVER w20 - 1"
          rows={Math.min(6, Math.max(1, Math.ceil((feature?.expression.length ?? 0) / 72)))}
          spellCheck={false}
          className={inputClass(
            error !== undefined && nameError === undefined,
            'h-auto min-h-8 w-0 grow resize-y [field-sizing:content] py-1.5 font-mono text-xs leading-4',
          )}
        />
        <span className="flex h-8 shrink-0 items-center">
          <span className="flex w-5 justify-center">
            {verdict?.fault === null && !error && <Check aria-label="No fault found" className="size-4 text-good" />}
          </span>
          <IconButton
            size="sm"
            label={`Move ${label} up`}
            disabled={index === 0}
            onClick={() => onMove(index - 1)}
            icon={<ArrowUp aria-hidden className="size-3.5" />}
          />
          <IconButton
            size="sm"
            label={`Move ${label} down`}
            disabled={index === count - 1}
            onClick={() => onMove(index + 1)}
            icon={<ArrowDown aria-hidden className="size-3.5" />}
          />
          <IconButton
            size="sm"
            label={`Remove ${label}`}
            onClick={onRemove}
            icon={<X aria-hidden className="size-3.5" />}
          />
        </span>
      </div>
      {error && <FieldError id={errorId}>{error}</FieldError>}
    </li>
  );
}
