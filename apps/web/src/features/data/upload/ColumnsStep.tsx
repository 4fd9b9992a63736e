'use client';
import type { DatasetPreview } from '@twostage/core/runs/datasetPreview';
import { useState } from 'react';
import type { ReadUploadInput, Upload } from '../../../server/contracts/uploads.ts';
import { Button } from '../../../ui/Button.tsx';
import { cx } from '../../../ui/cx.ts';
import { Field, Input, Select } from '../../../ui/Field.tsx';
import { plural } from '../../../ui/format.ts';
import { Panel } from '../../../ui/Panel.tsx';
import { type ColumnChoice, choiceFaults, choices, choicesOf, choiceWords, readInput } from './columnForm.ts';

/** The first rows, and above each column what it is. */
export function ColumnsStep({
  upload,
  preview,
  busy,
  onRead,
}: {
  upload: Upload;
  preview: DatasetPreview;
  busy: boolean;
  onRead: (input: ReadUploadInput) => void;
}) {
  const [chosen, setChosen] = useState(() => choicesOf(preview, upload.said));
  const [timeZone, setTimeZone] = useState(upload.said.timeZone ?? '');
  const faults = choiceFaults(chosen);
  const choose = (at: number, choice: ColumnChoice) =>
    setChosen((before) => before.map((each, i) => (i === at ? choice : each)));
  return (
    <Panel
      title="2. Columns"
      flush
      aside={
        <span className="text-muted text-xs">
          the beginning of {preview.file}
          {preview.files > 1 && `, of ${plural(preview.files, 'file')}`}
        </span>
      }
    >
      <div className="scroll-thin overflow-x-auto">
        <table className="w-full text-xs">
          <caption className="sr-only">First rows of {preview.file}</caption>
          <thead>
            <tr className="border-line border-b">
              {preview.columns.map(({ name }, i) => (
                <th key={name} scope="col" className="min-w-32 px-2 py-2 text-left align-bottom first:pl-4">
                  <span className="mb-1 block max-w-40 truncate font-semibold" title={name}>
                    {name || '(no name)'}
                  </span>
                  <Select
                    aria-label={`What ${name} is`}
                    value={chosen[i]!}
                    onChange={(event) => choose(i, event.target.value as ColumnChoice)}
                    className={cx('h-7 text-xs', chosen[i] === 'ignore' && 'text-faint')}
                  >
                    {choices.map((choice) => (
                      <option key={choice} value={choice}>
                        {choiceWords[choice]}
                      </option>
                    ))}
                  </Select>
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {preview.rows.map((row, at) => (
              <tr key={at}>
                {row.map((text, i) => (
                  <td
                    key={i}
                    className={cx(
                      'max-w-40 truncate px-2 py-1 font-mono first:pl-4',
                      chosen[i] === 'ignore' && 'text-faint line-through',
                    )}
                    title={text}
                  >
                    {text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3 border-line border-t p-4">
        <Field label="Time zone" help="Of times of day that name none; UTC where empty" className="w-56">
          {(wiring) => (
            <Input
              {...wiring}
              value={timeZone}
              placeholder="America/New_York"
              list="time-zones"
              onChange={(event) => setTimeZone(event.target.value)}
            />
          )}
        </Field>
        <datalist id="time-zones">
          {['America/New_York', 'Europe/London', 'Europe/Berlin', 'Asia/Tokyo', 'Asia/Hong_Kong', 'Asia/Shanghai'].map(
            (zone) => (
              <option key={zone} value={zone} />
            ),
          )}
        </datalist>
        <div className="flex min-w-0 flex-1 basis-60 flex-wrap items-center gap-3">
          <Button
            variant={upload.state === 'ready' ? 'secondary' : 'primary'}
            busy={busy}
            disabled={faults.length > 0}
            onClick={() => onRead(readInput(upload.id, preview, chosen, timeZone))}
          >
            {upload.state === 'open' ? 'Read them' : 'Read again'}
          </Button>
          {faults.length > 0 && <span className="text-warn">{faults.join('; ')}</span>}
        </div>
      </div>
    </Panel>
  );
}
