'use client';
import { familyIds } from '@twostage/core/families/family';
import { runStates } from '@twostage/core/runs/lifecycle';
import { Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { inputClass } from '../../../ui/Field.tsx';
import { MultiPick } from '../../../ui/MultiPick.tsx';
import { runLooks } from '../badges.tsx';
import { isFiltered, type RunsView } from './listQuery.ts';

const stateOptions = runStates.map((value) => ({ value, label: runLooks[value].label }));
const familyOptions = familyIds.map((value) => ({ value, label: value }));

export function RunsFilter({ view, set }: { view: RunsView; set: (changes: Record<string, string | null>) => void }) {
  const [text, setText] = useState(view.text);
  useEffect(() => {
    if (text === view.text) return;
    const timer = setTimeout(() => set({ q: text }), 200);
    return () => clearTimeout(timer);
  }, [text, view.text, set]);
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="relative w-full sm:w-64">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-3 text-faint" />
        <input
          type="search"
          data-page-filter
          aria-label="Filter by name or number"
          placeholder="Name or number"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          className={inputClass(false, 'pl-7')}
        />
      </div>
      <MultiPick
        label="State"
        options={stateOptions}
        selected={view.states}
        onChange={(states) => set({ state: states.join(',') })}
      />
      <MultiPick
        label="Family"
        searchable
        options={familyOptions}
        selected={view.families}
        onChange={(families) => set({ family: families.join(',') })}
      />
      {isFiltered(view) && (
        <Button
          variant="ghost"
          icon={<X aria-hidden className="size-3.5" />}
          onClick={() => {
            setText('');
            set({ q: null, state: null, family: null });
          }}
        >
          Clear
        </Button>
      )}
    </search>
  );
}
