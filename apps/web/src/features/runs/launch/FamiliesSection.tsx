'use client';
import { type FamilyId, type StageId, stageIds } from '@twostage/core/families/family';
import { type Offer, whatLacks } from '@twostage/core/stages/suitability';
import { catalogue, families } from '@twostage/families/catalogue';
import { useController, useFormContext } from 'react-hook-form';
import { cx } from '../../../ui/cx.ts';
import { FieldError } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { stageNames } from '../badges.tsx';
import { frameworkNames } from '../frameworks.ts';
import { FamilyItem } from './FamilyItem.tsx';
import { errorAt } from './formErrors.ts';
import { familiesOfMode, type LaunchValues } from './launchForm.ts';

/** The mode, and by stage and library the families of it that this run trains. */
export function FamiliesSection({ offer }: { offer: Offer }) {
  const { control, formState } = useFormContext<LaunchValues>();
  const mode = useController({ control, name: 'config.modelTypes' }).field;
  const { field } = useController({ control, name: 'config.families' });
  const allowed = familiesOfMode(mode.value);
  const chosen: readonly FamilyId[] = field.value;
  const error = errorAt(formState.errors, 'config.families');
  return (
    <Panel
      title="Families"
      aside={
        <Segmented
          name="model-types"
          label="Mode"
          value={mode.value}
          onChange={(next) => {
            // A wider mode brings its new families with it; a narrower one hides what it does not hold.
            const gained = familiesOfMode(next).filter((family) => !allowed.includes(family));
            mode.onChange(next);
            field.onChange([...chosen, ...gained.filter((family) => !chosen.includes(family))]);
          }}
          options={[
            { value: 'sequential', label: 'Sequential', title: 'The two-stage pipeline over every family' },
            { value: 'cross-sectional', label: 'Cross-sectional', title: 'Families of stage 1 and of TensorFlow only' },
            { value: 'both', label: 'Both', title: 'Every family' },
          ]}
        />
      }
    >
      <div className="grid items-start gap-4 md:grid-cols-2">
        {stageIds.map((stage) => (
          <StageColumn
            key={stage}
            stage={stage}
            allowed={allowed}
            offer={offer}
            chosen={chosen}
            onChange={(next) => field.onChange(next)}
          />
        ))}
      </div>
      {error && <FieldError>{error}</FieldError>}
    </Panel>
  );
}

const tints: Record<StageId, string> = { cpu: 'border-t-cpu', gpu: 'border-t-gpu' };
const names: Record<StageId, string> = { cpu: 'text-cpu', gpu: 'text-gpu' };

function StageColumn({
  stage,
  allowed,
  offer,
  chosen,
  onChange,
}: {
  stage: StageId;
  allowed: readonly FamilyId[];
  offer: Offer;
  chosen: readonly FamilyId[];
  onChange: (chosen: FamilyId[]) => void;
}) {
  const own = families.filter((family) => family.stage === stage);
  const lackOf = (family: FamilyId): string | null =>
    allowed.includes(family) ? whatLacks(catalogue[family], offer) : 'not in this mode: it reads sequences';
  const frameworks = (['cpu', 'tensorflow', 'torch'] as const).filter((framework) =>
    own.some((family) => family.framework === framework),
  );
  const set = (ids: readonly FamilyId[], on: boolean) =>
    onChange(on ? [...chosen, ...ids.filter((id) => !chosen.includes(id))] : chosen.filter((id) => !ids.includes(id)));
  const usable = own.filter(({ id }) => lackOf(id) === null).map(({ id }) => id);
  return (
    <fieldset className={cx('min-w-0 rounded-md border border-line border-t-2', tints[stage])}>
      <legend className="sr-only">{stageNames[stage]}</legend>
      <div className="flex items-center px-3 pt-2 pb-1">
        <span aria-hidden className={cx('font-semibold text-xs', names[stage])}>
          {stageNames[stage]}
        </span>
        <Picked usable={usable} chosen={chosen} onSet={set} of={stageNames[stage]} />
      </div>
      {frameworks.map((framework) => {
        const group = own.filter((family) => family.framework === framework);
        const groupUsable = group.map(({ id }) => id).filter((id) => usable.includes(id));
        return (
          <div key={framework} className="pb-1">
            {stage === 'gpu' && (
              <div className="flex items-center border-line border-t bg-sunken px-3 py-1">
                <span className="font-medium text-2xs text-muted">{frameworkNames[framework]}</span>
                <Picked usable={groupUsable} chosen={chosen} onSet={set} of={frameworkNames[framework]} />
              </div>
            )}
            <ul>
              {group.map((family) => (
                <FamilyItem
                  key={family.id}
                  family={family}
                  lack={lackOf(family.id)}
                  checked={chosen.includes(family.id)}
                  onChange={(on) => set([family.id], on)}
                />
              ))}
            </ul>
          </div>
        );
      })}
    </fieldset>
  );
}

/** How many are chosen, and a button for all of them or none. */
function Picked({
  usable,
  chosen,
  onSet,
  of,
}: {
  usable: readonly FamilyId[];
  chosen: readonly FamilyId[];
  onSet: (ids: readonly FamilyId[], on: boolean) => void;
  of: string;
}) {
  const picked = usable.filter((id) => chosen.includes(id)).length;
  const everyone = picked === usable.length;
  return (
    <>
      <span className="ml-2 text-2xs text-faint">
        {picked} of {usable.length}
      </span>
      {usable.length > 1 && (
        <button
          type="button"
          aria-label={`${everyone ? 'None' : 'All'} of ${of}`}
          className="ml-auto rounded text-2xs text-muted hover:text-ink"
          onClick={() => onSet(usable, !everyone)}
        >
          {everyone ? 'None' : 'All'}
        </button>
      )}
    </>
  );
}
