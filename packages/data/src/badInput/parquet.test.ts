import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BadInput, good, refusesBadInput } from '../testing/badInput.ts';
import { writeParquet } from '../testing/folders.ts';

refusesBadInput('Parquet', [
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
    ([what, sql, expected, type]): BadInput => ({
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
]);
