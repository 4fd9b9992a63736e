import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError, type ErrorCode } from '@twostage/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrepareDatasetInput } from './prepareDataset.ts';
import { plainCsv, prepare, temporaryFolder, writeFiles, writeParquet } from './testing/folders.ts';

const good = plainCsv(150);
const lines = good.trimEnd().split('\n');
/** `good` with one line (1-based, as an editor counts) replaced. */
const withLine = (line: number, text: string): string =>
  `${lines.map((each, i) => (i === line - 1 ? text : each)).join('\n')}\n`;

interface Case {
  readonly what: string;
  readonly files?: Record<string, string | Uint8Array>;
  readonly setUp?: (dataDir: string) => Promise<void>;
  readonly input?: Partial<PrepareDatasetInput>;
  readonly code: ErrorCode;
  readonly message: RegExp;
  readonly field?: string;
}

const cases: Case[] = [
  {
    what: 'features that are said to be given and are not there',
    files: { 'AAA.csv': good, 'dataset.json': '{"features":"given"}' },
    code: 'BAD_FILE',
    message: /^dataset\.json says that the features are given, but no file has a numeric column beside prices/,
  },
  {
    what: 'an unknown symbol',
    files: { 'AAA.csv': good, 'BBB.csv': good },
    input: { symbols: ['AAA', 'ZZZ'] },
    code: 'UNKNOWN_SYMBOL',
    message: /^no symbol "ZZZ"; there are AAA, BBB$/,
    field: 'symbols.1',
  },
  {
    what: 'a folder that is not there',
    input: { dataDir: '/nowhere/at/all' },
    code: 'NOT_FOUND',
    message: /^\/nowhere\/at\/all: there is no such folder$/,
    field: 'dataDir',
  },
  {
    what: 'an empty folder',
    files: {},
    code: 'EMPTY_FOLDER',
    message: /: holds no \.csv or \.parquet file, one a symbol$/,
  },
  {
    what: 'a folder of other files',
    files: { 'README.md': '# hello', 'notes.txt': 'x', '.hidden.csv': good },
    code: 'EMPTY_FOLDER',
    message: /holds no \.csv or \.parquet file/,
  },
  {
    what: 'text in a price',
    files: { 'AAA.csv': withLine(12, '2020-01-15,100,101,99,abc,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 12, column Close: expected a number, got "abc"$/,
  },
  {
    what: 'text in a price after empty lines',
    files: { 'AAA.csv': withLine(12, '\n\n2020-01-15,100,1O1,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 14, column High: expected a number, got "1O1"$/,
  },
  {
    what: 'text in the second of two like files',
    files: { 'AAA.csv': good, 'BBB.csv': withLine(7, '2020-01-08,100,101,99,100,"1,000"') },
    code: 'BAD_FILE',
    message: /^BBB\.csv, line 7, column Volume: expected a number, got "1,000"$/,
  },
  {
    what: 'an infinite price',
    files: { 'AAA.csv': withLine(3, '2020-01-02,inf,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 3, column Open: expected a number, got "inf"$/,
  },
  {
    what: 'no time column',
    files: { 'AAA.csv': good.replace('Date', 'When') },
    code: 'BAD_FILE',
    message:
      /^AAA\.csv, line 1: no time column; one named date, datetime, time, timestamp, ts \(any case\) is expected, the columns are When, Open, High, Low, Close, Volume$/,
  },
  {
    what: 'no header',
    files: { 'AAA.csv': lines.slice(1).join('\n') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: no time column/,
  },
  {
    what: 'no close column',
    files: { 'AAA.csv': good.replace('Close', 'Last') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: no close column/,
  },
  {
    what: 'an unreadable time',
    files: { 'AAA.csv': withLine(9, '01/13/2020,100,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9, column Date: expected a time such as 2020-01-31, .*, got "01\/13\/2020"$/,
  },
  {
    what: 'an empty time',
    files: { 'AAA.csv': withLine(9, ',100,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9, column Date: expected a time .*, got nothing$/,
  },
  {
    what: 'a day that no calendar has',
    files: { 'AAA.csv': withLine(9, '2020-02-31,100,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9, column Date: .*got "2020-02-31"$/,
  },
  {
    what: 'a record with too few fields',
    files: { 'AAA.csv': withLine(20, '2020-01-27,100') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 20: expected 6 columns as in the header, got 2$/,
  },
  {
    what: 'a record with too many fields',
    files: { 'AAA.csv': good, 'BBB.csv': withLine(20, '2020-01-27,100,1,1,1,1,1,1') },
    code: 'BAD_FILE',
    message: /^BBB\.csv, line 20: expected 6 columns as in the header, got more$/,
  },
  {
    what: 'two columns of one name',
    files: { 'AAA.csv': good.replace('Open', 'close') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: two columns are named close$/,
  },
  {
    what: 'an empty file',
    files: { 'AAA.csv': '' },
    code: 'BAD_FILE',
    message: /^AAA\.csv: is empty; a header line is expected$/,
  },
  {
    what: 'a header without rows',
    files: { 'AAA.csv': good, 'BBB.csv': `${lines[0]}\n` },
    code: 'BAD_FILE',
    message: /^BBB\.csv: holds no rows$/,
  },
  {
    what: 'a file without a usable close',
    files: { 'AAA.csv': good, 'BBB.csv': `${lines[0]}\n2020-01-01,1,1,1,0,5\n2020-01-02,1,1,1,,5\n` },
    code: 'BAD_FILE',
    message: /^BBB\.csv: no row has a close above 0$/,
  },
  {
    what: 'one file of several symbols',
    files: {
      'ALL.csv': `Date,Close,Name\n2020-01-01,1,AAA\n2020-01-01,2,BBB\n`,
    },
    code: 'BAD_FILE',
    message: /^ALL\.csv: its column Name holds several symbols \(AAA and BBB\); one file a symbol is expected$/,
  },
  {
    what: 'a return over no bars',
    files: { 'AAA.csv': good },
    input: { targets: ['fwd_ret_1d', 'fwd_ret_0d'] },
    code: 'UNKNOWN_TARGET',
    message:
      /^target "fwd_ret_0d": neither a column of the files \(they have no target columns\) nor a forward return fwd_ret_\{k\}d or fwd_ret_\{k\}b \(or fwd_excess_, fwd_volret_, fwd_dir_\) with k from 1 to 9999$/,
    field: 'targets.1',
  },
  {
    what: 'a target column that no file has',
    files: {
      'AAA.csv': good.replace('Volume', 'Volume,y_one,target_two').replaceAll(/(\d)\n/g, '$1,1,2\n'),
    },
    input: { targets: ['y_missing'] },
    code: 'UNKNOWN_TARGET',
    message: /^target "y_missing": neither a column of the files \(they have target_two, y_one\) nor a forward return/,
    field: 'targets.0',
  },
  {
    what: 'a target in days on bars of minutes',
    files: {
      'AAA.csv': `time,close\n${Array.from({ length: 150 }, (_, i) => `${1_600_000_000 + 300 * i},${100 + (i % 7)}`).join('\n')}\n`,
    },
    input: { targets: ['fwd_ret_3d'] },
    code: 'UNKNOWN_TARGET',
    message: /^target "fwd_ret_3d": counts days, but the bars are 5m; use fwd_ret_3b to count bars$/,
  },
  {
    what: 'too few bars',
    files: { 'AAA.csv': `${lines.slice(0, 61).join('\n')}\n` },
    code: 'TOO_FEW_BARS',
    message:
      /^2 folds with lookback 5, a label 2 bars ahead and an embargo of 2 bars need at least \d+ bars; there are 60$/,
  },
  {
    what: 'two files of one symbol',
    files: { 'AAA.csv': good },
    setUp: (dataDir) => writeParquet(join(dataDir, 'AAA.parquet'), "SELECT '2020-01-01'::DATE AS date, 1.0 AS close"),
    code: 'BAD_FILE',
    message: /: AAA\.csv and AAA\.parquet both hold the symbol AAA; keep one$/,
  },
  {
    what: 'a Parquet file that is none',
    files: { 'AAA.parquet': Buffer.from('PAR1 and then nothing') },
    code: 'BAD_FILE',
    message: /^AAA\.parquet: not a readable Parquet file: /,
  },
  {
    what: 'a truncated Parquet file',
    setUp: async (dataDir) => {
      const path = join(dataDir, 'AAA.parquet');
      await writeParquet(
        path,
        "SELECT '2020-01-01'::DATE + i::INTEGER AS date, random() AS close FROM range(5000) t(i)",
      );
      const whole = readFileSync(path);
      writeFileSync(path, whole.subarray(0, whole.length >> 1));
    },
    code: 'BAD_FILE',
    message: /^AAA\.parquet: not a readable Parquet file: /,
  },
  {
    what: 'a Parquet file whose pages are damaged',
    setUp: async (dataDir) => {
      const path = join(dataDir, 'AAA.parquet');
      await writeParquet(
        path,
        "SELECT '2020-01-01'::DATE + i::INTEGER AS date, random() AS close FROM range(5000) t(i)",
      );
      writeFileSync(path, readFileSync(path).fill(0xff, 4, 4000));
    },
    code: 'BAD_FILE',
    message: /^AAA\.parquet: not a readable Parquet file: /,
  },
  {
    what: 'an output folder that holds something else',
    files: { 'AAA.csv': good },
    setUp: async (dataDir) => writeFileSync(join(dataDir, '..', 'taken.txt'), 'mine'),
    input: { outputDir: '..' },
    code: 'CONFLICT',
    message: /: holds other files; choose a new or an empty folder$/,
  },
];

describe('bad input is one clear line, and nothing is left behind', () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let dataDir: string;

  beforeEach(async () => {
    folder = temporaryFolder();
    dataDir = join(folder.path, 'market');
    mkdirSync(dataDir);
  });
  afterEach(() => folder.remove());

  it.each(cases.map((each) => [each.what, each] as const))('%s', async (_, each) => {
    writeFiles(dataDir, each.files ?? {});
    await each.setUp?.(dataDir);
    const before = readdirSync(folder.path).sort();
    const outputDir = each.input?.outputDir ? join(dataDir, each.input.outputDir) : join(folder.path, 'out');
    const error = await prepare(dataDir, outputDir, { ...each.input, outputDir }).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(DomainError);
    const { code, message, field } = error as DomainError;
    expect({ code, message }).toEqual({ code: each.code, message: expect.stringMatching(each.message) });
    expect(message).not.toContain('\n');
    if (each.field !== undefined) expect(field).toBe(each.field);
    expect(existsSync(join(folder.path, 'out'))).toBe(false);
    expect(readdirSync(folder.path).sort()).toEqual(before);
  });
});
