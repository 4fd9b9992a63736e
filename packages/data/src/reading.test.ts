import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inferInterval, shortTime } from './calendar.ts';
import { locateRecords, readCsvHeader, splitRecord } from './csvRecords.ts';
import { combine } from './database.ts';
import { inspectFolder } from './inspectFolder.ts';
import { openDataset } from './openDataset.ts';
import { plainCsv, prepare, temporaryFolder, writeFiles, writeParquet } from './testing/folders.ts';

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const dayMs = 86_400_000;

describe('times', () => {
  const forms: [name: string, header: string, cells: (ms: number) => string][] = [
    ['days', 'Date', (ms) => new Date(ms).toISOString().slice(0, 10)],
    ['slashes', 'DATE', (ms) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '/')],
    ['compact days', 'date', (ms) => new Date(ms).toISOString().slice(0, 10).replaceAll('-', '')],
    ['ISO timestamps', 'timestamp', (ms) => new Date(ms).toISOString()],
    ['timestamps without a zone', 'DateTime', (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ')],
    ['timestamps of another zone', 'ts', (ms) => `${new Date(ms + 7_200_000).toISOString().slice(0, 19)}+02:00`],
    ['seconds', 'ts', (ms) => String(ms / 1000)],
    ['milliseconds', 'Time', String],
    ['microseconds', 'ts', (ms) => `${ms}000`],
    ['nanoseconds', 'ts', (ms) => `${ms}000000`],
    ['a day and a time of day', 'Date,Time', (ms) => new Date(ms).toISOString().slice(0, 19).replace('T', ',')],
  ];
  it.each(forms)('as %s are read as UTC', async (_, header, cell) => {
    const times = Array.from({ length: 30 }, (_, i) => Date.UTC(2020, 4, 1) + i * dayMs);
    const rows = times.map((ms, i) => `${cell(ms)},${100 + i}`);
    writeFiles(folder.path, { 'AAA.csv': `${header},close\n${rows.join('\n')}` });
    const found = await inspectFolder(folder.path);
    expect(found).toMatchObject({ start: '2020-05-01T00:00:00.000Z', end: '2020-05-30T00:00:00.000Z', interval: '1d' });
  });

  it.each([
    ['DATE', "'2020-05-01'::DATE + i::INTEGER"],
    ['TIMESTAMP', "'2020-05-01'::TIMESTAMP + to_days(i::INTEGER)"],
    ['TIMESTAMP WITH TIME ZONE', "'2020-05-01 02:00:00+02'::TIMESTAMPTZ + to_days(i::INTEGER)"],
    ['nanoseconds', "('2020-05-01'::TIMESTAMP + to_days(i::INTEGER))::TIMESTAMP_NS"],
    ['whole numbers', '1588291200 + 86400 * i'],
    ['text', "('2020-05-01'::DATE + i::INTEGER)::VARCHAR"],
  ])('in Parquet as %s', async (_, sql) => {
    await writeParquet(
      join(folder.path, 'AAA.parquet'),
      `SELECT ${sql} AS Date, 10.5::FLOAT AS Close FROM range(30) t(i)`,
    );
    expect(await inspectFolder(folder.path)).toMatchObject({
      start: '2020-05-01T00:00:00.000Z',
      end: '2020-05-30T00:00:00.000Z',
    });
  });

  it('step by the most common interval', () => {
    const steps = (...ms: number[]) => [0, ...ms.map((_, i) => ms.slice(0, i + 1).reduce((sum, step) => sum + step))];
    expect(inferInterval(steps(dayMs, dayMs, 3 * dayMs, dayMs))).toBe('1d');
    expect(inferInterval(steps(300_000, 300_000, 60_000_000, 300_000))).toBe('5m');
    expect(inferInterval(steps(3_600_000, 3_600_000))).toBe('1h');
    expect(inferInterval(steps(7 * dayMs, 7 * dayMs))).toBe('1w');
    expect(inferInterval(steps(31 * dayMs, 28 * dayMs, 31 * dayMs))).toBe('1mo');
    expect(inferInterval([5])).toBe('unknown');
  });

  it('are shown as days where they are days', () => {
    expect(shortTime(Date.UTC(2017, 6, 31))).toBe('2017-07-31');
    expect(shortTime(Date.UTC(2017, 6, 31, 15, 30))).toBe('2017-07-31T15:30:00.000Z');
  });
});

describe('files', () => {
  it('may be separated by semicolons or tabs, quoted, with a byte order mark and CRLF', async () => {
    const plain = plainCsv(30);
    writeFiles(folder.path, {
      'A.csv': plain,
      'B.csv': `\uFEFF${plain.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
      'C.CSV': plain.replaceAll(',', '\t'),
      'D.csv': plain.replace(/^(.*)$/gm, (line) =>
        line === ''
          ? ''
          : line
              .split(',')
              .map((cell) => `"${cell}"`)
              .join(','),
      ),
    });
    const { symbols, quality } = await inspectFolder(folder.path);
    expect(symbols).toEqual(['A', 'B', 'C', 'D']);
    expect(quality.bySymbol.map(({ rows, missingCells }) => [rows, missingCells])).toEqual(Array(4).fill([30, 0]));
    expect(quality.bars).toBe(30);
  });

  it('may have names that a pattern or SQL would read otherwise', async () => {
    const dataDir = join(folder.path, "it's [1]* a {folder}?");
    mkdirSync(dataDir);
    const names = ['BRK.B', '^GSPC', 'A*', "O'NEIL", 'X[1]', 'EUR=X', 'Ünïcode 株'];
    writeFiles(dataDir, Object.fromEntries(names.map((name, i) => [`${name}.csv`, plainCsv(150, i)])));
    const { manifest } = await prepare(dataDir, join(folder.path, 'out'));
    expect(manifest.symbols).toEqual([...names].sort());
    expect(manifest.rows).toBe(150 * names.length);
    // every symbol got its own file's rows
    const { close, panel } = openDataset(join(folder.path, 'out'));
    names.forEach((name, i) => {
      const first = panel.symbolOf.indexOf(panel.symbols.indexOf(name));
      expect(close[first]).toBe(Number(plainCsv(1, i).split('\n')[1]!.split(',')[4]));
    });
  });

  it('may write a missing value in many ways, in any order of rows', async () => {
    const lines = plainCsv(30).trimEnd().split('\n');
    const spellings = ['', 'NA', 'N/A', 'NaN', 'null', 'None', '-', ' '];
    const holed = lines.map((line, i) =>
      i >= 1 && i <= spellings.length ? line.replace(/,[^,]*/, `,${spellings[i - 1]}`) : line,
    );
    writeFiles(folder.path, { 'AAA.csv': [holed[0], ...holed.slice(1).reverse()].join('\n') });
    const { quality } = await inspectFolder(folder.path);
    expect(quality.bySymbol[0]).toMatchObject({ rows: 30, missingCells: spellings.length, gaps: 0, duplicateBars: 0 });
  });

  it('may name their symbol, also by a name that changes or is missing', async () => {
    const lines = plainCsv(30).trimEnd().split('\n');
    const named = lines.map(
      (line, i) => `${line},${i === 0 ? 'Name' : i < 10 ? 'Old Inc' : i === 10 ? '' : 'New Inc'}`,
    );
    writeFiles(folder.path, { 'AAA.csv': named.join('\n') });
    expect(await inspectFolder(folder.path)).toMatchObject({ symbols: ['AAA'], rows: 30, quality: { notes: [] } });
  });

  it('may have initials as features, beside the columns that they could stand for', async () => {
    writeFiles(folder.path, { 'AAA.csv': plainCsv(30, 0, 'Date,vol,c,O,close,Volume') });
    const { featureColumns, quality } = await inspectFolder(folder.path);
    expect(featureColumns.fromFiles).toEqual(['O', 'c', 'vol']);
    expect(quality.bySymbol[0]).toMatchObject({ rows: 30, missingCells: 0 });
  });

  it('need not have the same columns', async () => {
    writeFiles(folder.path, {
      'A.csv': plainCsv(150),
      'B.csv': plainCsv(150, 5).replace(/^([^,]*),[^,]*,[^,]*,[^,]*,([^,]*),.*$/gm, '$1,$2'),
      'C.csv': plainCsv(150, 9, 'date,OPEN,high,Low,CLOSE,volume,beta').replace(/^(20.*)$/gm, '$1,1.5'),
    });
    const { featureColumns, quality } = await inspectFolder(folder.path);
    expect(featureColumns.fromFiles).toEqual(['beta']);
    // a column that a file lacks is no missing cell
    expect(quality.bySymbol.map((each) => each.missingCells)).toEqual([0, 0, 0]);
    await prepare(folder.path, join(folder.path, 'out'));
    const { panel } = openDataset(join(folder.path, 'out'));
    const beta = panel.features.subarray(panel.featureNames.indexOf('beta') * panel.rows);
    expect([beta[0], beta[150], beta[300]]).toEqual([Number.NaN, Number.NaN, 1.5]);
  });

  it('may have hundreds of columns, within little memory', async () => {
    const names = Array.from({ length: 250 }, (_, i) => `f${String(i).padStart(3, '0')}`);
    const rows = plainCsv(150).trim().split('\n');
    const wide = rows.map((row, i) => `${row},${(i === 0 ? names : names.map((_, j) => i + j / 1000)).join(',')}`);
    writeFiles(folder.path, { 'A.csv': wide.join('\n'), 'B.csv': wide.join('\n') });
    await prepare(folder.path, join(folder.path, 'out'), {
      features: 'given',
      normalisation: 'none',
      memoryLimitMb: 400,
    });
    const { panel } = openDataset(join(folder.path, 'out'));
    expect(panel.featureNames).toEqual(names);
    expect(panel.features[249 * panel.rows + 149]).toBeCloseTo(150.249, 4);
  });
});

it('terms of one operator are a tree of few levels, in their order', () => {
  expect(combine(['a'], '+')).toBe('a');
  expect(combine(['a', 'b', 'c', 'd', 'e'], 'OR')).toBe('((a OR b) OR (c OR (d OR e)))');
});

describe('CSV records', () => {
  it('are found by their ordinal, whatever quotes and empty lines are in between', async () => {
    const path = join(folder.path, 'a.csv');
    writeFiles(folder.path, { 'a.csv': 'a,b\n\n1,"x\ny"\r\n\r\n2,"say ""hi"""\n3,z' });
    const found = await locateRecords({ path, gzipped: false }, [0, 1, 2, 9]);
    expect(Object.fromEntries(found)).toEqual({
      0: { line: 3, text: '1,"x\ny"' },
      1: { line: 6, text: '2,"say ""hi"""' },
      2: { line: 7, text: '3,z' },
    });
  });

  it('are found across the slices in which a big file is read', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},${'x'.repeat(i % 13)}`);
    writeFiles(folder.path, { 'a.csv': `a,b\n${rows.join('\n')}\n` });
    const wanted = [0, 99_999, 131_071, 199_999];
    const found = await locateRecords({ path: join(folder.path, 'a.csv'), gzipped: false }, wanted);
    expect(wanted.map((ordinal) => found.get(ordinal))).toEqual(
      wanted.map((ordinal) => ({ line: ordinal + 2, text: rows[ordinal] })),
    );
  });

  it('split at the delimiter outside quotes', () => {
    expect(splitRecord('a,"b,""c""",,d', ',')).toEqual(['a', 'b,"c"', '', 'd']);
    expect(splitRecord('', ',')).toEqual(['']);
  });

  it('begin with a header whose delimiter its text shows', async () => {
    writeFiles(folder.path, { 'a.csv': 'date|close|"odd, name"\n1|"2"|3\n4|5\n' });
    const file = { path: join(folder.path, 'a.csv'), name: 'a.csv', gzipped: false };
    expect(await readCsvHeader(file)).toEqual({
      delimiter: '|',
      names: ['date', 'close', 'odd, name'],
      // the last record is not as long as the header
      glimpse: [['1', '2', '3']],
    });
    expect(existsSync(join(folder.path, 'a.csv'))).toBe(true);
  });
});
