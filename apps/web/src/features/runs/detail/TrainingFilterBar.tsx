'use client';
import { catalogue } from '@twostage/families/catalogue';
import { Search, X } from 'lucide-react';
import { Button } from '../../../ui/Button.tsx';
import { inputClass } from '../../../ui/Field.tsx';
import { MultiPick } from '../../../ui/MultiPick.tsx';
import { useQueryState } from '../../../ui/queryState.ts';
import { trainingLooks } from '../badges.tsx';
import { useRunView } from '../live/useLiveRun.ts';
import { choicesOf, isNarrowed } from './trainingFilter.ts';
import { useTrainingFilter } from './useTrainingFilter.ts';

/** With fewer trainings a filter is only in the way. */
const worthFrom = 9;

/** Narrows what every part of the run page shows, by family, target, state and name; kept in the address. */
export function TrainingFilterBar() {
  const { view } = useRunView('results');
  const { set } = useQueryState();
  const { filter, trainings } = useTrainingFilter(view);
  const total = view.trainings.size;
  const narrowed = isNarrowed(filter);
  if (total < worthFrom && !narrowed) return null;
  const choices = choicesOf(view.trainings.values());
  return (
    <search aria-label="Filter trainings" className="mb-3 flex flex-wrap items-center gap-2">
      <div className="relative w-44 max-sm:w-full">
        <Search aria-hidden className="pointer-events-none absolute top-2.5 left-2.5 size-3 text-faint" />
        <input
          type="search"
          aria-label="Find trainings by name"
          placeholder="Find trainings"
          value={filter.text}
          onChange={(event) => set({ find: event.target.value })}
          className={inputClass(false, 'pl-7')}
        />
      </div>
      {choices.families.length > 1 && (
        <MultiPick
          label="Family"
          searchable={choices.families.length > 8}
          options={choices.families.map((value) => ({ value, label: catalogue[value].id }))}
          selected={filter.families}
          onChange={(families) => set({ family: families.join(',') })}
        />
      )}
      {choices.targets.length > 1 && (
        <MultiPick
          label="Target"
          options={choices.targets.map((value) => ({ value, label: value }))}
          selected={filter.targets}
          onChange={(targets) => set({ target: targets.join(',') })}
        />
      )}
      <MultiPick
        label="State"
        options={[...new Set([...choices.states, ...filter.states])].map((value) => ({
          value,
          label: trainingLooks[value].label,
        }))}
        selected={filter.states}
        onChange={(states) => set({ state: states.join(',') })}
      />
      {narrowed && (
        <Button
          variant="ghost"
          onClick={() => set({ family: null, target: null, state: null, find: null })}
          icon={<X aria-hidden className="size-3.5" />}
        >
          Clear
        </Button>
      )}
      <span aria-live="polite" className="text-muted text-xs sm:ml-auto">
        {narrowed ? `${trainings.length} of ${total} trainings` : `${total} trainings`}
      </span>
    </search>
  );
}
