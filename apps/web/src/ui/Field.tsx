'use client';
import { AlertCircle } from 'lucide-react';
import type { InputHTMLAttributes, ReactNode, Ref, SelectHTMLAttributes } from 'react';
import { useId } from 'react';
import { cx } from './cx.ts';

const control =
  'min-w-0 rounded-md border bg-surface text-ink placeholder:text-faint transition-colors focus-visible:outline-offset-0 disabled:bg-sunken disabled:text-faint';
/** Looks of a text control: as wide as its place and 8 units high, unless `extra` gives a size of its own. */
export const inputClass = (invalid?: boolean, extra = ''): string =>
  cx(
    control,
    'px-2.5',
    !/(^|\s)w-/.test(extra) && 'w-full',
    !/(^|\s)h-/.test(extra) && 'h-8',
    !/(^|\s)text-(2xs|xs)/.test(extra) && 'text-sm',
    invalid ? 'border-bad' : 'border-line-strong hover:border-faint',
    extra,
  );

export interface FieldWiring {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean | undefined;
}

/** A label, a control, its help and its error, wired for assistive technology. */
export function Field({
  label,
  hint,
  help,
  error,
  className,
  children,
}: {
  label: ReactNode;
  /** Beside the label: a unit or "optional". */
  hint?: ReactNode;
  help?: ReactNode;
  error?: string;
  className?: string;
  children: (wiring: FieldWiring) => ReactNode;
}) {
  const id = useId();
  const described = [error && `${id}-error`, help && `${id}-help`].filter(Boolean).join(' ');
  return (
    <div className={cx('min-w-0', className)}>
      <div className="mb-1 flex items-baseline gap-2">
        <label htmlFor={id} className="font-medium text-xs">
          {label}
        </label>
        {hint && <span className="ml-auto text-2xs text-faint">{hint}</span>}
      </div>
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error ? true : undefined })}
      {help && (
        <p id={`${id}-help`} className="mt-1 text-2xs text-faint">
          {help}
        </p>
      )}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
    </div>
  );
}

export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} role="alert" className="mt-1 flex items-start gap-1 text-bad text-xs">
      <AlertCircle aria-hidden className="mt-0.5 size-3 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </p>
  );
}

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement> & { ref?: Ref<HTMLInputElement> }) {
  return <input {...rest} className={inputClass(Boolean(rest['aria-invalid']), className)} />;
}

export function Select({
  className,
  children,
  ...rest
}: SelectHTMLAttributes<HTMLSelectElement> & { ref?: Ref<HTMLSelectElement> }) {
  return (
    <select {...rest} className={inputClass(Boolean(rest['aria-invalid']), cx('pr-1', className))}>
      {children}
    </select>
  );
}
