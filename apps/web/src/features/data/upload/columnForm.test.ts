import type { DatasetPreview } from '@twostage/core/runs/datasetPreview';
import { expect, it } from 'vitest';
import { choiceFaults, choicesOf, readInput } from './columnForm.ts';

const preview: DatasetPreview = {
  ...{ files: 1, file: 'all.csv', rows: [] },
  columns: [
    { name: 'Trade Dt', role: null },
    { name: 'Clock', role: null },
    { name: 'Px_Last', role: null },
    { name: 'Close', role: 'close' },
    { name: 'Ticker', role: 'symbol' },
  ],
};
const nothing = { columns: {}, ignore: [] };

it('begins with what the names suggest, then with what was said', () => {
  expect(choicesOf(preview, nothing)).toEqual(['feature', 'feature', 'feature', 'close', 'symbol']);
  const said = { columns: { time: ['Trade Dt', 'Clock'] as [string, string], close: 'Px_Last' }, ignore: ['Close'] };
  expect(choicesOf(preview, said)).toEqual(['time', 'timeOfDay', 'close', 'ignore', 'symbol']);
});

it('what is said comes back as it was', () => {
  const chosen = ['time', 'timeOfDay', 'close', 'ignore', 'symbol'] as const;
  const { uploadId, ...said } = readInput('u', preview, chosen, ' America/New_York ');
  expect({ uploadId, ...said }).toEqual({
    uploadId: 'u',
    columns: { time: ['Trade Dt', 'Clock'], close: 'Px_Last', symbol: 'Ticker' },
    ignore: ['Close'],
    timeZone: 'America/New_York',
  });
  expect(choicesOf(preview, { columns: said.columns!, ignore: said.ignore! })).toEqual([...chosen]);
});

it('says what is missing, and what is said twice', () => {
  expect(choiceFaults(['feature', 'close', 'close'])).toEqual([
    'say which column is the time',
    'two columns are close',
  ]);
  expect(choiceFaults(['time', 'close', 'feature', 'ignore'])).toEqual([]);
});
