import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectFolder } from './inspectFolder.ts';
import { temporaryFolder, writeFiles, writeParquet } from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const newYork = '{"timeZone": "America/New_York"}';
const csvOf = (header: string, times: readonly string[]): string =>
  `${[header, ...times.map((time, i) => `${time},${100 + i}`)].join('\n')}\n`;
async function spanOf(files: Record<string, string>) {
  writeFiles(folder.path, files);
  const { start, end, rows, quality } = await inspectFolder(folder.path);
  return { start, end, rows, notes: quality.notes };
}

describe('times of day', () => {
  it('without a zone are UTC, and that is said', async () => {
    const times = ['2024-03-08 09:30:00', '2024-03-08 09:31:00', '2024-03-11 09:30:00'];
    expect(await spanOf({ 'AAA.csv': csvOf('ts,close', times), 'BBB.csv': csvOf('ts,close', times) })).toEqual({
      start: '2024-03-08T09:30:00.000Z',
      end: '2024-03-11T09:30:00.000Z',
      rows: 6,
      notes: [
        'times of day carry no zone (AAA.csv and 1 more): read as UTC; dataset.json can say otherwise, such as {"timeZone": "America/New_York"}',
      ],
    });
  });

  // On 2024-03-10 New York went from UTC-5 to UTC-4.
  const expected = {
    start: '2024-03-08T14:30:00.000Z',
    end: '2024-03-11T13:30:00.000Z',
    rows: 2,
    notes: ["times of day without a zone are read as America/New_York's"],
  };
  it.each([
    ['seconds', 'ts,close', ['2024-03-08 09:30:00', '2024-03-11 09:30:00']],
    ['ISO without seconds', 'ts,close', ['2024-03-08T09:30', '2024-03-11T09:30']],
    ['a day and a time of day', 'Date,Time,close', ['2024-03-08,9:30', '2024-03-11,09:30:00']],
    ['compact days and times', '<DATE>,<TIME>,<CLOSE>', ['20240308,093000', '20240311,93000']],
    ['hours and minutes', 'date,time,close', ['20240308,0930', '20240311,930']],
  ])('are those of the zone that dataset.json names: %s', async (_, header, times) => {
    expect(await spanOf({ 'AAA.csv': csvOf(header, times), 'dataset.json': newYork })).toEqual(expected);
  });

  it('are those of the zone that dataset.json names: Parquet', async () => {
    const values = "(VALUES ('2024-03-08 09:30:00'::TIMESTAMP), ('2024-03-11 09:30:00')) AS t(ts)";
    await writeParquet(join(folder.path, 'AAA.parquet'), `SELECT ts, 1.0 AS close FROM ${values}`);
    expect(await spanOf({ 'dataset.json': newYork })).toEqual(expected);
    await writeParquet(join(folder.path, 'AAA.parquet'), `SELECT ts::TIMESTAMP_NS AS ts, 1.0 AS close FROM ${values}`);
    expect(await spanOf({})).toEqual(expected);
    await writeParquet(join(folder.path, 'AAA.parquet'), `SELECT ts::TIMESTAMPTZ AS ts, 1.0 AS close FROM ${values}`);
    expect(await spanOf({})).toMatchObject({ start: '2024-03-08T09:30:00.000Z', notes: [] });
  });

  it.each([
    ['offsets that daylight saving moves', ['2024-03-08T09:30:00-05:00', '2024-03-11T09:30:00-04:00']],
    ['offsets without a colon', ['2024-03-08 09:30:00-0500', '2024-03-11 09:30:00-0400']],
    ['offsets of hours, after a space', ['2024-03-08 09:30:00 -05', '2024-03-11 09:30:00.000 -04']],
    ['UTC', ['2024-03-08T14:30:00Z', '2024-03-11 13:30:00 UTC']],
    ['UTC without seconds', ['2024-03-08T14:30Z', '2024-03-11T13:30+00:00']],
    ['a zone by name', ['2024-03-08 09:30:00 America/New_York', '2024-03-11 09:30:00 America/New_York']],
    ['seconds since 1970', ['1709908200', '1710163800.0']],
    ['milliseconds since 1970', ['1709908200000', '1710163800000']],
  ])('that are exact stay what they are, whatever dataset.json says: %s', async (_, times) => {
    for (const description of ['{}', newYork]) {
      const found = await spanOf({ 'AAA.csv': csvOf('ts,close', times), 'dataset.json': description });
      expect(found).toEqual({ ...expected, notes: [] });
    }
  });

  it('keep the fraction of a second', async () => {
    const found = await spanOf({ 'AAA.csv': csvOf('ts,close', ['1709908200.25', '1709908201.5']) });
    expect(found).toMatchObject({ start: '2024-03-08T14:30:00.250Z', end: '2024-03-08T14:30:01.500Z' });
  });
});
