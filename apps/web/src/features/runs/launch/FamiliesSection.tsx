'use client';
import { type FamilyDefinition, type FamilyId, type StageId, stageIds } from '@twostage/core/families/family';
import { families } from '@twostage/families/catalogue';
import { Info } from 'lucide-react';
import { useController, useFormContext } from 'react-hook-form';
import { cx } from '../../../ui/cx.ts';
import { FieldError } from '../../../ui/Field.tsx';
import { Panel } from '../../../ui/Panel.tsx';
import { Segmented } from '../../../ui/Segmented.tsx';
import { Tooltip } from '../../../ui/Tooltip.tsx';
import { stageNames } from '../badges.tsx';
import { errorAt } from './formErrors.ts';
import { familiesOfMode, type LaunchValues } from './launchForm.ts';

/** The mode, and by stage the families of it that this run trains. */
export function FamiliesSection() {
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
            { value: 'cross-sectional', label: 'Cross-sectional', title: 'Tabular families only' },
            { value: 'both', label: 'Both', title: 'Every family' },
          ]}
        />
      }
    >
      <div className="grid gap-4 md:grid-cols-2">
        {stageIds.map((stage) => (
          <StageColumn
            key={stage}
            stage={stage}
            allowed={allowed}
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
  chosen,
  onChange,
}: {
  stage: StageId;
  allowed: readonly FamilyId[];
  chosen: readonly FamilyId[];
  onChange: (chosen: FamilyId[]) => void;
}) {
  const own = families.filter((family) => family.stage === stage);
  const usable = own.filter((family) => allowed.includes(family.id));
  const picked = usable.filter((family) => chosen.includes(family.id));
  const everyone = picked.length === usable.length;
  const set = (ids: readonly FamilyId[], on: boolean) =>
    onChange(on ? [...chosen, ...ids.filter((id) => !chosen.includes(id))] : chosen.filter((id) => !ids.includes(id)));
  return (
    <fieldset className={cx('min-w-0 rounded-md border border-line border-t-2', tints[stage])}>
      <legend className="sr-only">{stageNames[stage]}</legend>
      <div className="flex items-center px-3 pt-2 pb-1">
        <span aria-hidden className={cx('font-semibold text-xs', names[stage])}>
          {stageNames[stage]}
        </span>
        <span className="ml-2 text-faint text-xs">
          {picked.length} of {usable.length}
        </span>
        {usable.length > 1 && (
          <button
            type="button"
            className="ml-auto rounded text-muted text-xs hover:text-ink"
            onClick={() =>
              set(
                usable.map((family) => family.id),
                !everyone,
              )
            }
          >
            {everyone ? 'None' : 'All'}
          </button>
        )}
      </div>
      <ul className="pb-1">
        {own.map((family) => (
          <FamilyItem
            key={family.id}
            family={family}
            usable={allowed.includes(family.id)}
            checked={chosen.includes(family.id)}
            onChange={(on) => set([family.id], on)}
          />
        ))}
      </ul>
    </fieldset>
  );
}

const engines: Record<FamilyDefinition['engine'], string> = {
  lightgbm: 'LightGBM library',
  xgboost: 'XGBoost library',
  typescript: 'TypeScript',
  tensorflow: 'TensorFlow',
  onnx: 'ONNX Runtime',
};

function FamilyItem({
  family,
  usable,
  checked,
  onChange,
}: {
  family: FamilyDefinition;
  usable: boolean;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <li className={cx('flex items-center gap-2 px-3 hover:bg-hover', !usable && 'opacity-50')}>
      <label className="flex min-w-0 flex-1 items-center gap-2.5 py-1.5">
        <input
          type="checkbox"
          checked={checked && usable}
          disabled={!usable}
          onChange={(event) => onChange(event.target.checked)}
          aria-label={family.title}
          className="size-3.5 shrink-0"
        />
        <span className="min-w-0">
          <span className="block font-medium">{family.title}</span>
          <span className="block truncate text-2xs text-faint">
            {usable ? `${engines[family.engine]} · ${family.input}` : 'not in this mode: it reads sequences'}
          </span>
        </span>
      </label>
      <Tooltip
        content={
          <>
            <span className="block">{family.summary}</span>
            <span className="mt-1 block text-faint">{family.source}</span>
          </>
        }
      >
        <button type="button" aria-label={`About ${family.title}`} className="rounded p-1 text-faint hover:text-ink">
          <Info aria-hidden className="size-3.5" />
        </button>
      </Tooltip>
    </li>
  );
}
