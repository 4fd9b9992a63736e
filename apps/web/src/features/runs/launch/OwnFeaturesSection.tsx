'use client';
import { type FeatureExpression, featureConfigJson } from '@twostage/core/runs/featureExpressions';
import { ClipboardPaste, Download, Plus, SpellCheck } from 'lucide-react';
import { useState } from 'react';
import { useFieldArray, useFormContext, useWatch } from 'react-hook-form';
import { toast } from 'sonner';
import { Button, IconButton } from '../../../ui/Button.tsx';
import { CopyButton } from '../../../ui/CopyButton.tsx';
import { Callout } from '../../../ui/Feedback.tsx';
import { plural } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { saveText } from '../../../ui/saveText.ts';
import { useSystemStatus } from '../../shell/useSystemStatus.ts';
import type { LaunchValues } from './launchForm.ts';
import { OwnFeatureRow } from './OwnFeatureRow.tsx';
import { PasteFeaturesDialog } from './PasteFeaturesDialog.tsx';
import { type FeatureChecking, useFeatureCheck } from './useFeatureCheck.ts';

const path = 'config.featureExpressions';
const examples: readonly FeatureExpression[] = [
  { name: 'momentum', expression: 'close / avg(close) OVER w20 - 1' },
  { name: '_move', expression: 'close / lag(close) OVER past - 1' },
  { name: 'volatility', expression: 'stddev_samp(_move) OVER w60' },
];

/** SQL of a person's own, tried by a runner before a run is launched with it. */
export function OwnFeaturesSection() {
  const { control, getValues, trigger } = useFormContext<LaunchValues>();
  const { fields, append, remove, move, insert, replace } = useFieldArray({ control, name: path });
  const [datasetId, features] = useWatch({ control, name: ['datasetId', 'config.features'] });
  const [pasting, setPasting] = useState(false);
  const checking = useFeatureCheck(datasetId);
  const list = () => getValues(path);
  const check = async () => {
    if (await trigger(path)) checking.check({ datasetId, features, expressions: structuredClone(list()) });
  };
  const removeAt = (index: number) => {
    const removed = list()[index]!;
    remove(index);
    if (removed.name === '' && removed.expression === '') return;
    toast(`Removed ${removed.name || 'a feature'}`, {
      action: { label: 'Undo', onClick: () => insert(Math.min(index, list().length), removed) },
    });
  };
  const takePasted = (pasted: FeatureExpression[]) => {
    const names = new Set(pasted.map(({ name }) => name.toLowerCase()));
    replace([...list().filter(({ name }) => !names.has(name.toLowerCase())), ...pasted]);
    toast.success(`${plural(pasted.length, 'feature')} taken over`);
  };
  const some = fields.length > 0;
  return (
    <Panel
      title="Features of your own"
      aside={
        <>
          {some && (
            <>
              <CopyButton
                text={() => featureConfigJson(list())}
                label="Copy as the JSON of --feature-config"
                said="Features copied"
                size="sm"
              />
              <IconButton
                size="sm"
                label="Save as features.json"
                onClick={() => saveText('features.json', `${featureConfigJson(list())}\n`)}
                icon={<Download aria-hidden className="size-3.5" />}
              />
            </>
          )}
          <Button
            size="sm"
            onClick={() => setPasting(true)}
            icon={<ClipboardPaste aria-hidden className="size-3 text-faint" />}
          >
            Paste JSON
          </Button>
        </>
      }
    >
      <p className="max-w-3xl text-muted text-xs">
        SQL of a bar’s columns and the symbol’s bars before it. <Code>w20</Code> is the last 20 bars (any number will
        do), <Code>past</Code> all so far; a name that begins with <Code>_</Code> is a step for the ones below it.
        Whatever looks ahead is refused.
      </p>
      {some && (
        <ol aria-label="Features of your own" className="mt-3 space-y-2">
          {fields.map(({ id }, index) => (
            <OwnFeatureRow
              key={id}
              index={index}
              count={fields.length}
              checking={checking}
              onMove={(to) => move(index, to)}
              onRemove={() => removeAt(index)}
            />
          ))}
        </ol>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        <Button
          size="sm"
          onClick={() => append({ name: '', expression: '' })}
          icon={<Plus aria-hidden className="size-3 text-faint" />}
        >
          Add a feature
        </Button>
        {!some && (
          <Button size="sm" variant="ghost" onClick={() => replace([...examples])}>
            Begin with examples
          </Button>
        )}
        {some && (
          <Button
            size="sm"
            busy={checking.isChecking}
            disabled={datasetId === ''}
            onClick={() => void check()}
            icon={<SpellCheck aria-hidden className="size-3.5 text-faint" />}
          >
            Check
          </Button>
        )}
        {some && <Verdict checking={checking} />}
      </div>
      {checking.refusal && (
        <Callout tone="bad" className="mt-3">
          {checking.refusal}
        </Callout>
      )}
      <PasteFeaturesDialog open={pasting} onOpenChange={setPasting} onPasted={takePasted} />
    </Panel>
  );
}

const Code = ({ children }: { children: string }) => (
  <code className="rounded bg-sunken px-1 font-mono">{children}</code>
);

/** Where the list stands with the runner, in a few words. */
function Verdict({ checking }: { checking: FeatureChecking }) {
  const { control } = useFormContext<LaunchValues>();
  const features = useWatch({ control, name: path });
  const { noRunner } = useSystemStatus();
  const verdicts = features.map((_, index) => checking.verdictOf(features, index));
  const faults = verdicts.filter((verdict) => verdict?.fault).length;
  return (
    <span role="status" className="text-faint text-xs">
      {checking.isChecking
        ? noRunner
          ? 'no runner is online: they wait until one tries them'
          : 'a runner tries them on the data…'
        : checking.symbols === null
          ? ''
          : faults > 0
            ? `${plural(faults, 'feature')} cannot be used`
            : verdicts.includes(null)
              ? 'changed since the check'
              : `no fault found on ${checking.symbols.join(', ')}`}
    </span>
  );
}
