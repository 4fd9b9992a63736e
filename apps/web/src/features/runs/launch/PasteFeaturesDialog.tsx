'use client';
import type { FeatureExpression } from '@twostage/core/runs/featureExpressions';
import { useState } from 'react';
import { Button } from '../../../ui/Button.tsx';
import { Dialog } from '../../../ui/Dialog.tsx';
import { Field, inputClass } from '../../../ui/Field.tsx';
import { readPastedFeatures } from './pastedFeatures.ts';

/** Takes the JSON of `--feature-config`. */
export function PasteFeaturesDialog({
  open,
  onOpenChange,
  onPasted,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onPasted: (features: FeatureExpression[]) => void;
}) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string>();
  const change = (next: string) => {
    setText(next);
    setError(undefined);
  };
  const take = () => {
    const read = readPastedFeatures(text);
    if ('error' in read) return setError(read.error);
    change('');
    onOpenChange(false);
    onPasted(read.features);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      wide
      title="Paste features"
      description="The JSON that --feature-config takes in a terminal. A feature of a name that the list has already is replaced."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button variant="primary" disabled={text.trim() === ''} onClick={take}>
            Take them
          </Button>
        </>
      }
    >
      <Field label="JSON" error={error}>
        {(wiring) => (
          <textarea
            {...wiring}
            value={text}
            onChange={(event) => change(event.target.value)}
            rows={8}
            spellCheck={false}
            placeholder={'{"momentum": "close / avg(close) OVER w20 - 1"}'}
            className={inputClass(error !== undefined, 'h-auto py-1.5 font-mono text-xs')}
          />
        )}
      </Field>
    </Dialog>
  );
}
