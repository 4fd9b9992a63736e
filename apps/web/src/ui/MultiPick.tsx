'use client';
import { ChevronDown, Search } from 'lucide-react';
import { useId, useState } from 'react';
import { Button } from './Button.tsx';
import { cx } from './cx.ts';
import { inputClass } from './Field.tsx';
import { Popover, PopoverContent, PopoverTrigger } from './Popover.tsx';

export interface PickOption<Value extends string> {
  value: Value;
  label: string;
}

/** A button that opens a list of checkboxes; its text says how many are chosen. */
export function MultiPick<Value extends string>({
  label,
  options,
  selected,
  onChange,
  searchable,
}: {
  label: string;
  options: readonly PickOption<Value>[];
  selected: readonly Value[];
  onChange: (selected: Value[]) => void;
  searchable?: boolean;
}) {
  const shown = options.filter((option) => selected.includes(option.value));
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button
          aria-label={`Filter by ${label.toLowerCase()}${shown.length > 0 ? `: ${shown.map((option) => option.label).join(', ')}` : ''}`}
          className={cx('max-w-64', shown.length > 0 && 'border-accent')}
        >
          <span className="text-muted">{label}</span>
          {shown.length > 0 && (
            <span className="truncate">
              {shown.length <= 2 ? shown.map((option) => option.label).join(', ') : `${shown.length} chosen`}
            </span>
          )}
          <ChevronDown aria-hidden className="size-3.5 text-faint" />
        </Button>
      </PopoverTrigger>
      <PopoverContent className="w-60 p-1" aria-label={label}>
        <CheckList options={options} selected={selected} onChange={onChange} label={label} searchable={searchable} />
      </PopoverContent>
    </Popover>
  );
}

/** Checkboxes under each other, with a search where there are many. */
export function CheckList<Value extends string>({
  label,
  options,
  selected,
  onChange,
  searchable,
  className,
}: {
  label: string;
  options: readonly PickOption<Value>[];
  selected: readonly Value[];
  onChange: (selected: Value[]) => void;
  searchable?: boolean;
  className?: string;
}) {
  const [text, setText] = useState('');
  const id = useId();
  const chosen = new Set(selected);
  const found = options.filter((option) => option.label.toLowerCase().includes(text.trim().toLowerCase()));
  const toggle = (value: Value) =>
    onChange(
      options
        .map((option) => option.value)
        .filter((other) => (other === value ? !chosen.has(other) : chosen.has(other))),
    );
  return (
    <fieldset className="min-w-0">
      <legend className="sr-only">{label}</legend>
      {searchable && (
        <div className="relative mb-1 p-1">
          <Search aria-hidden className="pointer-events-none absolute top-3.5 left-3.5 size-3 text-faint" />
          <input
            aria-label={`Search ${label.toLowerCase()}`}
            value={text}
            onChange={(event) => setText(event.target.value)}
            className={inputClass(false, 'pl-7')}
          />
        </div>
      )}
      <div className={cx('scroll-thin max-h-64 overflow-y-auto', className)}>
        {found.map((option) => (
          <label
            key={option.value}
            htmlFor={`${id}-${option.value}`}
            className="flex items-center gap-2 rounded px-2 py-1 hover:bg-hover"
          >
            <input
              id={`${id}-${option.value}`}
              type="checkbox"
              checked={chosen.has(option.value)}
              onChange={() => toggle(option.value)}
              className="size-3.5"
            />
            <span className="truncate">{option.label}</span>
          </label>
        ))}
        {found.length === 0 && <p className="px-2 py-1.5 text-faint">nothing called “{text}”</p>}
      </div>
      {selected.length > 0 && !searchable && (
        <button
          type="button"
          className="mt-1 w-full rounded border-line border-t px-2 py-1.5 text-left text-muted hover:bg-hover"
          onClick={() => onChange([])}
        >
          Clear
        </button>
      )}
    </fieldset>
  );
}
