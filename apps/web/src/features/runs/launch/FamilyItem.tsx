'use client';
import type { FamilyDefinition } from '@twostage/core/families/family';
import { Info, TriangleAlert } from 'lucide-react';
import { cx } from '../../../ui/cx.ts';
import { plural } from '../../../ui/format.ts';
import { Tooltip } from '../../../ui/Tooltip.tsx';

const engines: Record<FamilyDefinition['engine'], string> = {
  lightgbm: 'LightGBM library',
  xgboost: 'XGBoost library',
  typescript: 'TypeScript',
  tensorflow: 'TensorFlow',
  onnx: 'ONNX Runtime',
};
const inputs: Record<FamilyDefinition['input'], string> = {
  tabular: 'one row of features a forecast',
  sequence: 'the last bars of each symbol',
  tabularAndSequence: 'features and the last bars',
};
const outputs: Record<FamilyDefinition['output'], string | null> = {
  point: null,
  quantiles: 'quantiles',
  distribution: 'distribution',
  position: 'positions',
};

/** What a family is, what it forecasts beyond a number, what it needs, and why it is left out where it is. */
export function FamilyItem({
  family,
  lack,
  checked,
  onChange,
}: {
  family: FamilyDefinition;
  /** Why it cannot be trained on what is chosen; null where it can. */
  lack: string | null;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const usable = lack === null;
  const tags = tagsOf(family);
  return (
    <li className="flex items-start gap-1 px-3 hover:bg-hover">
      <label className="flex min-w-0 flex-1 gap-2.5 py-1.5">
        <input
          type="checkbox"
          checked={checked && usable}
          disabled={!usable}
          onChange={(event) => onChange(event.target.checked)}
          aria-label={family.title}
          className="mt-1 size-3.5 shrink-0"
        />
        <span className="min-w-0">
          <span className={cx('flex flex-wrap items-baseline gap-x-1.5', !usable && 'opacity-60')}>
            <span className="font-medium">{family.title}</span>
            {tags.map((tag) => (
              <span key={tag} className="rounded bg-sunken px-1 text-2xs text-muted">
                {tag}
              </span>
            ))}
          </span>
          <span className={cx('block text-2xs text-faint leading-4', !usable && 'opacity-60')}>{family.summary}</span>
          {lack && (
            <span className="mt-0.5 flex items-start gap-1 text-2xs text-warn">
              <TriangleAlert aria-hidden className="mt-0.5 size-3 shrink-0" />
              <span>Left out: {lack}</span>
            </span>
          )}
        </span>
      </label>
      <Tooltip
        content={
          <>
            <span className="block">
              {engines[family.engine]}, reads {inputs[family.input]}
            </span>
            <span className="mt-1 block text-faint">{family.source}</span>
          </>
        }
      >
        <button
          type="button"
          aria-label={`About ${family.title}`}
          className="mt-1 rounded p-1 text-faint hover:text-ink"
        >
          <Info aria-hidden className="size-3.5" />
        </button>
      </Tooltip>
    </li>
  );
}

function tagsOf({ output, targets, minimum, input }: FamilyDefinition): string[] {
  return [
    outputs[output],
    targets === 'together' ? 'targets together' : null,
    input === 'tabular' ? null : 'sequences',
    minimum.symbols > 1 ? `${plural(minimum.symbols, 'symbol')} or more` : null,
    minimum.targets > 1 ? `${plural(minimum.targets, 'target')} or more` : null,
  ].filter((tag) => tag !== null);
}
