'use client';
import type { DraftPlanInput, PlanRow } from '../../server/contracts/plans.ts';
import { Field, Input, Select } from '../../ui/Field.tsx';

/** Where a draft goes: into a plan of its own, or after the newest version of one that is there. */
export interface DraftPlace {
  /** Empty: a new plan. */
  readonly planId: string;
  readonly name: string;
}

export const usualPlace: DraftPlace = { planId: '', name: '' };

/** What the server takes; null while a name is missing. */
export const placeInput = ({ planId, name }: DraftPlace): DraftPlanInput['into'] | null => {
  if (planId !== '') return { kind: 'version', planId };
  return name.trim() === '' ? null : { kind: 'plan', name: name.trim() };
};

export function DraftPlaceFields({
  plans,
  place,
  onChange,
}: {
  plans: readonly PlanRow[];
  place: DraftPlace;
  onChange: (place: DraftPlace) => void;
}) {
  return (
    <div className="grid gap-3 sm:grid-cols-2">
      <Field label="Becomes">
        {(wiring) => (
          <Select
            {...wiring}
            value={place.planId}
            onChange={(event) => onChange({ ...place, planId: event.target.value })}
          >
            <option value="">a new plan</option>
            {plans.map(({ id, name, open, newest }) => (
              <option key={id} value={id} disabled={open !== null}>
                v{newest.number + 1} of {name}
                {open && ` (v${open.number} is open)`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {place.planId === '' && (
        <Field label="Name of the plan">
          {(wiring) => (
            <Input
              {...wiring}
              value={place.name}
              maxLength={120}
              autoComplete="off"
              onChange={(event) => onChange({ ...place, name: event.target.value })}
            />
          )}
        </Field>
      )}
    </div>
  );
}
