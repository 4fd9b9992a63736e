'use client';
import { cx } from './cx.ts';

/** One of a few choices, side by side: a radio group that moves with the arrow keys. */
export function Segmented<Value extends string>({
  label,
  value,
  options,
  onChange,
  className,
  name,
}: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string; title?: string }[];
  onChange: (value: Value) => void;
  className?: string;
  name: string;
}) {
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cx('inline-flex max-w-full flex-wrap rounded-md border border-line bg-sunken p-0.5', className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          title={option.title}
          className={cx(
            'relative flex h-6 items-center rounded px-2 font-medium text-xs transition-colors has-focus-visible:outline-2 has-focus-visible:outline-accent has-focus-visible:outline-offset-1',
            value === option.value ? 'bg-surface text-ink shadow-flat' : 'text-muted hover:text-ink',
          )}
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 cursor-pointer appearance-none outline-none"
          />
          <span className="pointer-events-none relative">{option.label}</span>
        </label>
      ))}
    </div>
  );
}
