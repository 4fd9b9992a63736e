import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DomainError, type ErrorCode } from '@twostage/core/errors';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrepareDatasetInput } from './prepareDataset.ts';
import { plainCsv, prepare, temporaryFolder, writeFiles, writeParquet } from './testing/folders.ts';

const good = plainCsv(150);
const lines = good.trimEnd().split('\n');
const header = lines[0]!;
const csvOf = (rows: readonly string[], head = header): string => `${[head, ...rows].join('\n')}\n`;
/** The rows of `good` with a last column. */
const named = (symbol: string): string[] => lines.slice(1).map((line) => `${line},${symbol}`);
const timed = (times: readonly string[]): string =>
  csvOf(
    times.map((time, i) => `${time},${100 + i}`),
    'ts,close',
  );
/** More than is read of a file before its rows. */
const long = plainCsv(4000);
/** `good` with one line (1-based, as an editor counts) replaced. */
const withLine = (line: number, text: string): string =>
  `${lines.map((each, i) => (i === line - 1 ? text : each)).join('\n')}\n`;

interface Case {
  readonly what: string;
  /** By path in the data folder. */
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
    input: { dataDir: 'nowhere/at/all' },
    code: 'NOT_FOUND',
    message: /\/nowhere\/at\/all: there is no such folder$/,
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
    what: 'a file named after one of the several symbols that it holds',
    files: {
      'AAA.csv': csvOf(
        [0, 1, 0].flatMap((symbol) => lines.slice(1, 40).map((line) => `${line},${['AAA', 'BBB'][symbol]}`)),
        `${header},Symbol`,
      ),
    },
    code: 'BAD_FILE',
    message:
      /^AAA\.csv: its column Symbol holds several symbols \(AAA and BBB\) though the file is named after one; name it otherwise, or keep one file a symbol$/,
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
  // Text that is none.
  {
    what: 'UTF-16 with a byte order mark',
    files: { 'AAA.csv': Buffer.from(`\uFEFF${good}`, 'utf16le') },
    code: 'BAD_FILE',
    message: /^AAA\.csv: is UTF-16; UTF-8 text is expected$/,
  },
  {
    what: 'UTF-16 without one',
    files: { 'AAA.csv': Buffer.from(good, 'utf16le') },
    code: 'BAD_FILE',
    message: /^AAA\.csv: is UTF-16 or no text at all; UTF-8 text is expected$/,
  },
  {
    what: 'Latin-1 in the header',
    files: { 'AAA.csv': Buffer.from(good.replace('Volume', 'Größe'), 'latin1') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: is not UTF-8 \(Latin-1\?\); UTF-8 text is expected$/,
  },
  {
    what: 'Latin-1 far down',
    files: { 'AAA.csv': Buffer.from(`${long}2099-01-01,é,1,1,1,1\n`, 'latin1') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 4002: is not UTF-8 \(Latin-1\?\); UTF-8 text is expected$/,
  },
  {
    what: 'a NUL byte',
    files: { 'AAA.csv': withLine(9, '2020-01-10,100,10\u00001,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9: holds a NUL byte; UTF-8 text is expected$/,
  },
  {
    what: 'a NUL byte far down',
    files: { 'AAA.csv': `${long}2099-01-01,100,101,99,10\u00000,1000\n` },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 4002, column Close: expected a number, got "10\\u00000"$/,
  },
  {
    what: 'lines that end in a carriage return alone',
    files: { 'AAA.csv': good.replaceAll('\n', '\r') },
    code: 'BAD_FILE',
    message: /^AAA\.csv: its lines end in a carriage return alone; LF or CRLF is expected$/,
  },
  {
    what: 'a packed file',
    files: { 'AAA.csv': gzipSync(good) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: (holds a NUL byte|is not UTF-8 \(Latin-1\?\)); UTF-8 text is expected$/,
  },
  {
    what: 'a line without end',
    files: { 'AAA.csv': `Date,Close,${'x'.repeat(3e5)}` },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: the header is longer than 262144 bytes$/,
  },
  {
    what: 'thousands of columns',
    files: { 'AAA.csv': `Date,Close,${Array.from({ length: 5000 }, (_, i) => `f${i}`).join(',')}\n` },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: at most 4096 columns are expected, got 5002$/,
  },
  {
    what: 'a gigantic row',
    files: { 'AAA.csv': withLine(9, `2020-01-10,${'1'.repeat(3e6)},101,99,100,1000`) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9: a line of at most 2000000 bytes is expected, got a longer one$/,
  },
  {
    what: 'a quote that is never closed',
    files: { 'AAA.csv': withLine(9, '2020-01-10,"100,101,99,100,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 9: /,
  },
  {
    what: 'decimal commas',
    files: { 'AAA.csv': 'Date;Close\n2020-01-02;100,5\n2020-01-03;100,7\n' },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 2, column Close: expected a number, got "100,5"$/,
  },
  {
    what: 'a blank line before the header',
    files: { 'AAA.csv': `\n${good}` },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: is blank; a header line is expected$/,
  },
  // Columns.
  {
    what: 'a feature that is called as a symbol is',
    files: {
      'AAA.csv': csvOf(
        lines.slice(1).map((line, i) => `${line},${i}`),
        `${header},Code`,
      ),
    },
    code: 'BAD_FILE',
    message: /^AAA\.csv, column Code: names another symbol on every bar; call it otherwise if it is a feature$/,
  },
  {
    what: 'two spellings of one column',
    files: { 'AAA.csv': good.replace('Open,High', 'Adj Close,adj_close') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: Adj Close and adj_close name one column twice$/,
  },
  {
    what: 'two features that differ by case',
    files: { 'AAA.csv': good.replace('Open,High', 'mood,Mood') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: two columns are named mood$/,
  },
  {
    what: 'units in the volume',
    files: { 'AAA.csv': withLine(5, '2020-01-06,100,101,99,100,1.2M') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 5, column Volume: expected a number, got "1\.2M"$/,
  },
  {
    what: 'a NaN that nobody knows',
    files: { 'AAA.csv': withLine(5, '2020-01-06,100,101,99,1.#QNAN,1000') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 5, column Close: expected a number, got "1\.#QNAN"$/,
  },
  {
    what: 'closes that are missing, however that is spelled',
    files: {
      'AAA.csv': csvOf(
        ['', 'NaN', 'nan', 'NULL', 'n/a', '#N/A', 'None', '-', '-nan', '?']
          .map((cell, i) => `2020-01-0${i},1,1,1,${cell},1`)
          .slice(1),
      ),
    },
    code: 'BAD_FILE',
    message: /^AAA\.csv: no row has a close above 0$/,
  },
  {
    what: 'prices that are all negative',
    files: { 'AAA.csv': good.replace(/^(20[^,]*),(.*),(.*),(.*),(.*),/gm, '$1,-$2,-$3,-$4,-$5,') },
    code: 'BAD_FILE',
    message: /^AAA\.csv: no row has a close above 0$/,
  },
  // Times.
  ...(
    [
      ['a sentinel for never', '9999-12-31'],
      ['a time before any market', '1677-12-31'],
      ['a day of zeros', '0000-00-00'],
      ['a year of five digits', '20200-01-01'],
      ['a compact day of a month that is none', '20201301'],
      ['a count of digits that is no unit', '15778368000'],
      ['an hour that no day has', '2020-01-02 25:00:00'],
      ['a word', 'yesterday'],
      ['a count before 1970', '-86400'],
      ['an infinity', '-infinity'],
    ] as const
  ).map(
    ([what, cell]): Case => ({
      what: `${what} as a time`,
      files: { 'AAA.csv': withLine(9, `${cell},100,101,99,100,1000`) },
      code: 'BAD_FILE',
      message: new RegExp(
        `^AAA\\.csv, line 9, column Date: expected a time such as 2020-01-31, .*, from 1678 to 2261, got "${cell}"$`,
      ),
    }),
  ),
  {
    what: 'a time of day that is none',
    files: { 'AAA.csv': csvOf(['2020-01-02,09:30:00,1', '2020-01-02,noon,1'], 'Date,Time,Close') },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 3, column Date and Time: expected a time .*, got "2020-01-02" and "noon"$/,
  },
  {
    what: 'one time on every row',
    files: { 'AAA.csv': csvOf(lines.slice(1).map((line) => line.replace(/^[^,]*/, '2020-01-01'))) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, column Date: one time a bar is expected, got 2020-01-01 on all 150 rows$/,
  },
  {
    what: 'times with and without a zone',
    files: { 'AAA.csv': timed(['2020-01-02 09:30:00-05:00', '2020-01-02 09:31:00-05:00', '2020-01-02 09:32:00']) },
    code: 'BAD_FILE',
    message:
      /^AAA\.csv, line 4, column ts: a time without a zone, where a row before has the offset -05:00; one time zone a file is expected$/,
  },
  {
    what: 'days among times with a zone',
    files: { 'AAA.csv': timed(['2020-01-02', '2020-01-03T00:00:00Z']) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 3, column ts: the offset \+00:00, where a row before has a time without a zone; one time/,
  },
  {
    what: 'zones far apart',
    files: { 'AAA.csv': timed(['2020-01-02T09:30:00-0500', '2020-06-02T09:30:00-04:00', '2020-06-02T09:30:00+09:00']) },
    code: 'BAD_FILE',
    message:
      /^AAA\.csv, line 4, column ts: the offset \+09:00, where a row before has the offset -05:00; one time zone a file is expected$/,
  },
  {
    what: 'a zone by name among offsets',
    files: { 'AAA.csv': timed(['2020-01-02 09:30:00 America/New_York', '2020-01-02 09:31:00 -05:00']) },
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 3, column ts: the offset -05:00, where a row before has a zone by name; one time zone/,
  },
  {
    what: 'a description that is no JSON',
    files: { 'AAA.csv': good, 'dataset.json': '{timeZone: UTC}' },
    code: 'BAD_FILE',
    message: /^dataset\.json: is not JSON$/,
  },
  {
    what: 'a time zone that is none',
    files: { 'AAA.csv': good, 'dataset.json': '{"timeZone":"Mars/Olympus"}' },
    code: 'BAD_FILE',
    message: /^dataset\.json, timeZone: expected the name of a time zone such as "America\/New_York"$/,
  },
  {
    what: 'a description that says something else',
    files: { 'AAA.csv': good, 'dataset.json': '{"features":"mine"}' },
    code: 'BAD_FILE',
    message: /^dataset\.json, features: .*"builtIn"\|"given"/,
  },
  // Symbols and layouts.
  ...(
    [
      ['a path', '../x'],
      ['a slash', 'BTC/USD'],
      ['a backslash', 'A\\B'],
      ['a folder above', '..'],
      ['a control character', 'A\tB'],
    ] as const
  ).map(
    ([what, symbol]): Case => ({
      what: `${what} as a symbol`,
      files: { 'prices.csv': csvOf([...named('AAA'), ...named(symbol)], `${header},Ticker`) },
      code: 'BAD_FILE',
      message:
        /^prices\.csv, column Ticker: a symbol without slashes and control characters is expected \(BTC-USD, not BTC\/USD\), got "/,
    }),
  ),
  {
    what: 'a path as a partition',
    files: { 'symbol=..%2Fx/a.csv': good },
    code: 'BAD_FILE',
    message: /^symbol=\.\.%2Fx\/a\.csv: a symbol without slashes .* is expected .*, got "\.\.\/x"$/,
  },
  {
    what: 'a partition without a symbol',
    files: { 'symbol=__HIVE_DEFAULT_PARTITION__/a.csv': good },
    code: 'BAD_FILE',
    message: /^symbol=__HIVE_DEFAULT_PARTITION__\/a\.csv: a symbol is expected, got nothing$/,
  },
  {
    what: 'a symbol of hundreds of characters',
    files: { 'prices.csv': csvOf([...named('A'.repeat(300)), ...named('BBB')], `${header},Ticker`) },
    code: 'BAD_FILE',
    message: /^prices\.csv, column Ticker: a symbol of at most 100 characters is expected, got 300$/,
  },
  {
    what: 'a row without a symbol',
    files: {
      'prices.csv': csvOf([...named('AAA'), '', ...named(' ').slice(0, 1), ...named('BBB')], `${header},Ticker`),
    },
    code: 'BAD_FILE',
    message: /^prices\.csv, line 153, column Ticker: a symbol is expected, got nothing$/,
  },
  {
    what: 'two spellings of one symbol, as files',
    files: { 'aapl.csv': good, 'AAPL.csv': good },
    code: 'BAD_FILE',
    message: /^AAPL \(AAPL\.csv\) and aapl \(aapl\.csv\) are two spellings of one symbol; keep one$/,
  },
  {
    what: 'two spellings of one symbol, as cells',
    files: { 'prices.csv': csvOf([...named('AAPL'), ...named('aapl')], `${header},Ticker`) },
    code: 'BAD_FILE',
    message: /^(AAPL|aapl) \(prices\.csv\) and (AAPL|aapl) \(prices\.csv\) are two spellings of one symbol; keep one$/,
  },
  {
    what: 'a file and a folder a symbol',
    files: { 'AAA.csv': good, 'BBB/2020.csv': good },
    code: 'BAD_FILE',
    message: /: holds two layouts, AAA\.csv \(a file a symbol\) and BBB\/2020\.csv \(a folder a symbol\); keep one$/,
  },
  {
    what: 'partitions beside files',
    files: { 'AAA.csv': good, 'symbol=BBB/a.csv': good },
    code: 'BAD_FILE',
    message:
      /: holds two layouts, AAA\.csv \(a file a symbol\) and symbol=BBB\/a\.csv \(a partition a symbol\); keep one$/,
  },
  {
    what: 'a file of several symbols beside a file a symbol',
    files: { 'prices.csv': csvOf([...named('BBB'), ...named('CCC')], `${header},Ticker`), 'AAA.csv': good },
    code: 'BAD_FILE',
    message:
      /: holds two layouts, prices\.csv \(several symbols, by its column Ticker\) and AAA\.csv \(a file a symbol\); keep one$/,
  },
  {
    what: 'several intervals',
    files: { 'bars/interval=5m/symbol=AAA/a.csv': good, 'bars/interval=1d/symbol=AAA/a.csv': good },
    code: 'BAD_FILE',
    message: /: holds several intervals \(1d, 5m\); choose the sub-folder of one, such as .*\/bars\/interval=1d$/,
    field: 'dataDir',
  },
  {
    what: 'folders within folders',
    files: { 'stocks/AAA/2020.csv': good },
    code: 'BAD_FILE',
    message:
      /^stocks\/AAA\/2020\.csv: lies too deep; SYMBOL\.csv, SYMBOL\/….csv or …\/symbol=SYMBOL\/….csv \(or \.parquet\) is expected$/,
  },
  {
    what: 'folders that are years or symbols',
    files: { '2016/AAA.csv': good, '2017/AAA.csv': good },
    code: 'BAD_FILE',
    message:
      /^2016\/AAA\.csv and 2017\/AAA\.csv: a folder a year is expected as year=2017, a folder a symbol as symbol=2017$/,
  },
  {
    what: 'a folder of several symbols where pieces of one are expected',
    files: { 'stocks/AAA.csv': good, 'stocks/BBB.csv': plainCsv(150, 3) },
    code: 'BAD_FILE',
    message:
      /^stocks\/AAA\.csv and stocks\/BBB\.csv: hold different prices for most bars they share, the first at 2020-01-01, and both count as stocks; pieces of one history are expected$/,
  },
  {
    what: 'pieces without rows',
    files: { 'AAA/1.csv': `${header}\n`, 'AAA/2.csv': `${header}\n` },
    code: 'BAD_FILE',
    message: /^AAA\/1\.csv and 1 more: holds no rows$/,
  },
  {
    what: 'a long file without rows',
    files: { 'prices.csv': `${header},Ticker\n` },
    code: 'BAD_FILE',
    message: /^prices\.csv: holds no rows$/,
  },
  {
    what: 'a symbol of a long file without a close',
    files: { 'prices.csv': csvOf([...named('AAA'), '2020-01-01,1,1,1,0,1,BBB'], `${header},Ticker`) },
    code: 'BAD_FILE',
    message: /^prices\.csv: no row of BBB has a close above 0$/,
  },
  {
    what: 'text in a long file, counted among rows that were not asked for',
    files: { 'prices.csv': csvOf([...named('AAA'), ...named('BBB'), '2020-01-01,1,x,1,1,1,BBB'], `${header},Ticker`) },
    input: { symbols: ['BBB'] },
    code: 'BAD_FILE',
    message: /^prices\.csv, line 302, column High: expected a number, got "x"$/,
  },
  {
    what: 'an unknown symbol of a long file',
    files: { 'prices.csv': csvOf([...named('AAA'), ...named('BBB')], `${header},Ticker`) },
    input: { symbols: ['BBB', 'bbb'] },
    code: 'UNKNOWN_SYMBOL',
    message: /^no symbol "bbb"; there are AAA, BBB$/,
    field: 'symbols.1',
  },
  {
    what: 'an unknown symbol of partitions',
    files: { 'symbol=AAA/a.csv': good },
    input: { symbols: ['BBB'] },
    code: 'UNKNOWN_SYMBOL',
    message: /^no symbol "BBB"; there are AAA$/,
  },
  // What cannot be opened.
  {
    what: 'a file where a folder is expected',
    files: { 'AAA.csv': good },
    input: { dataDir: 'AAA.csv' },
    code: 'NOT_FOUND',
    message: /AAA\.csv: is a file; a folder of CSV or Parquet files is expected$/,
    field: 'dataDir',
  },
  {
    what: 'a link to nothing',
    files: { 'AAA.csv': good },
    setUp: async (dataDir) => symlinkSync('gone.csv', join(dataDir, 'BBB.csv')),
    code: 'BAD_FILE',
    message: /^BBB\.csv: a link that leads nowhere$/,
  },
  {
    what: 'a link to itself',
    setUp: async (dataDir) => symlinkSync('AAA.csv', join(dataDir, 'AAA.csv')),
    code: 'BAD_FILE',
    message: /^AAA\.csv: a link that leads nowhere$/,
  },
  {
    what: 'a link out of the folder',
    files: { 'AAA.csv': good },
    setUp: async (dataDir) => {
      mkdirSync(join(dataDir, '..', 'market-of-others'));
      writeFileSync(join(dataDir, '..', 'market-of-others', 'BBB.csv'), good);
      symlinkSync('../market-of-others/BBB.csv', join(dataDir, 'BBB.csv'));
    },
    code: 'BAD_FILE',
    message: /^BBB\.csv: a link that leads out of the data folder$/,
  },
  {
    what: 'a link out of a folder within',
    files: { 'AAA/1.csv': good },
    setUp: async (dataDir) => symlinkSync('/etc/passwd', join(dataDir, 'AAA', '2.csv')),
    code: 'BAD_FILE',
    message: /^AAA\/2\.csv: a link that leads out of the data folder$/,
  },
  // Permissions do not hold root back.
  ...(process.getuid?.() === 0
    ? []
    : ([
        {
          what: 'a folder without read permission',
          files: { 'AAA/1.csv': good },
          setUp: async (dataDir) => chmodSync(join(dataDir, 'AAA'), 0),
          code: 'NOT_FOUND',
          message: /\/AAA: cannot be read \(EACCES\)$/,
        },
        {
          what: 'a file without read permission',
          files: { 'AAA.csv': good },
          setUp: async (dataDir) => chmodSync(join(dataDir, 'AAA.csv'), 0),
          code: 'BAD_FILE',
          message: /^AAA\.csv: cannot be read \(EACCES\)$/,
        },
      ] satisfies Case[])),
  // Parquet.
  ...(
    [
      [
        'a nested price',
        "SELECT '2020-01-01'::DATE AS date, {'bid': 1.0, 'ask': 2.0} AS close",
        'close: a number',
        'STRUCT',
      ],
      ['a list as a time', "SELECT ['2020-01-01'::DATE] AS date, 1.0 AS close", 'date: a time', 'DATE\\[\\]'],
      ['bytes as a time', "SELECT '2020'::BLOB AS date, 1.0 AS close", 'date: a time', 'BLOB'],
      ['a nested target', "SELECT '2020-01-01'::DATE AS date, 1.0 AS close, [1.0] AS y_a", 'y_a: a number', 'D'],
    ] as const
  ).map(
    ([what, sql, expected, type]): Case => ({
      what: `${what} in Parquet`,
      setUp: (dataDir) => writeParquet(join(dataDir, 'AAA.parquet'), sql),
      code: 'BAD_FILE',
      message: new RegExp(`^AAA\\.parquet, column ${expected} is expected, got ${type}`),
    }),
  ),
  {
    what: 'an infinite price in Parquet',
    setUp: (dataDir) =>
      writeParquet(
        join(dataDir, 'AAA.parquet'),
        "SELECT '2020-01-01'::DATE + i::INTEGER AS date, CASE WHEN i = 7 THEN 'inf'::DOUBLE ELSE 1.0 END AS close FROM range(150) t(i)",
      ),
    code: 'BAD_FILE',
    message: /^AAA\.parquet, row 8, column close: expected a number, got "inf"$/,
  },
  {
    what: 'no time in Parquet',
    setUp: (dataDir) =>
      writeParquet(join(dataDir, 'AAA.parquet'), 'SELECT NULL::TIMESTAMP AS ts, 1.0 AS close FROM range(150)'),
    code: 'BAD_FILE',
    message: /^AAA\.parquet, row 1, column ts: expected a time .*, got nothing$/,
  },
  {
    what: 'a Parquet file without rows',
    setUp: (dataDir) =>
      writeParquet(join(dataDir, 'AAA.parquet'), "SELECT '2020-01-01'::DATE AS date, 1.0 AS close WHERE false"),
    code: 'BAD_FILE',
    message: /^AAA\.parquet: holds no rows$/,
  },
  {
    what: 'an empty Parquet file',
    files: { 'AAA.parquet': '' },
    code: 'BAD_FILE',
    message: /^AAA\.parquet: not a readable Parquet file: /,
  },
  {
    what: 'CSV that is called Parquet',
    files: { 'AAA.parquet': good },
    code: 'BAD_FILE',
    message: /^AAA\.parquet: not a readable Parquet file: /,
  },
  {
    what: 'Parquet that is called CSV',
    setUp: (dataDir) =>
      writeParquet(join(dataDir, 'AAA.csv'), "SELECT '2020-01-01'::DATE AS date, 1.0 AS close FROM range(150)"),
    code: 'BAD_FILE',
    message: /^AAA\.csv, line 1: (holds a NUL byte|is not UTF-8 \(Latin-1\?\)); UTF-8 text is expected$/,
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
    const given = join(dataDir, each.input?.dataDir ?? '.');
    const error = await prepare(dataDir, outputDir, { ...each.input, dataDir: given, outputDir }).then(
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
