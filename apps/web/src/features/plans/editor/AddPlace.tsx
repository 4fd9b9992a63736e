'use client';
import { parseTargetName } from '@twostage/core/runs/targets';
import { useId, useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { inputClass } from '../../../ui/Field.tsx';

/** A field by which a row or a column comes to the matrix. */
export function AddPlace({
  what,
  known,
  taken,
  onAdd,
}: {
  what: 'target' | 'symbol';
  /** Proposed. */
  known: readonly string[];
  taken: readonly string[];
  onAdd: (name: string) => void;
}) {
  const [text, setText] = useState('');
  const id = useId();
  const name = text.trim();
  const fault = name === '' ? null : faultOf(what, name, known, taken);
  const add = () => {
    if (name === '' || fault) return;
    onAdd(name);
    setText('');
  };
  return (
    <div className="flex min-w-0 items-center gap-1">
      <input
        aria-label={`Name of a new ${what}`}
        aria-invalid={fault !== null || undefined}
        title={fault ?? undefined}
        list={id}
        value={text}
        placeholder={what === 'target' ? 'fwd_ret_5d' : 'symbol'}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Enter' && add()}
        className={inputClass(fault !== null, 'h-7 w-32 text-xs')}
      />
      <datalist id={id}>
        {known
          .filter((one) => !taken.includes(one))
          .map((one) => (
            <option key={one} value={one} />
          ))}
      </datalist>
      <Button size="sm" disabled={name === '' || fault !== null} onClick={add}>
        Add {what}
      </Button>
    </div>
  );
}

function faultOf(
  what: 'target' | 'symbol',
  name: string,
  known: readonly string[],
  taken: readonly string[],
): string | null {
  if (taken.includes(name)) return `${name} is there already`;
  if (what === 'symbol') return known.length > 0 && !known.includes(name) ? `the data have no symbol ${name}` : null;
  if (known.includes(name) || parseTargetName(name) || /^(y_|target_)\w+$/.test(name)) return null;
  return 'a target is fwd_ret_{k}d, fwd_ret_{k}b (fwd_excess_, fwd_volret_, fwd_dir_ alike), or a column y_* or target_*';
}
